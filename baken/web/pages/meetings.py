"""Meetings: the list, planning one, its page, and calling it off."""

from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.actionplan.bodies.queries import list_bodies
from baken.actionplan.meetings import actions, queries
from baken.actionplan.meetings.feed import appointment_of
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import list_led_bodies, may_see
from baken.actionplan.meetings.rules import AHEAD, MeetingState
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.calendars import calendar_file
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.meeting_at_hand import LED, SEEN, form_at
from baken.web.pages.meeting_forms import MeetingForm, ReasonForm
from baken.web.pages.meeting_pack import is_agenda_changed
from baken.web.pages.meeting_told import receivers, written_minutes
from baken.web.pages.meeting_views import MeetingRow, body_names, meeting_view
from baken.web.pages.plan_forms import PlanForm, as_id
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

SEE: Final = {"action": Action.SEE_MEETINGS}
LEAD: Final = {"action": Action.LEAD_MEETINGS}
PLAN_PARTS: Final = (
    Part(("body_id", "on", "starts", "ends", "place", "link")),
    Part(("chair_id", "secretary_id", "spoken"), title="meetings.who_leads"),
)


class MeetingPages(Controller):
    """Meetings of the reader's bodies."""

    path = "/o/{organisation_id:uuid}/meetings"

    @get("/", opt=SEE, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        names = body_names(session)
        chosen = as_id(request.query_params.get("body"))
        found = queries.list_meetings(session, chosen)
        seen = [one for one in found if may_see(session, one, by=actor, today=today)]
        rows = [MeetingRow.of(one, names) for one in seen]
        found_bodies = {one.id for one in list_bodies(session, by=actor, today=today)}
        ahead = {one.id for one in seen if one.state in AHEAD}
        return page(
            request,
            "meetings/list.html",
            ahead=tuple(row for row in reversed(rows) if row.id in ahead),
            past=tuple(row for row in rows if row.id not in ahead),
            may_plan=bool(list_led_bodies(session, by=actor, today=today)),
            body=names[chosen] if chosen in found_bodies else "",
            chosen=chosen if chosen in found_bodies else None,
        )

    @get("/new", opt=LEAD, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = as_id(request.query_params.get("body"))
        values = {"body_id": str(asked or ""), "spoken": language}
        form = MeetingForm.blank(language, values)
        form.offer(session, by=actor, today=today, body_id=None)
        return show(request, _plan_at(request), form)

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
    ) -> Response[str]:
        sent = MeetingForm.read(form, language)
        sent.offer(session, by=actor, today=today, body_id=None)

        def write() -> str:
            made = actions.plan_meeting(
                session, sent.fields(today), sent.led, by=actor, today=today
            )
            return frame_of(request).url(f"/meetings/{made.id}")

        return keep(request, session, _plan_at(request), sent, write, said="meetings.done_planned")

    @get("/{meeting_id:uuid}", opt=SEE, dependencies=SEEN, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        view = meeting_view(session, meeting, by=actor, today=today, language=language)
        invited = meeting.state is MeetingState.INVITED and view.may_lead
        root = request.app.state.static_root
        is_open = invited and view.is_ahead_of_today
        return page(
            request,
            "meetings/meeting.html",
            meeting=view,
            is_changed=is_open and is_agenda_changed(session, meeting, static_root=root),
            minutes=written_minutes(session, meeting, language),
            **(receivers(request, session, meeting) if invited else {}),
        )

    @get("/{meeting_id:uuid}/edit", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        form = MeetingForm.of(meeting, language)
        form.offer(session, by=actor, today=today, body_id=meeting.body_id)
        return show(request, _plan_at(request, meeting), form)

    @post("/{meeting_id:uuid}/edit", opt=LEAD, dependencies=LED, sync_to_thread=True)
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
    ) -> Response[str]:
        body_id = meeting.body_id
        at = _plan_at(request, meeting)
        sent = MeetingForm.read(form, language)
        sent.offer(session, by=actor, today=today, body_id=body_id)

        def write() -> str:
            actions.edit_meeting(
                session,
                meeting.id,
                sent.fields(today),
                sent.led,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            now = MeetingForm.of(queries.get_meeting(session, meeting.id), language)
            return now.offer(session, by=actor, today=today, body_id=body_id)

        said = "meetings.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{meeting_id:uuid}/cancel", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def cancel_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        form = ReasonForm.blank(language, {"version": meeting.version})
        return show(request, form_at(request, session, meeting, "cancel", ("reason",)), form)

    @post("/{meeting_id:uuid}/cancel", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def cancel(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        at = form_at(request, session, meeting, "cancel", ("reason",))
        sent = ReasonForm.read(form, language)

        def write() -> str:
            actions.cancel_meeting(
                session,
                meeting.id,
                sent.reason.data,
                seen=sent.seen,
                by=actor,
                today=today,
                now=now,
            )
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_cancelled")

    @get("/{meeting_id:uuid}/meeting.ics", opt=SEE, dependencies=SEEN, sync_to_thread=True)
    def calendar(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[bytes]:
        name = body_names(session)[meeting.body_id]
        return Response(
            calendar_file([appointment_of(meeting, name)], catalogue(language), now=now),
            media_type="text/calendar",
            headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
        )


def _plan_at(request: PageRequest, meeting: Meeting | None = None) -> FormAt:
    frame = frame_of(request)
    t = catalogue(frame.language)
    return FormAt(
        verb="follow_up",
        title="meetings.edit_title" if meeting else "meetings.plan_title",
        back=frame.url(f"/meetings/{meeting.id}" if meeting else "/meetings"),
        back_label=t("meetings.to_meeting" if meeting else "meetings.title"),
        save="meetings.edit_save" if meeting else "meetings.plan_save",
        parts=PLAN_PARTS,
        story="meetings.edit_story" if meeting else "meetings.plan_story",
    )
