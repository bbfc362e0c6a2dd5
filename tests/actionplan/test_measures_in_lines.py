"""Measures in lists, in the chain from a result to a verdict, and in what everybody reads."""

from datetime import UTC, date, datetime

import pytest

from baken.actionplan.analyses import change_actions
from baken.actionplan.analyses.changes import ChangeFields
from baken.actionplan.chain import (
    chain_of_campaign,
    chain_of_finding,
    chain_of_measure,
    chain_of_priority,
    chain_of_talk,
    list_onward,
    list_taken_up,
    list_touched,
)
from baken.actionplan.errors import Invalid
from baken.actionplan.findings.queries import get_finding
from baken.actionplan.indicators.types import Better, Figure
from baken.actionplan.measures import actions, carrying
from baken.actionplan.measures.contracts import scale_contract
from baken.actionplan.measures.verdicts import SaidSoFar, list_verdicts
from baken.actionplan.plans import annual_actions
from baken.actionplan.plans.feedback import actions as feedback
from baken.actionplan.plans.feedback.cautions import Caution, find_numbers, list_cautions
from baken.actionplan.plans.feedback.rules import FeedbackFields, Line, Standing
from baken.actionplan.plans.queries import get_frame, get_frame_of
from baken.actionplan.priorities import actions as priorities
from baken.actionplan.priorities.rules import CauseFields, CauseKind, PriorityFields, PriorityState
from baken.actionplan.talks import notes as talk_notes
from baken.actionplan.talks.models import Talk, TalkNote
from baken.actionplan.talks.note_rules import Input, Tone
from baken.actionplan.talks.rules import Method, Reach, TalkState
from baken.organisation.models import Headcount
from baken.organisation.permissions import Actor, Grant, Role

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def database(sqlite):
    """What lists and chains say does not depend on the database."""
    return sqlite


def add(house, session, **changes):
    frame = get_frame(session, house.annual_plan_id)
    return actions.add_measure(session, house.measure(**changes), within=frame, by=house.adviser)


def read(house, session, measure, value, *, at=NOW):
    within = get_frame_of(session, measure.id)
    actions.note_progress(
        session, measure.id, "Geteld.", value=value, within=within, seen=measure.version,
        by=house.adviser, today=TODAY, now=at,
    )  # fmt: skip


def next_year(house, session):
    return annual_actions.draft_annual_plan(
        session, house.global_plan_id, starts_on=date(2027, 1, 1),
        objective_ids=[house.objective_id], by=house.adviser,
    )  # fmt: skip


def carry(house, session, measure, into):
    return carrying.carry_over(
        session, measure.id, "Niet klaar.", objective_id=house.objective_id,
        ends_on=date(2027, 6, 30), into=get_frame(session, into.id), seen=measure.version,
        by=house.adviser,
    )  # fmt: skip


def test_every_measure_says_in_one_word_what_its_figure_says(house):
    """Whoever may not see a unit's figures does not hear that they moved."""
    elsewhere = Grant(Role.UNIT_HEAD, house.kitchen)
    stranger = Actor(house.head.person_id, house.organisation_id, "", frozenset({elsewhere}))
    with house.session() as session:
        finding = get_finding(session, house.finding_id)
        contract = scale_contract(
            finding, figure=Figure.MEAN, better=Better.LOWER, target=50, by_on=date(2026, 12, 31)
        )
        scale = add(house, session, finding_id=finding.id, indicator=contract, title="Schaal")
        counted, worse, unread, old = (
            add(house, session, title=title) for title in ("Geteld", "Slechter", "Nog niet", "Oud")
        )
        read(house, session, counted, 50)
        read(house, session, counted, 30, at=NOW.replace(hour=12))
        read(house, session, worse, 44)
        read(house, session, old, 20)
        newer = carry(house, session, old, next_year(house, session))
        every = [scale, counted, worse, unread, newer]
        said = list_verdicts(session, every, by=house.adviser, today=TODAY)
        assert [said[one.id].value for one in every] == [
            "unread", "moved", "worse", "unread", "moved",
        ]  # fmt: skip
        house.add_release(session, on=date(2027, 1, 20), mean=45.0, low=40.0, high=50.0)
        for by, known in ((house.adviser, True), (house.head, True), (stranger, False)):
            now = list_verdicts(session, every, by=by, today=TODAY)
            assert now.get(scale.id) == (SaidSoFar.MOVED if known else None)
            assert now[worse.id] == SaidSoFar.WORSE


def test_the_chain_is_the_same_from_wherever_it_is_read(house):
    given = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        fields = PriorityFields(
            title="Roosters", urgency=5, feasibility=4, finding_ids=frozenset({house.finding_id})
        )
        priority = priorities.propose_priority(session, fields, **given)
        priorities.decide_priority(
            session, priority.id, PriorityState.CHOSEN, reason="", seen=priority.version, **given
        )
        why = CauseFields(kind=CauseKind.WHYS, whys=("Laat.",), root="Er is geen vast uur.")
        cause = priorities.write_cause(session, priority.id, why, **given)
        measure = add(house, session, priority_id=priority.id)
        read(house, session, measure, 20)
        chains = (
            chain_of_finding(session, house.finding_id, **given),
            chain_of_priority(session, priority, **given),
            chain_of_measure(session, measure, **given),
        )
        for chain in chains:
            assert [one.title for one in chain.campaigns] == ["Bevraging 2026"]
            assert [one.id for one in chain.findings] == [house.finding_id]
            assert (chain.causes, chain.priorities) == ((cause,), (priority,))
            assert chain.measures == (measure,)
            assert chain.verdicts == {measure.id: SaidSoFar.MOVED}
        alone = chain_of_measure(session, add(house, session, title="Los"), **given)
        assert (alone.findings, alone.priorities, alone.talks) == ((), (), ())


def test_a_talk_leads_to_its_findings_and_a_survey_to_what_came_of_them(house):
    given = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        talk = Talk(
            title="Ploeggesprek", method=Method.TEAM_TALK, planned_on=TODAY, leader="Ann",
            state=TalkState.APPROVED, reach=Reach.PLANS, held_on=TODAY, n_invited=9, n_present=7,
            min_group=5, read_back_on=TODAY, approved_on=TODAY,
        )  # fmt: skip
        session.add(talk)
        session.flush()
        note = TalkNote(
            talk_id=talk.id, factor="A3", tone=Tone.PROBLEM, way=Input.SPOKEN, text="Te laat."
        )
        session.add(note)
        session.flush()
        assert list_taken_up(session) == {house.finding_id}  # the objective rests on it
        talk_notes.ground_finding(session, house.finding_id, note.id, **given)
        measure = add(house, session, finding_id=house.finding_id)
        assert chain_of_finding(session, house.finding_id, **given).talks == (talk,)
        chain = chain_of_talk(session, talk, **given)
        assert [one.id for one in chain.findings] == [house.finding_id]
        chain = chain_of_campaign(session, chain.campaigns[0], **given)
        (row,) = list_onward(session, chain)
        assert (row.finding.id, row.priorities, row.measures) == (
            house.finding_id, (), (measure,),
        )  # fmt: skip


def test_a_change_names_the_measures_to_examine_anew(house):
    """Those in the unit and above it, and those of everybody; not those elsewhere or over."""
    with house.session() as session:
        here, everywhere, elsewhere = (
            add(house, session, title=title, unit_id=unit_id)
            for title, unit_id in (("Hier", house.kitchen), ("Overal", None), ("Daar", house.night))
        )
        fields = ChangeFields(
            title="Nieuwe planning", happens_on=TODAY, unit_id=house.kitchen, responsible="Ann"
        )
        change = change_actions.note_change(session, fields, by=house.adviser)
        found = {one.id for one in list_touched(session, change, on=TODAY)}
        assert {here.id, everywhere.id} <= found
        assert elsewhere.id not in found


def test_a_page_is_read_once_more_where_somebody_could_be_recognised(house):
    given = {"by": house.adviser, "today": TODAY}
    lines = (Line("Drie van de 4 vonden het laat, zei Hoofd.", "Sinds 2026.", Standing.DONE),)
    with house.session() as session:
        session.add(Headcount(unit_id=house.kitchen, from_on=date(2025, 1, 1), people=4))
        small = FeedbackFields(title="Keuken", language="nl", unit_id=house.kitchen, lines=lines)
        page = feedback.write_feedback(session, small, by=house.adviser)
        warned = list_cautions(session, page, **given)
        assert [one.caution for one in warned] == [
            Caution.FEW_PEOPLE, Caution.NO_RESULTS, Caution.FIGURES,
        ]  # fmt: skip
        assert (warned[0].n, warned[0].least, warned[2].found) == (4, 10, ("4",))
        release = {"seen": page.version, **given}
        with pytest.raises(Invalid) as refused:
            feedback.release_feedback(session, page.id, confirmed=False, **release)
        assert refused.value.key == "actionplan.feedback_unconfirmed"
        feedback.release_feedback(session, page.id, confirmed=True, **release)
        known = FeedbackFields(
            title="Allen",
            language="nl",
            intro=f"Dank aan {house.adviser.name.upper()}.",
            lines=lines,
        )
        page = feedback.write_feedback(session, known, by=house.adviser)
        warned = list_cautions(session, page, **given)
        assert [(one.caution, one.found) for one in warned] == [
            (Caution.NAMES, (house.adviser.name,))
        ]
    assert find_numbers(["In 2026, op 3/4/2026, zei 12 % het, of 2,5 op 10."]) == (
        "12 %", "2,5", "10",
    )  # fmt: skip
