"""Tables of the register. In clear stands what is counted and what deletes; the rest is sealed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.register.rules import EntryState, Kind
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class Register(OrganisationOwned, Editable, Base):
    """The register of one organisation: who keeps it, who reads, and its public address."""

    __tablename__ = "register"
    __table_args__ = (UniqueConstraint("organisation_id", name="uq_register_organisation"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    opened_on: Mapped[date]
    keeper: Mapped[str] = mapped_column(String(40))  # a role
    preset: Mapped[str] = mapped_column(String(20))  # a table of access
    contact: Mapped[str] = mapped_column(String(300))  # who keeps it, for everybody to read
    other_route: Mapped[str] = mapped_column(Text)  # where acts of colleagues are told
    language: Mapped[str] = mapped_column(String(2), default="nl")  # in which both are written
    # The same two in other languages: language to [contact, other_route].
    translations: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    takes_public: Mapped[bool]
    word: Mapped[bytes] = mapped_column(LargeBinary)  # the access word, sealed


class Entry(OrganisationOwned, Editable, Base):
    """One entry; its texts stand beside it. Of a deleted one, number and dates are left."""

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number", name="uq_register_entry_number"),
        UniqueConstraint("organisation_id", "mark", name="uq_register_entry_mark"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(number IS NULL) = (state IN ('waiting', 'refused'))", name="numbered"),
        Index("ix_register_entry_organisation_id_state", "organisation_id", "state"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    state: Mapped[EntryState] = mapped_column(Name(EntryState))
    number: Mapped[int | None]
    recorded_on: Mapped[date]  # the day the worker had it recorded: the term runs from here
    purge_on: Mapped[date]
    nature: Mapped[str | None] = mapped_column(String(20))  # what is counted; goes with the rest
    n_texts: Mapped[int] = mapped_column(default=0)
    # Made from the receipt of the author; nothing tells the receipt from it.
    mark: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    held_on: Mapped[date | None]
    review_on: Mapped[date | None]
    refused_on: Mapped[date | None]
    deleted_on: Mapped[date | None]


class EntryText(OrganisationOwned, Base):
    """A text of an entry, sealed under its key; a correction is one more text."""

    __tablename__ = "register_text"
    __table_args__ = (UniqueConstraint("entry_id", "place", name="uq_register_text_place"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("register_entry.id"))
    place: Mapped[int]  # from 1, in the order of writing
    kind: Mapped[Kind] = mapped_column(Name(Kind))
    written_on: Mapped[date]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: the author
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EntryIdentity(OrganisationOwned, Base):
    """Who the worker is, under a key of its own, so that withdrawing it reaches old copies."""

    __tablename__ = "register_identity"
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("register_entry.id"), primary_key=True)
    agreed_on: Mapped[date]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EntryAttachment(OrganisationOwned, Base):
    """A file that belongs to an entry, sealed under its key: what it is, and what is in it."""

    __tablename__ = "register_attachment"
    __table_args__ = (UniqueConstraint("entry_id", "place", name="uq_register_attachment_place"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("register_entry.id"))
    place: Mapped[int]  # from 1, in the order of arrival
    added_on: Mapped[date]
    added_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: the author
    about: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EmergencyReading(OrganisationOwned, Editable, Base):
    """That somebody asks to read while nobody who keeps the register can, and who agreed."""

    __tablename__ = "register_emergency"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)  # ended or refused before its time
