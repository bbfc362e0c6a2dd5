"""Tables of indicators: series, their values, and how files of them came in. Sums, never people."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.types import Better
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name


class IndicatorSeries(OrganisationOwned, Editable, Base):
    """Something that is followed, with where it comes from and how it is defined."""

    __tablename__ = "indicator_series"
    __table_args__ = (UniqueConstraint("organisation_id", "name", name="uq_indicator_series_name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    period: Mapped[PeriodKind] = mapped_column(Name(PeriodKind))
    better: Mapped[Better] = mapped_column(Name(Better))
    target: Mapped[float | None]
    target_on: Mapped[date | None]


class IndicatorImport(OrganisationOwned, Base):
    """A file that was read in: what it brought can be taken back. Neither file nor name is kept."""

    __tablename__ = "indicator_import"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int]  # 1 for the first file: without a name it is how people tell them apart
    content: Mapped[str] = mapped_column(String(20))  # kind of file
    done_on: Mapped[date]
    done_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    n_lines: Mapped[int]
    n_values: Mapped[int]
    # Values that it replaced, for the way back.
    replaced: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Series that it was the first to fill: taken back with it while nothing else stands in them.
    began: Mapped[list[str]] = mapped_column(Json, default=list)
    undone_on: Mapped[date | None]


class IndicatorValue(OrganisationOwned, Editable, Base):
    """One figure of one unit (or of the whole) in one period, as the sums it is made of."""

    __tablename__ = "indicator_value"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period_forward"),
        CheckConstraint("denominator > 0", name="denominator_positive"),
        Index("ix_indicator_value_series_id_from_on", "series_id", "from_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("indicator_series.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    # Either both sums, or the figure alone where nothing else is known.
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    figure: Mapped[float]
    people: Mapped[int | None]  # how many stood behind it, when the file said so
    entered_on: Mapped[date]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("indicator_import.id"), index=True)


class IndicatorCorrection(OrganisationOwned, Base):
    """What a figure was before somebody changed it or took it away by hand, and why."""

    __tablename__ = "indicator_correction"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("indicator_series.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    figure: Mapped[float]
    people: Mapped[int | None]
    entered_on: Mapped[date]  # when the old figure was
    is_removed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    corrected_on: Mapped[date]
    corrected_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class IndicatorMapping(OrganisationOwned, Editable, Base):
    """How the columns of the last file of a kind were read; heads of columns, nothing below."""

    __tablename__ = "indicator_mapping"
    __table_args__ = (
        UniqueConstraint("organisation_id", "content", name="uq_indicator_mapping_content"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    content: Mapped[str] = mapped_column(String(20))
    columns: Mapped[dict[str, str]] = mapped_column(Json)
