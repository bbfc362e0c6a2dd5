"""The start, talks, causes, ideas and priorities of the demonstration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from baken.actionplan.analyses import change_actions, programme, start_actions
from baken.actionplan.analyses.actions import start_analysis
from baken.actionplan.analyses.changes import ChangeFields, Effect, Expected, Question
from baken.actionplan.analyses.rules import AnalysisFields, AnalysisKind, AnalysisLevel
from baken.actionplan.analyses.starting import StartKind, StepFields
from baken.actionplan.findings.actions import add_evidence, record_observed
from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind, FindingFields
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities import actions, ideas, voting
from baken.actionplan.priorities.ballots import BallotFields
from baken.actionplan.priorities.library import get_library_idea
from baken.actionplan.priorities.rules import (
    CauseFields,
    CauseKind,
    IdeaFields,
    IdeaState,
    PriorityFields,
    PriorityKind,
    PriorityState,
    Smart,
)
from baken.actionplan.talks import actions as talks
from baken.actionplan.talks import notes
from baken.actionplan.talks.note_rules import AgreementFields, Input, NoteFields, Tone
from baken.actionplan.talks.queries import list_notes
from baken.actionplan.talks.rules import Category, HeldFields, Method, Reach, Safeguard, TalkFields
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days
from baken.web.demo.findings import Known, close_risks
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, say


def prepare_start(database: Database, house: House, days: Days) -> None:
    """Write the commitment in two versions, and let messages, kick-off and training happen."""
    told, by = read_story("weighing"), house.people[Role.PREVENTION_ADVISER]
    launched = days.first.launched_on
    with database.session(house.id) as session:
        for number, one in enumerate(told["commitments"]):
            on = launched - timedelta(days=one["before"])
            start_actions.sign_commitment(
                session,
                one["content"],
                one["signed_by"],
                signed_on=on,
                seen=number,
                by=by,
                today=on,
            )
        for step in told["steps"]:
            done_on = launched - timedelta(days=step["done"])
            fields = StepFields(
                kind=StartKind(step["kind"]),
                title=step["title"],
                audience=step["audience"],
                channel=step["channel"],
                responsible=step["responsible"],
                due_on=launched - timedelta(days=step["before"]),
                done_on=done_on,
                n_reached=step.get("reached"),
            )
            start_actions.plan_step(session, fields, by=by, today=done_on)


def weigh(database: Database, house: House, known: Known, days: Days) -> None:
    """Talk, look for causes, note ideas and choose what comes first."""
    with database.session(house.id) as session:
        teller = _Teller(session, house, known, days)
        teller.go_round()
        teller.change()
        teller.talk()
        close_risks(session, known.analysis_id, by=teller.by, on=days.analysed_on)
        teller.themes()
        teller.priorities()
        teller.ideas()
        teller.vote()


@dataclass
class _Teller:
    """Lets the story happen, one part after another."""

    session: Session
    house: House
    known: Known
    days: Days
    themes_made: dict[str, UUID] = field(default_factory=dict)
    priorities_made: dict[str, UUID] = field(default_factory=dict)

    @property
    def told(self) -> Mapping[str, Any]:
        return read_story("weighing")

    @property
    def by(self) -> Actor:
        return self.house.people[Role.PREVENTION_ADVISER]

    @property
    def day(self) -> date:
        """A fortnight after the findings; everything before the plan is adopted."""
        return self.days.found_on + timedelta(days=2)

    def go_round(self) -> None:
        """The programme of a second analysis, that goes through the departments."""
        fields = AnalysisFields(
            title=say("Gesprekken per afdeling, twee per jaar"),
            kind=AnalysisKind.A_PRIORI,
            level=AnalysisLevel.ORGANISATION,
            method=say("Ploeggesprekken op de vijf A’s, in de volgorde van de knipperlichten."),
            started_on=self.days.analysed_on,
        )
        analysis = start_analysis(self.session, fields, by=self.by)
        today = self.days.today
        for turn in self.told["turns"]:
            made = programme.give_turn(
                self.session,
                analysis.id,
                self.house.units[turn["unit"]],
                year=today.year + turn["ahead"],
                note=turn["note"],
                by=self.by,
                today=today,
            )
            if turn.get("is_done"):
                programme.end_turn(
                    self.session, made.id, seen=made.version, by=self.by, today=today
                )

    def change(self) -> None:
        """A change that somebody has to look at again."""
        for one in self.told["changes"]:
            answers = {each: one[each] for each in Question if each in one}
            fields = ChangeFields(
                title=one["title"],
                description=one["description"],
                happens_on=self.days.today - timedelta(days=one["happened_days_ago"]),
                unit_id=self.house.units[one["unit"]],
                risk_analysis_id=self.known.analysis_id,
                responsible=one["responsible"],
                check={key: Expected(Effect(said), why) for key, (said, why) in answers.items()},
            )
            change_actions.note_change(self.session, fields, by=self.by)

    def talk(self) -> None:
        """A talk that was held, approved and led to a finding; and one that is to come."""
        told, later = self.told["talk"], self.told["later_talk"]
        made = talks.plan_talk(self.session, self._plan(told, self.day), by=self.by)
        kinds = tuple(Category(**kind) for kind in told["kinds"])
        held = HeldFields(
            held_on=self.day,
            n_invited=told["invited"],
            n_present=told["present"],
            composition=kinds,
        )
        talks.hold_talk(self.session, made.id, held, seen=made.version, by=self.by, today=self.day)
        self._note(made.id, told)
        self.session.flush()
        talks.read_back(self.session, made.id, seen=made.version, by=self.by, today=self.day)
        self.session.flush()
        talks.approve_talk(
            self.session, made.id, Reach.PLANS, seen=made.version, by=self.by, today=self.day
        )
        self._observe(made.id)
        ahead = self.days.today + timedelta(days=later["days_ahead"])
        talks.plan_talk(self.session, self._plan(later, ahead), by=self.by)

    def _plan(self, told: Mapping[str, Any], on: date) -> TalkFields:
        return TalkFields(
            title=told["title"],
            method=Method.TEAM_TALK if "present" in told else Method.FOCUS_GROUP,
            unit_id=self.house.units[told["unit"]],
            risk_analysis_id=self.known.analysis_id if "present" in told else None,
            purpose=told["purpose"],
            planned_on=on,
            place=told.get("place", ""),
            leader=told["leader"],
            observer=told.get("observer", ""),
            safeguards=tuple(Safeguard),
        )

    def _note(self, talk_id: UUID, told: Mapping[str, Any]) -> None:
        dots: dict[str, int] = {}
        for one in told["notes"]:
            fields = NoteFields(
                factor=Factor(one["factor"]),
                tone=Tone(one["tone"]),
                way=Input(one.get("way", Input.SPOKEN)),
                text=one["text"],
            )
            note = notes.add_note(self.session, talk_id, fields, by=self.by)
            dots[str(note.id)] = one["votes"]
        votes = {note.id: dots[str(note.id)] for note in list_notes(self.session, talk_id)}
        talks.count_votes(self.session, talk_id, votes, n_voters=told["voters"], seen=2, by=self.by)
        for agreed in told["agreements"]:
            fields_of = AgreementFields(
                who=agreed["who"],
                what=agreed["what"],
                due_on=self.day + timedelta(days=agreed["days"]),
            )
            kept = notes.add_agreement(self.session, talk_id, fields_of, by=self.by)
            if agreed.get("is_done"):
                on = kept.due_on
                notes.keep_agreement(self.session, kept.id, seen=kept.version, by=self.by, today=on)

    def _observe(self, talk_id: UUID) -> None:
        told = self.told["observed"]
        heard = next(one for one in list_notes(self.session, talk_id) if one.factor == Factor.A1)
        fields = FindingFields(
            factor=Factor(told["factor"]),
            sub_factor=told["sub_factor"],
            statement=told["statement"],
            employer_has_impact=True,
            impact_motivation=told["impact"],
            objective_danger=True,
            danger_motivation=told["danger"],
            risk_analysis_id=self.known.analysis_id,
        )
        made = record_observed(
            self.session,
            fields,
            notes.note_evidence(self.session, heard.id),
            unit_id=self.house.units[told["unit"]],
            by=self.by,
            today=self.day,
        )
        seen = EvidenceFields(kind=EvidenceKind.OBSERVATION, text=told["also"], seen_on=self.day)
        add_evidence(self.session, made.id, seen, by=self.by, today=self.day)

    def themes(self) -> None:
        """Words under which findings belong together."""
        for one in self.told["themes"]:
            found = [self.known.findings[key] for key in one["findings"]]
            made = actions.make_theme(self.session, one["title"], one["story"], found, by=self.by)
            self.themes_made[one["key"]] = made.id

    def priorities(self) -> None:
        """What was proposed, weighed and decided."""
        for one in self.told["priorities"]:
            fields = PriorityFields(
                title=one["title"],
                kind=PriorityKind(one.get("kind", PriorityKind.PRIORITY)),
                theme_id=self.themes_made.get(one.get("theme", "")),
                story=one.get("story", ""),
                urgency=one["urgency"],
                feasibility=one["feasibility"],
                finding_ids=frozenset(self.known.findings[key] for key in one.get("findings", ())),
                smart={Smart(key): said for key, said in one.get("smart", {}).items()},
            )
            made = actions.propose_priority(self.session, fields, by=self.by, today=self.day)
            self.priorities_made[one["key"]] = made.id
            self._decide(made.id, one)

    def _decide(self, priority_id: UUID, one: Mapping[str, Any]) -> None:
        for after in (PriorityState.CHOSEN, PriorityState.DROPPED):
            if after.value in one:
                actions.decide_priority(
                    self.session,
                    priority_id,
                    after,
                    reason=one[after.value],
                    seen=1,
                    by=self.by,
                    today=self.day,
                )
        if "cause" not in one:
            return
        cause = one["cause"]
        fields = CauseFields(
            kind=CauseKind.EXCEPTION if "exception" in cause else CauseKind.WHYS,
            whys=tuple(cause.get("whys", ())),
            root=cause.get("root", ""),
            motivation=cause.get("exception", ""),
        )
        actions.write_cause(self.session, priority_id, fields, by=self.by, today=self.day)

    def ideas(self) -> None:
        """The inventory, with what is in place already."""
        for one in self.told["ideas"]:
            fields = IdeaFields(
                title=one["title"],
                text=one.get("text", ""),
                dimension=one["dimension"],
                level=PreventionLevel(one["level"]),
                scope=Scope(one.get("scope", Scope.COLLECTIVE)),
                is_quick_win=one.get("quick", False),
                pros=tuple(one.get("pros", ())),
                cons=tuple(one.get("cons", ())),
            )
            made = ideas.note_idea(
                self.session,
                fields,
                priority_id=self.priorities_made.get(one.get("priority", "")),
                is_in_place=one.get("is_in_place", False),
                library=get_library_idea(one["from"]) if "from" in one else None,
                by=self.by,
                today=self.day,
            )
            self._settle(made.id, one)

    def _settle(self, idea_id: UUID, one: Mapping[str, Any]) -> None:
        ways = {"wanted": ("wanted",), "chosen": ("wanted", "chosen"), "dropped": ("dropped",)}
        for seen, after in enumerate(ways.get(one.get("state", ""), ()), start=1):
            ideas.decide_idea(
                self.session,
                idea_id,
                IdeaState(after),
                reason=one.get("reason", ""),
                seen=seen,
                by=self.by,
                today=self.day,
            )
            self.session.flush()

    def vote(self) -> None:
        """A named vote of those who steer, some of whom have voted."""
        told = self.told["ballot"]
        options = [self.priorities_made[key] for key in told["options"]]
        fields = BallotFields(
            title=told["title"],
            is_anonymous=False,
            dots=told["dots"],
            roles=frozenset({Role.STEERING_MEMBER, Role.PREVENTION_ADVISER, Role.EMPLOYER}),
            closes_on=self.days.today + timedelta(days=9),
            priority_ids=frozenset(options),
        )
        today = self.days.today
        ballot = voting.open_ballot(self.session, fields, by=self.by, today=today)
        voting.vote(self.session, ballot.id, options[:2], by=self.by, today=today)
