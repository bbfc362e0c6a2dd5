"""The table of risk analyses."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.analyses.rules import AnalysisKind, AnalysisLevel
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class RiskAnalysis(OrganisationOwned, Editable, Base):
    """One analysis: a campaign, or talks, or both, over the five A's."""

    __tablename__ = "risk_analysis"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[AnalysisKind] = mapped_column(Name(AnalysisKind))
    level: Mapped[AnalysisLevel] = mapped_column(Name(AnalysisLevel))
    # Which group, when the level is one group.
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    method: Mapped[str] = mapped_column(Text, default="")
    participation: Mapped[str] = mapped_column(Text, default="")
    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    papa_involved: Mapped[bool] = mapped_column(default=False)
    papa_reason: Mapped[str] = mapped_column(Text, default="")
    # Per A: {"evaluated": bool, "reason": str}.
    coverage: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_on: Mapped[date]
    closed_on: Mapped[date | None]
    next_review_on: Mapped[date]
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
