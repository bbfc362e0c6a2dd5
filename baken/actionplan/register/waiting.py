"""What waits in the register, for whoever keeps it: entries to look at, holds to look at again."""

from datetime import date, datetime

from sqlalchemy import func, select

from baken.actionplan.register.access import rights_of
from baken.actionplan.register.emergency import read_by_others, waiting_emergencies
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry
from baken.actionplan.register.rules import EntryState
from baken.actionplan.register.setting_up import find_register
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date, now: datetime) -> list[Waiting]:
    """Return what waits for this person; no number and no word of an entry."""
    if not may(by, Action.READ_IN_EMERGENCY):
        return []
    register = find_register(session)
    if register is None:
        return []
    found = [
        Waiting(kind="register_emergency", path="/register/emergency", since_on=day)
        for day in waiting_emergencies(session, by, now=now)
    ]
    if Right.CHANGE not in rights_of(register, by):
        return found
    found += [
        Waiting(kind="register_emergency_read", path="/register/emergency", since_on=day)
        for day in read_by_others(session, by, now=now)
    ]
    first = session.scalar(
        select(func.min(Entry.recorded_on)).where(Entry.state == EntryState.WAITING)
    )
    if first is not None:
        found.append(Waiting(kind="register_entry", path="/register", since_on=first))
    review = session.scalar(select(func.min(Entry.review_on)).where(Entry.held_on.is_not(None)))
    if review is not None and review <= today:
        found.append(Waiting(kind="register_hold", path="/register", due_on=review))
    return found
