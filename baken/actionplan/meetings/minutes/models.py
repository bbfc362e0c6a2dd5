"""Tables of minutes: what was said, decided and left to do, and the minutes as approved."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from baken.actionplan.meetings.minutes.rules import Carried, DecidedBy, TaskState
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class PointMinutes(OrganisationOwned, Editable, Base):
    """What was said on one point, in short; made with the point, so that two writers meet here."""

    __tablename__ = "point_minutes"
    __table_args__ = (UniqueConstraint("point_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_point.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime | None] = mapped_column(Instant)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Decision(OrganisationOwned, Editable, Base):
    """What a body decided on a point, by whom, and who saw it otherwise."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("in_favour >= 0 AND against >= 0 AND abstained >= 0", name="votes"),
        UniqueConstraint("meeting_id", "number"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_point.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[DecidedBy] = mapped_column(Name(DecidedBy))
    in_favour: Mapped[int] = mapped_column(default=0)
    against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    dissent: Mapped[str] = mapped_column(Text, default="")


class DecisionNote(OrganisationOwned, Base):
    """Where a decision stands, as somebody noted it on a day; the last one counts."""

    __tablename__ = "decision_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    carried: Mapped[Carried] = mapped_column(Name(Carried))
    text: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class MeetingTask(OrganisationOwned, Editable, Base):
    """Who does what by when, agreed at a meeting: a person with a task here, or a name."""

    __tablename__ = "meeting_task"
    __table_args__ = (CheckConstraint("(person_id IS NULL) = (who <> '')", name="one_who"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    point_id: Mapped[UUID] = mapped_column(ForeignKey("agenda_point.id"), index=True)
    what: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    who: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    state: Mapped[TaskState] = mapped_column(Name(TaskState), default=TaskState.OPEN)


class TaskNote(OrganisationOwned, Base):
    """Where a task stood on a day, as somebody noted it."""

    __tablename__ = "meeting_task_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("meeting_task.id"), index=True)
    state: Mapped[TaskState] = mapped_column(Name(TaskState))
    text: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class MinutesCorrection(OrganisationOwned, Base):
    """Something that has to be said otherwise in the minutes, as a member asked."""

    __tablename__ = "minutes_correction"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(200), default="")
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class ApprovedMinutes(OrganisationOwned, Base):
    """Minutes as they were approved: everything they said that day, never changed afterwards."""

    __tablename__ = "approved_minutes"
    __table_args__ = (UniqueConstraint("meeting_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    approved_on: Mapped[date]
    approved_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # What `content` makes of a meeting; see there for the keys.
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))


class MinutesRewritten(Exception):
    """Code tried to change approved minutes: a fault in Baken, not of a user."""


@event.listens_for(ApprovedMinutes, "before_update")
@event.listens_for(ApprovedMinutes, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Connection, _row: ApprovedMinutes) -> None:
    raise MinutesRewritten("Approved minutes stay as they are; correct them at the next meeting.")
