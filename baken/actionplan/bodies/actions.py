"""Setting a body up, changing it, starting and ending it, and noting how it goes."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.bodies import queries, reach, rules
from baken.actionplan.bodies.models import Body, BodyNote, Proposal
from baken.actionplan.bodies.rules import BodyFields, BodyState
from baken.actionplan.errors import Denied, Invalid
from baken.actionplan.references import check_exists, find
from baken.actionplan.wording import check_text
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def set_up_body(session: Session, fields: BodyFields, *, by: Actor) -> Body:
    """Write a body down; it runs once somebody sits there and it is started."""
    require(by, Action.EDIT_BODIES)
    body = Body(**_checked(session, fields))
    session.add(body)
    session.flush()
    _record(session, "body.set_up", body, by, kind=body.kind.value)
    return body


def edit_body(
    session: Session, body_id: UUID, fields: BodyFields, *, seen: int, by: Actor, today: date
) -> Body:
    """Change what a body is for, its mandate or who is wanted there; its kind stays.

    A group does not change its own mandate.
    """
    body = queries.get_body(session, body_id)
    reach.check_edits(session, body, by=by, today=today)
    check_version(body, seen)
    rules.check_can_change(body.state)
    _check_mandate(session, body, fields, by, today)
    if fields.set_up_by_id == body.id:
        raise Invalid("bodies.own_parent", "A body does not set itself up. Choose another one.")
    _check_first_day(session, body, fields)
    for name, value in (_checked(session, fields) | {"kind": body.kind}).items():
        setattr(body, name, value)
    _record(session, "body.edited", body, by)
    return body


def start_body(session: Session, body_id: UUID, *, seen: int, by: Actor, today: date) -> Body:
    """Let a body begin, once it has members, and a working group a mandate and an owner."""
    body = _load(session, body_id, seen, by, today)
    check_startable(session, body, today=today)
    body.state = BodyState.RUNNING
    _record(session, "body.started", body, by)
    return body


def check_startable(session: Session, body: Body, *, today: date) -> None:
    """Raise `InvalidTransition`, with what is missing, unless the body may begin as it stands."""
    n_members = len(queries.sits_of(queries.list_seats(session, body.id), today=_day(body, today)))
    rules.check_can_start(body.state, fields_of(body), n_members=n_members)


def end_body(
    session: Session,
    body_id: UUID,
    *,
    outcome: str,
    ended_on: date,
    seen: int,
    by: Actor,
    today: date,
) -> Body:
    """End a body with what came of it; who sits there then goes on reading it."""
    body = _load(session, body_id, seen, by, today)
    waits = queries.count_unanswered(session, body.id)
    rules.check_can_end(
        body.state, outcome, ended_on=ended_on, from_on=body.from_on, waits=waits, today=today
    )
    body.state, body.ended_on, body.outcome = BodyState.ENDED, ended_on, check_text(outcome)
    _record(session, "body.ended", body, by)
    return body


def resume_body(session: Session, body_id: UUID, *, seen: int, by: Actor, today: date) -> Body:
    """Take a body up again; what came of it stays written until it ends anew."""
    body = _load(session, body_id, seen, by, today)
    rules.check_can_resume(body.state)
    body.state, body.ended_on = BodyState.RUNNING, None
    _record(session, "body.resumed", body, by)
    return body


def note_body(
    session: Session,
    body_id: UUID,
    text: str,
    *,
    proposal_id: UUID | None = None,
    by: Actor,
    today: date,
    now: datetime,
) -> BodyNote:
    """Write a word on how it goes, about the body or one of its proposals."""
    body = queries.get_body(session, body_id)
    reach.check_takes_part(session, body, by=by, today=today)
    rules.check_can_change(body.state)
    if proposal_id is not None and find(session, Proposal, proposal_id).body_id != body.id:
        raise reach.nothing_here()
    if not check_text(text):
        raise Invalid("bodies.note_empty", "Write in a few words how it goes.")
    note = BodyNote(
        body_id=body.id,
        proposal_id=proposal_id,
        text=check_text(text),
        noted_on=today,
        noted_at=now,
        noted_by=by.person_id,
    )
    session.add(note)
    session.flush()
    _record(session, "body.noted", body, by)
    return note


def fields_of(body: Body) -> BodyFields:
    """What people filled in about a body."""
    return BodyFields(
        kind=body.kind,
        name=body.name,
        purpose=body.purpose,
        unit_id=body.unit_id,
        owner_id=body.owner_id,
        owner_name=body.owner_name,
        set_up_by_id=body.set_up_by_id,
        from_on=body.from_on,
        may_decide=body.may_decide,
        limits=body.limits,
        means=body.means,
        mandate_until=body.mandate_until,
        is_open=body.is_open,
        wanted=queries.wanted_of(body),
    )


def _day(body: Body, today: date) -> date:
    """The day on which somebody has to sit there: the first one, where that lies ahead."""
    return max(today, body.from_on)


def _load(session: Session, body_id: UUID, seen: int, by: Actor, today: date) -> Body:
    body = queries.get_body(session, body_id)
    reach.check_sets_up(session, body, by=by, today=today)
    check_version(body, seen)
    return body


def _check_mandate(
    session: Session, body: Body, fields: BodyFields, by: Actor, today: date
) -> None:
    own = reach.list_own_seats(session, by=by, today=today)
    standing = fields_of(body)
    is_kept = rules.keep_mandate(fields, standing) == fields
    if not is_kept and not reach.gives_mandate(body, own, by=by):
        raise Denied(
            "bodies.mandate_of_others",
            "A group does not change its own mandate. Ask whoever answers for it, or who set it "
            "up.",
        )


def _check_first_day(session: Session, body: Body, fields: BodyFields) -> None:
    """Refuse a first day after something happened already in the body."""
    asked = select(func.min(Proposal.proposed_on)).where(Proposal.body_id == body.id)
    proposed: date | None = session.scalar(asked)
    if proposed is not None and fields.from_on > proposed:
        raise Invalid(
            "bodies.starts_after_proposal",
            "The body made a proposal on {on}. Choose that day or an earlier one.",
            on=proposed,
        )
    first = min((seat.from_on for seat in queries.list_seats(session, body.id)), default=None)
    if first is not None and fields.from_on > first:
        raise Invalid(
            "bodies.starts_after_seat",
            "Somebody sits in the body from {on} on. Choose that day or an earlier one.",
            on=first,
        )


def _record(session: Session, act: str, body: Body, by: Actor, **facts: str) -> None:
    record(session, act, by=by.person_id, subject=f"body:{body.id}", facts=facts)


def _checked(session: Session, fields: BodyFields) -> dict[str, Any]:
    rules.check_body(fields)
    check_exists(session, Unit, fields.unit_id)
    check_exists(session, Person, fields.owner_id)
    check_exists(session, Body, fields.set_up_by_id)
    texts = ("name", "purpose", "owner_name", "may_decide", "limits", "means")
    plain = ("kind", "unit_id", "owner_id", "set_up_by_id", "from_on", "mandate_until", "is_open")
    return {
        **{name: getattr(fields, name).strip() for name in texts},
        **{name: getattr(fields, name) for name in plain},
        "wanted": [asdict(one) for one in fields.wanted],
    }
