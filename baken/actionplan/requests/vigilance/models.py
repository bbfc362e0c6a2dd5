"""The tables of the vigilance network: who listens, when it answered, what recurs."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant


class VigilanceContact(OrganisationOwned, Editable, Base):
    """Somebody who listens: for whom or what, since when, with the charter signed."""

    __tablename__ = "vigilance_contact"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    for_what: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    charter_on: Mapped[date | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class VigilanceSignal(OrganisationOwned, Editable, Base):
    """That somebody told something, about which side of work, and when an answer was given.

    Neither who told it nor what was told has a place here.
    """

    __tablename__ = "vigilance_signal"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    received_at: Mapped[datetime] = mapped_column(Instant)
    theme: Mapped[str] = mapped_column(String(40))  # a key of the list
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class VigilanceTheme(OrganisationOwned, Editable, Base):
    """Something that recurs, as the network told it to those who decide, and their answer."""

    __tablename__ = "vigilance_theme"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    theme: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    pattern: Mapped[str] = mapped_column(Text)
    suggestion: Mapped[str] = mapped_column(Text, default="")
    told_on: Mapped[date]
    told_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
