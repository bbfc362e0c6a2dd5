"""What units were before, in which units they went on, and who changed what."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.structure.changes import ChangeKind
from baken.organisation.structure.history import Succession, UnitKind
from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class UnitPeriod(OrganisationOwned, Base):
    """What a unit was in a time that is over; what it is since then stands on the unit itself."""

    __tablename__ = "unit_period"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on"),
        CheckConstraint("until_on >= from_on", name="until_after_from"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[UnitKind] = mapped_column(Name(UnitKind))
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400), default="")
    activity: Mapped[str] = mapped_column(String(400), default="")


class UnitSuccession(OrganisationOwned, Base):
    """A unit that ended goes on in another one, from a day on."""

    __tablename__ = "unit_succession"
    predecessor_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    on: Mapped[date]
    how: Mapped[Succession] = mapped_column(Name(Succession))


class UnitChange(OrganisationOwned, Base):
    """One change of the tree as somebody made it; it can be undone as a whole."""

    __tablename__ = "unit_change"
    __table_args__ = (UniqueConstraint("organisation_id", "seq"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # The order in which changes were made: two of one second stay apart.
    seq: Mapped[int]
    kind: Mapped[ChangeKind] = mapped_column(Name(ChangeKind))
    # First day of the new state.
    on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class UnitChangePart(OrganisationOwned, Base):
    """One unit of a change: its whole state before and after.

    A unit that did not exist has no state before. The identifier is no reference: a unit whose
    beginning was undone is gone.
    """

    __tablename__ = "unit_change_part"
    change_id: Mapped[UUID] = mapped_column(ForeignKey("unit_change.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
