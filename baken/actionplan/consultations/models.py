"""The tables of consultations, and of which organs an organisation has."""

from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.consultations.rules import ConsultationKind, Organ, Outcome
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Name

ROWS: Final = (
    "global_plan_id", "annual_plan_id", "measure_id", "risk_analysis_id", "request_id",
    "person_id", "year",
)  # fmt: skip
"""Columns of which one says what is asked about; without any of them a line of text does."""

_COUNTED: Final = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in ROWS)
ONE_SUBJECT: Final = f"{_COUNTED} + CASE WHEN subject = '' THEN 0 ELSE 1 END = 1"


class Consultation(OrganisationOwned, Editable, Base):
    """A question to those who speak for the workers, and what came back."""

    __tablename__ = "consultation"
    __table_args__ = (CheckConstraint(ONE_SUBJECT, name="one_subject"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    # The line of the table it falls under.
    item: Mapped[str] = mapped_column(String(40))
    organ: Mapped[Organ] = mapped_column(Name(Organ))
    kind: Mapped[ConsultationKind] = mapped_column(Name(ConsultationKind))
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
    annual_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), index=True)
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("situation_request.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    year: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(200), default="")
    # Which edition of the plan the text was, and what it said: a digest, empty where none is kept.
    edition: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    asked_on: Mapped[date]
    # Which question about this it was, in the order of asking: of two of one day the later counts.
    number: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    text_sent: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(Name(Outcome))
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    dissent: Mapped[str] = mapped_column(Text, default="")
    advised_on: Mapped[date | None]
    employer_reply: Mapped[str] = mapped_column(Text, default="")
    replied_on: Mapped[date | None]


class ConsultationReply(OrganisationOwned, Base):
    """A reply of the employer as it was written; a later one stands beside it."""

    __tablename__ = "consultation_reply"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    # The day of the reply itself, then who wrote it down when: unknown of those from before.
    replied_on: Mapped[date]
    written_on: Mapped[date | None]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ConsultedOrgans(OrganisationOwned, Editable, Base):
    """Which organs there are to ask; one row, or what an organisation has by default."""

    __tablename__ = "consulted_organs"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    cpbw: Mapped[bool]
    union_delegation: Mapped[bool]
    works_council: Mapped[bool]
    staff_representation: Mapped[bool]
