"""The tables of confidential counsellors and what they learned."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.requests.counsellors.rules import Agreement, TrainingKind
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Name


class Counsellor(OrganisationOwned, Editable, Base):
    """A confidential counsellor: how the workers' side agreed, since when, until when."""

    __tablename__ = "counsellor"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    is_staff: Mapped[bool]
    agreement: Mapped[Agreement] = mapped_column(Name(Agreement))
    # The day of the agreement, or on which the workers were told of the register of comments.
    agreed_on: Mapped[date]
    agreement_text: Mapped[str] = mapped_column(Text, default="")
    appointed_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")


class CounsellorTraining(OrganisationOwned, Base):
    """Something a counsellor learned, or a supervision."""

    __tablename__ = "counsellor_training"
    __table_args__ = (CheckConstraint("hours >= 0", name="hours_not_negative"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    counsellor_id: Mapped[UUID] = mapped_column(ForeignKey("counsellor.id"))
    kind: Mapped[TrainingKind] = mapped_column(Name(TrainingKind))
    done_on: Mapped[date]
    hours: Mapped[float]
    days: Mapped[int]
    given_by: Mapped[str] = mapped_column(String(200), default="")
