"""What waits in the register, for whoever keeps it: entries to look at, holds to look at again."""

from datetime import date

from sqlalchemy import func, select

from baken.actionplan.register.access import rights_of
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry
from baken.actionplan.register.rules import EntryState
from baken.actionplan.register.setting_up import find_register
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits for this person; no number and no word of an entry."""
    if not may(by, Action.KEEP_REGISTER):
        return []
    register = find_register(session)
    if register is None or Right.CHANGE not in rights_of(register, by):
        return []
    found = []
    first = session.scalar(
        select(func.min(Entry.recorded_on)).where(Entry.state == EntryState.WAITING)
    )
    if first is not None:
        found.append(Waiting(kind="register_entry", path="/register", since_on=first))
    review = session.scalar(select(func.min(Entry.review_on)).where(Entry.held_on.is_not(None)))
    if review is not None and review <= today:
        found.append(Waiting(kind="register_hold", path="/register", due_on=review))
    return found
