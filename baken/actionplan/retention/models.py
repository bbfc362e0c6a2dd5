"""Tables of the terms that an organisation chose, and of what was deleted: counts, no content."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned


class RetentionTerm(OrganisationOwned, Editable, Base):
    """For how many years an organisation keeps one kind of record, where the law leaves it open."""

    __tablename__ = "retention_term"
    __table_args__ = (
        UniqueConstraint("organisation_id", "record", name="uq_retention_term_record"),
        CheckConstraint("years >= 1", name="years_from_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    record: Mapped[str] = mapped_column(String(40))
    years: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_on: Mapped[date]


class Shortening(OrganisationOwned, Editable, Base):
    """A shorter term that somebody asked for: confirmed by another one, it waits for its day."""

    __tablename__ = "retention_shortening"
    __table_args__ = (
        CheckConstraint("years >= 1", name="years_from_one"),
        # Two people who ask at the same moment: the database takes one of them.
        Index(
            "uq_retention_shortening_open",
            "organisation_id",
            "record",
            unique=True,
            sqlite_where=column("ended_on").is_(None),
            postgresql_where=column("ended_on").is_(None),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    record: Mapped[str] = mapped_column(String(40))
    years: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_on: Mapped[date]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_on: Mapped[date | None]
    # The first night in which the shorter term holds.
    due_on: Mapped[date | None]
    # Called off, or in force; None while it waits.
    ended_on: Mapped[date | None]


class Deletion(OrganisationOwned, Base):
    """How many records of a kind went on a day because their term was over."""

    __tablename__ = "retention_deletion"
    __table_args__ = (
        UniqueConstraint("organisation_id", "on", "record", name="uq_retention_deletion_record"),
        CheckConstraint("n >= 1", name="n_from_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    on: Mapped[date]
    record: Mapped[str] = mapped_column(String(40))
    n: Mapped[int]
