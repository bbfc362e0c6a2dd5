"""Taking part in benchmarks: agreed by the client, and stopped by the client at any time."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.analysis.benchmarks.models import PoolContribution, PoolEdition, PoolMember
from baken.analysis.errors import PoolStanding
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

_TURN: Final = 0x706F6F6C


def take_turn(session: Session) -> None:
    """Wait until nobody agrees, withdraws or makes an edition: none of it is half seen.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def find_member(session: Session) -> PoolMember | None:
    """Return whether and since when the organisation of the session takes part."""
    return session.scalars(select(PoolMember)).first()


def agree(session: Session, *, by: Actor, today: date) -> PoolMember:
    """Let the organisation take part; the round of the night brings its released figures in."""
    require(by, Action.JOIN_BENCHMARKS)
    take_turn(session)
    member = find_member(session)
    if member is not None and member.takes_part:
        raise PoolStanding(
            "analysis.pool_agreed", "This organisation takes part already. Nothing was changed."
        )
    if member is None:
        member = PoolMember(agreed_on=today, agreed_by=by.person_id)
        session.add(member)
    member.agreed_on, member.agreed_by = today, by.person_id
    member.withdrawn_on = member.withdrawn_by = None
    session.flush()
    record(session, "benchmark.agreed", by=by.person_id, subject=f"pool_member:{member.id}")
    return member


def withdraw(session: Session, *, version: int, by: Actor, today: date) -> PoolMember:
    """Stop taking part: no new edition holds the organisation.

    What no edition holds is deleted at once. What one holds is kept, and only to look whether
    somebody could be recognised in a later one.
    """
    require(by, Action.JOIN_BENCHMARKS)
    take_turn(session)
    member = find_member(session)
    if member is None or not member.takes_part:
        raise PoolStanding(
            "analysis.pool_not_agreed", "This organisation does not take part. Nothing was changed."
        )
    check_version(member, version)
    member.withdrawn_on, member.withdrawn_by = today, by.person_id
    unused = _unused(session)
    for contribution in unused:
        session.delete(contribution)
    session.flush()
    record(
        session,
        "benchmark.withdrawn",
        by=by.person_id,
        subject=f"pool_member:{member.id}",
        facts={"deleted": len(unused)},
    )
    return member


def held_in(editions: Iterable[PoolEdition]) -> frozenset[UUID]:
    """Return what editions hold: identifiers of contributions."""
    return frozenset(UUID(brought) for edition in editions for _, brought in edition.members)


def _unused(session: Session) -> list[PoolContribution]:
    used = held_in(session.scalars(select(PoolEdition)))
    return [one for one in session.scalars(select(PoolContribution)) if one.id not in used]
