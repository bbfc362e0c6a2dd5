"""Leaving a body: whoever sits there ends the own seat, without asking anybody."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import queries, reach, seat_actions
from baken.actionplan.bodies.models import Body, Seat
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_forms import LeaveForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest, frame_of

PART = {"action": Action.TAKE_PART_IN_BODIES}


class BodyLeavingPages(Controller):
    """The last day of one's own seat."""

    path = "/o/{organisation_id:uuid}/bodies/{body_id:uuid}/leave"

    @get("/", opt=PART, sync_to_thread=True)
    def leave_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        seat = _own_seat(session, body_id, actor, today)
        return show(request, _at(request, body), _form(seat, today, language))

    @post("/", opt=PART, sync_to_thread=True)
    def leave(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, queries.look_at_body(session, body_id, by=actor, today=today))
        seat_id = _own_seat(session, body_id, actor, today).id
        sent = LeaveForm.read(form, language)

        def write() -> str:
            last = sent.until_on.data
            seat_actions.resign_seat(
                session, seat_id, until_on=last, seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            return _form(queries.get_seat(session, seat_id), today, language)

        return keep(request, session, at, sent, write, said="bodies.done_left", standing=standing)


def _own_seat(session: Session, body_id: UUID, by: Actor, today: date) -> Seat:
    seat = reach.list_own_seats(session, by=by, today=today).get(body_id)
    if seat is None:
        raise reach.nothing_here()
    return seat


def _form(seat: Seat, today: date, language: str) -> LeaveForm:
    return LeaveForm.blank(language, {"until_on": today, "version": seat.version})


def _at(request: PageRequest, body: Body) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.leave",
        back=frame_of(request).url(f"/bodies/{body.id}"),
        back_label=body.name,
        save="bodies.leave_save",
        parts=(Part(("until_on",)),),
        story="bodies.leave_story",
    )
