"""People with a task in one organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.errors import Invalid, NotFound
from baken.organisation.models import Account, Person, RoleGrant, Unit
from baken.organisation.open_invitations import end_open
from baken.organisation.permissions import Action, Actor, Grant, Role, require
from baken.organisation.roles import (
    add_grant,
    check_may_add,
    check_may_give_all,
    enter_rights,
    holds_on,
)
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

ENDS_SOON: Final = timedelta(days=30)


class Standing(StrEnum):
    """How a role stands on a day."""

    AHEAD = "ahead"
    NOW = "now"
    OVER = "over"
    TAKEN_AWAY = "taken_away"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of somebody, past, present or to come."""

    id: UUID
    role: Role
    unit: str  # the name of its unit, empty for the whole organisation
    from_on: date
    until_on: date | None
    ended_at: datetime | None
    standing: Standing
    ends_soon: bool
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it holds today or will."""
        return self.standing in {Standing.NOW, Standing.AHEAD}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as pages show one; `roles` the newest first."""

    id: UUID
    name: str
    mail: str
    task: str
    has_account: bool
    roles: tuple[RoleRow, ...]
    version: int

    @property
    def open_roles(self) -> tuple[RoleRow, ...]:
        """What the person holds today or will."""
        return tuple(role for role in self.roles if role.is_open)


def get_actor(session: Session, account_id: UUID, *, today: date) -> Actor:
    """Return the person of an account in the session's organisation, with the roles of today.

    Raises
    ------
    NotFound
        The account has no person here, or no role today: the organisation does not exist for it.
    """
    # One question, for every page asks it.
    rows = session.execute(
        select(Person.id, Person.organisation_id, Person.name, RoleGrant.role, RoleGrant.unit_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.account_id == account_id, *holds_on(today))
    ).all()
    if not rows:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    person = rows[0]
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        name=person.name,
        grants=frozenset(Grant(row.role, row.unit_id) for row in rows),
    )


def list_people(session: Session, *, by: Actor, today: date) -> list[PersonRow]:
    """Return everybody with a task, by name, with all their roles."""
    require(by, Action.SEE_PEOPLE)
    return _rows(
        session, session.scalars(select(Person)), session.scalars(select(RoleGrant)), today
    )


def get_person(session: Session, person_id: UUID, *, by: Actor, today: date) -> PersonRow:
    """Return one person with all roles, past ones too."""
    require(by, Action.SEE_PEOPLE)
    grants = select(RoleGrant).where(RoleGrant.person_id == person_id)
    return _rows(session, [_find(session, person_id)], session.scalars(grants), today)[0]


def list_names(session: Session) -> list[tuple[UUID, str]]:
    """Return identifier and name of everybody with a task, for choosing somebody in a form."""
    people = session.scalars(select(Person).order_by(Person.name, Person.id))
    return [(person.id, person.name) for person in people]


def add_person(
    session: Session,
    *,
    name: str,
    mail: str,
    task: str,
    role: Role,
    unit_id: UUID | None = None,
    account_id: UUID | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    by: Actor,
    today: date,
    now: datetime | None = None,
) -> Person:
    """Add somebody with a task and a first role, from today on unless `from_on` says later."""
    check_may_add(session, role, by=by, today=today)
    _check_name(name)
    _check_mail_free(session, mail)
    person = Person(name=name.strip(), mail=mail.strip(), task=task.strip(), account_id=account_id)
    session.add(person)
    session.flush()
    add_grant(
        session,
        person.id,
        role,
        unit_id=unit_id,
        from_on=from_on or today,
        until_on=until_on,
        today=today,
    )
    record(
        session,
        "person.added",
        by=by.person_id,
        subject=f"person:{person.id}",
        at=now,
        facts={"role": role},
        private={"name": person.name, "mail": person.mail},
    )
    return person


def edit_person(
    session: Session,
    person_id: UUID,
    *,
    name: str,
    mail: str,
    task: str,
    version: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Correct the name, address or function of somebody.

    A link that went to the former address opens nothing any more. Who may not give all that
    somebody without an account holds does not change that address.
    """
    enter_rights(session, by=by, today=today)
    person = _find(session, person_id)
    check_version(person, version)
    _check_name(name)
    if person.mail != mail.strip():
        _check_mail_free(session, mail, but=person_id)
        if person.account_id is None:
            check_may_give_all(session, person_id, by=by, today=today)
        end_open(session, person_id, now=now)
    person.name, person.mail, person.task = name.strip(), mail.strip(), task.strip()
    record(
        session,
        "person.changed",
        by=by.person_id,
        subject=f"person:{person.id}",
        at=now,
        private={"name": person.name, "mail": person.mail},
    )


def standing_of(grant: RoleGrant, *, today: date) -> Standing:
    """How a role stands on a day: its last day still counts."""
    if grant.ended_at is not None:
        return Standing.TAKEN_AWAY
    if grant.until_on is not None and grant.until_on < today:
        return Standing.OVER
    return Standing.AHEAD if today < grant.from_on else Standing.NOW


def _find(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("organisation.no_such_person", "This person does not exist.")
    return person


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("organisation.name_missing", "Give the person a name.")


def _check_mail_free(session: Session, mail: str, *, but: UUID | None = None) -> None:
    """One address is one person: with two, only one of them could ever log in.

    The address with which somebody of this organisation logs in counts too, however it is written.
    """
    if not mail.strip():
        return
    wanted = normal_mail(mail)
    asked = (
        select(Person)
        .outerjoin(Account, Account.id == Person.account_id)
        .where(or_(func.lower(Person.mail) == mail.strip().lower(), Account.mail == wanted))
        .order_by(Person.name, Person.id)
    )
    other = next((row for row in session.scalars(asked) if row.id != but), None)
    if other is not None:
        raise Invalid(
            "organisation.mail_of_person",
            "{name} has this mail address already, or logs in with it. Give that person the role "
            "on their own page, or fill in another address.",
            name=other.name,
        )


def _rows(
    session: Session, people: Iterable[Person], grants: Iterable[RoleGrant], today: date
) -> list[PersonRow]:
    units = {unit.id: unit.name for unit in session.scalars(select(Unit))}
    held: dict[UUID, list[RoleRow]] = {}
    for grant in sorted(grants, key=lambda one: (one.from_on, one.id), reverse=True):
        unit = units.get(grant.unit_id, "") if grant.unit_id else ""
        held.setdefault(grant.person_id, []).append(_role_row(grant, unit, today))
    return [
        PersonRow(
            id=person.id,
            name=person.name,
            mail=person.mail,
            task=person.task,
            has_account=person.account_id is not None,
            roles=tuple(held.get(person.id, ())),
            version=person.version,
        )
        for person in sorted(people, key=lambda one: (one.name.casefold(), one.id))
    ]


def _role_row(grant: RoleGrant, unit: str, today: date) -> RoleRow:
    standing = standing_of(grant, today=today)
    last = grant.until_on
    return RoleRow(
        id=grant.id,
        role=Role(grant.role),
        unit=unit,
        from_on=grant.from_on,
        until_on=last,
        ended_at=grant.ended_at,
        standing=standing,
        ends_soon=standing is Standing.NOW and last is not None and last - today <= ENDS_SOON,
        version=grant.version,
    )
