"""The agenda of a meeting: points are added, worded, put in order, moved on or taken off."""

from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException

from baken.actionplan.meetings import agenda, queries
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.points import Direction
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.form_page import keep, show
from baken.web.pages.meeting_at_hand import LED, form_at
from baken.web.pages.meeting_forms import PointForm, ReasonForm
from baken.web.pages.meeting_subjects import may_choose, name_of
from baken.web.pages.meeting_views import meeting_view
from baken.web.pages.plan_forms import PlanForm, as_id, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of

LEAD: Final = {"action": Action.LEAD_MEETINGS}
NAMES: Final = ("title", "kind", "text", "about", "brought_by", "minutes")
MINUTES: Final = 10


class AgendaPages(Controller):
    """Points of one agenda."""

    path = "/o/{organisation_id:uuid}/meetings/{meeting_id:uuid}/points"
    dependencies = LED

    @get("/new", opt=LEAD, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        about = request.query_params.get("about", "")
        form = PointForm.blank(language, {"minutes": MINUTES, "about": about})
        at = form_at(request, session, meeting, "point", NAMES)
        return show(request, at, form.offer(session, by=actor, today=today))

    @post("/new", opt=LEAD, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        at = form_at(request, session, meeting, "point", NAMES)
        sent = PointForm.read(form, language).offer(session, by=actor, today=today)

        def write() -> str:
            reads = partial(may_choose, session, by=actor, today=today)
            agenda.add_point(session, meeting.id, sent.fields(), reads=reads, by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_point")

    @post("/topic", opt=LEAD, sync_to_thread=True)
    def add_topic(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        topic_id = as_id(form.get("topic"))
        if topic_id is None:
            raise NotFoundException
        agenda.add_topic(session, meeting.id, topic_id, seen=seen_of(form), by=actor, today=today)
        return _agenda(
            request,
            session,
            meeting.id,
            by=actor,
            today=today,
            language=language,
            said="meetings.done_point",
        )

    @get("/{point_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        if point.standing is not None:
            raise NotFoundException  # its words are made, not typed
        at = form_at(request, session, meeting, "point", NAMES)
        return show(request, at, _form_of(session, point, language, actor, today))

    @post("/{point_id:uuid}", opt=LEAD, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = form_at(request, session, meeting, "point", NAMES)
        sent = PointForm.read(form, language).offer(session, by=actor, today=today)
        _keep_subject(session, sent, point, language)

        def write() -> str:
            agenda.edit_point(
                session,
                point.id,
                sent.fields(),
                reads=partial(may_choose, session, by=actor, today=today),
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            return _form_of(session, queries.get_point(session, point.id), language, actor, today)

        said = "meetings.done_point"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post("/{point_id:uuid}/order", opt=LEAD, sync_to_thread=True)
    def order(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        way = str(form.get("way") or "")
        if way not in set(Direction):
            raise NotFoundException
        agenda.move_point(session, point.id, Direction(way), by=actor, today=today)
        return _agenda(
            request,
            session,
            meeting.id,
            by=actor,
            today=today,
            language=language,
            said="meetings.done_ordered",
        )

    @post("/{point_id:uuid}/remove", opt=LEAD, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        agenda.remove_point(session, point.id, seen=seen_of(form), by=actor, today=today)
        return _agenda(
            request,
            session,
            meeting.id,
            by=actor,
            today=today,
            language=language,
            said="meetings.done_removed",
        )

    @get("/{point_id:uuid}/postpone", opt=LEAD, sync_to_thread=True)
    def postpone_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        form = ReasonForm.blank(language, {"version": point.version})
        at = form_at(request, session, meeting, "postpone", ("reason",), about=point.title)
        return show(request, at, form)

    @post("/{point_id:uuid}/postpone", opt=LEAD, sync_to_thread=True)
    def postpone(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
        point: NamedDependency[AgendaPoint],
    ) -> Response[str]:
        at = form_at(request, session, meeting, "postpone", ("reason",), about=point.title)
        sent = ReasonForm.read(form, language)

        def write() -> str:
            agenda.postpone_point(
                session, point.id, sent.reason.data, seen=sent.seen, by=actor, today=today
            )
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_postponed")


def _form_of(
    session: Session, point: AgendaPoint, language: str, by: Actor, today: date
) -> PointForm:
    form = PointForm.of(point, language).offer(session, by=by, today=today)
    _keep_subject(session, form, point, language)
    return form


def _keep_subject(session: Session, form: PointForm, point: AgendaPoint, language: str) -> None:
    reference = queries.reference_of(point)
    if reference is not None:
        value = f"{reference.about}:{reference.id}"
        form.keep_subject(value, name_of(session, reference, language))


def _agenda(
    request: PageRequest,
    session: Session,
    meeting_id: UUID,
    *,
    by: Actor,
    today: date,
    language: str,
    said: str,
) -> Response[str]:
    meeting = queries.get_meeting(session, meeting_id)
    view = meeting_view(session, meeting, by=by, today=today, language=language)
    return done(
        request,
        see=frame_of(request).url(f"/meetings/{meeting_id}"),
        fragment="meetings/_agenda.html",
        said=said,
        meeting=view,
    )
