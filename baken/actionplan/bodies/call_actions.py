"""Opening a call, applying to it, and choosing with a reason for each."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.bodies import calls, queries, reach, rules, seat_actions
from baken.actionplan.bodies.calls import ApplicationFields, ApplicationState, CallFields
from baken.actionplan.bodies.models import Body, CallApplication, OpenCall
from baken.actionplan.bodies.seats import SeatFields
from baken.actionplan.errors import Denied, Invalid
from baken.actionplan.references import check_exists
from baken.actionplan.wording import check_text
from baken.organisation.humans import is_same_human
from baken.organisation.models import Person, Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def open_call(
    session: Session, body_id: UUID, fields: CallFields, *, by: Actor, today: date
) -> OpenCall:
    """Call for people who want to take part."""
    body = _load_body(session, body_id, by, today)
    calls.check_call(fields, mandate_until=body.mandate_until)
    call = OpenCall(
        body_id=body.id,
        text=fields.text.strip(),
        open_to=fields.open_to.strip(),
        from_on=fields.from_on,
        until_on=fields.until_on,
    )
    session.add(call)
    session.flush()
    _record(session, "call.opened", body.id, by)
    return call


def edit_call(
    session: Session, call_id: UUID, fields: CallFields, *, seen: int, by: Actor, today: date
) -> OpenCall:
    """Change the text or the days of a call."""
    call = queries.get_call(session, call_id)
    body = _load_body(session, call.body_id, by, today)
    check_version(call, seen)
    calls.check_call(fields, mandate_until=body.mandate_until)
    call.text, call.open_to = fields.text.strip(), fields.open_to.strip()
    call.from_on, call.until_on = fields.from_on, fields.until_on
    _record(session, "call.edited", body.id, by)
    return call


def apply_to_call(
    session: Session, call_id: UUID, fields: ApplicationFields, *, by: Actor, today: date
) -> CallApplication:
    """Say that one wants to take part oneself."""
    call = queries.get_call(session, call_id)
    body = queries.look_at_body(session, call.body_id, by=by, today=today)
    require(by, Action.TAKE_PART_IN_BODIES)
    rules.check_can_change(body.state)
    if fields.person_id != by.person_id:
        raise Denied("bodies.apply_oneself", "You apply for yourself alone.")
    return _apply(session, call, fields, by=by, today=today)


def note_application(
    session: Session, call_id: UUID, fields: ApplicationFields, *, by: Actor, today: date
) -> CallApplication:
    """Note that somebody without a log-in, or who asked for it, wants to take part."""
    call = queries.get_call(session, call_id)
    _load_body(session, call.body_id, by, today)
    return _apply(session, call, fields, by=by, today=today)


def withdraw_application(
    session: Session, application_id: UUID, *, seen: int, by: Actor, today: date
) -> CallApplication:
    """Take an application back: whoever applied, or whoever keeps the body going, for them.

    Why somebody wanted to take part goes with it; whoever had a seat out of it leaves that.
    """
    application = queries.get_application(session, application_id)
    call = queries.get_call(session, application.call_id)
    if application.person_id != by.person_id:
        _load_body(session, call.body_id, by, today)
    check_version(application, seen)
    calls.check_choice(application.state, ApplicationState.WITHDRAWN, "")
    if application.state == ApplicationState.CHOSEN:
        seat_actions.leave_seat(
            session, call.body_id, application.person_id, application.name, today=today
        )
    application.state, application.motivation = ApplicationState.WITHDRAWN, ""
    _record(session, "call.withdrawn", call.body_id, by)
    return application


def choose_applicant(
    session: Session,
    application_id: UUID,
    after: ApplicationState,
    *,
    reason: str,
    seen: int,
    by: Actor,
    today: date,
) -> CallApplication:
    """Choose somebody or not, with the reason that this person reads.

    Whoever is chosen gets a seat as a member from today on, or from the first day of the body.
    """
    application = queries.get_application(session, application_id)
    call = queries.get_call(session, application.call_id)
    body = _load_body(session, call.body_id, by, today)
    check_version(application, seen)
    if is_same_human(session, by.person_id, [application.person_id]):
        raise Denied(
            "bodies.choose_oneself", "Nobody chooses themselves. Ask somebody else of the group."
        )
    calls.check_choice(application.state, after, reason)
    application.state, application.reason = after, check_text(reason)
    application.decided_on = today
    session.flush()
    if after == ApplicationState.CHOSEN:
        seat = _seat_of(application, body, today)
        seat_actions.seat_chosen(session, body, seat, by=by, today=today)
    _record(session, "call.chosen", body.id, by, state=after.value)
    return application


def _seat_of(application: CallApplication, body: Body, today: date) -> SeatFields:
    wanted = {one.group for one in queries.wanted_of(body)}
    return SeatFields(
        person_id=application.person_id,
        name=application.name,
        function=application.function,
        side=application.side,
        unit_id=application.unit_id,
        groups=tuple(one for one in application.groups if one in wanted),
        from_on=max(today, body.from_on),
    )


def _apply(
    session: Session, call: OpenCall, fields: ApplicationFields, *, by: Actor, today: date
) -> CallApplication:
    calls.check_can_apply(call.from_on, call.until_on, today=today)
    calls.check_application(fields)
    check_exists(session, Person, fields.person_id)
    check_exists(session, Unit, fields.unit_id)
    application = _taken_back(session, call, fields) or CallApplication(call_id=call.id)
    application.person_id, application.name = fields.person_id, fields.name.strip()
    application.function, application.side = fields.function.strip(), fields.side
    application.unit_id, application.groups = fields.unit_id, list(fields.groups)
    application.motivation = fields.motivation.strip()
    application.state, application.applied_on = ApplicationState.APPLIED, today
    application.reason, application.decided_on, application.noted_by = "", None, by.person_id
    try:
        with session.begin_nested():
            session.add(application)
            session.flush()
    except IntegrityError as error:
        raise Invalid(
            "bodies.applied_already",
            "This person applied to the call already. Their application stands on its page.",
        ) from error
    _record(session, "call.applied", call.body_id, by)
    return application


def _taken_back(
    session: Session, call: OpenCall, fields: ApplicationFields
) -> CallApplication | None:
    """Return what this person sent and took back: whoever wants to again writes over it."""
    if fields.person_id is None:
        return None
    asked = select(CallApplication).where(
        CallApplication.call_id == call.id,
        CallApplication.person_id == fields.person_id,
        CallApplication.state == ApplicationState.WITHDRAWN,
    )
    return session.scalars(asked).one_or_none()


def _load_body(session: Session, body_id: UUID, by: Actor, today: date) -> Body:
    body = queries.get_body(session, body_id)
    reach.check_sets_up(session, body, by=by, today=today)
    rules.check_can_change(body.state)
    return body


def _record(session: Session, act: str, body_id: UUID, by: Actor, **facts: str) -> None:
    record(session, act, by=by.person_id, subject=f"body:{body_id}", facts=facts)
