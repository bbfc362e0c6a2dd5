"""Tables of risk analyses, their programme, changes, and the start of a cycle."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.analyses.changes import Conclusion
from baken.actionplan.analyses.rules import AnalysisKind, AnalysisLevel
from baken.actionplan.analyses.starting import StartKind
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
    is_pilot: Mapped[bool] = mapped_column(default=False)
    papa_is_internal: Mapped[bool] = mapped_column(default=False)
    papa_involved: Mapped[bool] = mapped_column(default=False)
    papa_reason: Mapped[str] = mapped_column(Text, default="")
    # How people could speak anonymously where no adviser was there.
    anonymous_way: Mapped[str] = mapped_column(Text, default="")
    # Per A, and per way in which risks show: {"evaluated": bool, "reason": str}.
    coverage: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    manifestations: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    next_review_on: Mapped[date]
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
    # When, how and by whom the workers heard what was found.
    feedback_on: Mapped[date | None]
    feedback_how: Mapped[str] = mapped_column(Text, default="")
    feedback_by: Mapped[str] = mapped_column(String(200), default="")


class AnalysisTurn(OrganisationOwned, Editable, Base):
    """The turn of one department in a programme that takes years."""

    __tablename__ = "analysis_turn"
    __table_args__ = (UniqueConstraint("risk_analysis_id", "unit_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    risk_analysis_id: Mapped[UUID] = mapped_column(ForeignKey("risk_analysis.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    year: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    done_on: Mapped[date | None]


class ChangeEvent(OrganisationOwned, Editable, Base):
    """A change that can alter what people are exposed to, and what looking again showed."""

    __tablename__ = "change_event"
    __table_args__ = (
        CheckConstraint(
            "(conclusion IS NULL) = (closed_on IS NULL)", name="closed_with_conclusion"
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    happens_on: Mapped[date]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )
    responsible: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    # Question of the check -> {"answer": Effect, "note": str}.
    expected: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    conclusion: Mapped[Conclusion | None] = mapped_column(Name(Conclusion))
    conclusion_text: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]


class Commitment(OrganisationOwned, Base):
    """What the employer commits to; a change is a new version, never an edit."""

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date]
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class StartStep(OrganisationOwned, Editable, Base):
    """A message, a kick-off or a training of the line at the start of a cycle."""

    __tablename__ = "start_step"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[StartKind] = mapped_column(Name(StartKind))
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(Text, default="")
    channel: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    n_reached: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
