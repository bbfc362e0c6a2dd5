"""Writing down the membership of an external service and its policy advices."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from baken.actionplan.requests.external import queries, rules
from baken.actionplan.requests.external.models import Membership, PolicyAdvice
from baken.actionplan.wording import check_title
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def join_service(
    session: Session, name: str, *, joined_on: date, by: Actor, today: date
) -> Membership:
    """Write down which external service the organisation belongs to, since when."""
    require(by, Action.HANDLE_REQUESTS)
    rules.check_membership(joined_on, None, today=today)
    service = Membership(name=check_title(name), joined_on=joined_on)
    session.add(service)
    _record(session, "external.joined", service, by, {"joined_on": joined_on.isoformat()})
    return service


def leave_service(
    session: Session, service_id: UUID, *, left_on: date, seen: int, by: Actor, today: date
) -> Membership:
    """Write down that the membership ended."""
    require(by, Action.HANDLE_REQUESTS)
    service = queries.get_service(session, service_id)
    check_version(service, seen)
    rules.check_membership(service.joined_on, left_on, today=today)
    service.left_on = left_on
    _record(session, "external.left", service, by, {"left_on": left_on.isoformat()})
    return service


def add_advice(
    session: Session, service_id: UUID, summary: str, *, given_on: date, by: Actor, today: date
) -> PolicyAdvice:
    """Write down a policy advice or its revision."""
    require(by, Action.HANDLE_REQUESTS)
    service = queries.get_service(session, service_id)
    words = rules.check_advice(summary, given_on, joined_on=service.joined_on, today=today)
    advice = PolicyAdvice(
        service_id=service.id, given_on=given_on, summary=words, entered_by=by.person_id
    )
    session.add(advice)
    _record(session, "external.advised", service, by, {"given_on": given_on.isoformat()})
    return advice


def _record(
    session: Session, act: str, service: Membership, by: Actor, facts: Mapping[str, object]
) -> None:
    session.flush()
    record(session, act, by=by.person_id, subject=f"external:{service.id}", facts=facts)
