"""What pages show of a call and of those who applied."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.bodies import queries, reach
from baken.actionplan.bodies.calls import is_open
from baken.actionplan.bodies.models import Body, CallApplication, OpenCall
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.plan_views import unit_names


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """Somebody who applied."""

    id: UUID
    who: str
    function: str
    unit: str
    side: str
    groups: tuple[str, ...]
    motivation: str
    applied_on: date
    state: str
    reason: str
    decided_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class CallView:
    """A call; only those who choose see everybody who applied, others their own."""

    id: UUID
    body: str
    body_id: UUID
    text: str
    open_to: str
    from_on: date
    until_on: date
    is_open: bool
    sets_up: bool
    own: ApplicationView | None
    applications: tuple[ApplicationView, ...]


def call_view(session: Session, call: OpenCall, body: Body, *, by: Actor, today: date) -> CallView:
    """A call as this reader may see it."""
    chooses = reach.sets_up(body, reach.list_own_seats(session, by=by, today=today), by=by)
    own = queries.find_own_application(session, call.id, by=by)
    return CallView(
        id=call.id,
        body=body.name,
        body_id=body.id,
        text=call.text,
        open_to=call.open_to,
        from_on=call.from_on,
        until_on=call.until_on,
        is_open=is_open(call.from_on, call.until_on, today=today),
        sets_up=chooses,
        own=_views(session, [own])[0] if own else None,
        applications=_views(session, queries.list_applications(session, call.id))
        if chooses
        else (),
    )


def _views(session: Session, rows: list[CallApplication]) -> tuple[ApplicationView, ...]:
    names, units = dict(list_names(session)), unit_names(session)
    return tuple(
        ApplicationView(
            id=one.id,
            who=names.get(one.person_id, "") if one.person_id else one.name,
            function=one.function,
            unit=units.get(one.unit_id, "") if one.unit_id else "",
            side=one.side,
            groups=tuple(one.groups),
            motivation=one.motivation,
            applied_on=one.applied_on,
            state=one.state,
            reason=one.reason,
            decided_on=one.decided_on,
            version=one.version,
        )
        for one in rows
    )
