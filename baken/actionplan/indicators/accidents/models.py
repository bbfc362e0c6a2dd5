"""Tables of accidents. No name stands in any of them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.indicators.accidents.figures import Category, Facts, Gravity, Kind
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class Accident(OrganisationOwned, Editable, Base):
    """An accident, or several without incapacity, as it is known today."""

    __tablename__ = "accident"
    __table_args__ = (
        CheckConstraint("days_lost >= 0", name="days_not_negative"),
        CheckConstraint("n >= 1", name="n_from_one"),
        Index("ix_accident_organisation_id_happened_on", "organisation_id", "happened_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    happened_on: Mapped[date]
    kind: Mapped[Kind] = mapped_column(Name(Kind))
    gravity: Mapped[Gravity] = mapped_column(Name(Gravity))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    days_lost: Mapped[int] = mapped_column(default=0)
    is_back: Mapped[bool] = mapped_column(default=True)
    percent: Mapped[float | None]
    loss: Mapped[int | None]
    n: Mapped[int] = mapped_column(default=1)
    category: Mapped[Category | None] = mapped_column(Name(Category))
    is_struck: Mapped[bool] = mapped_column(default=False)

    @property
    def facts(self) -> Facts:
        return Facts(**{name: getattr(self, name) for name in Facts.__dataclass_fields__})


class AccidentHours(OrganisationOwned, Editable, Base):
    """Hours worked in a year, in an establishment or (without one) in the whole organisation."""

    __tablename__ = "accident_hours"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "unit_id", name="uq_accident_hours"),
        CheckConstraint("hours >= 0", name="hours_not_negative"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    year: Mapped[int]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    hours: Mapped[float]
    is_estimate: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(300), default="")
    by_category: Mapped[dict[str, float]] = mapped_column(Json, default=dict)


class AccidentDraft(OrganisationOwned, Base):
    """The day on which the annual report of a year was drawn up: its figures stand from then on."""

    __tablename__ = "accident_draft"
    __table_args__ = (UniqueConstraint("organisation_id", "year", name="uq_accident_draft_year"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    year: Mapped[int]
    drafted_on: Mapped[date]


class AccidentCorrection(OrganisationOwned, Editable, Base):
    """What became known after the report was drawn up: it goes to the committee, not into it."""

    __tablename__ = "accident_correction"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    accident_id: Mapped[UUID] = mapped_column(ForeignKey("accident.id"), index=True)
    place: Mapped[int]  # from 1, in the order of the accident's corrections
    corrected_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    # As the report counted it; empty for one that nobody knew of by then.
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    told_on: Mapped[date | None]
