"""How far an account reaches, and what those who approve hold: one session per organisation."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.accounts.lost_factor_rules import (
    APPROVING_ROLES,
    DELAYED_ROLES,
    Approver,
    Reach,
    Standing,
)
from baken.organisation.models import Account, Invitation, Person, RoleGrant
from baken.organisation.organisations import list_all
from baken.organisation.permissions import Role
from baken.organisation.roles import list_open_grants
from baken.storage.session import Database, Session

DAY = timedelta(days=1)


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
        asked = select(RoleGrant).where(RoleGrant.person_id == person.id)
        grants = session.scalars(asked).all()
        joined_on = _joined_on(session, person.id)
    return Standing(
        account.is_installer,
        _since(grants, APPROVING_ROLES, joined_on, today=today),
        _since(grants, DELAYED_ROLES, joined_on, today=today),
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


def _joined_on(session: Session, person_id: UUID) -> date:
    """Since when the account belongs to the person: a role may be older than whoever holds it."""
    used = select(func.max(Invitation.used_at)).where(Invitation.person_id == person_id)
    used_at = session.scalars(used).one()
    return date.min if used_at is None else used_at.date()


def _since(
    grants: Iterable[RoleGrant], roles: Collection[Role], joined_on: date, *, today: date
) -> date | None:
    """Return since when one of the roles has been held until today, day after day."""
    since: date | None = None
    edge = today
    latest_first = sorted(grants, key=lambda grant: grant.from_on, reverse=True)
    held = [grant for grant in latest_first if grant.role in roles and grant.from_on <= today]
    for grant in held:
        is_here = _lasts(grant, edge, is_today=since is None)
        if is_here:
            since, edge = grant.from_on, grant.from_on - DAY
    return None if since is None else max(since, joined_on)


def _lasts(grant: RoleGrant, day: date, *, is_today: bool) -> bool:
    """Whether a role held on a day; one that was taken away today is over already."""
    if is_today and grant.ended_at is not None:
        return False
    return grant.until_on is None or grant.until_on >= day
