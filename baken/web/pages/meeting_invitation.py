"""The invitation: what goes out, to whom, what is left out; the packs that went out."""

from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.bodies.queries import get_body
from baken.actionplan.meetings import queries
from baken.actionplan.meetings.inviting import invite, parts_of
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.rules import AHEAD
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.meeting_at_hand import LED, SEEN
from baken.web.pages.meeting_documents import check_reads_parts
from baken.web.pages.meeting_pack import gather, make_pack, said_left_out
from baken.web.pages.meeting_told import receivers
from baken.web.pages.meeting_views import meeting_view
from baken.web.pages.plan_forms import seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

SEE: Final = {"action": Action.SEE_MEETINGS}
LEAD: Final = {"action": Action.LEAD_MEETINGS}


class MeetingInvitationPages(Controller):
    """Before a meeting."""

    path = "/o/{organisation_id:uuid}/meetings/{meeting_id:uuid}"

    @get("/invite", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def invite_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        if meeting.state not in AHEAD:
            raise NotFoundException
        root = request.app.state.static_root
        gathered = gather(session, meeting, static_root=root, today=today)
        t = catalogue(language)
        return page(
            request,
            "meetings/invite.html",
            meeting=meeting_view(session, meeting, by=actor, today=today, language=language),
            parts=tuple(part.title for part, _ in gathered.parts),
            left_out=tuple(said_left_out(one, t) for one in gathered.left_out),
            **receivers(request, session, meeting),
        )

    @post("/invite", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def send(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        file = make_pack(session, meeting, static_root=request.app.state.static_root, today=today)
        invite(session, meeting.id, file, seen=seen_of(form), by=actor, today=today, now=now)
        see = frame_of(request).url(f"/meetings/{meeting.id}")
        has_mail = request.app.state.settings.mail is not None
        said = "meetings.done_invited" if has_mail else "meetings.done_invited_no_mail"
        return done(request, see=see, said=said)

    @get("/pack.pdf", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def draft(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        meeting: NamedDependency[Meeting],
    ) -> Response[bytes]:
        if meeting.state not in AHEAD:
            raise NotFoundException
        root = request.app.state.static_root
        file = make_pack(session, meeting, static_root=root, today=today, is_draft=True)
        check_reads_parts(session, file.parts, get_body(session, meeting.body_id), by=actor)
        return _pdf(file.content, f"agenda-{meeting.on}-draft.pdf")

    @get("/packs/{number:int}", opt=SEE, dependencies=SEEN, sync_to_thread=True)
    def pack(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        meeting: NamedDependency[Meeting],
        number: FromPath[int],
    ) -> Response[bytes]:
        found = {one.number: one for one in queries.list_packs(session, meeting.id)}
        if number not in found:
            raise NotFoundException
        body = get_body(session, meeting.body_id)
        check_reads_parts(session, parts_of(found[number]), body, by=actor)
        return _pdf(found[number].content, f"agenda-{meeting.on}-{number}.pdf")


def _pdf(content: bytes, name: str) -> Response[bytes]:
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
