"""Who may do what in plans, and that every act leaves exactly one trace."""

from datetime import UTC, date, datetime

import pytest

from baken.actionplan.analyses import actions as analyses
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Feedback,
    Manifestation,
)
from baken.actionplan.consultations.rules import Advice, Outcome
from baken.actionplan.findings import actions as findings
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind
from baken.actionplan.measures import actions as measures
from baken.actionplan.plans import actions, annual_actions, consultations
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_frame,
    get_global_plan,
    get_objective,
    subject_of_plan,
)
from baken.actionplan.plans.rules import (
    AnnualPlanFields,
    GlobalPlanFields,
    ObjectiveFields,
    PlanState,
)
from baken.actionplan.plans.variants import ExpertReview
from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries, verify

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
ADVISERS = {Role.ADVISER, Role.PREVENTION_ADVISER}
STEERING = ADVISERS | {Role.STEERING_MEMBER, Role.EMPLOYER}
ANALYSIS = AnalysisFields(
    title="Risicoanalyse",
    kind=AnalysisKind.A_PRIORI,
    level=AnalysisLevel.ORGANISATION,
    participation="Bevraging.",
    papa_involved=True,
    coverage=dict.fromkeys(Dimension, Coverage(evaluated=True)),
    manifestations=dict.fromkeys(Manifestation, Coverage(evaluated=True)),
    started_on=date(2026, 1, 5),
)


@pytest.fixture
def database(sqlite):
    """Permissions do not depend on the database; one is enough for a long table."""
    return sqlite


class Act:
    """One act of every kind: what has to be there first, then the act itself."""

    def __init__(self, house, session):
        self.house, self.session = house, session

    def _analysis(self):
        return analyses.start_analysis(self.session, ANALYSIS, by=self.house.adviser)

    def _measure(self):
        frame = get_frame(self.session, self.house.annual_plan_id)
        row = measures.add_measure(
            self.session, self.house.measure(), within=frame, by=self.house.adviser
        )
        return row, frame

    def _asked(self):
        plan = get_global_plan(self.session, self.house.global_plan_id)
        return consultations.ask(
            self.session,
            subject_of_plan(plan),
            self.house.question(),
            by=self.house.adviser,
            today=TODAY,
        )

    def _advised(self):
        asked = self._asked()
        return consultations.record_advice(
            self.session,
            asked.id,
            Advice(outcome=Outcome.UNFAVOURABLE, advised_on=TODAY),
            seen=asked.version,
            by=self.house.adviser,
            today=TODAY,
        )

    def _adopted(self):
        self.house.adopt(self.session)
        return self._plan(), self._year()

    def _plan(self):
        return get_global_plan(self.session, self.house.global_plan_id)

    def _year(self):
        return get_annual_plan(self.session, self.house.annual_plan_id)

    def start_analysis(self):
        return lambda by: analyses.start_analysis(self.session, ANALYSIS, by=by)

    def edit_analysis(self):
        row = self._analysis()
        return lambda by: analyses.edit_analysis(
            self.session, row.id, ANALYSIS, seen=row.version, by=by
        )

    def close_analysis(self):
        row = self._analysis()
        row.feedback_on, row.feedback_how, row.feedback_by = TODAY, "Per ploeg.", "De dienst"
        self.session.flush()
        return lambda by: analyses.close_analysis(
            self.session, row.id, seen=row.version, by=by, today=TODAY
        )

    def give_feedback(self):
        row = self._analysis()
        told = Feedback(TODAY, "Per ploeg.", "De dienst")
        return lambda by: analyses.give_feedback(
            self.session, row.id, told, seen=row.version, by=by, today=TODAY
        )

    def record_observed(self):
        seen = EvidenceFields(kind=EvidenceKind.OBSERVATION, text="Gezien.", seen_on=TODAY)
        return lambda by: findings.record_observed(
            self.session, self.house.finding(), seen, unit_id=None, by=by, today=TODAY
        )

    def add_evidence(self):
        row = self.record_observed()(self.house.adviser)
        heard = EvidenceFields(kind=EvidenceKind.SITTING, text="Gehoord.", seen_on=TODAY)
        return lambda by: findings.add_evidence(self.session, row.id, heard, by=by, today=TODAY)

    def record_finding(self):
        return lambda by: findings.record_finding(
            self.session,
            self.house.release_id,
            unit_key="ALL",
            scale="rosters",
            fields=self.house.finding(),
            by=by,
            today=TODAY,
        )

    def reword_finding(self):
        row = get_finding(self.session, self.house.finding_id)
        fields = self.house.finding(statement="Anders gezegd.")
        return lambda by: findings.reword_finding(
            self.session, row.id, fields, seen=row.version, by=by
        )

    def ask(self):
        subject = subject_of_plan(self._plan())
        return lambda by: consultations.ask(
            self.session, subject, self.house.question(), by=by, today=TODAY
        )

    def record_advice(self):
        row = self._asked()
        advice = Advice(outcome=Outcome.FAVOURABLE, advised_on=TODAY)
        return lambda by: consultations.record_advice(
            self.session, row.id, advice, seen=row.version, by=by, today=TODAY
        )

    def record_reply(self):
        row = self._advised()
        return lambda by: consultations.record_reply(
            self.session, row.id, "Omdat", replied_on=TODAY, seen=row.version, by=by, today=TODAY
        )

    def draft_global_plan(self):
        fields = GlobalPlanFields(title="GPP", from_on=date(2031, 1, 1))
        return lambda by: actions.draft_global_plan(self.session, fields, by=by)

    def edit_global_plan(self):
        row = self._plan()
        fields = GlobalPlanFields(title="GPP nieuw", from_on=row.from_on)
        return lambda by: actions.edit_global_plan(
            self.session, row.id, fields, seen=row.version, by=by
        )

    def adopt_global_plan(self):
        self._advised()
        row = self._plan()
        return lambda by: actions.adopt_global_plan(
            self.session, row.id, seen=row.version, by=by, today=TODAY
        )

    def reopen_global_plan(self):
        row, _ = self._adopted()
        return lambda by: actions.reopen_global_plan(self.session, row.id, seen=row.version, by=by)

    def end_global_plan(self):
        row, _ = self._adopted()
        return lambda by: actions.end_global_plan(
            self.session, row.id, seen=row.version, by=by, today=TODAY
        )

    def link_analysis(self):
        row = self._analysis()
        return lambda by: actions.link_analysis(
            self.session, self.house.global_plan_id, row.id, by=by
        )

    def add_objective(self):
        fields = ObjectiveFields(statement="Steun")
        return lambda by: actions.add_objective(
            self.session, self.house.global_plan_id, fields, by=by
        )

    def edit_objective(self):
        row = get_objective(self.session, self.house.objective_id)
        return lambda by: actions.edit_objective(
            self.session,
            row.id,
            ObjectiveFields(statement="Steun"),
            finding_ids=[],
            seen=row.version,
            by=by,
        )

    def rank_objectives(self):
        order = [self.house.objective_id]
        return lambda by: actions.rank_objectives(
            self.session, self.house.global_plan_id, order, by=by
        )

    def draft_annual_plan(self):
        return lambda by: annual_actions.draft_annual_plan(
            self.session, self.house.global_plan_id, starts_on=date(2027, 1, 1), by=by
        )

    def edit_annual_plan(self):
        row = self._year()
        return lambda by: annual_actions.edit_annual_plan(
            self.session,
            row.id,
            AnnualPlanFields(accidents="Geen."),
            objective_ids=[self.house.objective_id],
            seen=row.version,
            by=by,
        )

    def adopt_annual_plan(self):
        _, row = self._adopted()
        annual_actions.reopen_annual_plan(
            self.session, row.id, seen=row.version, by=self.house.adviser
        )
        asked = consultations.ask(
            self.session,
            subject_of_plan(row),
            self.house.question(),
            by=self.house.adviser,
            today=TODAY,
        )
        consultations.record_advice(
            self.session,
            asked.id,
            Advice(outcome=Outcome.FAVOURABLE, advised_on=TODAY),
            seen=asked.version,
            by=self.house.adviser,
            today=TODAY,
        )
        assert row.state == PlanState.ADVISED
        return lambda by: annual_actions.adopt_annual_plan(
            self.session, row.id, seen=row.version, by=by, today=TODAY
        )

    def reopen_annual_plan(self):
        _, row = self._adopted()
        return lambda by: annual_actions.reopen_annual_plan(
            self.session, row.id, seen=row.version, by=by
        )

    def end_annual_plan(self):
        _, row = self._adopted()
        return lambda by: annual_actions.end_annual_plan(
            self.session, row.id, seen=row.version, by=by, today=TODAY, now=NOON
        )

    def add_measure(self):
        frame = get_frame(self.session, self.house.annual_plan_id)
        return lambda by: measures.add_measure(
            self.session, self.house.measure(), within=frame, by=by
        )

    def edit_measure(self):
        row, frame = self._measure()
        fields = self.house.measure(title="Roosters acht weken vooraf")
        return lambda by: measures.edit_measure(
            self.session, row.id, fields, within=frame, seen=row.version, by=by
        )

    def import_measures(self):
        frame = get_frame(self.session, self.house.annual_plan_id)
        return lambda by: measures.import_measures(
            self.session, [self.house.measure()], within=frame, by=by
        )

    def record_expert_review(self):
        row = self._plan()
        review = ExpertReview(
            expert="Arbodienst", reviewed_on="2026-03-01", advice="Volledig.", is_followed=True
        )
        return lambda by: actions.record_expert_review(
            self.session, row.id, review, seen=row.version, by=by, today=TODAY
        )

    def note_progress(self):
        row, frame = self._measure()
        return lambda by: measures.note_progress(
            self.session,
            row.id,
            "Besproken.",
            within=frame,
            seen=row.version,
            by=by,
            today=TODAY,
            now=NOON,
        )


ACTS = {
    **dict.fromkeys(
        ("start_analysis", "edit_analysis", "close_analysis", "record_finding", "reword_finding"),
        ADVISERS,
    ),
    **dict.fromkeys(("give_feedback", "record_observed", "add_evidence"), ADVISERS),
    **dict.fromkeys(
        ("ask", "record_reply", "draft_global_plan", "edit_global_plan", "adopt_global_plan"),
        STEERING,
    ),
    **dict.fromkeys(
        ("reopen_global_plan", "end_global_plan", "link_analysis", "add_objective"), STEERING
    ),
    **dict.fromkeys(
        ("edit_objective", "rank_objectives", "draft_annual_plan", "edit_annual_plan"), STEERING
    ),
    **dict.fromkeys(
        ("adopt_annual_plan", "reopen_annual_plan", "end_annual_plan", "add_measure"), STEERING
    ),
    **dict.fromkeys(("edit_measure", "import_measures", "record_expert_review"), STEERING),
    # What the committee was asked; every organ has members of its own.
    "record_advice": ADVISERS | {Role.CPBW_MEMBER},
    "note_progress": STEERING | {Role.UNIT_HEAD},
}


def test_every_act_of_the_action_plan_stands_in_the_table():
    rooms = (analyses, findings, actions, annual_actions, consultations, measures)
    public = {
        name
        for room in rooms
        for name, value in vars(room).items()
        if getattr(value, "__module__", "") == room.__name__
        and not name.startswith("_")
        and "by" in getattr(value, "__annotations__", {})
    }
    assert public == set(ACTS)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_who_may_do_it_and_one_trace_of_it(house, name):
    with house.session() as session:
        act = getattr(Act(house, session), name)()
        before = len(list_entries(session))
        for role in sorted(set(Role) - ACTS[name]):
            with pytest.raises(Denied):
                act(house.people[role])
        assert len(list_entries(session)) == before
        allowed = min(ACTS[name] - {Role.UNIT_HEAD})
        act(house.people[allowed])
        entries = list_entries(session)
        assert len(entries) == before + 1
        assert entries[0].actor == house.people[allowed].person_id
        assert verify(session).first_bad is None


@pytest.mark.parametrize("role", sorted(Role))
def test_every_role_against_noting_and_advising(house, role):
    """The two acts that reach furthest, tried by everybody who may."""
    for name in ("note_progress", "record_advice"):
        with house.session() as session:
            act = getattr(Act(house, session), name)()
            by = house.head if role == Role.UNIT_HEAD else house.people[role]
            if role in ACTS[name]:
                act(by)
            else:
                with pytest.raises(Denied):
                    act(by)
