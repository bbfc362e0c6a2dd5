"""What waits about holds: to look whether they are still needed."""

from datetime import date

from baken.organisation.permissions import Action, Actor, may
from baken.organisation.removals.holds import list_holds
from baken.organisation.waiting import SOON, Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return the holds to be looked at within a fortnight."""
    if not may(by, Action.HOLD_ORGANISATION):
        return []
    return [
        Waiting(kind="hold_review", path="/organisation/holds", due_on=hold.review_on)
        for hold in list_holds(session)
        if hold.review_on - today <= SOON
    ]
