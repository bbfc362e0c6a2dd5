"""The table of findings."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.findings.rules import Factor
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class Finding(OrganisationOwned, Editable, Base):
    """A statement about one released cell; its figures are copied and never change."""

    __tablename__ = "finding"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), index=True)
    # The unit as the release names it (or ALL), and the unit as it lives on (none for ALL).
    unit_key: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    scale: Mapped[str] = mapped_column(String(80))
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    factor: Mapped[Factor] = mapped_column(Name(Factor))
    statement: Mapped[str] = mapped_column(Text)
    employer_has_impact: Mapped[bool]
    impact_motivation: Mapped[str] = mapped_column(Text)
    objective_danger: Mapped[bool]
    danger_motivation: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date]
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )
