"""Tables of the five-year plan, its objectives and the plans of each year."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.plans.rules import PlanState
from baken.actionplan.plans.variants import PlanKind, Variant
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class GlobalPlan(OrganisationOwned, Editable, Base):
    """The global prevention plan: five years, eight elements (art. I.2-8 of the codex).

    Element 1 are the risk analyses linked to it, element 3 its objectives.
    """

    __tablename__ = "global_plan"
    __table_args__ = (CheckConstraint("until_on > from_on", name="period"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PlanKind] = mapped_column(Name(PlanKind), default=PlanKind.GLOBAL)
    from_on: Mapped[date]
    until_on: Mapped[date]
    state: Mapped[PlanState] = mapped_column(Name(PlanState), default=PlanState.DRAFT)
    # Rises when an adopted plan is opened for a change: advice on an older edition is spent.
    edition: Mapped[int] = mapped_column(default=1)
    adopted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    # Element 2, in words; what is done about them stands in the plans of the years.
    intended_measures: Mapped[list[str]] = mapped_column(Json, default=list)
    # Element 4: {"what", "owner", "from_on", "until_on"}.
    activities: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Element 5.
    means_organisational: Mapped[str] = mapped_column(Text, default="")
    means_material: Mapped[str] = mapped_column(Text, default="")
    means_financial: Mapped[str] = mapped_column(Text, default="")
    # Element 6: {"who", "tasks", "obligations", "means"}.
    roles: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Elements 7 and 8.
    adaptation: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[list[str]] = mapped_column(Json, default=list)
    # Dutch variant: what the certified expert said; empty where nobody was asked.
    expert_review: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Objective(OrganisationOwned, Editable, Base):
    """A priority objective of the five-year plan; 1 comes first."""

    __tablename__ = "objective"
    __table_args__ = (UniqueConstraint("global_plan_id", "rank"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    global_plan_id: Mapped[UUID] = mapped_column(ForeignKey("global_plan.id"), index=True)
    rank: Mapped[int]
    statement: Mapped[str] = mapped_column(Text)
    # Year as text -> what has to be reached by then.
    targets: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


class ObjectiveFinding(OrganisationOwned, Base):
    """A finding an objective answers to."""

    __tablename__ = "objective_finding"
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id"), primary_key=True)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), primary_key=True)


class AnnualPlan(OrganisationOwned, Editable, Base):
    """The plan of one service year (art. I.2-9 of the codex)."""

    __tablename__ = "annual_plan"
    __table_args__ = (
        UniqueConstraint("global_plan_id", "starts_on"),
        CheckConstraint("ends_on > starts_on", name="period"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    global_plan_id: Mapped[UUID] = mapped_column(ForeignKey("global_plan.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[PlanState] = mapped_column(Name(PlanState), default=PlanState.DRAFT)
    edition: Mapped[int] = mapped_column(default=1)
    adopted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    # Elements 2 and 3; element 1 are the objectives chosen, and their measures.
    means_and_methods: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Element 4: changes to the five-year plan, by what caused them.
    changed_circumstances: Mapped[str] = mapped_column(Text, default="")
    accidents: Mapped[str] = mapped_column(Text, default="")
    annual_report: Mapped[str] = mapped_column(Text, default="")
    committee_advice: Mapped[str] = mapped_column(Text, default="")


class AnnualObjective(OrganisationOwned, Base):
    """An objective chosen for the year (element 1)."""

    __tablename__ = "annual_objective"
    annual_plan_id: Mapped[UUID] = mapped_column(ForeignKey("annual_plan.id"), primary_key=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objective.id"), primary_key=True)


class PlanSettings(OrganisationOwned, Editable, Base):
    """Under which country's rules an organisation makes its plans; one row, or the Belgian ones."""

    __tablename__ = "plan_settings"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    variant: Mapped[Variant] = mapped_column(Name(Variant))
    # Dutch variant: a recognised instrument of the own branch is used, and for how many people.
    branch_instrument: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[int] = mapped_column(default=0)
