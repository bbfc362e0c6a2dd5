"""Reading requests: who sees which, and the steps of one."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.sql import Select

from baken.actionplan.references import find, list_units_below
from baken.actionplan.requests.situations.intake import Priority
from baken.actionplan.requests.situations.models import SituationRequest, SituationStep
from baken.actionplan.requests.situations.rules import ENDED, HEARD, RequestState
from baken.organisation.permissions import ALLOWED, Action, Actor, Role, require
from baken.organisation.units import list_units
from baken.storage.session import Session

_ORDER = {priority: place for place, priority in enumerate(Priority)}


def list_requests(session: Session, *, by: Actor) -> list[SituationRequest]:
    """Return the requests that this person sees: open ones first, the most urgent before others."""
    require(by, Action.SEE_REQUESTS)
    found = list(session.scalars(_seen_by(session, by)))
    return sorted(
        found,
        key=lambda one: (
            one.state in ENDED,
            _ORDER[Priority(one.priority)],
            -one.asked_on.toordinal(),
            str(one.id),
        ),
    )


def get_request(session: Session, request_id: UUID, *, by: Actor) -> SituationRequest:
    """Return one request that this person sees, or raise `NotFound`."""
    require(by, Action.SEE_REQUESTS)
    seen = session.scalars(
        _seen_by(session, by).where(SituationRequest.id == request_id)
    ).one_or_none()
    # What somebody does not see is as if it were not there.
    return seen or find(session, SituationRequest, UUID(int=0))


def _seen_by(session: Session, by: Actor) -> Select[SituationRequest]:
    """Heads see what they asked, and what concerns their unit and those below once it is told.

    Before that the head may be what the others ask about.
    """
    wanted = select(SituationRequest)
    # A role beside it that sees no requests opens none.
    if by.roles & ALLOWED[Action.SEE_REQUESTS] <= {Role.UNIT_HEAD}:
        units = list_units_below(session, by.unit_ids)
        told = SituationRequest.unit_id.in_(units) & SituationRequest.state.in_([*HEARD])
        return wanted.where((SituationRequest.entered_by == by.person_id) | told)
    return wanted


def list_steps(session: Session, request_id: UUID) -> list[SituationStep]:
    """Return the steps of a request in their order."""
    asked = select(SituationStep).where(SituationStep.request_id == request_id)
    return list(session.scalars(asked.order_by(SituationStep.place)))


def ticked(steps: Iterable[SituationStep]) -> dict[str, Any]:
    """Return what was ticked at these steps, all together."""
    return {name: value for step in steps for name, value in step.facts.items()}


def list_open(session: Session) -> list[SituationRequest]:
    """Return the requests on which something is still to be done."""
    ended = [RequestState(state) for state in ENDED]
    asked = select(SituationRequest).where(SituationRequest.state.not_in(ended))
    return list(session.scalars(asked.order_by(SituationRequest.asked_on)))


def count_everybody(session: Session, *, today: date) -> int:
    """Return how many people work in the units of today; 0 where nobody has said."""
    return sum(row.headcount or 0 for row in list_units(session, on=today))
