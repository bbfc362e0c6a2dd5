"""Votes on priorities, on both databases: counted once, kept apart from who voted."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import literal_column, select

from baken.actionplan.bodies import actions as bodies
from baken.actionplan.bodies import seat_actions
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.rules import BodyFields, BodyKind
from baken.actionplan.bodies.seats import SeatFields, SeatRole
from baken.actionplan.errors import InvalidTransition
from baken.actionplan.priorities import actions, voting
from baken.actionplan.priorities.ballots import BallotFields
from baken.actionplan.priorities.models import BallotOption, BallotVoter
from baken.actionplan.priorities.rules import PriorityFields, PriorityKind, PriorityState
from baken.actionplan.priorities.waiting import list_waiting
from baken.organisation.permissions import Role
from tests.databases import above_the_walls

TODAY = date(2026, 3, 2)
STEERING = BodyFields(
    kind=BodyKind.STEERING_GROUP, name="Stuurgroep", from_on=date(2026, 1, 5), is_open=False
)
VOTERS = (Role.EMPLOYER, Role.STEERING_MEMBER, Role.CPBW_MEMBER, Role.UNION_DELEGATE, Role.HR)


def test_no_row_of_a_vote_without_names_tells_whose_it_was(house):
    given = {"by": house.adviser, "today": TODAY}
    with house.session() as session:
        choices = [
            actions.propose_priority(
                session, PriorityFields(title=title, kind=PriorityKind.PRIORITY), **given
            ).id
            for title in ("Roosters", "Lawaai", "Parking")
        ]
        asked = BallotFields(
            title="Wat eerst?", is_anonymous=True, dots=2, roles=frozenset(VOTERS),
            closes_on=TODAY, priority_ids=frozenset(choices),
        )  # fmt: skip
        ballot_id = voting.open_ballot(session, asked, **given).id
    for number, role in enumerate(VOTERS):
        with house.session() as session:
            chosen = {choices[0], choices[1 + number % 2]}
            voting.vote(session, ballot_id, chosen, by=house.people[role], today=TODAY)
    with house.session() as session:
        assert {one.choices for one in session.scalars(select(BallotVoter))} == {None}
        if not house.database.is_sqlite:
            # Whoever wrote a row last: the same for all, or the last voter of each would show.
            with above_the_walls(house.database) as plain:
                writers = select(literal_column("xmin::text")).select_from(BallotOption.__table__)
                found = list(plain.scalars(writers))
            assert len(found) == 3
            assert len(set(found)) == 1
        ballot = voting.get_ballot(session, ballot_id)
        assert not voting.outcome_of(session, ballot, **given).dots
        voting.close_ballot(session, ballot_id, seen=ballot.version, **given)
        came = voting.outcome_of(session, ballot, **given)
        assert [came.dots[one] for one in choices] == [5, 3, 2]
        assert not came.named
        with pytest.raises(InvalidTransition):
            voting.vote(session, ballot_id, {choices[0]}, by=house.adviser, today=TODAY)


def test_a_body_votes_with_those_who_decide_there_and_decides(house):
    """A seat alone gives no right to vote, nor does a role without a seat."""
    given = {"by": house.adviser, "today": TODAY}
    boss, member, guest = (
        house.people[role] for role in (Role.EMPLOYER, Role.STEERING_MEMBER, Role.HR)
    )
    with house.session() as session:
        body = bodies.set_up_body(session, STEERING, by=house.adviser)
        for who, part in (
            (member, SeatRole.MEMBER),
            (guest, SeatRole.GUEST),
            (house.people[Role.CLERK], SeatRole.MEMBER),
        ):
            seat = SeatFields(
                person_id=who.person_id, role=part, side=Side.WORKERS, from_on=STEERING.from_on
            )
            seat_actions.add_seat(session, body.id, seat, **given)
        choices = [
            actions.propose_priority(session, PriorityFields(title=title), **given).id
            for title in ("Roosters", "Lawaai")
        ]
        asked = BallotFields(
            title="Wat eerst?", is_anonymous=False, dots=1, body_id=body.id, closes_on=TODAY,
            priority_ids=frozenset(choices),
        )  # fmt: skip
        assert voting.list_voters(session, (), body.id, on=TODAY) == {member.person_id}
        ballot = voting.open_ballot(session, asked, **given)
        for who in (boss, guest):
            assert not list_waiting(session, by=who, today=TODAY)
            with pytest.raises(InvalidTransition) as refused:
                voting.vote(session, ballot.id, choices[:1], by=who, today=TODAY)
            assert refused.value.key == "priorities.not_a_voter"
        assert [one.kind for one in list_waiting(session, by=member, today=TODAY)] == [
            "vote_to_give"
        ]
        voting.vote(session, ballot.id, choices[:1], by=member, today=TODAY)
        weighed = PriorityFields(title="Parking", urgency=5, feasibility=4, story="De stemming.")
        made = actions.propose_priority(session, weighed, **given)
        actions.decide_priority(
            session, made.id, PriorityState.CHOSEN, reason="", decided_in_id=body.id,
            seen=made.version, **given,
        )  # fmt: skip
        assert made.decided_in_id == body.id
        voting.close_ballot(session, ballot.id, seen=ballot.version, **given)
        outsider = house.people[Role.UNIT_HEAD]
        for who, named in ((member, {member.person_id}), (outsider, set())):
            came = voting.outcome_of(session, ballot, by=who, today=TODAY)
            assert sum(came.dots.values()) == 1
            # Who chose what in a closed group would say who sits there.
            assert came.named.keys() == named


def test_a_priority_that_is_sent_twice_is_one(house):
    given = {"by": house.adviser, "today": TODAY}
    fields = PriorityFields(title="Roosters", finding_ids=frozenset({house.finding_id}))
    with house.session() as session:
        first = actions.propose_priority(session, fields, **given)
        assert actions.propose_priority(session, fields, **given) is first
        heavier = actions.propose_priority(session, replace(fields, urgency=4), **given)
        assert heavier.id != first.id
        chosen = replace(fields, title="Lawaai", urgency=4, feasibility=4)
        made = actions.propose_priority(session, chosen, **given)
        actions.decide_priority(
            session, made.id, PriorityState.CHOSEN, reason="", seen=made.version, **given
        )
        assert (made.proposed_by, made.decided_by) == (house.adviser.person_id,) * 2
        assert actions.propose_priority(session, chosen, **given).id != made.id
