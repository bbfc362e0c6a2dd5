"""Votes on priorities, on both databases: counted once, kept apart from who voted."""

from datetime import date

import pytest
from sqlalchemy import literal_column, select

from baken.actionplan.errors import InvalidTransition
from baken.actionplan.priorities import actions, voting
from baken.actionplan.priorities.ballots import BallotFields
from baken.actionplan.priorities.models import BallotOption, BallotVoter
from baken.actionplan.priorities.rules import PriorityFields, PriorityKind
from baken.organisation.permissions import Role
from tests.databases import above_the_walls

TODAY = date(2026, 3, 2)
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
        assert not voting.outcome_of(session, ballot).dots
        voting.close_ballot(session, ballot_id, seen=ballot.version, **given)
        assert [voting.outcome_of(session, ballot).dots[one] for one in choices] == [5, 3, 2]
        with pytest.raises(InvalidTransition):
            voting.vote(session, ballot_id, {choices[0]}, by=house.adviser, today=TODAY)
