"""Tables of talks, their notes and what was agreed."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.findings.factors import Factor
from baken.actionplan.talks.note_rules import Input, Tone
from baken.actionplan.talks.rules import Method, Reach, TalkState
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class Talk(OrganisationOwned, Editable, Base):
    """A talk with a group, a row of interviews or an observation; no names of who was there."""

    __tablename__ = "talk"
    __table_args__ = (
        CheckConstraint("n_present <= n_invited", name="no_more_than_invited"),
        CheckConstraint("(reach IS NULL) = (approved_on IS NULL)", name="approved_with_reach"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    method: Mapped[Method] = mapped_column(Name(Method))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )
    purpose: Mapped[str] = mapped_column(Text, default="")
    planned_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200), default="")
    leader: Mapped[str] = mapped_column(String(200))
    observer: Mapped[str] = mapped_column(String(200), default="")
    manager_present: Mapped[bool] = mapped_column(default=False)
    # From how many people on cards, interviews and dots show.
    min_group: Mapped[int]
    safeguards: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[TalkState] = mapped_column(Name(TalkState), default=TalkState.PLANNED)
    held_on: Mapped[date | None]
    n_invited: Mapped[int] = mapped_column(default=0)
    n_present: Mapped[int] = mapped_column(default=0)
    # {"name", "present", "headcount"} per kind of worker.
    composition: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    n_voters: Mapped[int] = mapped_column(default=0)
    read_back_on: Mapped[date | None]
    approved_on: Mapped[date | None]
    reach: Mapped[Reach | None] = mapped_column(Name(Reach))


class TalkNote(OrganisationOwned, Editable, Base):
    """Something that was said, without who said it."""

    __tablename__ = "talk_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    talk_id: Mapped[UUID] = mapped_column(ForeignKey("talk.id"), index=True)
    factor: Mapped[Factor] = mapped_column(Name(Factor))
    topic: Mapped[str] = mapped_column(String(40), default="")
    tone: Mapped[Tone] = mapped_column(Name(Tone))
    way: Mapped[Input] = mapped_column(Name(Input))
    text: Mapped[str] = mapped_column(Text)
    votes: Mapped[int] = mapped_column(default=0)


class TalkAgreement(OrganisationOwned, Editable, Base):
    """Who does what by when, as the group agreed."""

    __tablename__ = "talk_agreement"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    talk_id: Mapped[UUID] = mapped_column(ForeignKey("talk.id"), index=True)
    who: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
