"""Opening a vote, voting, closing it, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError

from baken.actionplan.bodies.models import Seat
from baken.actionplan.bodies.queries import get_body, look_at_body
from baken.actionplan.bodies.reach import list_own_seats, may_see
from baken.actionplan.bodies.seats import DECIDING, sits_on
from baken.actionplan.errors import InvalidTransition
from baken.actionplan.priorities import ballots
from baken.actionplan.priorities.ballots import BallotFields
from baken.actionplan.priorities.models import Ballot, BallotOption, BallotVoter, Priority
from baken.actionplan.references import find
from baken.organisation.models import RoleGrant
from baken.organisation.permissions import ALLOWED, Action, Actor, Role, require
from baken.organisation.roles import holds_on
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a vote, as far as it shows: dots per priority, and in a named vote by whom."""

    is_shown: bool
    n_voters: int
    dots: Mapping[UUID, int]
    named: Mapping[UUID, tuple[UUID, ...]]


def get_ballot(session: Session, ballot_id: UUID) -> Ballot:
    """Return one vote."""
    return find(session, Ballot, ballot_id)


def list_ballots(session: Session) -> list[Ballot]:
    """Return all votes, the newest first."""
    return list(
        session.scalars(select(Ballot).order_by(Ballot.opened_on.desc(), Ballot.title, Ballot.id))
    )


def list_options(session: Session, ballot_id: UUID) -> list[BallotOption]:
    """Return what can be chosen."""
    asked = select(BallotOption).where(BallotOption.ballot_id == ballot_id)
    return list(session.scalars(asked.order_by(BallotOption.priority_id)))


def list_voters(
    session: Session, roles: Collection[Role], body_id: UUID | None, *, on: date
) -> frozenset[UUID]:
    """Return the people whose vote is asked on a day.

    In a body those who decide there and hold a role that votes: a seat alone gives no right.
    """
    wanted = ALLOWED[Action.VOTE_PRIORITIES] if body_id is not None else roles
    asked = select(RoleGrant.person_id).where(RoleGrant.role.in_(list(wanted)), *holds_on(on))
    holders = frozenset(session.scalars(asked))
    if body_id is None:
        return holders
    seats = session.scalars(select(Seat).where(Seat.body_id == body_id))
    return holders & {
        one.person_id
        for one in seats
        if one.person_id and one.role in DECIDING and sits_on(one.from_on, one.until_on, on)
    }


def has_voted(session: Session, ballot_id: UUID, person_id: UUID) -> bool:
    """Whether somebody has voted; of what they chose this says nothing."""
    return session.get(BallotVoter, (ballot_id, person_id)) is not None


def count_voters(session: Session, ballot_id: UUID) -> int:
    """Return how many people have voted."""
    asked = select(func.count()).select_from(BallotVoter)
    return session.scalars(asked.where(BallotVoter.ballot_id == ballot_id)).one()


def open_ballot(session: Session, fields: BallotFields, *, by: Actor, today: date) -> Ballot:
    """Open a vote on priorities."""
    require(by, Action.EDIT_PLANS)
    if fields.body_id is not None:
        look_at_body(session, fields.body_id, by=by, today=today)
    voters = list_voters(session, fields.roles, fields.body_id, on=today)
    ballots.check_ballot(fields, n_voters=len(voters), today=today)
    ballot = Ballot(
        title=fields.title.strip(),
        is_anonymous=fields.is_anonymous,
        dots=fields.dots,
        roles=sorted(role.value for role in fields.roles),
        body_id=fields.body_id,
        min_group=fields.min_group,
        opened_on=today,
        closes_on=fields.closes_on,
        opened_by=by.person_id,
    )
    session.add(ballot)
    session.flush()
    for priority_id in sorted(fields.priority_ids):
        priority = find(session, Priority, priority_id)
        session.add(BallotOption(ballot_id=ballot.id, priority_id=priority.id))
    session.flush()
    facts = {"anonymous": ballot.is_anonymous}
    record(session, "ballot.opened", by=by.person_id, subject=f"ballot:{ballot.id}", facts=facts)
    return ballot


def vote(
    session: Session, ballot_id: UUID, chosen: Collection[UUID], *, by: Actor, today: date
) -> None:
    """Give one's vote, once. In an anonymous vote the choice is added to the counts only."""
    require(by, Action.VOTE_PRIORITIES)
    ballot = get_ballot(session, ballot_id)
    # One after the other: a vote that came after the end would show by what it changed.
    session.get(Ballot, ballot.id, with_for_update=True, populate_existing=True)
    check_may_vote(session, ballot, by=by, today=today)
    options = [option.priority_id for option in list_options(session, ballot_id)]
    wanted = set(chosen)
    ballots.check_choices(wanted, options, dots=ballot.dots)
    voter = BallotVoter(ballot_id=ballot_id, person_id=by.person_id)
    if not ballot.is_anonymous:
        voter.choices = sorted(str(one) for one in wanted)
    session.add(voter)
    _keep_once(session)
    # Counted in the database: two people who vote at once both count. Every option is written, as
    # PostgreSQL keeps with each row which transaction wrote it last: that of the voter.
    dot = case((BallotOption.priority_id.in_(wanted), 1), else_=0)
    session.execute(
        update(BallotOption)
        .where(BallotOption.ballot_id == ballot_id)
        .values(n_dots=BallotOption.n_dots + dot)
    )
    record(session, "ballot.voted", by=by.person_id, subject=f"ballot:{ballot_id}")


def _keep_once(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "ballot_voter" not in str(error.orig):
            raise
        raise InvalidTransition(
            "priorities.voted_already", "You have voted. A vote is given once and stays."
        ) from error


def is_asked(session: Session, ballot: Ballot, *, by: Actor, today: date) -> bool:
    """Whether this person's vote is asked."""
    if ballot.body_id is None:
        return not by.roles.isdisjoint(map(Role, ballot.roles))
    return by.person_id in list_voters(session, (), ballot.body_id, on=today)


def check_may_vote(session: Session, ballot: Ballot, *, by: Actor, today: date) -> None:
    """Raise `InvalidTransition` unless this person may vote now."""
    ballots.check_can_vote(
        is_asked=is_asked(session, ballot, by=by, today=today),
        has_voted=has_voted(session, ballot.id, by.person_id),
        closes_on=ballot.closes_on,
        closed_on=ballot.closed_on,
        today=today,
    )


def close_ballot(session: Session, ballot_id: UUID, *, seen: int, by: Actor, today: date) -> Ballot:
    """End a vote; from now on what came of it shows, if enough people voted."""
    require(by, Action.EDIT_PLANS)
    ballot = get_ballot(session, ballot_id)
    check_version(ballot, seen)
    if ballot.closed_on is not None:
        raise InvalidTransition("priorities.vote_over", "This vote is over.")
    ballot.closed_on = today
    record(session, "ballot.closed", by=by.person_id, subject=f"ballot:{ballot.id}")
    return ballot


def outcome_of(session: Session, ballot: Ballot, *, by: Actor, today: date) -> Outcome:
    """What came of a vote: nothing while it runs, nor of an anonymous one with too few voters."""
    n_voters = count_voters(session, ballot.id)
    is_shown = ballots.shows(
        is_anonymous=ballot.is_anonymous,
        n_voters=n_voters,
        min_group=ballot.min_group,
        is_closed=ballot.closed_on is not None,
    )
    if not is_shown:
        return Outcome(is_shown=False, n_voters=n_voters, dots={}, named={})
    dots = {option.priority_id: option.n_dots for option in list_options(session, ballot.id)}
    named = _named(session, ballot) if reads_names(session, ballot, by=by, today=today) else {}
    return Outcome(is_shown=True, n_voters=n_voters, dots=dots, named=named)


def reads_names(session: Session, ballot: Ballot, *, by: Actor, today: date) -> bool:
    """Whether this person may read who chose what; of a closed body that says who sits there."""
    if ballot.is_anonymous:
        return False
    if ballot.body_id is None:
        return True
    own = list_own_seats(session, by=by, today=today)
    return may_see(get_body(session, ballot.body_id), own, by=by)


def _named(session: Session, ballot: Ballot) -> dict[UUID, tuple[UUID, ...]]:
    asked = select(BallotVoter).where(BallotVoter.ballot_id == ballot.id)
    voters = session.scalars(asked.order_by(BallotVoter.person_id))
    return {
        voter.person_id: tuple(UUID(one) for one in voter.choices)
        for voter in voters
        if voter.choices is not None
    }
