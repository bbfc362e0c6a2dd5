"""Since when somebody has held a role, day after day."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.models import Invitation, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.session import Session

_ONE_DAY = timedelta(days=1)


def get_held_since(
    session: Session, person_id: UUID, roles: Collection[Role], *, today: date
) -> date | None:
    """Return since when one of the roles has been held until today; None when none is held now.

    It counts from the acceptance of an invitation at the earliest: a role may be older than
    whoever holds it.
    """
    asked = select(RoleGrant).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role.in_(roles),
        RoleGrant.from_on <= today,
    )
    since: date | None = None
    edge = today
    for grant in session.scalars(asked.order_by(RoleGrant.from_on.desc(), RoleGrant.id)):
        if _lasts(grant, edge, is_today=since is None):
            since, edge = grant.from_on, grant.from_on - _ONE_DAY
    return None if since is None else max(since, _joined_on(session, person_id))


def _lasts(grant: RoleGrant, day: date, *, is_today: bool) -> bool:
    """Whether a role held on a day; one that was taken away today is over already."""
    if is_today and grant.ended_at is not None:
        return False
    return grant.until_on is None or grant.until_on >= day


def _joined_on(session: Session, person_id: UUID) -> date:
    """Since when the account belongs to the person."""
    used = select(func.max(Invitation.used_at)).where(Invitation.person_id == person_id)
    used_at = session.scalars(used).one()
    return date.min if used_at is None else used_at.date()
