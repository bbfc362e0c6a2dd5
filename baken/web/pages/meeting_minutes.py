"""Minutes on one page, saved piece by piece: who was there, what was said, decided and agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.errors import ActionPlanError, Invalid
from baken.actionplan.meetings import actions, queries
from baken.actionplan.meetings.minutes import actions as minutes
from baken.actionplan.meetings.minutes.rules import check_writing
from baken.actionplan.meetings.models import Meeting
from baken.actionplan.meetings.people import list_members, seat_names
from baken.actionplan.meetings.rules import Presence, PresenceFields
from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.meeting_at_hand import LED
from baken.web.pages.meeting_pieces import PieceView, pieces
from baken.web.pages.meeting_views import meeting_view
from baken.web.pages.plan_forms import seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, is_swap, page
from baken.web.texts import catalogue

LEAD: Final = {"action": Action.LEAD_MEETINGS}
PAGE: Final = "meetings/minutes.html"
PIECE: Final = "meetings/_piece.html"
NEXT: Final = {"decision": "decisions/new", "task": "tasks/new", "postpone": "postpone"}


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """One line of the attendance list."""

    id: UUID
    name: str
    presence: str
    substitute: str


class MinutesPages(Controller):
    """Writing at the table."""

    path = "/o/{organisation_id:uuid}/meetings/{meeting_id:uuid}/minutes"

    @get("/", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def write_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        meeting: NamedDependency[Meeting],
    ) -> Response[str]:
        check_writing(meeting.state, on=meeting.on, today=today)
        return _whole(request, session, meeting, actor, today=today, language=language)

    @post("/points/{point_id:uuid}", opt=LEAD, sync_to_thread=True)
    def save_piece(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        meeting_id: FromPath[UUID],
        point_id: FromPath[UUID],
    ) -> Response[str]:
        if queries.get_point(session, point_id).meeting_id != meeting_id:
            raise NotFoundException
        typed = str(form.get("said") or "").replace("\r\n", "\n")
        try:
            minutes.write_minutes(
                session, point_id, typed, seen=seen_of(form), by=actor, today=today, now=now
            )
        except EditedMeanwhile:
            session.rollback()
            return _meanwhile(
                request, session, meeting_id, point_id, typed, by=actor, today=today, now=language
            )
        here = frame_of(request).url(f"/meetings/{meeting_id}")
        ahead = NEXT.get(str(form.get("then") or ""))
        if ahead is not None:
            return done(request, see=f"{here}/points/{point_id}/{ahead}")
        return done(
            request,
            see=f"{here}/minutes#piece-{point_id}",
            fragment=PIECE,
            said="meetings.done_said",
            piece=_piece_of(session, meeting_id, point_id, language),
            here=here,
        )

    @post("/attendance", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def attendance(
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
        typed = _typed_lines(session, meeting, form)
        try:
            actions.note_presence(
                session, meeting.id, typed, seen=seen_of(form), by=actor, today=today, now=now
            )
        except (ActionPlanError, EditedMeanwhile) as error:
            if error.kind in {"missing", "denied"} or is_swap(request):
                raise
            session.rollback()
            return _whole(
                request,
                session,
                queries.get_meeting(session, meeting.id),
                actor,
                today=today,
                language=language,
                typed=typed,
                refusal=catalogue(language).refusal(error),
            )
        see = frame_of(request).url(f"/meetings/{meeting.id}/minutes#attendance")
        return done(
            request,
            see=see,
            fragment="meetings/_attendance.html",
            said="meetings.done_attendance",
            **_attendance(request, session, meeting),
        )

    @post("/close", opt=LEAD, dependencies=LED, sync_to_thread=True)
    def close(
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
        try:
            actions.hold_meeting(session, meeting.id, seen=seen_of(form), by=actor, today=today)
        except Invalid as error:
            # The list to fill in stands on this page: say it there, not on a page of its own.
            session.rollback()
            meeting = queries.get_meeting(session, meeting.id)
            refusal = catalogue(language).refusal(error)
            return _whole(
                request, session, meeting, actor, today=today, language=language, refusal=refusal
            )
        see = frame_of(request).url(f"/meetings/{meeting.id}")
        return done(request, see=see, said="meetings.done_held")


def _piece_of(session: Session, meeting_id: UUID, point_id: UUID, language: str) -> PieceView:
    meeting = queries.get_meeting(session, meeting_id)
    return next(one for one in pieces(session, meeting, language) if one.point.id == point_id)


def _meanwhile(
    request: PageRequest,
    session: Session,
    meeting_id: UUID,
    point_id: UUID,
    typed: str,
    *,
    by: Actor,
    today: date,
    now: str,
) -> Response[str]:
    """Both texts beside each other, the typed one still in its field: neither is lost."""
    stands = _piece_of(session, meeting_id, point_id, now)
    piece = replace(stands, said=typed, theirs=stands.said)
    if is_swap(request):
        here = frame_of(request).url(f"/meetings/{meeting_id}")
        return page(request, PIECE, piece=piece, here=here)
    meeting = queries.get_meeting(session, meeting_id)
    return _whole(request, session, meeting, by, today=today, language=now, instead=piece)


def _whole(
    request: PageRequest,
    session: Session,
    meeting: Meeting,
    by: Actor,
    *,
    today: date,
    language: str,
    instead: PieceView | None = None,
    typed: Mapping[UUID, PresenceFields] | None = None,
    refusal: str = "",
) -> Response[str]:
    found = pieces(session, meeting, language)
    if instead is not None:
        found = tuple(instead if one.point.id == instead.point.id else one for one in found)
    return page(
        request,
        PAGE,
        status=422 if instead is not None or refusal else 200,
        meeting=meeting_view(session, meeting, by=by, today=today, language=language),
        pieces=found,
        refusal=refusal,
        **_attendance(request, session, meeting, typed),
    )


def _attendance(
    request: PageRequest,
    session: Session,
    meeting: Meeting,
    typed: Mapping[UUID, PresenceFields] | None = None,
) -> dict[str, Any]:
    names = seat_names(session)
    members = list_members(session, meeting.body_id, on=meeting.on)
    instead = {one.seat_id: one.substitute for one in members}
    lines = []
    for row in queries.list_attendees(session, meeting.id):
        said = (typed or {}).get(row.id) or PresenceFields(row.presence, row.substitute)
        substitute = said.substitute
        lines.append(
            PresenceLine(row.id, names.get(row.seat_id, ""), said.presence.value, substitute)
        )
    return {
        "lines": tuple(sorted(lines, key=lambda one: one.name.casefold())),
        "substitutes": tuple(sorted(filter(None, instead.values()))),
        "presences": tuple(one.value for one in Presence),
        "attended": meeting.attended_at is not None,
        "version": meeting.version,
        "here": frame_of(request).url(f"/meetings/{meeting.id}"),
    }


def _typed_lines(session: Session, meeting: Meeting, form: Form) -> dict[UUID, PresenceFields]:
    found = {}
    for row in queries.list_attendees(session, meeting.id):
        sent = str(form.get(f"presence-{row.id}") or "")
        if sent in set(Presence):
            substitute = str(form.get(f"substitute-{row.id}") or "").strip()
            found[row.id] = PresenceFields(Presence(sent), substitute)
    return found
