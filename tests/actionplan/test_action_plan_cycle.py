"""From a released cell to a measure that is judged, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete

from baken.actionplan.analyses import actions as analyses
from baken.actionplan.analyses.programme import give_turn
from baken.actionplan.analyses.queries import get_analysis, list_analyses
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Feedback,
    Manifestation,
)
from baken.actionplan.analyses.waiting import list_waiting
from baken.actionplan.consultations.deadlines import Notice
from baken.actionplan.consultations.queries import list_consultations, list_replies
from baken.actionplan.consultations.rules import (
    Advice,
    ConsultationKind,
    Outcome,
    Subject,
    SubjectKind,
)
from baken.actionplan.errors import Denied, Invalid, InvalidTransition, NotFound
from baken.actionplan.findings.actions import record_finding, reword_finding
from baken.actionplan.findings.queries import get_finding, list_findings, list_these
from baken.actionplan.indicators.cells import CellWithheld
from baken.actionplan.indicators.types import Better, Figure, Reading, Verdict
from baken.actionplan.measures import actions as measures
from baken.actionplan.measures.contracts import scale_contract
from baken.actionplan.measures.lifeline import StepKind, StepState, lifeline
from baken.actionplan.measures.models import Measure, NoteRewritten, ProgressNote
from baken.actionplan.measures.queries import (
    get_measure,
    list_measures,
    list_notes,
    warnings_of,
)
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans import actions, annual_actions, consultations
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_deadline,
    get_frame,
    get_frame_of,
    get_global_plan,
    list_annual_plans,
    list_chosen_objectives,
    list_findings_by_objective,
    list_global_plans,
    list_objectives,
    subject_of_plan,
)
from baken.actionplan.plans.rules import (
    Activity,
    AnnualPlanFields,
    GlobalPlanFields,
    ObjectiveFields,
    PlanState,
    RoleRow,
)
from baken.actionplan.prevention import Domain, PreventionLevel
from baken.actionplan.references import list_units_above
from baken.analysis.releases.models import Release
from baken.organisation.models import Organisation
from baken.organisation.permissions import Grant, Role
from baken.organisation.structure.actions import change_units
from baken.organisation.structure.changes import Move
from baken.organisation.structure.history import ONE_DAY
from baken.organisation.structure.rules import NOTHING_FROZEN
from baken.storage.base import EditedMeanwhile
from baken.web import numerals
from baken.web.pages.measure_figures import AgreedFigure

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def add(house, session, **changes):
    frame = get_frame(session, house.annual_plan_id)
    return measures.add_measure(session, house.measure(**changes), within=frame, by=house.adviser)


def on_rosters(house, session, **changes):
    """A measure that is followed by the scale of the finding."""
    contract = scale_contract(
        get_finding(session, house.finding_id),
        figure=Figure.SHARE_AT_RISK,
        better=Better.LOWER,
        target=35,
        by_on=date(2026, 12, 1),
    )
    return add(house, session, finding_id=house.finding_id, indicator=contract, **changes)


def note(house, session, measure_id, text="", *, by=None, at=NOON, **named):
    measure = get_measure(session, measure_id)
    named.setdefault("seen", measure.version)
    return measures.note_progress(
        session,
        measure_id,
        text,
        within=get_frame_of(session, measure_id),
        by=by or house.adviser,
        today=at.date(),
        now=at,
        **named,
    )


def run(house, session, measure_id):
    note(house, session, measure_id, status=MeasureStatus.DECIDED)
    note(house, session, measure_id, status=MeasureStatus.RUNNING)


def test_a_finding_copies_the_released_figures_and_keeps_them(house):
    with house.session() as session:
        finding = get_finding(session, house.finding_id)
        assert finding.unit_id == house.night
        assert finding.figures["share_at_risk"] == 0.52
        assert finding.figures["diff_rest"] == 9.25
        reword_finding(
            session,
            finding.id,
            house.finding(statement="Wissels komen laat.", objective_danger=False),
            seen=finding.version,
            by=house.adviser,
        )
    with house.session() as session:
        finding = get_finding(session, house.finding_id)
        assert (finding.statement, finding.version) == ("Wissels komen laat.", 2)
        assert finding.figures["share_at_risk"] == 0.52


def test_a_finding_about_everybody_has_no_unit(house):
    with house.session() as session:
        finding = record_finding(
            session,
            house.release_id,
            unit_key="ALL",
            scale="rosters",
            fields=house.finding(),
            by=house.adviser,
            today=TODAY,
        )
        assert (finding.unit_id, finding.figures["n"]) == (None, 300)
        assert list_findings(session) == [finding, get_finding(session, house.finding_id)]
        assert list_findings(session, release_id=house.release_id, risk_analysis_id=uuid4()) == []
        assert list_these(session, [finding.id]) == [finding]


@pytest.mark.parametrize(("unit", "scale"), [("night", "support"), ("kitchen", "rosters")])
def test_a_withheld_cell_never_becomes_a_finding(house, unit, scale):
    with house.session() as session:
        with pytest.raises(CellWithheld):
            record_finding(
                session,
                house.release_id,
                unit_key=str(getattr(house, unit)),
                scale=scale,
                fields=house.finding(),
                by=house.adviser,
                today=TODAY,
            )
        assert len(list_findings(session)) == 1


def test_an_analysis_ties_campaign_participation_and_plan_together(house):
    fields = AnalysisFields(
        title="Risicoanalyse",
        kind=AnalysisKind.SPECIFIC,
        level=AnalysisLevel.GROUP,
        unit_id=house.night,
        started_on=date(2024, 2, 29),
    )
    with house.session() as session:
        analysis = analyses.start_analysis(session, fields, by=house.adviser)
        assert analysis.next_review_on == date(2029, 2, 28)
        with pytest.raises(InvalidTransition):
            analyses.close_analysis(
                session, analysis.id, seen=analysis.version, by=house.adviser, today=TODAY
            )
        complete = AnalysisFields(
            title="Risicoanalyse",
            kind=AnalysisKind.A_PRIORI,
            level=AnalysisLevel.ORGANISATION,
            unit_id=house.night,
            participation="Bevraging.",
            papa_reason="Eenvoudig.",
            coverage=dict.fromkeys(Dimension, Coverage(evaluated=False, reason="Vorig jaar.")),
            manifestations=dict.fromkeys(Manifestation, Coverage(evaluated=True)),
            started_on=date(2026, 1, 5),
            next_review_on=date(2028, 1, 5),
        )
        analyses.edit_analysis(
            session, analysis.id, complete, seen=analysis.version, by=house.adviser
        )
        actions.link_analysis(session, house.global_plan_id, analysis.id, by=house.adviser)
        give_turn(session, analysis.id, house.night, year=2026, note="", by=house.adviser,
                  today=TODAY)  # fmt: skip
        later = replace(complete, started_on=date(2027, 1, 5))
        with pytest.raises(Invalid):  # its turns would come before it starts
            analyses.edit_analysis(
                session, analysis.id, later, seen=analysis.version, by=house.adviser
            )
    with house.session() as session:
        analysis = get_analysis(session, analysis.id)
        assert analysis.unit_id is None
        told = Feedback(date(2026, 2, 2), "Een uur per ploeg.", "De preventieadviseur")
        analyses.give_feedback(
            session, analysis.id, told, seen=analysis.version, by=house.adviser, today=TODAY
        )
        session.flush()
        analyses.close_analysis(
            session, analysis.id, seen=analysis.version, by=house.adviser, today=TODAY
        )
        assert list_analyses(session, global_plan_id=house.global_plan_id) == [analysis]
        assert list_analyses(session) == [analysis]
        assert analysis.closed_by == house.adviser.person_id
        with pytest.raises(InvalidTransition):
            analyses.edit_analysis(
                session, analysis.id, complete, seen=analysis.version, by=house.adviser
            )
        late = house.finding(risk_analysis_id=analysis.id)
        finding = get_finding(session, house.finding_id)
        with pytest.raises(InvalidTransition):
            reword_finding(session, finding.id, late, seen=finding.version, by=house.adviser)
        # A later analysis of one group is none of everybody: the review stays due.
        later = replace(fields, started_on=date(2027, 1, 5))
        analyses.start_analysis(session, later, by=house.adviser)
        waits = list_waiting(session, by=house.adviser, today=date(2027, 12, 1))
        assert [one.what for one in waits if one.kind == "analysis_review"] == ["Risicoanalyse"]


def test_the_eight_elements_of_a_global_plan_are_kept(house):
    fields = GlobalPlanFields(
        title=" GPP ",
        from_on=date(2026, 1, 1),
        intended_measures=("Roosters vooraf", " "),
        activities=(
            Activity(
                what="Werkgroep",
                owner="Planning",
                from_on=date(2026, 2, 1),
                until_on=date(2026, 6, 30),
            ),
        ),
        means_organisational="0,2 VTE",
        means_material="Planningsprogramma",
        means_financial="4 preventie-eenheden",
        roles=(RoleRow(who="Directie", tasks="Beslist"),),
        adaptation="Elk jaar in oktober.",
        criteria=("Aandeel in de gevarenzone",),
    )
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        actions.edit_global_plan(session, plan.id, fields, seen=plan.version, by=house.adviser)
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        assert (plan.title, plan.until_on) == ("GPP", date(2030, 12, 31))
        assert plan.intended_measures == ["Roosters vooraf"]
        assert plan.activities[0]["until_on"] == "2026-06-30"
        assert plan.roles == [
            {"who": "Directie", "tasks": "Beslist", "obligations": "", "means": ""}
        ]
        assert list_global_plans(session) == [plan]
        shorter = GlobalPlanFields(
            title="GPP", from_on=date(2026, 1, 1), until_on=date(2026, 6, 30)
        )
        with pytest.raises(Invalid) as refused:
            actions.edit_global_plan(session, plan.id, shorter, seen=plan.version, by=house.adviser)
        assert refused.value.key == "actionplan.year_would_fall_out"


def test_objectives_are_ranked_without_a_gap_or_a_tie(house):
    with house.session() as session:
        second, third = (
            actions.add_objective(
                session, house.global_plan_id, ObjectiveFields(statement=text), by=house.adviser
            )
            for text in ("Steun", "Rust")
        )
        assert [second.rank, third.rank] == [2, 3]
        order = [third.id, house.objective_id, second.id]
        actions.rank_objectives(session, house.global_plan_id, order, by=house.adviser)
    with house.session() as session:
        assert [each.id for each in list_objectives(session, house.global_plan_id)] == order
        for wrong in (order[:2], [*order[:2], order[0]], [*order, uuid4()]):
            with pytest.raises(Invalid):
                actions.rank_objectives(session, house.global_plan_id, wrong, by=house.adviser)


def test_an_objective_answers_to_findings(house):
    with house.session() as session:
        found = list_findings_by_objective(session, house.global_plan_id)
        assert [each.id for each in found[house.objective_id]] == [house.finding_id]
        objective = list_objectives(session, house.global_plan_id)[0]
        fields = ObjectiveFields(statement="Rust", targets={2027: "35 %", 2026: "45 %", 2028: " "})
        actions.edit_objective(
            session,
            objective.id,
            fields,
            finding_ids=[house.finding_id, house.finding_id],
            seen=objective.version,
            by=house.adviser,
        )
        assert objective.targets == {"2026": "45 %", "2027": "35 %"}
        actions.edit_objective(
            session,
            objective.id,
            fields,
            finding_ids=[],
            seen=objective.version,
            by=house.adviser,
        )
        found = list_findings_by_objective(session, house.global_plan_id)
        assert found == {objective.id: []}
        with pytest.raises(NotFound):
            actions.edit_objective(
                session,
                objective.id,
                fields,
                finding_ids=[uuid4()],
                seen=objective.version,
                by=house.adviser,
            )


def test_a_plan_waits_for_advice_and_is_then_adopted(house):
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        with pytest.raises(InvalidTransition) as refused:
            actions.adopt_global_plan(
                session, plan.id, seen=plan.version, by=house.adviser, today=TODAY
            )
        assert refused.value.key == "actionplan.advice_needed"
        year = get_annual_plan(session, house.annual_plan_id)
        with pytest.raises(InvalidTransition) as refused:
            annual_actions.adopt_annual_plan(
                session, year.id, seen=year.version, by=house.adviser, today=TODAY
            )
        assert refused.value.key == "actionplan.global_plan_first"
        house.adopt(session)
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        assert (plan.state, plan.adopted_on) == (PlanState.ADOPTED, TODAY)
        with pytest.raises(InvalidTransition):
            consultations.ask(
                session, subject_of_plan(plan), house.question(), by=house.adviser, today=TODAY
            )


def test_advice_moves_a_plan_on_and_a_new_question_moves_it_back(house):
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        subject = subject_of_plan(plan)
        asked = consultations.ask(session, subject, house.question(), by=house.adviser, today=TODAY)
        assert plan.state == PlanState.DRAFT
        cpbw = house.people[Role.CPBW_MEMBER]
        consultations.record_advice(
            session,
            asked.id,
            Advice(
                outcome=Outcome.UNFAVOURABLE,
                advised_on=TODAY,
                outcome_text="Te weinig tijd.",
                dissent="Twee leden.",
            ),
            seen=asked.version,
            by=cpbw,
            today=TODAY,
        )
        assert plan.state == PlanState.ADVISED
        consultations.record_reply(
            session,
            asked.id,
            "De werkgever geeft een jaar meer.",
            replied_on=TODAY,
            seen=asked.version,
            by=house.adviser,
            today=TODAY,
        )
        session.flush()
        for _ in range(2):  # saved once more as it stands, it is no other reply
            consultations.record_reply(
                session,
                asked.id,
                "De werkgever geeft twee jaar meer.",
                replied_on=TODAY,
                seen=asked.version,
                by=house.adviser,
                today=TODAY,
            )
            session.flush()
        assert [
            (each.number, each.text, each.written_on, each.written_by)
            for each in list_replies(session, asked.id)
        ] == [
            (1, "De werkgever geeft een jaar meer.", TODAY, house.adviser.person_id),
            (2, "De werkgever geeft twee jaar meer.", TODAY, house.adviser.person_id),
        ]
        again = house.question(asked_on=TODAY)
        before = consultations.ask(session, subject, again, by=house.adviser, today=TODAY)
        assert plan.state == PlanState.DRAFT
        assert [each.outcome for each in list_consultations(session, subject)] == [
            Outcome.UNFAVOURABLE,
            None,
        ]
        assert len(list_consultations(session)) == 2
        # A reply from before they were kept stands as the first: nobody knows who wrote it.
        before.outcome, before.advised_on = Outcome.UNFAVOURABLE, TODAY
        before.employer_reply, before.replied_on = "Vroeger.", TODAY
        session.flush()
        consultations.record_reply(
            session,
            before.id,
            "Nu anders.",
            replied_on=TODAY,
            seen=before.version,
            by=house.adviser,
            today=TODAY,
        )
        session.flush()
        assert [(each.text, each.written_by) for each in list_replies(session, before.id)] == [
            ("Vroeger.", None),
            ("Nu anders.", house.adviser.person_id),
        ]


def test_silence_frees_a_plan_after_its_due_date(house):
    late = date(2026, 4, 1)
    with house.session() as session:
        plan = get_global_plan(session, house.global_plan_id)
        asked = consultations.ask(
            session, subject_of_plan(plan), house.question(), by=house.adviser, today=TODAY
        )
        with pytest.raises(InvalidTransition):
            actions.adopt_global_plan(
                session, plan.id, seen=plan.version, by=house.adviser, today=asked.due_on
            )
        silence = Advice(outcome=Outcome.NONE_GIVEN, advised_on=late)
        consultations.record_advice(
            session, asked.id, silence, seen=asked.version, by=house.adviser, today=late
        )
        assert plan.state == PlanState.DRAFT
        actions.adopt_global_plan(session, plan.id, seen=plan.version, by=house.adviser, today=late)
        assert plan.state == PlanState.ADOPTED


def test_a_change_to_an_adopted_plan_needs_advice_of_its_own(house):
    with house.session() as session:
        house.adopt(session)
        plan = get_global_plan(session, house.global_plan_id)
        year = get_annual_plan(session, house.annual_plan_id)
        annual_actions.reopen_annual_plan(session, year.id, seen=year.version, by=house.adviser)
        actions.reopen_global_plan(session, plan.id, seen=plan.version, by=house.adviser)
        assert (plan.state, plan.edition) == (PlanState.DRAFT, 2)
        # The advice of the same day was about the first edition.
        with pytest.raises(InvalidTransition):
            actions.adopt_global_plan(
                session, plan.id, seen=plan.version, by=house.adviser, today=TODAY
            )
        house.adopt(session)
        annual_actions.end_annual_plan(
            session, year.id, seen=year.version, by=house.adviser, today=TODAY, now=NOON
        )
        actions.end_global_plan(session, plan.id, seen=plan.version, by=house.adviser, today=TODAY)
        assert [(row.state, row.ended_on) for row in (year, plan)] == [(PlanState.ENDED, TODAY)] * 2
        with pytest.raises(InvalidTransition):
            annual_actions.draft_annual_plan(
                session, plan.id, starts_on=date(2027, 1, 1), by=house.adviser
            )


def test_an_annual_plan_chooses_objectives_and_knows_its_deadline(house):
    with house.session() as session:
        year = annual_actions.draft_annual_plan(
            session, house.global_plan_id, starts_on=date(2027, 1, 1), by=house.adviser
        )
        assert year.ends_on == date(2027, 12, 31)
        assert [each.id for each in list_annual_plans(session)] == [year.id, house.annual_plan_id]
        fields = AnnualPlanFields(
            means_and_methods="Werkgroep roosters",
            roles=(RoleRow(who="Planning"),),
            committee_advice="Na zes maanden evalueren.",
        )
        for _ in range(2):  # choosing the same objective again leaves one choice
            annual_actions.edit_annual_plan(
                session,
                year.id,
                fields,
                objective_ids=[house.objective_id],
                seen=year.version,
                by=house.adviser,
            )
        chosen = list_chosen_objectives(session, year.id)
        assert [each.id for each in chosen] == [house.objective_id]
        deadline = get_deadline(session, year.id, today=date(2026, 10, 1))
        assert (deadline.on, deadline.notice) == (date(2026, 11, 1), Notice.SOON)
        consultations.ask(
            session, subject_of_plan(year), house.question(), by=house.adviser, today=TODAY
        )
        deadline = get_deadline(session, year.id, today=date(2026, 12, 1))
        assert (deadline.notice, deadline.asked_on) == (Notice.SENT, date(2026, 2, 2))


def test_a_measure_keeps_its_contract_and_its_plan(house):
    with house.session() as session:
        measure = on_rosters(
            house,
            session,
            domains=(Domain.PSYCHOSOCIAL, Domain.HEALTH, Domain.PSYCHOSOCIAL),
            decider_id=house.adviser.person_id,
        )
    with house.session() as session:
        measure = get_measure(session, measure.id)
        assert measure.domains == ["psychosocial", "health"]
        assert measure.decider_name == house.adviser.name
        assert (measure.indicator.start, measure.indicator.low) == (52, 41)
        assert list_measures(session, annual_plan_id=house.annual_plan_id) == [measure]
        assert list_measures(session, objective_ids=[house.objective_id]) == [measure]
        assert list_measures(session, objective_ids=[]) == []
        assert warnings_of([measure]) == ()
        with pytest.raises(Invalid) as refused:
            annual_actions.edit_annual_plan(
                session,
                house.annual_plan_id,
                AnnualPlanFields(),
                objective_ids=[],
                seen=get_annual_plan(session, house.annual_plan_id).version,
                by=house.adviser,
            )
        assert refused.value.key == "actionplan.objective_in_use"


@pytest.mark.parametrize("name", ["unit_id", "finding_id", "responsible_id", "decider_id"])
def test_a_measure_points_only_at_what_exists_here(house, name):
    with house.session() as session, pytest.raises(NotFound):
        add(house, session, **{name: uuid4()})


def test_two_people_editing_one_measure_lose_nothing(house):
    with house.session() as session:
        measure_id = add(house, session).id
        seen = get_measure(session, measure_id).version

    def edit(title):
        with house.session() as session:
            measures.edit_measure(
                session,
                measure_id,
                house.measure(title=title),
                within=get_frame_of(session, measure_id),
                seen=seen,
                by=house.adviser,
            )

    edit("Roosters acht weken vooraf")
    with pytest.raises(EditedMeanwhile) as refused:
        edit("Roosters vier weken vooraf")
    assert refused.value.kind == "conflict"
    with house.session() as session:
        assert get_measure(session, measure_id).title == "Roosters acht weken vooraf"
        # A note alone clashes with nobody, a new status does.
        note(house, session, measure_id, "Besproken.", seen=seen)
        with pytest.raises(EditedMeanwhile):
            note(house, session, measure_id, seen=seen, status=MeasureStatus.DECIDED)


def test_a_measure_of_another_year_is_not_reached_through_this_one(house):
    with house.session() as session:
        measure = add(house, session)
        other = annual_actions.draft_annual_plan(
            session, house.global_plan_id, starts_on=date(2027, 1, 1), by=house.adviser
        )
        with pytest.raises(NotFound):
            measures.edit_measure(
                session,
                measure.id,
                house.measure(),
                within=get_frame(session, other.id),
                seen=measure.version,
                by=house.adviser,
            )


def test_a_measure_runs_after_adoption_and_its_notes_tell_how_it_went(house):
    with house.session() as session:
        measure = add(house, session)
        note(house, session, measure.id, status=MeasureStatus.DECIDED)
        assert measure.decided_on == TODAY
        with pytest.raises(InvalidTransition):
            note(house, session, measure.id, status=MeasureStatus.RUNNING)
        house.adopt(session)
        with pytest.raises(InvalidTransition):
            add(house, session)
        note(house, session, measure.id, status=MeasureStatus.RUNNING)
        note(house, session, measure.id, "Gestopt.", status=MeasureStatus.STOPPED)
        note(house, session, measure.id, "Toch weer.", status=MeasureStatus.PLANNED)
        assert measure.decided_on is None
        told = [(each.status_before, each.status_after) for each in _notes(session, measure)]
        assert told == [
            ("planned", "decided"),
            ("decided", "running"),
            ("running", "stopped"),
            ("stopped", "planned"),
        ]


def test_a_measure_waits_for_the_agreement_that_was_asked_about_it(house):
    with house.session() as session:
        measure = add(house, session)
        house.adopt(session)
        asked = consultations.ask(
            session,
            Subject(SubjectKind.MEASURE, measure.id),
            house.question(kind=ConsultationKind.AGREEMENT),
            by=house.adviser,
            today=TODAY,
        )
        note(house, session, measure.id, status=MeasureStatus.DECIDED)
        with pytest.raises(InvalidTransition) as refused:
            note(house, session, measure.id, status=MeasureStatus.RUNNING)
        assert refused.value.key == "actionplan.measure_waits"
        consultations.record_advice(
            session,
            asked.id,
            Advice(outcome=Outcome.FAVOURABLE, advised_on=TODAY),
            seen=asked.version,
            by=house.adviser,
            today=TODAY,
        )
        note(house, session, measure.id, status=MeasureStatus.RUNNING)
        assert measure.status == MeasureStatus.RUNNING


def _notes(session, measure):
    order = {"planned": 0, "decided": 1, "running": 2, "stopped": 3}
    return sorted(list_notes(session, measure.id), key=lambda each: order[each.status_before])


def test_a_note_is_written_once(house):
    with house.session() as session:
        measure = add(house, session)
        note_id = note(house, session, measure.id, "Besproken.").id
    with pytest.raises(NoteRewritten), house.session() as session:
        session.get(ProgressNote, note_id).text = "Nooit gezegd."
    with pytest.raises(NoteRewritten), house.session() as session:
        session.delete(session.get(ProgressNote, note_id))
    with house.session() as session:
        assert [each.text for each in list_notes(session, measure.id)] == ["Besproken."]


def test_a_head_follows_up_in_the_own_unit_and_below_only(house):
    with house.session() as session:
        own = add(house, session, unit_id=house.night)
        kitchen = add(house, session, unit_id=house.kitchen)
        everybody = add(house, session, unit_id=None)
        note(house, session, own.id, "Het rooster hangt uit.", by=house.head)
        for other in (kitchen, everybody):
            with pytest.raises(Denied):
                note(house, session, other.id, "Het rooster hangt uit.", by=house.head)
        with pytest.raises(Denied) as refused:
            note(house, session, own.id, status=MeasureStatus.DECIDED, by=house.head)
        assert refused.value.key == "actionplan.cannot_decide"


def test_an_own_figure_is_followed_by_notes(house):
    with house.session() as session:
        measure = add(house, session)
        for days, value in ((0, 38), (30, 9.5)):
            note(house, session, measure.id, value=value, at=NOON + timedelta(days=days))
        points = list_points(session, measure, by=house.adviser)
        assert [point.reading for point in points] == [Reading(38), Reading(9.5)]
        assert [point.judgement.is_reached for point in points] == [False, True]
        assert points[1].judgement.verdict is Verdict.MOVED


def test_a_later_campaign_judges_the_measure(house):
    with house.session() as session:
        measure = on_rosters(house, session)
        assert list_points(session, measure, by=house.adviser) == []
        house.add_release(session, on=date(2026, 6, 1), share_at_risk=None, mean=None, n=None)
        lower = {"share_at_risk": 0.44, "share_low": 0.35, "share_high": 0.53}
        house.add_release(session, on=date(2026, 11, 1), **lower)
        lowest = {"share_at_risk": 0.3, "share_low": 0.2, "share_high": 0.4}
        house.add_release(session, on=date(2026, 12, 5), **lowest)
        points = list_points(session, measure, by=house.adviser)
        assert [point.judgement.verdict for point in points] == [
            Verdict.HIDDEN,
            Verdict.NOT_SHOWN,
            Verdict.MOVED,
        ]
        assert points[0].reading is None
        assert points[2].reading == Reading(30, 20, 40)
        steps = lifeline(session, measure.id, by=house.adviser, today=date(2026, 12, 6))
        last = next(step for step in steps if step.kind is StepKind.MEASUREMENT)
        assert (last.kind, last.on) == (StepKind.MEASUREMENT, date(2026, 12, 5))
        assert last.state is StepState.DONE
        assert last.values["judgement"].is_reached
        # A finding that was noted long after its release does not move the first figure behind
        # the later ones: the chart would run the other way than its sentence.
        finding = get_finding(session, measure.finding_id)
        released = session.get_one(Release, finding.release_id).created_on
        finding.found_on = date(2026, 12, 20)
        shown = AgreedFigure(session, measure, house.adviser, date(2026, 12, 21), "nl").movement()
        assert shown.rows[0][0] == numerals.day(released, "nl")


def states(session, house, measure_id, today=TODAY, by=None):
    steps = lifeline(session, measure_id, by=by or house.adviser, today=today)
    return [(step.kind.value, step.state.value) for step in steps]


def test_the_life_line_has_one_dot_that_is_now(house):
    with house.session() as session:
        measure = on_rosters(house, session)
        assert states(session, house, measure.id) == [
            ("finding", "done"),
            ("choice", "now"),
            ("doing", "ahead"),
            ("measurement", "ahead"),
            ("advice", "ahead"),
        ]
        house.adopt(session)
        run(house, session, measure.id)
        assert states(session, house, measure.id) == [
            ("finding", "done"),
            ("choice", "done"),
            ("advice", "done"),
            ("doing", "now"),
            ("measurement", "ahead"),
        ]
        note(house, session, measure.id, "Klaar.", status=MeasureStatus.DONE)
        assert states(session, house, measure.id)[-2:] == [
            ("doing", "done"),
            ("measurement", "now"),
        ]


def test_the_life_line_runs_by_date(house):
    with house.session() as session:
        measure = on_rosters(house, session)
        house.adopt(session)
        run(house, session, measure.id)
        subject = Subject(SubjectKind.MEASURE, measure.id)
        consultations.ask(session, subject, house.question(), by=house.adviser, today=TODAY)
        measure.decided_on = TODAY + timedelta(days=60)
        steps = lifeline(session, measure.id, by=house.adviser, today=TODAY)
        behind, now, ahead = (
            [step for step in steps if step.state is state] for state in StepState
        )
        assert steps == [*behind, *now, *ahead]
        assert [step.kind.value for step in behind] == ["finding", "advice", "choice"]
        for part in (behind, ahead):
            dates = [step.on for step in part]
            assert dates == sorted(dates)


def test_the_stations_carry_what_a_page_says(house):
    late = date(2027, 1, 21)
    with house.session() as session:
        measure = on_rosters(house, session)
        house.adopt(session)
        run(house, session, measure.id)
        note(house, session, measure.id, "Proef loopt.", at=NOON + timedelta(hours=1))
        subject = Subject(SubjectKind.MEASURE, measure.id)
        consultations.ask(session, subject, house.question(), by=house.adviser, today=TODAY)
        steps = lifeline(session, measure.id, by=house.adviser, today=late)
        finding, choice, doing, measured = (
            next(step for step in steps if step.kind is kind)
            for kind in StepKind
            if kind is not StepKind.ADVICE
        )
        advice = [step for step in steps if step.kind is StepKind.ADVICE]
        assert finding.values["unit_name"] == "Nachtploeg"
        assert finding.values["figures"]["share_high"] == 0.6
        assert choice.values["decider"] == "Directie zorg"
        assert [step.values["outcome"] for step in advice] == ["favourable", None]
        assert (doing.values["days_overdue"], doing.values["last_note"]) == (21, "Proef loopt.")
        assert (measured.on, measured.values["indicator"]) == (
            date(2026, 12, 1),
            measure.indicator,
        )


def test_a_life_line_hides_figures_of_a_unit_from_the_head_of_another(house):
    with house.session() as session:
        measure = on_rosters(house, session, unit_id=house.kitchen)
        stranger = house.people[Role.UNIT_HEAD]
        for by, shown in ((house.head, True), (stranger, False)):
            steps = lifeline(session, measure.id, by=by, today=TODAY)
            assert (steps[0].values["figures"] is not None) is shown
            measured = next(step for step in steps if step.kind is StepKind.MEASUREMENT)
            assert (measured.values["indicator"] is not None) is shown


def test_a_head_follows_a_unit_up_from_the_day_on_which_it_comes_under_them(house):
    moved_on = TODAY + timedelta(days=30)
    by = house.people[Role.UNIT_HEAD]
    head = replace(by, grants=frozenset({Grant(Role.UNIT_HEAD, house.kitchen)}))
    with house.session() as session:
        administrator = house.people[Role.ADMINISTRATOR]
        change_units(
            session,
            Move(moved_on, house.night, house.kitchen),
            by=administrator,
            today=TODAY,
            now=NOON,
            frozen=NOTHING_FROZEN,
        )
        measure = on_rosters(house, session)
        house.adopt(session)
        for on, who in ((TODAY, house.head), (moved_on - ONE_DAY, house.head), (moved_on, head)):
            above = {house.care, house.kitchen} & list_units_above(session, house.night, on=on)
            assert above == who.unit_ids
            for by in (house.head, head):
                steps = lifeline(session, measure.id, by=by, today=on)
                assert (steps[0].values["figures"] is not None) is (by is who)
                at = datetime.combine(on, NOON.timetz())
                if by is who:
                    note(house, session, measure.id, "Gesproken.", by=by, at=at)
                else:
                    with pytest.raises(Denied, match="own unit"):
                        note(house, session, measure.id, "Gesproken.", by=by, at=at)


def test_a_measure_without_a_finding_starts_its_life_line_at_the_choice(house):
    with house.session() as session:
        measure = add(house, session)
        assert states(session, house, measure.id)[0] == ("choice", "now")


def test_another_organisation_sees_none_of_it(house, database):
    with house.session() as session:
        measure_id = add(house, session).id
    with database.session(None) as session:
        other = Organisation(name="Zorghuis De Els (fictief)")
        session.add(other)
        session.flush()
    with database.session(other.id) as session:
        assert list_measures(session) == []
        assert list_global_plans(session) == []
        for read, row_id in (
            (get_measure, measure_id),
            (get_global_plan, house.global_plan_id),
            (get_annual_plan, house.annual_plan_id),
            (get_finding, house.finding_id),
        ):
            with pytest.raises(NotFound):
                read(session, row_id)
        session.execute(delete(Measure))
    with house.session() as session:
        assert len(list_measures(session)) == 1


def test_a_plan_lists_measures_of_one_kind_with_a_warning(house):
    with house.session() as session:
        add(house, session, prevention_level=PreventionLevel.TERTIARY)
        assert warnings_of(list_measures(session)) == ("no_primary",)


def test_advice_given_before_a_measure_was_added_is_not_about_it(house):
    with house.session() as session:
        before = add(house, session)
        plan = get_annual_plan(session, house.annual_plan_id)
        asked = consultations.ask(
            session, subject_of_plan(plan), house.question(), by=house.adviser, today=TODAY
        )
        consultations.record_advice(
            session,
            asked.id,
            Advice(outcome=Outcome.FAVOURABLE, advised_on=TODAY, outcome_text="Gunstig."),
            seen=asked.version,
            by=house.people[Role.CPBW_MEMBER],
            today=TODAY,
        )
        after = add(house, session)
        seen = [
            [
                step.values["outcome"]
                for step in lifeline(session, measure.id, by=house.adviser, today=TODAY)
                if step.kind == "advice" and step.values
            ]
            for measure in (before, after)
        ]
    assert seen == [[Outcome.FAVOURABLE], []]
