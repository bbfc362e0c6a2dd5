"""Tables of holds, of removals that were asked for, and of their protocols."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class RemovalReason(StrEnum):
    """Why an organisation goes; a list, because the protocol outlives every free text."""

    CONTRACT_ENDED = "contract_ended"
    MOVED = "moved"  # to another installation
    CEASED = "ceased"
    MISTAKE = "mistake"


class LegalHold(OrganisationOwned, Editable, Base):
    """A reason for which nothing of the organisation may be removed for the time being."""

    __tablename__ = "legal_hold"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_on: Mapped[date]
    review_on: Mapped[date]
    # It ends by itself after this day; None: until somebody lifts it.
    until_on: Mapped[date | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lifted_on: Mapped[date | None]


class Removal(OrganisationOwned, Editable, Base):
    """A removal that was asked for: confirmed by another person, it waits for its day."""

    __tablename__ = "removal"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    reason: Mapped[RemovalReason] = mapped_column(Name(RemovalReason))
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    due_on: Mapped[date | None]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    # From here on it cannot be cancelled any more.
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    # Table to the rows deleted so far, added up in the transactions that delete them.
    n_rows: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    n_keys: Mapped[int] = mapped_column(default=0)
    n_accounts: Mapped[int] = mapped_column(default=0)


class RemovalProtocol(Base):
    """What was removed and when; outside the wall, identifiers and counts only."""

    __tablename__ = "removal_protocol"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    removed_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    reason: Mapped[RemovalReason] = mapped_column(Name(RemovalReason))
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    n_rows: Mapped[dict[str, int]] = mapped_column(Json)
    n_keys: Mapped[int]
    n_accounts: Mapped[int]
    audit_head: Mapped[str] = mapped_column(String(100))
    # From these days on no copy that Baken makes can hold anything of it.
    keys_gone_on: Mapped[date]
    backups_gone_on: Mapped[date]
