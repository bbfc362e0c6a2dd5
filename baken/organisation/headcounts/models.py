"""The figures of a year, as the personnel register gives them."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.headcounts.rules import Employer, Quarter
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class HeadcountYear(OrganisationOwned, Editable, Base):
    """Four quarters of days and hours, and what decides on the prevention group."""

    __tablename__ = "headcount_year"
    __table_args__ = (UniqueConstraint("organisation_id", "year", name="uq_headcount_year"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    year: Mapped[int]
    # full_days, part_days, trainee_hours, people: one of each for a quarter
    quarters: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    activity: Mapped[str] = mapped_column(String(40))
    is_own_adviser: Mapped[bool] = mapped_column(default=False)
    has_training: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(300), default="")

    @property
    def told(self) -> tuple[Quarter, ...]:
        return tuple(Quarter(**one) for one in self.quarters)

    @property
    def employer(self) -> Employer:
        return Employer(self.activity, self.is_own_adviser, self.has_training)
