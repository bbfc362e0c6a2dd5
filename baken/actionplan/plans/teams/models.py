"""Tables of the plans of teams and of what is said about them each month."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.plans.teams.rules import Proportion
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Name


class TeamPlan(OrganisationOwned, Editable, Base):
    """What a year's plan holds for one unit, weighed against its findings, and looked at again."""

    __tablename__ = "team_plan"
    __table_args__ = (UniqueConstraint("annual_plan_id", "unit_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    annual_plan_id: Mapped[UUID] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    # Whether the measures are enough for what was found there.
    proportion: Mapped[Proportion | None] = mapped_column(Name(Proportion))
    proportion_text: Mapped[str] = mapped_column(Text, default="")
    weighed_on: Mapped[date | None]
    weighed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    # The plan that follows, a year later.
    follow_up: Mapped[str] = mapped_column(Text, default="")
    followed_up_on: Mapped[date | None]


class TeamItem(OrganisationOwned, Base):
    """What a team said about its plan at one meeting; written once."""

    __tablename__ = "team_item"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    team_plan_id: Mapped[UUID] = mapped_column(ForeignKey("team_plan.id"), index=True)
    held_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
