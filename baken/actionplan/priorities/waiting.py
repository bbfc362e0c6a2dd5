"""What waits about priorities: a vote to give or to end, and a cause to look for."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from baken.actionplan.priorities.models import Ballot, BallotVoter, Cause, Priority
from baken.actionplan.priorities.rules import PriorityState
from baken.actionplan.priorities.voting import is_asked
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for those who vote and those who plan."""
    found = list(_votes(session, by, today)) if may(by, Action.VOTE_PRIORITIES) else []
    if may(by, Action.EDIT_PLANS):
        found += _causes(session)
    return found


def _votes(session: Session, by: Actor, today: date) -> Iterator[Waiting]:
    rows = session.scalars(select(Ballot).where(Ballot.closed_on.is_(None))).all()
    if not rows:
        return
    asked = select(BallotVoter.ballot_id).where(BallotVoter.person_id == by.person_id)
    given = set(session.scalars(asked))
    for ballot in sorted(rows, key=lambda one: (one.closes_on, one.title, one.id)):
        path = f"/votes/{ballot.id}"
        if today > ballot.closes_on:
            if may(by, Action.EDIT_PLANS):
                yield Waiting(
                    kind="vote_to_close", path=path, what=ballot.title, since_on=ballot.closes_on
                )
        elif ballot.id not in given and is_asked(session, ballot, by=by, today=today):
            yield Waiting(
                kind="vote_to_give", path=path, what=ballot.title, due_on=ballot.closes_on
            )


def _causes(session: Session) -> Iterator[Waiting]:
    asked = select(Priority).where(
        Priority.state == PriorityState.CHOSEN,
        Priority.id.not_in(select(Cause.priority_id)),
    )
    for row in session.scalars(asked.order_by(Priority.decided_on, Priority.title, Priority.id)):
        yield Waiting(
            kind="cause_missing",
            path=f"/priorities/{row.id}",
            what=row.title,
            since_on=row.decided_on,
        )
