"""People and their roles in one organisation."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from baken.organisation.errors import Invalid, NotFound
from baken.organisation.models import Person, RoleGrant, Unit
from baken.organisation.permissions import Action, Actor, Grant, Role, require
from baken.storage.audit import record
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as pages show one."""

    id: UUID
    name: str
    mail: str
    task: str
    has_account: bool
    roles: tuple[tuple[Role, str | None], ...]  # role and the name of its unit


def get_actor(session: Session, account_id: UUID, *, today: date) -> Actor:
    """Return the person of an account in the session's organisation, with the roles of today.

    Raises
    ------
    NotFound
        The account has no person here, or no role today: the organisation does not exist for it.
    """
    person = session.scalars(select(Person).where(Person.account_id == account_id)).first()
    grants = list_grants(session, person.id, today=today) if person else frozenset()
    if person is None or not grants:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return Actor(
        person_id=person.id,
        organisation_id=person.organisation_id,
        name=person.name,
        grants=grants,
    )


def list_grants(session: Session, person_id: UUID, *, today: date) -> frozenset[Grant]:
    """Return the roles that a person holds on a day; the last day counts."""
    rows = session.scalars(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.from_on <= today,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= today),
        )
    )
    return frozenset(Grant(row.role, row.unit_id) for row in rows)


def list_people(session: Session, *, by: Actor, today: date) -> list[PersonRow]:
    """Return everybody with a task, by name."""
    require(by, Action.SEE_PEOPLE)
    units = {unit.id: unit.name for unit in session.scalars(select(Unit))}
    rows = []
    for person in session.scalars(select(Person).order_by(Person.name, Person.id)):
        grants = list_grants(session, person.id, today=today)
        named = sorted((grant.role, units.get(grant.unit_id or person.id)) for grant in grants)
        rows.append(
            PersonRow(
                id=person.id,
                name=person.name,
                mail=person.mail,
                task=person.task,
                has_account=person.account_id is not None,
                roles=tuple(named),
            )
        )
    return rows


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
    by: Actor,
    today: date,
) -> Person:
    """Add somebody with a task and a first role."""
    require(by, Action.EDIT_PEOPLE)
    check_role_unit(role, unit_id)
    if not name.strip():
        raise Invalid("organisation.name_missing", "Give the person a name.")
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise NotFound("organisation.no_such_unit", "This unit does not exist.")
    person = Person(name=name.strip(), mail=mail.strip(), task=task.strip(), account_id=account_id)
    session.add(person)
    session.flush()
    session.add(RoleGrant(person_id=person.id, role=role, unit_id=unit_id, from_on=today))
    record(
        session,
        "person.added",
        by=by.person_id,
        subject=f"person:{person.id}",
        facts={"role": role},
        private={"name": person.name, "mail": person.mail},
    )
    return person


def end_role(
    session: Session, person_id: UUID, role: Role, *, until_on: date, by: Actor, today: date
) -> None:
    """End a role with a date; that day is its last."""
    require(by, Action.EDIT_PEOPLE)
    grants = session.scalars(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= today),
        )
    ).all()
    if not grants:
        raise NotFound("organisation.no_such_role", "This person does not hold this role.")
    for grant in grants:
        grant.until_on = until_on
    if role is Role.ADMINISTRATOR:
        _check_administrator_left(session, today=until_on)
    record(
        session,
        "role.ended",
        by=by.person_id,
        subject=f"person:{person_id}",
        facts={"role": role, "until_on": until_on.isoformat()},
    )


def check_role_unit(role: Role, unit_id: UUID | None) -> None:
    """Raise `Invalid` unless exactly the unit heads name a unit."""
    if role is Role.UNIT_HEAD and unit_id is None:
        raise Invalid("organisation.unit_head_of_what", "Choose the unit this person heads.")
    if role is not Role.UNIT_HEAD and unit_id is not None:
        raise Invalid(
            "organisation.role_without_unit",
            "This role holds for the whole organisation; leave the unit empty.",
        )


def _check_administrator_left(session: Session, *, today: date) -> None:
    session.flush()
    left = session.scalars(
        select(RoleGrant).where(
            RoleGrant.role == Role.ADMINISTRATOR,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on > today),
        )
    ).first()
    if left is None:
        raise Invalid(
            "organisation.last_administrator",
            "This is the last administrator. Give somebody else this role first.",
        )
