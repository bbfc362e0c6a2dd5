"""The table of numbers of people who joined and left."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned


class UnitMovement(OrganisationOwned, Base):
    """How many people joined and left a unit, those below it included, from day to day."""

    __tablename__ = "unit_movement"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on", "until_on"),
        CheckConstraint("until_on > from_on", name="until_after_from"),
        CheckConstraint("joined >= 0 AND departed >= 0", name="not_negative"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    joined: Mapped[int]
    departed: Mapped[int]
