"""Tables of findings and of what they rest on."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.rules import EvidenceKind
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class Finding(OrganisationOwned, Editable, Base):
    """A statement about work; where it starts from a released cell, its figures never change.

    One that starts elsewhere has no release, no scale and no figures: what it rests on stands in
    its evidence.
    """

    __tablename__ = "finding"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    release_id: Mapped[UUID | None] = mapped_column(ForeignKey("release.id"), index=True)
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
    # "A2.7": what of the A; empty where nobody said. A group that is no unit has a name.
    sub_factor: Mapped[str] = mapped_column(String(8), default="")
    group_name: Mapped[str] = mapped_column(String(200), default="")
    domains: Mapped[list[str]] = mapped_column(Json, default=list)
    found_on: Mapped[date]
    found_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    risk_analysis_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("risk_analysis.id"), index=True
    )


class Evidence(OrganisationOwned, Base):
    """What a finding rests on besides its figures; written once, never changed."""

    __tablename__ = "evidence"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(Name(EvidenceKind))
    # The sheet or talk it comes from, in whichever table the kind says.
    source_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    seen_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
