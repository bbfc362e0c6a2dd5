"""After a meeting: its minutes as documents, corrections, and approval at the next one."""

from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.meetings import queries
from baken.actionplan.meetings.minutes.approving import add_correction, approve_minutes
from baken.actionplan.meetings.minutes.content import minutes_now
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.rules import MeetingState
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web import numerals
from baken.web.body import Form
from baken.web.documents.meeting_pages import minutes_file, minutes_page
from baken.web.documents.plan_files import KINDS
from baken.web.pages.fields import option
from baken.web.pages.form_page import keep, show
from baken.web.pages.meeting_at_hand import LED, SEEN, form_at
from baken.web.pages.meeting_forms import ApprovalOfMinutesForm, CorrectionForm
from baken.web.pages.plan_forms import as_id
from baken.web.pages.reply import PageRequest

SEE: Final = {"action": Action.SEE_MEETINGS}
LEAD: Final = {"action": Action.LEAD_MEETINGS}
WRITTEN: Final = frozenset({MeetingState.INVITED, MeetingState.HELD, MeetingState.APPROVED})
APPROVES: Final = frozenset({MeetingState.INVITED, MeetingState.HELD})


class ApprovalPages(Controller):
    """From held to approved."""

    path = "/o/{organisation_id:uuid}/meetings/{meeting_id:uuid}"

    @get("/minutes/document/{kind:str}", opt=SEE, dependencies=SEEN, sync_to_thread=True)
    def document(
        self,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        meeting: NamedDependency[Meeting],
        kind: FromPath[str],
    ) -> Response[bytes]:
        if kind not in KINDS or meeting.state not in WRITTEN:
            raise NotFoundException
        content, approved_on = minutes_now(session, meeting)
        text = minutes_page(content, approved_on=approved_on)
        name = f"minutes-{meeting.on}.{kind}"
        return Response(
            minutes_file(text, kind),
            media_type=KINDS[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get("/corrections/new", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def correction_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        at = form_at(request, session, meeting, "correction", ("text", "asked_by"))
        return show(request, at, CorrectionForm.blank(language))

    @post("/corrections/new", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def correct(
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
        at = form_at(request, session, meeting, "correction", ("text", "asked_by"))
        sent = CorrectionForm.read(form, language)

        def write() -> str:
            asked_by = sent.asked_by.data or ""
            add_correction(
                session, meeting.id, sent.text.data, asked_by, by=actor, today=today, now=now
            )
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_correction")

    @get("/approve", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def approve_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        form = ApprovalOfMinutesForm.blank(language, {"version": meeting.version})
        _offer(form, session, meeting)
        return show(request, form_at(request, session, meeting, "approve", ("at_id",)), form)

    @post("/approve", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def approve(
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
        at = form_at(request, session, meeting, "approve", ("at_id",))
        sent = ApprovalOfMinutesForm.read(form, language)
        _offer(sent, session, meeting)

        def write() -> str:
            at_id = as_id(sent.at_id.data)
            if at_id is None:
                raise NotFoundException
            approve_minutes(session, meeting.id, at_id, seen=sent.seen, by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="meetings.done_approved")


def _offer(form: ApprovalOfMinutesForm, session: Session, meeting: Meeting) -> None:
    """Offer the later meetings of the same body to which people were invited."""
    later = [
        one
        for one in queries.list_meetings(session, meeting.body_id)
        if one.id != meeting.id and one.on >= meeting.on and one.state in APPROVES
    ]
    form.at_id.choices = [option(str(one.id), numerals.day(one.on, form.language)) for one in later]
