"""Organisations on the installation."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from baken.organisation.errors import Invalid, NotFound
from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.audit import record
from baken.storage.session import Database, Session


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as pages show one."""

    id: UUID
    name: str
    language: str
    is_fictional: bool


def get_organisation(session: Session, organisation_id: UUID) -> OrganisationRow:
    """Return one organisation, or raise `NotFound`."""
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("organisation.not_found", "There is nothing at this address.")
    return OrganisationRow(row.id, row.name, row.language, row.is_fictional)


def list_all(session: Session) -> list[OrganisationRow]:
    """Return every organisation of the installation, by name; for a session of none."""
    everything = session.scalars(select(Organisation).order_by(Organisation.name))
    return [OrganisationRow(o.id, o.name, o.language, o.is_fictional) for o in everything]


def list_of_account(database: Database, account_id: UUID, *, today: date) -> list[OrganisationRow]:
    """Return the organisations where the account has a role today, by name.

    Opens one session for each organisation: none sees two of them.
    """
    with database.read(None) as session:
        rows = list_all(session)
    return [row for row in rows if _is_known_in(database, row.id, account_id, today=today)]


def make_organisation(
    database: Database,
    *,
    name: str,
    language: str,
    administrator_account_id: UUID,
    administrator_name: str,
    is_fictional: bool = False,
    today: date,
    now: datetime,
) -> UUID:
    """Add an organisation and its first administrator; return its identifier."""
    if not name.strip():
        raise Invalid("organisation.name_missing", "Give the organisation a name.")
    with database.session(None) as session:
        row = Organisation(name=name.strip(), language=language, is_fictional=is_fictional)
        session.add(row)
        session.flush()
        organisation_id = row.id
        record(
            session,
            "organisation.made",
            by=administrator_account_id,
            subject=f"organisation:{organisation_id}",
            at=now,
        )
    with database.session(organisation_id) as session:
        person = Person(name=administrator_name, account_id=administrator_account_id)
        session.add(person)
        session.flush()
        session.add(RoleGrant(person_id=person.id, role=Role.ADMINISTRATOR, from_on=today))
        record(
            session,
            "person.added",
            by=person.id,
            subject=f"person:{person.id}",
            at=now,
            facts={"role": Role.ADMINISTRATOR},
        )
    return organisation_id


def _is_known_in(
    database: Database, organisation_id: UUID, account_id: UUID, *, today: date
) -> bool:
    with database.read(organisation_id) as session:
        try:
            get_actor(session, account_id, today=today)
        except NotFound:
            return False
        return True
