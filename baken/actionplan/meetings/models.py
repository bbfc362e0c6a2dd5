"""Tables of meetings: the meeting, its agenda, who was invited, and the packs that went out."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from baken.actionplan.meetings.points import About, PointKind, Standing
from baken.actionplan.meetings.rules import MeetingState, Presence
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name

ABOUT_COLUMNS = tuple(f"{about}_id" for about in About)
_AT_MOST_ONE = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in ABOUT_COLUMNS)


class Meeting(OrganisationOwned, Editable, Base):
    """One meeting of a body; hours are those of the place."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("ends > starts", name="ends_after_start"),
        CheckConstraint("(state = 'cancelled') = (cancelled_reason <> '')", name="cancelled_why"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    on: Mapped[date] = mapped_column(index=True)
    starts: Mapped[time]
    ends: Mapped[time]
    place: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    chair_id: Mapped[UUID | None] = mapped_column(ForeignKey("body_seat.id"))
    secretary_id: Mapped[UUID | None] = mapped_column(ForeignKey("body_seat.id"))
    # In which language its pack and its minutes are set.
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[MeetingState] = mapped_column(Name(MeetingState), default=MeetingState.PLANNED)
    cancelled_reason: Mapped[str] = mapped_column(Text, default="")
    invited_on: Mapped[date | None]
    # Since when the list of who was there is complete.
    attended_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_on: Mapped[date | None]
    approved_at_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))


class AgendaPoint(OrganisationOwned, Editable, Base):
    """A point of an agenda; one that went to the next meeting says why, and stays here too."""

    __tablename__ = "agenda_point"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="takes_time"),
        CheckConstraint(f"{_AT_MOST_ONE} <= 1", name="about_one"),
        CheckConstraint("(postponed_on IS NULL) = (postponed_reason = '')", name="postponed_why"),
        UniqueConstraint("moved_from_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[PointKind] = mapped_column(Name(PointKind))
    standing: Mapped[Standing | None] = mapped_column(Name(Standing))
    title: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    brought_by: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int]
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topic.id"), index=True)
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
    annual_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), index=True)
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    consultation_id: Mapped[UUID | None] = mapped_column(ForeignKey("consultation.id"), index=True)
    annual_report_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("annual_report.id"), index=True
    )
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("release.id"), index=True)
    # The same point of the meeting before, from which it was moved here.
    moved_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_point.id"))
    postponed_on: Mapped[date | None]
    postponed_reason: Mapped[str] = mapped_column(Text, default="")


class Attendee(OrganisationOwned, Base):
    """Somebody who was invited, and whether they came."""

    __tablename__ = "meeting_attendee"
    __table_args__ = (UniqueConstraint("meeting_id", "seat_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("body_seat.id"))
    presence: Mapped[Presence] = mapped_column(Name(Presence), default=Presence.EXPECTED)
    substitute: Mapped[str] = mapped_column(Text, default="")


class AgendaPack(OrganisationOwned, Base):
    """What went out with an invitation: the file itself, and what is new since the one before."""

    __tablename__ = "agenda_pack"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    number: Mapped[int]
    made_on: Mapped[date]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    # What stands in it: {"key", "title", "sha256"}, in order.
    parts: Mapped[list[dict[str, str]]] = mapped_column(Json)
    # What was left out: {"title", "reason", "names"}.
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    # What changed since the pack before: {"change", "title"}.
    changes: Mapped[list[dict[str, str]]] = mapped_column(Json)


class PackRewritten(Exception):
    """Code tried to change a pack that went out: a fault in Baken, not of a user."""


@event.listens_for(AgendaPack, "before_update")
@event.listens_for(AgendaPack, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Connection, _pack: AgendaPack) -> None:
    raise PackRewritten("A pack that went out stays as it is; send a new one instead.")
