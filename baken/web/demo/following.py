"""Three years of plans in the demonstration: the year before, what went on, and looking back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.consultations.rules import Advice, ConsultationKind, Organ, Outcome, Question
from baken.actionplan.indicators.types import Better, OwnFigure
from baken.actionplan.measures import bulk
from baken.actionplan.measures.actions import add_measure, note_progress
from baken.actionplan.measures.bulk import Field, Wanted
from baken.actionplan.measures.carrying import carry_over
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import get_measure, list_measures
from baken.actionplan.measures.reminders.calendar import make_calendar
from baken.actionplan.measures.reminders.digest import choose_digest
from baken.actionplan.measures.reviewing import review_measure
from baken.actionplan.measures.reviews import ReviewDecision, ReviewFields
from baken.actionplan.measures.rules import MeasureFields, MeasureStatus
from baken.actionplan.plans import actions, annual_actions, choices, consultations
from baken.actionplan.plans.evaluations import actions as evaluations
from baken.actionplan.plans.evaluations.rules import (
    Conclusion,
    EvaluationFields,
    Input,
    Progress,
)
from baken.actionplan.plans.feedback import actions as feedback
from baken.actionplan.plans.feedback.rules import FeedbackFields, Line, Standing
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.queries import get_frame, subject_of_plan
from baken.actionplan.plans.rules import AnnualPlanFields, GlobalPlanFields, ObjectiveFields
from baken.actionplan.plans.teams import actions as teams
from baken.actionplan.plans.teams.rules import Proportion
from baken.actionplan.plans.variants import Variant
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, say, spoken


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """The last year of the plan before, and the measure that went on from it."""

    global_plan_id: UUID
    annual_plan_id: UUID
    objective_id: UUID
    going_on: UUID


@dataclass(frozen=True, slots=True)
class Following:
    """Tells of the year before, and what people said of plans and measures since."""

    database: Database
    house: House
    days: Days

    @property
    def keeper(self) -> Actor:
        return self.house.people[Role.PREVENTION_ADVISER]

    def hold_earlier_year(self) -> EarlierYear:
        """Draft, adopt and follow the last year of the plan before this one."""
        told, of = read_story("following")["earlier"], self.days.of
        starts_on = of("P-01-01")
        with self.database.session(self.house.id) as session:
            fields = GlobalPlanFields(
                title=f"{told['title']} {starts_on.year - 4}-{starts_on.year}",
                from_on=date(starts_on.year - 4, 1, 1),
                **{name: told[name] for name in ("means_organisational", "adaptation")},
                intended_measures=tuple(told["intended_measures"]),
                criteria=tuple(told["criteria"]),
            )
            plan = actions.draft_global_plan(session, fields, by=self.keeper)
            objective = actions.add_objective(
                session, plan.id, ObjectiveFields(statement=told["objective"]), by=self.keeper
            )
            self._advise(session, plan)
            actions.adopt_global_plan(
                session, plan.id, seen=plan.version, by=self.keeper, today=starts_on
            )
            year = annual_actions.draft_annual_plan(
                session, plan.id, starts_on=starts_on, objective_ids=[objective.id], by=self.keeper
            )
            annual_actions.edit_annual_plan(
                session,
                year.id,
                AnnualPlanFields(means_and_methods=told["means_and_methods"]),
                objective_ids=[objective.id],
                seen=year.version,
                by=self.keeper,
            )
            made = [self._add(session, year, objective.id, one) for one in told["measures"]]
            self._advise(session, year)
            annual_actions.adopt_annual_plan(
                session, year.id, seen=year.version, by=self.keeper, today=starts_on
            )
            for measure, one in zip(made, told["measures"], strict=True):
                self._follow(session, measure, one["events"])
            return EarlierYear(plan.id, year.id, objective.id, made[0].id)

    def _add(
        self, session: Session, year: AnnualPlan, objective_id: UUID, told: Mapping[str, Any]
    ) -> Measure:
        counted = told["figure"]
        fields = MeasureFields(
            objective_id=objective_id,
            title=told["title"],
            method=told["method"],
            who_does_what=told["who"],
            responsible_name=told["responsible"],
            decider_name=say("Directie"),
            prevention_level=PreventionLevel(told["level"]),
            scope=Scope.COLLECTIVE,
            starts_on=self.days.of(told["starts"]),
            ends_on=self.days.of("P-12-31"),
            budget=told["budget"],
            prevention_hours=told.get("hours", {}),
            indicator=OwnFigure(
                name=counted["name"],
                unit=counted["unit"],
                better=Better(counted["better"]),
                start=counted["start"],
                target=counted["target"],
                by_on=self.days.of("P-12-31"),
            ),
        )
        within = get_frame(session, year.id)
        return add_measure(session, fields, within=within, by=self.keeper)

    def _follow(self, session: Session, measure: Measure, events: list[dict[str, Any]]) -> None:
        for event in events:
            on = self.days.of(event["on"])
            note_progress(
                session,
                measure.id,
                event["text"],
                status=MeasureStatus(event["status"]) if "status" in event else None,
                value=event.get("value"),
                evidence=event.get("evidence", ""),
                within=get_frame(session, measure.annual_plan_id),
                seen=get_measure(session, measure.id).version,
                by=self.keeper,
                today=on,
                now=morning(on),
            )
            session.flush()

    def _advise(self, session: Session, plan: GlobalPlan | AnnualPlan) -> None:
        """Ask the committee, which agrees a fortnight later: all of it lies well in the past."""
        first = plan.from_on if isinstance(plan, GlobalPlan) else plan.starts_on
        asked_on, advised_on = date(first.year - 1, 10, 20), date(first.year - 1, 11, 3)
        question = Question(
            organ=Organ.CPBW,
            kind=ConsultationKind.ADVICE,
            asked_on=asked_on,
            due_on=date(first.year - 1, 12, 10),
            text_sent=read_story("following")["earlier"]["text_sent"],
        )
        by = self.house.people[Role.CPBW_MEMBER]
        asked = consultations.ask(
            session, subject_of_plan(plan), question, by=self.keeper, today=asked_on
        )
        advice = Advice(outcome=Outcome.FAVOURABLE, advised_on=advised_on)
        consultations.record_advice(
            session, asked.id, advice, seen=asked.version, by=by, today=advised_on
        )

    def carry_on(
        self, session: Session, earlier: EarlierYear, annual_plan_id: UUID, objective_id: UUID
    ) -> None:
        """Let one measure of the year before go on in this year's plan, while that is drafted."""
        old = get_measure(session, earlier.going_on)
        carry_over(
            session,
            old.id,
            read_story("following")["earlier"]["carried_because"],
            objective_id=objective_id,
            ends_on=self.days.of("Y-06-30"),
            into=get_frame(session, annual_plan_id),
            seen=old.version,
            by=self.keeper,
        )

    def close_earlier_year(self, earlier: EarlierYear) -> None:
        """Look back on the year before, end it, and end its plan."""
        told, on = read_story("following")["evaluation"], self.days.of("P-12-31")
        by, year = self.keeper, self.days.of("P-01-01").year
        with self.database.session(self.house.id) as session:
            inputs = {Input(key): text for key, text in told["inputs"].items()}
            row = evaluations.begin_evaluation(
                session, earlier.global_plan_id, year, inputs=inputs, by=by, today=on
            )
            reached = Conclusion(Progress(told["verdict"]), told["why"])
            fields = EvaluationFields(
                inputs=inputs,
                conclusions={earlier.objective_id: reached},
                participants=told["participants"],
                papa_involved=True,
            )
            evaluations.write_evaluation(session, row.id, fields, seen=row.version, by=by)
            evaluations.close_evaluation(session, row.id, seen=row.version, by=by, today=on)
            plan = session.get_one(AnnualPlan, earlier.annual_plan_id)
            annual_actions.end_annual_plan(
                session, plan.id, seen=plan.version, by=by, today=on, now=morning(on)
            )
            whole = session.get_one(GlobalPlan, earlier.global_plan_id)
            actions.end_global_plan(session, whole.id, seen=whole.version, by=by, today=on)

    def look_back(self) -> None:
        """What was said since: a look back, a team, a page for the workers, and settings."""
        told, by, today = read_story("following"), self.keeper, self.days.today
        with self.database.session(self.house.id) as session:
            choices.choose(session, choices.Choice(variant=Variant.BELGIAN), seen=0, by=by)
            by_title = {one.title: one for one in list_measures(session)}
            going_on = by_title[told["earlier"]["measures"][0]["title"]]
            past = [one for one in told["went_on"] if self.days.of(one["on"]) <= today]
            self._follow(session, going_on, past)
            for one in told["reviews"]:
                self._review(session, by_title[one["measure"]], one)
            self._speak(session, by_title, told["team"])
            written = feedback.write_feedback(session, _page(told["feedback"]), by=by)
            feedback.release_feedback(
                session, written.id, seen=written.version, confirmed=True, by=by, today=today
            )
            newest = by_title[told["bulk"]["measure"]]
            bulk.change_measures(
                session,
                {newest.id: newest.version},
                Wanted(field=Field.ENDS_ON, on=self.days.of(told["bulk"]["ends"])),
                within=get_frame(session, newest.annual_plan_id),
                by=by,
                now=morning(today),
            )
            make_calendar(session, by=by, today=today)
            choose_digest(session, wanted=False, by=self.house.people[Role.EMPLOYER], today=today)

    def _review(self, session: Session, measure: Measure, told: Mapping[str, Any]) -> None:
        on = min(self.days.of(told["on"]), self.days.today)
        if on < measure.starts_on:
            return  # made so early in the year that the measure has not begun
        fields = ReviewFields(
            reviewed_on=on,
            decision=ReviewDecision(told["decision"]),
            worked=told["worked"],
            accepted=told["accepted"],
            text=told["text"],
        )
        review_measure(session, measure.id, fields, by=self.keeper, today=on)

    def _speak(
        self, session: Session, by_title: Mapping[str, Measure], told: Mapping[str, Any]
    ) -> None:
        unit, year = self.house.units[told["unit"]], by_title[told["measure"]].annual_plan_id
        for item in told["items"]:
            on = min(self.days.of(item["on"]), self.days.today)
            teams.note_item(
                session, year, unit, item["text"], item.get("next", ""),
                held_on=on, by=self.keeper, today=on, now=morning(on),
            )  # fmt: skip
        team = teams.find_team_plan(session, year, unit)
        verdict = Proportion(told["proportion"])
        teams.weigh(
            session, year, unit, verdict, told["why"],
            seen=team.version if team else 0, by=self.keeper, today=self.days.today,
        )  # fmt: skip


def _page(told: Mapping[str, Any]) -> FeedbackFields:
    lines = (Line(one["said"], one["did"], Standing(one["standing"])) for one in told["lines"])
    return FeedbackFields(
        title=told["title"], language=spoken(), intro=told["intro"], lines=tuple(lines)
    )
