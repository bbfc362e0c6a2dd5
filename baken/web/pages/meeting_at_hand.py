"""The meeting, and the point of its agenda, that an address names: found before an act begins."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.meetings import queries
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.people import check_may_lead, check_may_see
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.form_page import FormAt, Part
from baken.web.pages.meeting_views import body_names
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.texts import catalogue


def _seen_meeting(
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    meeting_id: FromPath[UUID],
) -> Meeting:
    """Return a meeting that the reader may see."""
    meeting = queries.get_meeting(session, meeting_id)
    check_may_see(session, meeting, by=actor, today=today)
    return meeting


def _led_meeting(
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    meeting_id: FromPath[UUID],
) -> Meeting:
    return find_led(session, meeting_id, by=actor, today=today)


def find_led(session: Session, meeting_id: UUID, *, by: Actor, today: date) -> Meeting:
    """Return a meeting that the reader prepares and writes of."""
    meeting = queries.get_meeting(session, meeting_id)
    check_may_lead(session, meeting.body_id, by=by, today=today, secretary_id=meeting.secretary_id)
    return meeting


def _point(
    session: NamedDependency[Session],
    meeting: NamedDependency[Meeting],
    point_id: FromPath[UUID],
) -> AgendaPoint:
    """Return a point of this meeting; that of another one is not found."""
    point = queries.get_point(session, point_id)
    if point.meeting_id != meeting.id:
        raise NotFoundException
    return point


SEEN: Final = {"meeting": Provide(_seen_meeting, sync_to_thread=True)}
LED: Final = {
    "meeting": Provide(_led_meeting, sync_to_thread=True),
    "point": Provide(_point, sync_to_thread=True),
}
"""What handlers of a meeting get; the point where the address names one."""


def form_at(
    request: PageRequest,
    session: Session,
    meeting: Meeting,
    key: str,
    names: tuple[str, ...],
    *,
    back: str = "",
    about: str = "",
) -> FormAt:
    """Where a form about a meeting stands; `key` names its texts."""
    name = body_names(session)[meeting.body_id]
    t = catalogue(frame_of(request).language)
    return FormAt(
        verb="follow_up",
        title=f"meetings.{key}_title",
        back=frame_of(request).url(f"/meetings/{meeting.id}{back}"),
        back_label=t("meetings.one_of", body=name, day=meeting.on),
        save=f"meetings.{key}_save",
        parts=(Part(names),),
        story=f"meetings.{key}_story",
        about=about,
    )
