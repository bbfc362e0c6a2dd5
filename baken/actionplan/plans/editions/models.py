"""The table of adopted editions."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Connection, ForeignKey, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Json


class PlanEdition(OrganisationOwned, Base):
    """A plan as it was adopted: everything it said that day, never changed afterwards."""

    __tablename__ = "plan_edition"
    __table_args__ = (
        UniqueConstraint("global_plan_id", "edition"),
        UniqueConstraint("annual_plan_id", "edition"),
        CheckConstraint("(global_plan_id IS NULL) <> (annual_plan_id IS NULL)", name="one_plan"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    global_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("global_plan.id"), index=True)
    annual_plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("annual_plan.id"), index=True)
    edition: Mapped[int]
    adopted_on: Mapped[date]
    adopted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    # What `content` makes of a plan; see there for the keys.
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class EditionRewritten(Exception):
    """Code tried to change or delete an adopted edition: a fault in Baken, not of a user."""


@event.listens_for(PlanEdition, "before_update")
@event.listens_for(PlanEdition, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Connection, _edition: PlanEdition) -> None:
    raise EditionRewritten("An adopted edition stays as it is; adopt a new one instead.")
