"""The table of hand-overs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Instant, Json


class Handover(OrganisationOwned, Base):
    """One adviser followed others; written once, never changed."""

    __tablename__ = "handover"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    handed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    handed_at: Mapped[datetime] = mapped_column(Instant)
    incoming_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # Identifiers of those who leave.
    outgoing: Mapped[list[str]] = mapped_column(Json)
    # First day of the new adviser and last day of the old ones.
    from_on: Mapped[date]
    until_on: Mapped[date]
    # Where things stood that day: surveys, measures, plans, copies of keys, head of the record.
    standing: Mapped[dict[str, Any]] = mapped_column(Json)
