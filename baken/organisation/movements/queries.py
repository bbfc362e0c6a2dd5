"""Reading how many people joined and left."""

from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.movements.models import UnitMovement
from baken.organisation.movements.rules import Moved, Span
from baken.storage.session import Session


def get_entered(session: Session, span: Span) -> dict[UUID, Moved]:
    """Return what was entered for exactly these days, by unit."""
    asked = select(UnitMovement).where(
        UnitMovement.from_on == span.from_on, UnitMovement.until_on == span.until_on
    )
    return {row.unit_id: Moved(row.joined, row.departed) for row in session.scalars(asked)}


def count_entered(session: Session) -> dict[Span, int]:
    """Return of how many units something was entered, by period."""
    days = (UnitMovement.from_on, UnitMovement.until_on)
    asked = select(*days, func.count().label("n")).group_by(*days)
    return {Span(row.from_on, row.until_on): row.n for row in session.execute(asked)}


def list_movers(session: Session, span: Span) -> dict[str, int]:
    """Return how many people joined or left each unit between two days, where that was entered.

    The keys are those of frozen units.
    """
    return {str(unit): one.people for unit, one in get_entered(session, span).items()}
