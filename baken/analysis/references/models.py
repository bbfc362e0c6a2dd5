"""References that an organisation keeps: one publication each, with its figures per scale."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class ReferenceSet(OrganisationOwned, Editable, Base):
    """What one publication says about the scales of one questionnaire.

    It is never changed, only retired: a correction is a new one that replaces it. So what stood
    beside results once can still be looked up.
    """

    __tablename__ = "reference_set"
    __table_args__ = (CheckConstraint("year >= 1900", name="year_of_our_time"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    instrument_fingerprint: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(300))
    year: Mapped[int]
    population: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(80))
    sector: Mapped[str] = mapped_column(String(120))
    is_other_country: Mapped[bool]
    is_other_sector: Mapped[bool]
    # Scale to mean, sd, n (null when unknown), format and scoring.
    figures: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)
    entered_on: Mapped[date]
    entered_by: Mapped[UUID]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("reference_set.id"))
    retired_on: Mapped[date | None]
    retired_by: Mapped[UUID | None]

    @property
    def is_retired(self) -> bool:
        """Whether nothing is compared with it any more."""
        return self.retired_on is not None

    @property
    def questionnaire(self) -> str:
        return f"{self.instrument_key} {self.instrument_version}"
