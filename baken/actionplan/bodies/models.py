"""Tables of bodies: who sits there, calls, topics, proposals and their answers, notes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.bodies.calls import ApplicationState
from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.proposals import Backing, ProposalState, Verdict
from baken.actionplan.bodies.rules import BodyKind, BodyState
from baken.actionplan.bodies.seats import SeatRole
from baken.actionplan.bodies.topics import TopicState
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class Body(OrganisationOwned, Editable, Base):
    """A steering group, a working group, or a body that speaks for the workers."""

    __tablename__ = "body"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= from_on", name="ends_after_start"),
        CheckConstraint("owner_id IS NULL OR owner_name = ''", name="one_owner"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[BodyKind] = mapped_column(Name(BodyKind))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[BodyState] = mapped_column(Name(BodyState), default=BodyState.PROPOSED)
    purpose: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    # Who answers for it: a person with a log-in or a name, and the body that set it up.
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    set_up_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("body.id"), index=True)
    # The mandate.
    may_decide: Mapped[str] = mapped_column(Text, default="")
    limits: Mapped[str] = mapped_column(Text, default="")
    means: Mapped[str] = mapped_column(Text, default="")
    mandate_until: Mapped[date | None]
    # Whether everybody with a log-in finds it, or only those who sit there and those who oversee.
    is_open: Mapped[bool] = mapped_column(default=True)
    # Who was wanted there: {"group", "people"}.
    wanted: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    from_on: Mapped[date]
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")


class Seat(OrganisationOwned, Editable, Base):
    """Somebody's place in a body: a person of the organisation, or a name without a log-in."""

    __tablename__ = "body_seat"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
        CheckConstraint("(person_id IS NULL) = (name <> '')", name="person_or_name"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[SeatRole] = mapped_column(Name(SeatRole))
    side: Mapped[Side] = mapped_column(Name(Side))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    substitute_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("body_seat.id"))
    # Which of the wanted groups this person is of.
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class OpenCall(OrganisationOwned, Editable, Base):
    """A call to take part."""

    __tablename__ = "open_call"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="period"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    open_to: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    until_on: Mapped[date]


class CallApplication(OrganisationOwned, Editable, Base):
    """Somebody who wants to take part, and what they heard."""

    __tablename__ = "call_application"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) = (name <> '')", name="person_or_name"),
        UniqueConstraint("call_id", "person_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("open_call.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    side: Mapped[Side] = mapped_column(Name(Side))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    groups: Mapped[list[str]] = mapped_column(Json, default=list)
    motivation: Mapped[str] = mapped_column(Text, default="")
    applied_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ApplicationState] = mapped_column(
        Name(ApplicationState), default=ApplicationState.APPLIED
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]


class Topic(OrganisationOwned, Editable, Base):
    """Something somebody wants a body to look at."""

    __tablename__ = "topic"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    # Whose it is: a person with a log-in, a name, or neither where somebody stays unnamed.
    raised_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    raised_name: Mapped[str] = mapped_column(String(200), default="")
    raised_on: Mapped[date]
    # Who noted it for somebody else.
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[TopicState] = mapped_column(Name(TopicState), default=TopicState.RAISED)
    agenda_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Proposal(OrganisationOwned, Editable, Base):
    """What a body proposes to another one, or to the employer."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("due_on >= proposed_on", name="due_after"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    # None: to the employer.
    to_body_id: Mapped[UUID | None] = mapped_column(ForeignKey("body.id"), index=True)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    grounds: Mapped[str] = mapped_column(Text, default="")
    means: Mapped[str] = mapped_column(Text, default="")
    backing: Mapped[Backing] = mapped_column(Name(Backing), default=Backing.MEMBER)
    dissent: Mapped[str] = mapped_column(Text, default="")
    proposed_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[ProposalState] = mapped_column(Name(ProposalState), default=ProposalState.OPEN)


class ProposalAnswer(OrganisationOwned, Base):
    """A written answer with its reasons; it stays as it was given."""

    __tablename__ = "proposal_answer"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(Name(Verdict))
    reasons: Mapped[str] = mapped_column(Text)
    # What the proposal said then: it may be written anew afterwards. Empty in answers from before.
    answered_text: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    answered_on: Mapped[date]
    answered_at: Mapped[datetime] = mapped_column(Instant)
    answered_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class BodyNote(OrganisationOwned, Base):
    """A word on how it goes, about a body or one of its proposals."""

    __tablename__ = "body_note"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("body.id"), index=True)
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    noted_on: Mapped[date]
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class BodySettings(OrganisationOwned, Editable, Base):
    """Terms of an organisation for its bodies; one row, or those that come along."""

    __tablename__ = "body_settings"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    stalled_after_days: Mapped[int]
    answer_within_days: Mapped[int]
