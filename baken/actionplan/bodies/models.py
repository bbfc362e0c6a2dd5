"""The table of consultations."""

from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.bodies.rules import ConsultationKind, Organ, Outcome
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Name


class Consultation(OrganisationOwned, Editable, Base):
    """A question to those who speak for the workers, about one plan or one measure."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(
            "(global_plan_id IS NOT NULL AND annual_plan_id IS NULL AND measure_id IS NULL)"
            " OR (global_plan_id IS NULL AND annual_plan_id IS NOT NULL AND measure_id IS NULL)"
            " OR (global_plan_id IS NULL AND annual_plan_id IS NULL AND measure_id IS NOT NULL)",
            name="one_subject",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organ: Mapped[Organ] = mapped_column(Name(Organ))
    kind: Mapped[ConsultationKind] = mapped_column(Name(ConsultationKind))
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
    annual_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"), index=True)
    # Which edition of the plan the text was.
    edition: Mapped[int] = mapped_column(default=1)
    asked_on: Mapped[date]
    due_on: Mapped[date]
    text_sent: Mapped[str] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(Name(Outcome))
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    dissent: Mapped[str] = mapped_column(Text, default="")
    advised_on: Mapped[date | None]
    employer_reply: Mapped[str] = mapped_column(Text, default="")
    replied_on: Mapped[date | None]
