"""How far an account reaches, and what those who approve hold: one session per organisation."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts.lost_factor_rules import (
    APPROVING_ROLES,
    DELAYED_ROLES,
    Approver,
    Reach,
    Standing,
)
from baken.organisation.models import Account, Person
from baken.organisation.organisations import list_all
from baken.organisation.permissions import Role
from baken.organisation.roles import list_open_grants
from baken.organisation.tenure import get_held_since
from baken.storage.session import Database, Session


def get_reach(database: Database, account_id: UUID, *, today: date) -> Reach:
    """Return how far an account reaches; a role that has yet to begin counts already."""
    with database.read(None) as session:
        is_installer = session.get_one(Account, account_id).is_installer
        everywhere = [row.id for row in list_all(session)]
    held = {one: _open_roles(database, one, account_id, today=today) for one in everywhere}
    return Reach(
        account_id,
        frozenset(one for one, roles in held.items() if roles),
        frozenset[Role]().union(*held.values()),
        is_installer,
    )


def get_standing(database: Database, approver: Approver, *, today: date) -> Standing:
    """Return what somebody holds today, whatever was held when the request came."""
    with database.read(None) as session:
        account = session.get(Account, approver.account_id)
    if account is None or account.deactivated_at is not None:
        return Standing()
    if approver.organisation_id is None:
        return Standing(is_installer=account.is_installer)
    with database.read(approver.organisation_id) as session:
        person = person_of(session, approver.account_id)
        if person is None:
            return Standing(is_installer=account.is_installer)
        return Standing(
            account.is_installer,
            get_held_since(session, person.id, APPROVING_ROLES, today=today),
            get_held_since(session, person.id, DELAYED_ROLES, today=today),
        )


def _open_roles(
    database: Database, organisation_id: UUID, account_id: UUID, *, today: date
) -> frozenset[Role]:
    with database.read(organisation_id) as session:
        person = person_of(session, account_id)
        if person is None:
            return frozenset()
        grants = list_open_grants(session, since=today, person_id=person.id)
        return frozenset(grant.role for grant in grants)


def person_of(session: Session, account_id: UUID) -> Person | None:
    """Return whose account it is in the session's organisation."""
    return session.scalars(select(Person).where(Person.account_id == account_id)).first()
