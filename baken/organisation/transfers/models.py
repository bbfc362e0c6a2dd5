"""Tables of exports that wait to be fetched and of files that came in."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Instant, Json


class OrganisationExport(OrganisationOwned, Base):
    """An export that somebody asked for; the file bears the same identifier."""

    __tablename__ = "organisation_export"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    n_bytes: Mapped[int | None]
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    # The guarded parts that were allowed when it was asked for.
    parts: Mapped[list[str]] = mapped_column(Json, default=list)


class ExportConsent(OrganisationOwned, Base):
    """That somebody who may read a guarded part lets it go along for a few days."""

    __tablename__ = "export_consent"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    part: Mapped[str] = mapped_column(String(40))
    allowed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    allowed_on: Mapped[date]
    until_on: Mapped[date]  # the last day on which it may be used


class Arrival(Base):
    """A file that somebody brought in; outside the wall, as its organisation is not there yet."""

    __tablename__ = "arrival"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    # Who is invited as first administrator; forgotten when the import is over.
    mail: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    arrived_id: Mapped[UUID | None]
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
