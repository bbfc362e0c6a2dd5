"""What waits about terms: holds to look at, and terms that are to become shorter."""

from collections.abc import Iterator
from datetime import date

from baken.actionplan.retention.shortening import list_asked
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.removals.holds import list_holds
from baken.organisation.waiting import SOON, Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for this person; a shorter term for everybody who may see the table."""
    return [*_holds(session, by, today), *_shorter(session, by)]


def _holds(session: Session, by: Actor, today: date) -> Iterator[Waiting]:
    if not may(by, Action.HOLD_ORGANISATION):
        return
    for hold in list_holds(session):
        if hold.review_on - today <= SOON:
            yield Waiting(kind="hold_review", path="/organisation/holds", due_on=hold.review_on)


def _shorter(session: Session, by: Actor) -> Iterator[Waiting]:
    if not may(by, Action.SEE_RETENTION):
        return
    for one in list_asked(session, by=by):
        path = f"/retention/{one.record}/shorter"
        if one.due_on is not None:
            yield Waiting(kind="term_shorter", path=path, due_on=one.due_on)
        elif one.may_confirm:
            yield Waiting(kind="term_confirm", path=path, since_on=one.asked_on)
