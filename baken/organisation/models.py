"""Organisations, units, headcounts, accounts, people and roles."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.permissions import Role
from baken.organisation.structure.history import UnitKind
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Name


class Organisation(Base):
    """A client: the wall of separation runs around it."""

    __tablename__ = "organisation"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    # Data of a demonstration says so on every page.
    is_fictional: Mapped[bool] = mapped_column(default=False)
    # Removed with all its data; what stays has no name, and holds the record of what was done.
    removed_on: Mapped[date | None]


class Unit(OrganisationOwned, Editable, Base):
    """A place in the organisation that lives on: renamed, moved, ended, never reused.

    The columns say what it is since `changed_on` (since its first day where that is empty), which
    may lie ahead; what it was before stands in `UnitPeriod`.
    """

    __tablename__ = "unit"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[UnitKind] = mapped_column(Name(UnitKind))
    number: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(400), default="")
    activity: Mapped[str] = mapped_column(String(400), default="")
    position: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    changed_on: Mapped[date | None]


class Headcount(OrganisationOwned, Base):
    """How many people are attached to a unit directly, from a day on."""

    __tablename__ = "headcount"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on"),
        CheckConstraint("people >= 0", name="people_not_negative"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    people: Mapped[int]


class Account(Base):
    """A login of the installation."""

    __tablename__ = "account"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(default=1)
    mail: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    # May make organisations; what happens inside one is a matter of roles.
    is_installer: Mapped[bool] = mapped_column(default=False)
    # Closed: nobody logs in with it any more; what it did keeps its author.
    deactivated_at: Mapped[datetime | None] = mapped_column(Instant)


class Person(OrganisationOwned, Editable, Base):
    """Somebody with a task in one organisation, with or without an account."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("organisation_id", "account_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    mail: Mapped[str] = mapped_column(String(254), default="")
    task: Mapped[str] = mapped_column(String(200), default="")


class Invitation(OrganisationOwned, Base):
    """A link in a mail with which a person gets an account, or joins with the one they have."""

    __tablename__ = "invitation"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    invited_by: Mapped[UUID]
    invited_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class RoleGrant(OrganisationOwned, Editable, Base):
    """A role of a person, for the whole organisation or one unit, from day to day."""

    __tablename__ = "role"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(Name(Role))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    # Taken away before its last day was over; from then on it counts for nothing.
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
