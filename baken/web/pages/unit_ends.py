"""Where a unit went that no longer exists: said wherever something still hangs on it."""

from datetime import date
from uuid import UUID

from baken.organisation.structure.history import ONE_DAY
from baken.organisation.structure.queries import list_ended
from baken.storage.session import Session
from baken.web.texts import catalogue


def where_it_went(session: Session, unit_id: UUID | None, *, today: date, language: str) -> str:
    """Since 1 March part of another unit; empty for a unit that exists."""
    ended = list_ended(session, on=today).get(unit_id) if unit_id is not None else None
    if ended is None:
        return ""
    texts = catalogue(language)
    if not ended.heirs:
        return texts("units.ended", day=ended.until_on)
    heirs = ", ".join(ended.heirs)
    return texts("units.ended_into", day=ended.until_on + ONE_DAY, units=heirs)
