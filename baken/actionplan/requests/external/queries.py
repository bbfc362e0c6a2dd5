"""Reading memberships and policy advices."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.references import find
from baken.actionplan.requests.external.models import Membership, PolicyAdvice
from baken.actionplan.requests.external.rules import next_due
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One advice."""

    given_on: date
    summary: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A membership with its advices, the newest first; `due_on` is None once it ended."""

    id: UUID
    version: int
    name: str
    joined_on: date
    left_on: date | None
    advices: tuple[AdviceRow, ...]
    due_on: date | None


def get_service(session: Session, service_id: UUID) -> Membership:
    """Return one membership or raise `NotFound`."""
    return find(session, Membership, service_id)


def list_services(session: Session) -> list[ServiceRow]:
    """Return the memberships, running ones first."""
    advices: dict[UUID, list[AdviceRow]] = {}
    for one in session.scalars(select(PolicyAdvice).order_by(PolicyAdvice.given_on.desc())):
        advices.setdefault(one.service_id, []).append(AdviceRow(one.given_on, one.summary))
    asked = select(Membership).order_by(
        Membership.left_on.is_not(None), Membership.joined_on.desc(), Membership.id
    )
    return [_row(one, tuple(advices.get(one.id, ()))) for one in session.scalars(asked)]


def _row(one: Membership, advices: tuple[AdviceRow, ...]) -> ServiceRow:
    given = [advice.given_on for advice in advices]
    due_on = None if one.left_on else next_due(one.joined_on, given)
    return ServiceRow(one.id, one.version, one.name, one.joined_on, one.left_on, advices, due_on)
