"""What waits about screenings: sheets on which a group has not agreed yet."""

from datetime import date

from sqlalchemy import select

from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session
from baken.survey.screening.models import ScreeningSheet
from baken.survey.screening.rules import SheetState


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return the sheets that are still being filled in, for those who may fill them in."""
    if not may(by, Action.FILL_SCREENING):
        return []
    asked = (
        select(ScreeningSheet.id, ScreeningSheet.started_on, Unit.name)
        .join(Unit, Unit.id == ScreeningSheet.unit_id)
        .where(ScreeningSheet.state == SheetState.DRAFT, ScreeningSheet.started_on <= today)
        .order_by(ScreeningSheet.started_on, ScreeningSheet.id)
    )
    return [
        Waiting(
            kind="screening_draft",
            path=f"/screenings/{row.id}",
            what=row.name,
            since_on=row.started_on,
        )
        for row in session.execute(asked)
    ]
