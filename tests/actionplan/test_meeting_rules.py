"""What of meetings, agendas, minutes, packs and terms can be true."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.meetings import packs, points, rules, terms
from baken.actionplan.meetings.minutes import rules as minutes
from baken.actionplan.meetings.minutes.rules import (
    Carried,
    DecidedBy,
    DecisionFields,
    Sitting,
    TaskFields,
    TaskState,
    Votes,
)
from baken.actionplan.meetings.packs import Change, PackPart
from baken.actionplan.meetings.points import Direction, PointFields, PointKind
from baken.actionplan.meetings.rules import MeetingFields, MeetingState, Presence, PresenceFields
from baken.actionplan.meetings.terms import Caution

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
BODY = uuid4()


def fields(**changes):
    plain = {"on": TODAY, "starts": time(14), "ends": time(15), "place": "Zaal"}
    return MeetingFields(body_id=BODY, **(plain | changes))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"on": TODAY - DAY}, "meetings.meeting_in_past"),
        ({"ends": time(14)}, "meetings.meeting_ends_before"),
        ({"ends": time(13)}, "meetings.meeting_ends_before"),
        ({"place": " "}, "meetings.meeting_nowhere"),
        ({"link": "zoom"}, "meetings.meeting_link"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(changes, key):
    rules.check_meeting(fields(), today=TODAY)
    with pytest.raises(Invalid) as refused:
        rules.check_meeting(fields(**changes), today=TODAY)
    assert refused.value.key == key


def test_states_go_one_way_and_minutes_are_approved_after_the_meeting():
    allowed = {(a, b) for a, into in rules.TRANSITIONS.items() for b in into}
    for state in MeetingState:
        for to in MeetingState:
            if (state, to) in allowed:
                rules.check_step(state, to)
            else:
                with pytest.raises(InvalidTransition):
                    rules.check_step(state, to)
    with pytest.raises(InvalidTransition) as early:
        rules.check_step(MeetingState.INVITED, MeetingState.APPROVED)
    assert early.value.key == "meetings.minutes_too_early"
    with pytest.raises(InvalidTransition) as early:
        rules.check_holding(MeetingState.INVITED, on=TODAY + DAY, today=TODAY, n_present=3)
    assert early.value.key == "meetings.held_too_early"
    with pytest.raises(Invalid):
        rules.check_holding(MeetingState.INVITED, on=TODAY, today=TODAY, n_present=0)
    with pytest.raises(Invalid):
        rules.check_presence(PresenceFields(Presence.REPLACED))
    with pytest.raises(Invalid):
        rules.check_presence(PresenceFields(Presence.PRESENT, "Somebody"))


@given(st.integers(1, 8), st.lists(st.tuples(st.integers(0, 7), st.sampled_from(Direction))))
def test_reordering_keeps_every_point_and_one_step_back_undoes_it(n, steps):
    first = tuple(uuid4() for _ in range(n))
    order = first
    for place, way in steps:
        moved = points.reordered(order, order[place % n], way)
        assert sorted(moved) == sorted(first)
        if moved != order:
            back = Direction.DOWN if way is Direction.UP else Direction.UP
            assert points.reordered(moved, order[place % n], back) == order
        order = moved


def test_a_point_goes_on_once_with_a_reason():
    args = {"was_postponed": False, "is_standing": False}
    assert points.check_postponing(" later ", **args) == "later"
    for reason, changes, key in (
        ("", {}, "meetings.postpone_reason"),
        ("x", {"was_postponed": True}, "meetings.point_moved_twice"),
        ("x", {"is_standing": True}, "meetings.point_standing"),
    ):
        with pytest.raises((Invalid, InvalidTransition)) as refused:
            points.check_postponing(reason, **(args | changes))
        assert refused.value.key == key
    with pytest.raises(Invalid):
        points.check_point(PointFields(PointKind.PROPOSAL, "Answer"))
    with pytest.raises(Invalid):
        points.check_point(PointFields(PointKind.DISCUSSION, "Rosters", minutes=0))


@given(st.tuples(*[st.integers(0, 30)] * 3), st.integers(0, 40), st.sampled_from(DecidedBy))
def test_votes_are_counted_only_where_there_was_a_vote_and_never_above_who_was_there(
    counts, n_present, by
):
    votes = Votes(*counts)
    decision = DecisionFields("Rosters three weeks ahead", by, votes)
    holds = 0 < votes.total <= n_present if by is DecidedBy.VOTE else votes.total == 0
    if holds:
        assert minutes.check_decision(decision, n_present=n_present) == decision
    else:
        with pytest.raises(Invalid):
            minutes.check_decision(decision, n_present=n_present)


def test_decisions_and_tasks_say_what_who_and_when():
    with pytest.raises(Invalid):
        minutes.check_decision(DecisionFields(" ", DecidedBy.CHAIR), n_present=3)
    minutes.check_task(TaskFields("Ask", "Kitchen", TODAY), held_on=TODAY)
    for task, key in (
        (TaskFields("", "Kitchen", TODAY), "meetings.task_empty"),
        (TaskFields("Ask", " ", TODAY), "meetings.task_without_who"),
        (TaskFields("Ask", "Kitchen", None), "meetings.task_without_day"),
        (TaskFields("Ask", "Kitchen", TODAY - DAY), "meetings.task_before_meeting"),
    ):
        with pytest.raises(Invalid) as refused:
            minutes.check_task(task, held_on=TODAY)
        assert refused.value.key == key
    assert minutes.check_task_note(TaskState.OPEN, TaskState.DONE, "") == ""
    for to in (TaskState.OPEN, TaskState.DROPPED):
        with pytest.raises(Invalid):
            minutes.check_task_note(TaskState.OPEN, to, " ")
    assert minutes.check_carried(Carried.OPEN, Carried.CARRIED_OUT, "") == ""
    with pytest.raises(Invalid):
        minutes.check_carried(Carried.OPEN, Carried.NOT_CARRIED_OUT, "")


def test_minutes_are_approved_at_a_later_meeting_of_the_same_body():
    of = Sitting(uuid4(), BODY, TODAY - 30 * DAY, MeetingState.HELD)
    at = Sitting(uuid4(), BODY, TODAY, MeetingState.INVITED)
    minutes.check_approving(of, at, today=TODAY, silent=())
    elsewhere = Sitting(at.id, uuid4(), at.on, at.state)
    ahead = Sitting(at.id, BODY, TODAY + DAY, at.state)
    planned = Sitting(at.id, BODY, TODAY, MeetingState.PLANNED)
    unheld = Sitting(of.id, BODY, of.on, MeetingState.INVITED)
    for one, other, n in (
        (of, elsewhere, 0), (of, ahead, 0), (of, planned, 0), (of, of, 0), (unheld, at, 0),
        (of, at, 1),
    ):  # fmt: skip
        with pytest.raises((Invalid, InvalidTransition)):
            minutes.check_approving(one, other, today=TODAY, silent=["Roosters"] * n)
    for state in (MeetingState.PLANNED, MeetingState.APPROVED):
        with pytest.raises(InvalidTransition):
            minutes.check_writing(state, on=TODAY, today=TODAY)
    with pytest.raises(InvalidTransition):
        minutes.check_writing(MeetingState.INVITED, on=TODAY + DAY, today=TODAY)


@given(st.permutations(["a", "b", "c", "d"]), st.integers(0, 4), st.sets(st.sampled_from("abcd")))
def test_changes_between_packs_tell_what_is_new_gone_and_different(order, n, touched):
    before = [PackPart(key, key.upper(), "1") for key in "abcd"][:n]
    after = [PackPart(key, key.upper(), "2" if key in touched else "1") for key in order]
    found = packs.changes_between(before, after)
    old = {one.key for one in before}
    told = {change: {title.lower() for kind, title in found if kind is change} for change in Change}
    assert told[Change.NEW] == set(order) - old
    assert told[Change.CHANGED] == touched & old
    assert told[Change.GONE] == set()
    kept = [key for key in order if key in old]
    assert bool(told[Change.ORDER]) == (kept != [one.key for one in before])
    emptied = packs.changes_between(after, [])
    assert {title.lower() for kind, title in emptied if kind is Change.GONE} == set(order)


def test_a_part_of_which_only_the_page_was_kept_is_not_called_changed():
    page, words = PackPart("a", "A", "1"), PackPart("a", "A", packs.OF_WORDS + "2")
    assert packs.changes_between([page], [words]) == ()
    other = PackPart("a", "A", packs.OF_WORDS + "3")
    assert packs.changes_between([words], [other]) == ((Change.CHANGED, "A"),)


def test_terms_warn_and_name_their_source():
    on = date(2026, 2, 20)
    found = terms.warnings(
        "committee", on=on, sends_on=on - 7 * DAY, last_on=on - 40 * DAY, has_report=False
    )
    assert {one.caution for one in found} == set(Caution)
    assert all(one.term.source for one in terms.terms().values() for one in found)
    well = {"sends_on": on - 8 * DAY, "last_on": on - 31 * DAY, "has_report": True}
    assert terms.warnings("committee", on=on, **well) == ()
    assert terms.warnings("working_group", on=on, sends_on=on, last_on=None, has_report=False) == ()
    assert terms.papers_due("committee", on) == on - 8 * DAY
    assert terms.papers_due("workers", on) is None
