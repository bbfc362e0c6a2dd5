"""The table of yearly evaluations."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class PlanEvaluation(OrganisationOwned, Editable, Base):
    """The yearly look at what the measures do (art. I.3-6 of the codex), in a five-year plan."""

    __tablename__ = "plan_evaluation"
    __table_args__ = (UniqueConstraint("global_plan_id", "year"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    global_plan_id: Mapped[UUID] = mapped_column(ForeignKey("global_plan.id"), index=True)
    # The calendar year that is looked back on.
    year: Mapped[int]
    # Key of the input -> what was found in it; six of them.
    inputs: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    # Objective -> {"verdict", "text"}.
    conclusions: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    participants: Mapped[str] = mapped_column(Text, default="")
    papa_involved: Mapped[bool]
    papa_reason: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]
