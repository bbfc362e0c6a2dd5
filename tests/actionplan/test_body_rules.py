"""Bodies by the rules alone: states, seats, composition, answers, standing still, the cascade."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.bodies import calls, composition, proposals, rules, seats, topics
from baken.actionplan.bodies.agreement import Difference, compare
from baken.actionplan.bodies.cascade import Need, organs, place_of, who_answers
from baken.actionplan.bodies.composition import Lack, Side, Sits, Wanted
from baken.actionplan.bodies.proposals import (
    AnswerFields,
    Backing,
    ProposalFields,
    ProposalState,
    Verdict,
)
from baken.actionplan.bodies.rules import BodyFields, BodyKind, BodyState
from baken.actionplan.bodies.seats import SeatFields, SeatRole, Taken
from baken.actionplan.bodies.stalled import stalled_since
from baken.actionplan.bodies.topics import From, TopicFields, TopicState
from baken.actionplan.errors import ActionPlanError, Invalid, InvalidTransition
from baken.organisation.permissions import Role

TODAY = date(2026, 3, 2)
PERSON, OTHER, BODY = uuid4(), uuid4(), uuid4()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
TABLES: list[Mapping[StrEnum, Collection[StrEnum]]] = [
    rules.TRANSITIONS,
    topics.TRANSITIONS,
    proposals.TRANSITIONS,
    calls.APPLICATION_TRANSITIONS,
]


@pytest.mark.parametrize("table", TABLES)
def test_every_state_is_reached_and_stands_in_its_table(table) -> None:
    states = list(type(next(iter(table))))
    reached = {states[0]}
    for _ in states:
        reached |= {after for before in reached for after in table[before]}
    assert set(table) == reached == set(states)


@given(st.sampled_from(ProposalState), st.sampled_from(Verdict), st.text(max_size=60), DAYS)
def test_a_proposal_is_closed_by_a_written_answer_of_a_real_day_only(
    state, verdict, reasons, on
) -> None:
    fields = AnswerFields(verdict=verdict, reasons=reasons, answered_on=on)
    proposed_on = date(2026, 1, 12)
    is_good = (
        state == ProposalState.OPEN
        and len(reasons.strip()) >= proposals.SHORTEST_REASON
        and "\0" not in reasons
        and proposed_on <= on <= TODAY
    )
    try:
        proposals.check_answer(state, fields, proposed_on=proposed_on, today=TODAY)
    except ActionPlanError:
        assert not is_good
    else:
        assert is_good


def test_an_answer_before_its_proposal_says_the_day() -> None:
    fields = AnswerFields(verdict=Verdict.REFUSED, reasons="x" * 30, answered_on=date(2026, 1, 1))
    with pytest.raises(Invalid) as caught:
        proposals.check_answer(
            ProposalState.OPEN, fields, proposed_on=date(2026, 1, 2), today=TODAY
        )
    assert caught.value.key == "bodies.answer_before_proposal"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"text": " "}, "bodies.proposal_empty"),
        ({"to_body_id": BODY}, "bodies.proposal_to_itself"),
        ({"dissent": "Eén lid niet."}, "bodies.unanimous_dissent"),
        ({"proposed_on": TODAY + timedelta(days=1)}, "bodies.proposal_day"),
        ({"proposed_on": date(2025, 12, 31)}, "bodies.proposal_day"),
    ],
)
def test_a_proposal_that_cannot_be_answered_is_refused(changes, key) -> None:
    good = {"title": "Overlap", "text": "Een kwartier.", "backing": Backing.UNANIMOUS}
    fields = ProposalFields(**({"proposed_on": TODAY} | good | changes))
    with pytest.raises(Invalid) as caught:
        proposals.check_proposal(fields, body_id=BODY, body_from_on=date(2026, 1, 1), today=TODAY)
    assert caught.value.key == key


def a_seat(**changes) -> SeatFields:
    values = {"person_id": PERSON, "side": Side.WORKERS, "from_on": date(2026, 1, 1)}
    return SeatFields(**(values | changes))


def taken(**changes) -> Taken:
    values = {
        "id": uuid4(), "person_id": OTHER, "name": "", "role": SeatRole.CHAIR,
        "is_substitute": False, "from_on": date(2026, 1, 1), "until_on": None,
    }  # fmt: skip
    return Taken(**(values | changes))


@st.composite
def periods(draw) -> tuple[date, date | None]:
    first = draw(DAYS)
    return first, draw(st.none() | st.dates(first, date(2027, 12, 31)))


@given(periods(), periods())
def test_the_same_person_never_sits_twice_on_one_day(mine, other) -> None:
    there = taken(person_id=PERSON, role=SeatRole.MEMBER, from_on=other[0], until_on=other[1])
    days = {*mine, *other, date(2028, 6, 1)} - {None}
    clash = any(seats.sits_on(*mine, day) and seats.sits_on(*other, day) for day in days)
    fields = a_seat(from_on=mine[0], until_on=mine[1])
    if clash:
        with pytest.raises(Invalid, match="already"):
            seats.check_beside(fields, [there])
    else:
        seats.check_beside(fields, [there])


def test_one_chair_leads_at_a_time_and_a_substitute_beside_it() -> None:
    chair = taken()
    with pytest.raises(Invalid, match="chair"):
        seats.check_beside(a_seat(role=SeatRole.CHAIR), [chair])
    seats.check_beside(a_seat(role=SeatRole.CHAIR, substitute_of_id=chair.id), [chair])
    ended = taken(until_on=date(2025, 12, 31), from_on=date(2025, 1, 1))
    seats.check_beside(a_seat(role=SeatRole.CHAIR), [ended])
    replaces = taken(is_substitute=True, role=SeatRole.MEMBER)
    with pytest.raises(Invalid, match="substitute"):
        seats.check_beside(a_seat(substitute_of_id=replaces.id), [replaces])
    with pytest.raises(Invalid, match="already"):
        same = taken(person_id=None, name="Jan  de Wit", role=SeatRole.MEMBER)
        seats.check_beside(a_seat(person_id=None, name="jan de wit"), [same])


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"person_id": None}, "bodies.seat_who"),
        ({"name": "Jan"}, "bodies.seat_who"),
        ({"until_on": date(2025, 12, 31)}, "bodies.seat_ends_before"),
        ({"from_on": date(2025, 12, 31)}, "bodies.seat_before_body"),
        ({"groups": ("Dag",)}, "bodies.group_gone"),
    ],
)
def test_a_seat_that_does_not_hold_together_is_refused(changes, key) -> None:
    with pytest.raises(Invalid) as caught:
        seats.check_seat(
            a_seat(**changes), body_from_on=date(2026, 1, 1), body_ended_on=None, groups=["Nacht"]
        )
    assert caught.value.key == key


@given(st.lists(st.builds(Sits, st.sampled_from(Side), st.frozensets(st.sampled_from("abc")))))
def test_composition_counts_everybody_and_names_who_is_missing(sits) -> None:
    wanted = [Wanted(group, 2) for group in "abc"]
    counted = composition.count_groups(wanted, sits)
    assert sum(composition.count_sides(sits).values()) == len(sits)
    there = {group for one in sits for group in one.groups}
    assert set(composition.missing_groups(counted)) == set("abc") - there
    lack = composition.lacks(sits)
    assert bool(lack) == (bool(sits) and all(one.side != Side.WORKERS for one in sits))
    if sits and all(one.side in composition.MANAGEMENT for one in sits):
        assert lack == (Lack.ONLY_MANAGEMENT,)


def test_wanted_groups_are_named_once_with_a_number() -> None:
    for wanted in ([Wanted("", 1)], [Wanted("a", 1), Wanted("A", 1)], [Wanted("a", 0)]):
        with pytest.raises(Invalid):
            composition.check_wanted(wanted)


@given(st.lists(DAYS, min_size=1), st.integers(7, 365))
def test_something_stands_still_from_the_last_word_on(words, days) -> None:
    since = stalled_since(words, after_days=days, today=TODAY)
    last = max(words) + timedelta(days=days)
    assert since == (last if last <= TODAY else None)
    assert stalled_since([], after_days=days, today=TODAY) is None


def test_the_cascade_ends_with_the_workers() -> None:
    assert who_answers(BodyKind.COMMITTEE, {BodyKind.COMMITTEE}) == BodyKind.COMMITTEE
    delegation = {BodyKind.UNION_DELEGATION}
    assert who_answers(BodyKind.COMMITTEE, delegation) == BodyKind.UNION_DELEGATION
    assert who_answers(BodyKind.COMMITTEE, set()) == BodyKind.WORKERS
    assert who_answers(BodyKind.WORKS_COUNCIL, delegation) is None


@pytest.mark.parametrize(
    ("kind", "workers", "need"),
    [
        (BodyKind.COMMITTEE, 49.9, Need.NOT_NEEDED),
        (BodyKind.COMMITTEE, 50.0, Need.MISSING),
        (BodyKind.WORKS_COUNCIL, 99.9, Need.NOT_NEEDED),
        (BodyKind.WORKS_COUNCIL, 100.0, Need.MISSING),
        (BodyKind.UNION_DELEGATION, 400.0, Need.UNKNOWN),
        (BodyKind.COMMITTEE, None, Need.UNKNOWN),
    ],
)
def test_bodies_of_the_law_are_needed_from_their_number_on(kind, workers, need) -> None:
    organ = organs()[kind]
    assert place_of(organ, set(), workers=workers).need == need
    assert place_of(organ, {kind}, workers=workers).need == Need.HERE
    assert organ.source
    assert organ.status


def test_a_group_begins_with_people_a_mandate_and_an_owner_and_ends_with_words() -> None:
    told = {"kind": BodyKind.WORKING_GROUP, "name": "Nacht", "from_on": date(2026, 1, 1)}
    full = told | {"may_decide": "a", "limits": "b", "owner_name": "c"}
    for fields, n in ((full, 0), (told, 1), (full | {"owner_name": ""}, 1)):
        with pytest.raises(InvalidTransition):
            rules.check_can_start(BodyState.PROPOSED, BodyFields(**fields), n_members=n)
    rules.check_can_start(BodyState.PROPOSED, BodyFields(**full), n_members=1)
    ends = {
        "ended_on": TODAY,
        "from_on": date(2026, 1, 1),
        "waits": rules.Unanswered(),
        "today": TODAY,
    }
    waits = [
        {"waits": rules.Unanswered(**{name: 1})} for name in ("proposals", "topics", "applications")
    ]
    for words, changes in (
        ("", {}),
        *(("x", one) for one in waits),
        ("x", {"ended_on": date(2025, 1, 1)}),
    ):
        with pytest.raises(ActionPlanError):
            rules.check_can_end(BodyState.RUNNING, words, **(ends | changes))
    with pytest.raises(Invalid, match="mandate"):
        rules.check_body(BodyFields(**full, mandate_until=date(2025, 1, 1)))


def test_topics_and_choices_say_whose_and_why() -> None:
    told = {"body_id": BODY, "title": "Lampen"}
    for wrong in ({"raised_name": "Jan"}, {"raised_for": From.SOMEBODY}):
        with pytest.raises(Invalid):
            topics.check_topic(TopicFields(**told, **wrong))
    with pytest.raises(Invalid):
        topics.check_topic_step(TopicState.RAISED, TopicState.ANSWERED, words=" ")
    with pytest.raises(Invalid):
        calls.check_choice(calls.ApplicationState.APPLIED, calls.ApplicationState.DECLINED, "")


def test_seats_and_roles_are_held_against_each_other() -> None:
    third = UUID(int=3)
    found = compare(
        [(PERSON, Role.STEERING_MEMBER, BODY), (OTHER, Role.STEERING_MEMBER, BODY)],
        [(OTHER, Role.EMPLOYER), (third, Role.CPBW_MEMBER), (third, Role.UNION_DELEGATE)],
        of_bodies={Role.STEERING_MEMBER, Role.CPBW_MEMBER},
    )
    assert [(one.difference, one.person_id) for one in found] == [
        (Difference.SEAT_WITHOUT_ROLE, PERSON),
        (Difference.ROLE_WITHOUT_SEAT, third),
    ]


@pytest.mark.parametrize(
    ("until_on", "asked", "allowed"),
    [
        (None, TODAY, True),
        (None, TODAY - timedelta(days=1), False),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=9), True),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=10), False),
        (TODAY, TODAY, False),
    ],
)
def test_somebody_leaves_from_today_on_and_not_after_the_end_of_the_seat(until_on, asked, allowed):
    def leave():
        given = {"until_on_asked": asked, "today": TODAY}
        seats.check_resigning(TODAY - timedelta(days=99), until_on, **given)

    if allowed:
        leave()
    else:
        with pytest.raises(ActionPlanError):
            leave()
