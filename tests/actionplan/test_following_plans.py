"""Plans over the years: editions, carrying over, looking back, evaluating, and who hears of it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.analyses.actions import start_analysis
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
)
from baken.actionplan.consultations.deadlines import draft_deadline
from baken.actionplan.consultations.rules import Advice, ConsultationKind, Organ, Outcome
from baken.actionplan.errors import Invalid, InvalidTransition, NotFound
from baken.actionplan.findings.actions import reword_finding
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.measures import actions as measures
from baken.actionplan.measures import bulk
from baken.actionplan.measures.bulk import Field, Wanted
from baken.actionplan.measures.carrying import carry_over
from baken.actionplan.measures.import_cells import Known, place_of
from baken.actionplan.measures.importing import read_measures
from baken.actionplan.measures.prevention_units import read_tariff, units_of
from baken.actionplan.measures.queries import get_measure, list_measures
from baken.actionplan.measures.readings import list_points
from baken.actionplan.measures.reminders import calendar, digest
from baken.actionplan.measures.reviewing import review_measure
from baken.actionplan.measures.reviews import ReviewDecision, ReviewFields
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.measures.unit_ends import list_open_in, move_to_unit
from baken.actionplan.plans import actions, annual_actions, choices, consultations
from baken.actionplan.plans.editions.content import content_of
from baken.actionplan.plans.editions.differences import (
    Kind,
    Piece,
    compare_words,
    differences,
)
from baken.actionplan.plans.editions.models import EditionRewritten
from baken.actionplan.plans.editions.queries import list_editions
from baken.actionplan.plans.evaluations import actions as evaluations
from baken.actionplan.plans.evaluations import prefilling
from baken.actionplan.plans.evaluations.rules import (
    Conclusion,
    EvaluationFields,
    Input,
    Progress,
    missing_to_close,
)
from baken.actionplan.plans.feedback import actions as feedback
from baken.actionplan.plans.feedback.rules import FeedbackFields, Line, Standing
from baken.actionplan.plans.periods import (
    global_plan_end,
    reminder_due,
    reminder_to_send,
    reminders_of_end,
    service_year_end,
)
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_frame,
    get_frame_of,
    get_global_plan,
    subject_of_plan,
)
from baken.actionplan.plans.readiness import check_readiness, is_ready, read_elements
from baken.actionplan.plans.rules import AnnualPlanFields, GlobalPlanFields, PlanState, RoleRow
from baken.actionplan.plans.teams import actions as teams
from baken.actionplan.plans.teams.rules import Proportion, follow_up_due
from baken.actionplan.plans.variants import ExpertReview, PlanKind, Variant, is_exempt
from baken.actionplan.plans.waiting import list_waiting, read_plans
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.organisation.errors import Denied
from baken.organisation.models import Unit
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.storage.base import EditedMeanwhile
from baken.web.documents.plan_files import Standing as PaperStanding
from baken.web.documents.plan_files import plan_file, plan_page

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def database(sqlite):
    """What happens to plans does not depend on the database; the cycle runs on both."""
    return sqlite


def add(house, session, **changes):
    frame = get_frame(session, house.annual_plan_id)
    return measures.add_measure(session, house.measure(**changes), within=frame, by=house.adviser)


def note(house, session, measure, status, text="", **more):
    at = NOW
    return measures.note_progress(
        session, measure.id, text, status=status, within=get_frame_of(session, measure.id),
        seen=get_measure(session, measure.id).version, by=house.adviser, today=at.date(), now=at,
        **more,
    )  # fmt: skip


def next_year(house, session, year=2027):
    return annual_actions.draft_annual_plan(
        session,
        house.global_plan_id,
        starts_on=date(year, 1, 1),
        objective_ids=[house.objective_id],
        by=house.adviser,
    )


# ---- what the law asks, as lists with their source ----


def test_the_elements_of_the_law_are_all_in_the_list():
    """Art. I.2-8 names eight elements of the five-year plan; art. I.2-9 those of the year."""
    listed = read_elements()
    whole = [one.key for one in listed["be_whole"] if one.is_law]
    assert whole == [f"gpp_{n}" for n in range(1, 9)]
    assert {(one.source, one.article) for one in listed["be_whole"] if one.is_law} == {
        ("codex", "I.2-8")
    }
    year = [one.key for one in listed["be_year"] if one.is_law]
    assert year == ["jap_1", "jap_1_measures", "jap_2", "jap_3", *(f"jap_4{k}" for k in "abcd")]
    assert [one.value for one in Input] == [
        "situation_requests",
        "formal_requests",
        "physician",
        "recurring",
        "register",
        "annual_report",
    ]  # fmt: skip - art. I.3-6, the six inputs
    assert draft_deadline(date(2027, 1, 1)) == date(2026, 11, 1)  # art. I.2-10
    assert draft_deadline(date(2027, 7, 1)) == date(2027, 5, 1)
    # Royal decree of 27 November 2015: units for an hour of each discipline.
    assert set(read_tariff().weights.values()) == {1.0, 1.25, 0.75}
    assert units_of({"psychosocial": 8, "physician": 4, "assistant": 4}) == 8 + 5 + 3


@given(st.dates(date(1999, 1, 1), date(2199, 1, 1)))
def test_reminders_lie_before_the_end_in_leap_years_too(until_on):
    first, second, third = reminders_of_end(until_on)
    assert first < second < third < until_on
    months = [(until_on.year - day.year) * 12 + until_on.month - day.month for day in
              (first, second, third)]  # fmt: skip
    assert months == [12, 6, 3]
    assert [reminder_due(until_on, today=day) for day in (first, second, third)] == [12, 6, 3]
    assert reminder_due(until_on, today=date.fromordinal(first.toordinal() - 1)) is None
    year = [date.fromordinal(until_on.toordinal() - n) for n in range(400)]
    sent = Counter(reminder_to_send(until_on, today=day) for day in year)
    assert {sent[months] for months in (12, 6, 3)} == {14}  # jobs are forgotten after thirty days
    assert reminder_to_send(until_on, today=first) == 12


def test_a_plan_from_a_leap_day_or_from_the_past_has_its_five_years(house):
    assert global_plan_end(date(2028, 2, 29)) == date(2033, 2, 28)
    assert service_year_end(date(2028, 2, 29)) == date(2029, 2, 28)
    assert follow_up_due(date(2028, 2, 29)) == date(2029, 2, 28)
    with house.session() as session:
        plan = actions.draft_global_plan(
            session, GlobalPlanFields(title="Vroeger", from_on=date(2019, 7, 1)), by=house.adviser
        )
        assert plan.until_on == date(2024, 6, 30)
        year = annual_actions.draft_annual_plan(
            session, plan.id, starts_on=date(2019, 7, 1), by=house.adviser
        )
        assert year.ends_on == date(2020, 6, 30)  # a service year that is no calendar year


# ---- editions ----

WORDS = st.text(st.sampled_from("ab .,é\n"), max_size=40)


@given(WORDS, WORDS)
def test_two_texts_beside_each_other_give_both_back(before, after):
    pieces = compare_words(before, after)
    assert "".join(text for piece, text in pieces if piece != Piece.NEW) == before
    assert "".join(text for piece, text in pieces if piece != Piece.GONE) == after


def test_an_adopted_plan_is_kept_and_two_editions_are_told_apart(house):
    with house.session() as session:
        add(house, session)
        house.adopt(session)
        year = get_annual_plan(session, house.annual_plan_id)
        kept = list_editions(session, year.id)[0]
        assert (kept.edition, kept.adopted_on, kept.adopted_by) == (
            1, TODAY, house.adviser.person_id,
        )  # fmt: skip
        annual_actions.reopen_annual_plan(session, year.id, seen=year.version, by=house.adviser)
        actions.reopen_global_plan(
            session, house.global_plan_id,
            seen=get_global_plan(session, house.global_plan_id).version, by=house.adviser,
        )  # fmt: skip
        measure = list_measures(session, annual_plan_id=year.id)[0]
        measure.method = "Wissels alleen met schriftelijk akkoord."
        annual_actions.edit_annual_plan(
            session, year.id,
            AnnualPlanFields(means_and_methods="Elke maand overleg.", roles=(RoleRow(who="HR"),)),
            objective_ids=[house.objective_id], seen=year.version, by=house.adviser,
        )  # fmt: skip
        house.adopt(session)
        first, second = list_editions(session, year.id)
        found = {(one.element, one.part): one for one in differences(first.content, second.content)}
        assert found["means_and_methods", ""].kind == Kind.ADDED
        assert found["roles", "who"].kind == Kind.ADDED
        reworded = found["measures", "method"]
        assert reworded.name == "Roosters zes weken vooraf"
        assert (Piece.NEW, "schriftelijk ") in reworded.words or (
            Piece.NEW, " schriftelijk",
        ) in reworded.words  # fmt: skip
        assert len(found) == 3
        assert differences(second.content, second.content) == ()
        first.adopted_on = date(2020, 1, 1)
        with pytest.raises(EditionRewritten):
            session.flush()
        session.rollback()


def test_a_plan_says_what_its_analyses_found_without_a_figure(house):
    """Art. I.2-8: the results of identifying dangers and of judging risks, not a title alone."""
    by = house.adviser
    with house.session() as session:
        analysis = start_analysis(
            session,
            AnalysisFields(
                title="Risicoanalyse nacht", kind=AnalysisKind.SPECIFIC,
                level=AnalysisLevel.GROUP, unit_id=house.night, method="Vragenlijst",
                participation="Elke ploeg keek mee.", started_on=date(2026, 1, 5),
                coverage={Dimension.A3: Coverage(True), Dimension.A4: Coverage(False, "Later.")},
            ),
            by=by,
        )  # fmt: skip
        fields = house.finding(risk_analysis_id=analysis.id, sub_factor="A3.2")
        reword_finding(session, house.finding_id, fields, seen=1, by=by)
        plan = get_global_plan(session, house.global_plan_id)
        actions.link_analysis(session, plan.id, analysis.id, by=by)
        before = content_of(session, plan)
        (told,) = before["analyses"]
        (found,) = told["findings"]
        assert set(found) == {
            "id",
            "statement",
            "factor",
            "sub_factor",
            "unit",
            "impact",
            "impact_why",
            "danger",
            "danger_why",
        }  # fmt: skip - no figures, no scale, no evidence
        assert (told["coverage"], told["left_out"]) == ({"A3": "evaluated"}, {"A4": "Later."})
        seen = get_finding(session, house.finding_id).version
        reworded = replace(fields, statement="De roosters wegen.", objective_danger=False)
        reword_finding(session, house.finding_id, reworded, seen=seen, by=by)
        after = content_of(session, plan)
        changed = {
            (one.name, one.part): one.kind
            for one in differences(before, after)
            if one.element == "findings"
        }
        assert changed == {
            ("De roosters wegen.", "statement"): Kind.REWORDED,
            ("De roosters wegen.", "danger"): Kind.REWORDED,
        }
        # An edition of before the findings were kept has titles: it still prints, and compares.
        old = {**before, "analyses": [told["title"]]}
        assert {one.kind for one in differences(old, before)} == {Kind.ADDED}
        assert "title" not in {one.part for one in differences(old, before)}
        twin = {**told, "findings": [found, {**found, "id": "other", "unit": "Keuken"}]}
        added = differences(old, {**before, "analyses": [twin]})
        where = [
            one.words[0][1] for one in added if (one.element, one.part) == ("findings", "unit")
        ]
        assert where == ["Nachtploeg", "Keuken"]
        paper = {"standing": PaperStanding(1, None), "static_root": ""}
        french = plan_page(session, before, language="fr", **paper)
        for said in (
            "Nachtploeg", "5\u00a0janvier 2026", "Elke ploeg keek mee.", "Niveau\u00a0:</strong>",
            "Pas examiné\u00a0: Later.", "De werkgever maakt de roosters.",
            "In de nachtploeg wegen de roosters.",
        ):  # fmt: skip
            assert said in french
        assert plan_file(french, "docx")[:2] == b"PK"
        assert "<li>Risicoanalyse nacht</li>" in plan_page(session, old, language="nl", **paper)


def test_the_list_of_the_law_names_what_a_plan_lacks(house):
    with house.session() as session:
        empty = content_of(session, get_annual_plan(session, house.annual_plan_id))
        told = {one.element.key: one.is_met for one in check_readiness(empty)}
        # Nothing is said of measures that are not there, but that they lack.
        assert not told["jap_1_measures"]
        assert "measure_decider" not in told
        add(house, session, decider_name="", method="")
        plan = get_annual_plan(session, house.annual_plan_id)
        checks = {one.element.key: one for one in check_readiness(content_of(session, plan))}
        assert checks["jap_1"].is_met
        assert not checks["jap_2"].is_met
        assert checks["measure_decider"].rows == ("Roosters zes weken vooraf",)
        assert not is_ready(tuple(checks.values()))
        texts = ("means_and_methods", "changed_circumstances", "accidents", "annual_report",
                 "committee_advice")  # fmt: skip
        annual_actions.edit_annual_plan(
            session, plan.id,
            AnnualPlanFields(roles=(RoleRow(who="HR"),), **dict.fromkeys(texts, "Ja.")),
            objective_ids=[house.objective_id], seen=plan.version, by=house.adviser,
        )  # fmt: skip
        assert is_ready(check_readiness(content_of(session, plan)))


# ---- carrying over ----


def test_a_measure_goes_on_in_the_next_year_with_its_reason_and_its_figures(house):
    with house.session() as session:
        measure = add(house, session, budget=4000, prevention_hours={"physician": 4, "safety": 0})
        forgotten = add(house, session, title="Vergeten")
        house.adopt(session)
        for step in (MeasureStatus.DECIDED, MeasureStatus.RUNNING):
            note(house, session, measure, step)
        note(house, session, measure, None, "Geteld.", value=25)
        into = get_frame(session, next_year(house, session).id)
        given = {"objective_id": house.objective_id, "ends_on": date(2027, 6, 30), "into": into,
                 "by": house.adviser}  # fmt: skip
        with pytest.raises(Invalid, match="why it goes on"):
            carry_over(session, measure.id, " ", seen=measure.version, **given)
        with pytest.raises(EditedMeanwhile):
            carry_over(session, measure.id, "Nog bezig.", seen=measure.version - 1, **given)
        new = carry_over(session, measure.id, "Nog bezig.", seen=measure.version, **given)
        assert (new.status, new.continues_id) == (MeasureStatus.DECIDED, measure.id)
        assert (new.budget, new.prevention_hours) == (4000, {"physician": 4})
        assert measure.status == MeasureStatus.RUNNING  # its own year goes on
        assert [one.reading.value for one in list_points(session, new, by=house.adviser)] == [25]
        with pytest.raises(InvalidTransition, match="already"):
            carry_over(session, measure.id, "Nog eens.", seen=measure.version, **given)
        year = get_annual_plan(session, house.annual_plan_id)
        ended = {"by": house.adviser, "today": date(2027, 1, 4), "now": NOW}
        with pytest.raises(InvalidTransition, match="Vergeten"):
            annual_actions.end_annual_plan(session, year.id, seen=year.version, **ended)
        with pytest.raises(Invalid, match="Say why"):
            note(house, session, forgotten, MeasureStatus.STOPPED)
        note(house, session, forgotten, MeasureStatus.STOPPED, "Niemand had tijd.")
        annual_actions.end_annual_plan(session, year.id, seen=year.version, **ended)
        assert (year.state, measure.status) == (PlanState.ENDED, MeasureStatus.CARRIED)


def test_who_decides_has_the_right_and_a_done_measure_shows_why(house):
    clerk = house.people[Role.CPBW_MEMBER]
    boss = house.people[Role.EMPLOYER]
    with house.session() as session:
        with pytest.raises(Invalid) as refused:
            add(house, session, decider_id=clerk.person_id)
        assert refused.value.key == "actionplan.decider_without_right"
        measure = add(house, session, decider_id=boss.person_id)
        house.adopt(session)
        for step in (MeasureStatus.DECIDED, MeasureStatus.RUNNING):
            note(house, session, measure, step)
        with pytest.raises(Invalid):
            note(house, session, measure, MeasureStatus.DONE)
        written = note(
            house, session, measure, MeasureStatus.DONE, "Rooster hangt.", evidence="Prikbord"
        )
        assert written.evidence == "Prikbord"


# ---- several at once ----


def seen(*measures):
    """Measures with the version of each that was looked at."""
    return {one.id: one.version for one in measures}


def test_several_measures_change_together_and_back_unless_somebody_was_there(house):
    with house.session() as session:
        one, two = (add(house, session, title=title) for title in ("Eén", "Twee"))
        frame = get_frame(session, house.annual_plan_id)
        wanted = Wanted(field=Field.ENDS_ON, on=date(2026, 9, 30))
        given = {"within": frame, "by": house.adviser, "now": NOW}
        with pytest.raises(Invalid):
            bulk.change_measures(session, {one.id: 1}, Wanted(field=Field.ENDS_ON), **given)
        with pytest.raises(Invalid):
            late = Wanted(field=Field.ENDS_ON, on=date(2027, 9, 30))
            bulk.change_measures(session, seen(one, two), late, **given)
        session.get_one(Unit, house.kitchen).from_on = one.starts_on + timedelta(days=1)
        with pytest.raises(Invalid) as absent:
            to_kitchen = Wanted(field=Field.UNIT, row_id=house.kitchen)
            bulk.change_measures(session, seen(one, two), to_kitchen, **given)
        assert absent.value.key == "actionplan.unit_not_there"
        for refused in (
            Wanted(field=Field.IS_REPORTED, is_on=True),
            Wanted(field=Field.ENDS_ON, on=two.starts_on - timedelta(days=1)),
        ):
            with pytest.raises(Invalid) as named:
                bulk.change_measures(session, seen(two), refused, **given)
            assert "“Twee”" in str(named.value)
        session.expire_all()
        change = bulk.change_measures(session, seen(one, two), wanted, **given).change
        assert {one.ends_on, two.ends_on} == {date(2026, 9, 30)}
        assert bulk.last_changes(session, house.annual_plan_id, by=house.adviser).own == change
        bulk.undo_change(session, change.id, **given)
        assert {one.ends_on, two.ends_on} == {date(2026, 12, 31)}
        before = seen(one, two)
        two.means_material = "Van iemand anders."
        session.flush()
        partly = bulk.change_measures(session, before, wanted, **given)
        assert (partly.left, one.ends_on) == ((two.id,), date(2026, 9, 30))
        assert (two.ends_on, two.means_material) == (
            date(2026, 12, 31),
            "Van iemand anders.",
        )
        with pytest.raises(InvalidTransition, match="Eén”, “Twee"):
            bulk.change_measures(session, before, wanted, **given)
        bulk.undo_change(session, partly.change.id, **given)
        again = bulk.change_measures(session, seen(one, two), wanted, **given).change
        two.ends_on = date(2026, 8, 1)
        with pytest.raises(InvalidTransition, match="Twee"):
            bulk.undo_change(session, again.id, **given)
        two.ends_on = date(2026, 9, 30)
        note(house, session, one, MeasureStatus.STOPPED, "Anders opgelost.")
        with pytest.raises(InvalidTransition, match="over"):
            bulk.undo_change(session, again.id, **given)
        assert one.ends_on == date(2026, 9, 30)


def test_somebody_else_undoes_a_change_with_a_reason_that_its_maker_reads(house):
    other = house.people[Role.STEERING_MEMBER]
    with house.session() as session:
        one = add(house, session)
        within = get_frame(session, house.annual_plan_id)
        wanted = Wanted(field=Field.ENDS_ON, on=date(2026, 9, 30))
        made = bulk.change_measures(
            session, seen(one), wanted, within=within, by=house.adviser, now=NOW
        ).change
        assert bulk.last_changes(session, house.annual_plan_id, by=other).others == made
        with pytest.raises(Invalid) as refused:
            bulk.undo_change(session, made.id, "  ", within=within, by=other, now=NOW)
        assert (refused.value.key, one.ends_on) == ("actionplan.undo_reason", date(2026, 9, 30))
        bulk.undo_change(session, made.id, "Te vroeg.", within=within, by=other, now=NOW)
        assert one.ends_on == date(2026, 12, 31)
        last = bulk.last_changes(session, house.annual_plan_id, by=house.adviser)
        assert (last.own, last.taken_back) == (None, made)
        assert (made.undone_by, made.undone_reason) == (other.person_id, "Te vroeg.")
        assert list_entries(session)[0].action == "measures.undone_of_another"
        # A measure of another plan is refused as such, whatever version was looked at.
        elsewhere = replace(within, annual_plan_id=uuid4())
        with pytest.raises(Invalid) as foreign:
            bulk.change_measures(
                session, {one.id: one.version - 1}, wanted, within=elsewhere, by=other, now=NOW
            )
        assert foreign.value.key == "actionplan.not_in_plan"


def test_a_file_with_measures_names_every_mistake_by_its_line(house):
    with house.session() as session:
        frame = get_frame(session, house.annual_plan_id)
        person = house.people[Role.CPBW_MEMBER].person_id
        known = Known({1: house.objective_id}, {"1.1": house.night}, {"an": person}, frozenset())
        head = "titel;doelstelling;niveau;voor wie;begin;einde;verantwoordelijke;cijfer;" \
               "eenheid van het cijfer;nu;doel;eenheid;beslist\n"  # fmt: skip
        good = (
            "Rust;1;primair;collectief;2026-04-01;30/06/2026;Hoofd;Wissels;per maand;40;10;1.1;\n"
        )
        bad = "Leeg;9;hoog;collectief;morgen;2026-06-30;Hoofd;Wissels;per maand;veel;10;7;An\n"
        both = ";9;primair;collectief;2026-06-30;2026-04-01;Hoofd;Wissels;per maand;40;10;;\n"
        late = "Laat;1;primair;collectief;2026-04-01;2027-06-30;Hoofd;Wissels;per maand;40;10;;\n"
        read = read_measures((head + good + bad + late + both).encode(), known=known, frame=frame)
        assert [row.fields is not None for row in read.rows] == [True, False, False, False]
        assert [
            (one.line, one.column, one.error.key.partition(".")[2])
            for one in sorted(read.errors, key=lambda one: (one.line, one.column, one.error.key))
        ] == [
            (3, "begin", "import_day"),
            (3, "beslist", "import_decider"),
            (3, "doelstelling", "import_objective"),
            (3, "eenheid", "import_unit"),
            (3, "niveau", "import_word_level"),
            (3, "nu", "import_number"),
            (4, "", "outside_plan"),
            # a cell that cannot be read does not hide what is wrong with the line as a whole
            (5, "", "ends_before_start"),
            (5, "", "title_missing"),
            (5, "doelstelling", "import_objective"),
        ]
        no_objective = next(one.error for one in read.errors if one.line == 5 and one.column)
        assert no_objective.values["ranks"] == "1"
        # Under Dutch rules the same column says where a measure grips; level and scope follow.
        grips = {"source": (PreventionLevel.PRIMARY, Scope.COLLECTIVE)}
        dutch = read_measures(
            (
                b"titel;doelstelling;niveau;begin;einde;verantwoordelijke;cijfer;"
                b"eenheid van het cijfer;nu;doel;onderwerp\n"
                b"Rust;1;bron;2026-04-01;2026-06-30;Hoofd;Wissels;per maand;40;10;Werkdruk\n"
                b"Lawaai;1;primair;2026-04-01;2026-06-30;Hoofd;Wissels;per maand;40;10;\n"
            ),
            known=replace(known, grips=grips),
            frame=frame,
        )
        found = dutch.rows[0].fields
        assert (found.strategy, found.topic) == ("source", "work_pressure")
        assert (found.prevention_level, found.scope) == grips["source"]
        assert [(one.line, one.error.key) for one in dutch.errors] == [
            (3, "actionplan.import_word_strategy")
        ]
        with pytest.raises(Invalid, match="The header lacks"):
            read_measures(b"titel;begin\nRust;2026-04-01\n", known=known, frame=frame)
        made = measures.import_measures(
            session, [read.rows[0].fields], within=frame, by=house.adviser
        )
        assert [(one.title, one.unit_id) for one in made] == [("Rust", house.night)]
        taken = frozenset(place_of(one.objective_id, one.unit_id, one.title) for one in made)
        again = read_measures(
            (head + good).encode(), known=replace(known, taken=taken), frame=frame
        )
        twice = read_measures((head + good + good).encode(), known=known, frame=frame)
        for read, line in ((again, 2), (twice, 3)):
            keys = [(one.line, one.error.key) for one in read.errors]
            assert keys == [(line, "actionplan.import_taken")]


# ---- looking back ----


def test_a_look_back_a_team_and_a_unit_that_ends(house):
    with house.session() as session:
        measure = add(house, session)
        fields = ReviewFields(
            reviewed_on=TODAY, decision=ReviewDecision.ADAPT, worked=2, accepted=4, text="Deels."
        )
        with pytest.raises(Invalid, match="starts on"):
            review_measure(session, measure.id, fields, by=house.head, today=TODAY)
        later = date(2026, 9, 1)
        later_fields = ReviewFields(
            reviewed_on=later, decision=ReviewDecision.KEEP, worked=4, accepted=5, text="Goed."
        )
        review_measure(session, measure.id, later_fields, by=house.head, today=later)
        house.adopt(session)
        given = {"by": house.head, "today": TODAY, "now": NOW}
        plan_id, unit = house.annual_plan_id, house.night
        teams.note_item(session, plan_id, unit, "Loopt.", "Rooster", held_on=TODAY, **given)
        team = teams.find_team_plan(session, plan_id, unit)
        assert dict(teams.list_teams(session, plan_id)) == {unit: 1}
        judged = {"seen": team.version, "by": house.adviser, "today": TODAY}
        with pytest.raises(Invalid):
            teams.weigh(session, plan_id, unit, Proportion.MORE_NEEDED, "", **judged)
        teams.weigh(session, plan_id, unit, Proportion.MORE_NEEDED, "Alleen roosters.", **judged)
        with pytest.raises(EditedMeanwhile):
            teams.follow_up(session, plan_id, unit, "Verder.", **judged)
        year_on = date(2027, 3, 3)
        kinds = {
            one.kind
            for one in list_waiting(session, read_plans(session), by=house.adviser, today=year_on)
        }
        assert {"team_follow_up", "evaluate_plan"} <= kinds
        assert list_open_in(session, [house.night]) == [measure]
        moved = {"heirs": {house.kitchen}, "within": get_frame_of(session, measure.id),
                 "seen": measure.version, "by": house.adviser}  # fmt: skip
        with pytest.raises(Invalid):
            move_to_unit(session, measure.id, house.care, **moved)
        move_to_unit(session, measure.id, house.kitchen, **moved)
        assert measure.unit_id == house.kitchen


def test_an_evaluation_closes_only_when_everything_was_weighed(house):
    with house.session() as session:
        plan_id = house.global_plan_id
        given = {"by": house.adviser, "today": TODAY}
        with pytest.raises(Invalid):
            evaluations.begin_evaluation(session, plan_id, 2027, inputs={}, **given)
        row = evaluations.begin_evaluation(session, plan_id, 2026, inputs={}, **given)
        with pytest.raises(Invalid):
            evaluations.begin_evaluation(session, plan_id, 2026, inputs={}, **given)
        said = EvaluationFields(inputs=dict.fromkeys(Input, "Niets."), participants="Lijn")
        evaluations.write_evaluation(session, row.id, said, seen=row.version, by=house.adviser)
        with pytest.raises(Invalid, match="each objective"):
            evaluations.close_evaluation(session, row.id, seen=row.version, **given)
        missing = missing_to_close(said, objective_ids=[house.objective_id])
        assert [one.key.partition(".")[2] for one in missing] == [
            "evaluation_conclusion_missing",
            "papa_reason_missing",
        ]
        concluded = {house.objective_id: Conclusion(Progress.ON_THE_WAY, "Halfweg.")}
        whole = EvaluationFields(inputs=said.inputs, participants="Lijn", conclusions=concluded)
        evaluations.write_evaluation(session, row.id, whole, seen=row.version, by=house.adviser)
        with pytest.raises(Invalid, match="psychosocial"):
            evaluations.close_evaluation(session, row.id, seen=row.version, **given)
        with_reason = EvaluationFields(
            inputs=said.inputs, participants="Lijn", conclusions=concluded, papa_reason="Ziek."
        )
        evaluations.write_evaluation(
            session, row.id, with_reason, seen=row.version, by=house.adviser
        )
        evaluations.close_evaluation(session, row.id, seen=row.version, **given)
        with pytest.raises(InvalidTransition):
            evaluations.write_evaluation(session, row.id, whole, seen=row.version, by=house.adviser)


def test_a_year_gets_its_counts_when_it_is_over_and_from_whoever_may_see_them(house, monkeypatch):
    monkeypatch.setattr(prefilling, "count_requests", lambda _session, _year: 7)
    told = prefilling.known_inputs
    with house.session() as session:
        steering = house.people[Role.STEERING_MEMBER]
        for by, today, count in (
            (house.adviser, date(2027, 1, 5), [7]),
            (house.adviser, date(2026, 12, 31), []),
            (steering, date(2027, 1, 5), []),
        ):
            known = told(session, 2026, by=by, today=today)
            assert [one.count for one in known if one.what == "situations"] == count
        # a nought may mean that nobody keeps it here
        monkeypatch.setattr(prefilling, "count_requests", lambda _session, _year: 0)
        kept = told(session, 2026, by=house.adviser, today=date(2027, 1, 5))
        assert {one.what for one in kept}.isdisjoint({"situations", "accidents"})
        monkeypatch.setattr(prefilling, "list_accidents", lambda _session, _year: [None] * 3)
        for today, count in ((date(2027, 1, 5), [None]), (date(2026, 12, 31), [])):
            known = told(session, 2026, by=house.adviser, today=today)
            assert [one.count for one in known if one.what == "accidents"] == count


# ---- who hears of it ----


def test_a_feedback_page_is_public_only_while_it_is_released(house):
    steering = house.people[Role.STEERING_MEMBER]
    with house.session() as session:
        fields = FeedbackFields(
            title="Roosters", language="nl", lines=(Line("Te laat.", "Vooraf.", Standing.RUNNING),)
        )
        page = feedback.write_feedback(session, fields, by=steering)
        with pytest.raises(Denied):
            feedback.release_feedback(
                session, page.id, seen=1, confirmed=True, by=steering, today=TODAY
            )
        given = {"by": house.adviser, "today": TODAY}
        feedback.release_feedback(session, page.id, seen=page.version, confirmed=False, **given)
        name = feedback.get_address(session, page.id)
    with house.database.read(None) as session:
        assert feedback.find_owner(session, name) == (house.organisation_id, page.id)
    with house.session() as session:
        page = feedback.get_feedback(session, page.id)
        changed = FeedbackFields(title="Anders", language="nl", lines=fields.lines)
        assert not feedback.is_newer(session, page)
        feedback.write_feedback(session, changed, page_id=page.id, seen=page.version, by=steering)
        assert (page.title, page.released["title"]) == ("Anders", "Roosters")
        assert feedback.is_newer(session, page)
        feedback.withdraw_feedback(session, page.id, seen=page.version, by=house.adviser)
    with house.database.read(None) as session, pytest.raises(NotFound):
        feedback.find_owner(session, name)


def test_a_calendar_has_titles_and_days_and_ends_when_it_is_taken_back(house):
    with house.session() as session:
        measure = add(house, session, responsible_id=house.head.person_id, responsible_name="")
        secret = calendar.make_calendar(session, by=house.head, today=TODAY)
        stored = {entry.facts.__repr__() for entry in list_entries(session)}
        assert not any(secret in facts for facts in stored)
    with house.database.read(None) as session:
        owner, feed = calendar.find_owner(session, secret)
        assert owner == house.organisation_id
    with house.session() as session:
        days = calendar.list_days(session, feed, today=TODAY)
        assert {day.title for day in days} == {measure.title}
        assert [day.on for day in days] == sorted(day.on for day in days)
        other = calendar.make_calendar(session, by=house.head, today=TODAY)
    with house.database.read(None) as session:
        with pytest.raises(NotFound):
            calendar.find_owner(session, secret)
        calendar.find_owner(session, other)
    with house.session() as session:
        calendar.end_calendar(session, by=house.head)
        with pytest.raises(NotFound):
            calendar.end_calendar(session, by=house.head)
        assert digest.wants_digest(session, by=house.head)
        digest.choose_digest(session, wanted=False, by=house.head, today=TODAY)
        assert not digest.wants_digest(session, by=house.head)


# ---- the Dutch variant ----


def test_a_dutch_inventory_is_reviewed_and_agreed_before_it_is_adopted(house):
    contact, by = house.people[Role.MAIN_CONTACT], house.adviser
    fields = GlobalPlanFields(title="RI&E", from_on=date(2026, 1, 1), kind=PlanKind.INVENTORY)
    with house.session() as session:
        with pytest.raises(Invalid):
            actions.draft_global_plan(session, fields, by=by)
        choices.choose(session, choices.Choice(variant=Variant.DUTCH), seen=0, by=contact)
        plan = actions.draft_global_plan(session, fields, by=by)
        # It stays what it was, whatever the organisation chooses afterwards.
        choices.choose(session, choices.Choice(variant=Variant.BELGIAN), seen=1, by=contact)
        with pytest.raises(Invalid):
            told = replace(fields, kind=PlanKind.GLOBAL)
            actions.edit_global_plan(session, plan.id, told, seen=plan.version, by=by)
        actions.edit_global_plan(session, plan.id, fields, seen=plan.version, by=by)
        assert plan.kind == PlanKind.INVENTORY
        choices.choose(session, choices.Choice(variant=Variant.DUTCH), seen=2, by=contact)
        adopt = {"by": by, "today": date(2026, 5, 1)}
        with pytest.raises(InvalidTransition, match="expert"):
            actions.adopt_global_plan(session, plan.id, seen=plan.version, **adopt)
        review = ExpertReview(
            expert="Arbodienst", reviewed_on="2026-02-01", advice="Meer PSA.", is_followed=False
        )
        noted = {"by": by, "today": TODAY}
        with pytest.raises(Invalid, match="otherwise"):
            actions.record_expert_review(session, plan.id, review, seen=plan.version, **noted)
        ahead = replace(review, reviewed_on=(TODAY + timedelta(days=1)).isoformat())
        with pytest.raises(Invalid, match="later than today"):
            actions.record_expert_review(session, plan.id, ahead, seen=plan.version, **noted)
        reasoned = ExpertReview(
            expert="Arbodienst", reviewed_on="2026-02-01", advice="Meer PSA.", is_followed=False,
            deviation="PSA volgt in mei.",
        )  # fmt: skip
        actions.record_expert_review(session, plan.id, reasoned, seen=plan.version, **noted)
        with pytest.raises(InvalidTransition, match="have not been asked"):
            actions.adopt_global_plan(session, plan.id, seen=plan.version, **adopt)
        asked = consultations.ask(
            session, subject_of_plan(plan),
            house.question(kind=ConsultationKind.AGREEMENT, organ=Organ.WORKS_COUNCIL),
            by=by, today=TODAY,
        )  # fmt: skip
        consultations.record_advice(
            session, asked.id, Advice(outcome=Outcome.FAVOURABLE, advised_on=TODAY),
            seen=asked.version, by=by, today=TODAY,
        )  # fmt: skip
        actions.adopt_global_plan(session, plan.id, seen=plan.version, **adopt)
        assert plan.state == PlanState.ADOPTED
        kept = list_editions(session, plan.id)[0].content
        assert kept["expert_review"]["deviation"] == "PSA volgt in mei."
    assert [is_exempt(people=n, branch_instrument="RI&E Zorg") for n in (0, 25, 26)] == [
        False, True, False,
    ]  # fmt: skip
    assert not is_exempt(people=25, branch_instrument=" ")
