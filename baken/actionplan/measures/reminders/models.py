"""Tables of calendars and of who wants no weekly letter."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned


class CalendarFeed(OrganisationOwned, Base):
    """A calendar that its owner's programme fetches; the address itself is not kept."""

    __tablename__ = "calendar_feed"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    made_on: Mapped[date]


class DigestRefusal(OrganisationOwned, Base):
    """Somebody who wants no weekly letter."""

    __tablename__ = "digest_refusal"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    refused_on: Mapped[date]
