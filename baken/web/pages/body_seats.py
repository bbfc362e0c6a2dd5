"""Who sits in a body: giving a seat, correcting or ending it."""

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
from baken.web.pages.body_forms import SeatForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest, frame_of


class BodySeatPages(Controller):
    """Seats of a body."""

    path = "/o/{organisation_id:uuid}/bodies/{body_id:uuid}/seats"

    @get("/new", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = _set_up(session, body_id, actor, today)
        form = SeatForm.blank(language, {"from_on": max(today, body.from_on)})
        return show(request, _at(request, body), form.offer(session, body, today=today))

    @post("/new", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def add(
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
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        at, sent = _at(request, body), SeatForm.read(form, language)
        sent.offer(session, body, today=today)

        def write() -> str:
            seat_actions.add_seat(session, body_id, sent.fields(today), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="bodies.done_seated")

    @get("/{seat_id:uuid}", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
        seat_id: FromPath[UUID],
    ) -> Response[str]:
        body = _set_up(session, body_id, actor, today)
        seat = queries.get_seat(session, seat_id, body_id=body_id)
        form = SeatForm.of(seat, language).offer(session, body, today=today, own=seat.id)
        return show(request, _at(request, body, seat), form)

    @post("/{seat_id:uuid}", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
        seat_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        at = _at(request, body, queries.get_seat(session, seat_id, body_id=body_id))
        sent = SeatForm.read(form, language).offer(session, body, today=today, own=seat_id)

        def write() -> str:
            fields = sent.fields(today)
            seat_actions.edit_seat(session, seat_id, fields, seen=sent.seen, by=actor, today=today)
            return at.back

        def standing() -> PlanForm:
            now = SeatForm.of(queries.get_seat(session, seat_id, body_id=body_id), language)
            return now.offer(session, queries.get_body(session, body_id), today=today, own=seat_id)

        said = "bodies.done_seat_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _set_up(session: Session, body_id: UUID, actor: Actor, today: date) -> Body:
    body = queries.look_at_body(session, body_id, by=actor, today=today)
    reach.check_seats_people(session, body, by=actor, today=today)
    return body


def _at(request: PageRequest, body: Body, seat: Seat | None = None) -> FormAt:
    groups = ("groups",) if body.wanted else ()
    return FormAt(
        verb="plan",
        title="bodies.seat_edit" if seat else "bodies.seat_new",
        back=frame_of(request).url(f"/bodies/{body.id}"),
        back_label=body.name,
        save="analyses.save",
        parts=(
            Part(("person_id", "name", "function")),
            Part(("role", "side", *groups, "unit_id", "substitute_of_id")),
            Part(("from_on", "until_on"), title="bodies.part_days"),
        ),
        story="bodies.seat_story",
    )
