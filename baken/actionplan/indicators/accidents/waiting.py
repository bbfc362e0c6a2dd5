"""What waits about accidents: corrections of which the committee was not told."""

from datetime import date

from sqlalchemy import func, select

from baken.actionplan.indicators.accidents.models import AccidentCorrection
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return the oldest correction that the committee does not know, for those who tell it."""
    if not may(by, Action.EDIT_ACCIDENTS):
        return []
    asked = select(func.min(AccidentCorrection.corrected_on)).where(
        AccidentCorrection.told_on.is_(None), AccidentCorrection.corrected_on <= today
    )
    first = session.scalar(asked)
    if first is None:
        return []
    return [Waiting(kind="accident_correction", path="/accidents", since_on=first)]
