"""Reading series: as they were entered, and as readers may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import NotFound
from baken.actionplan.indicators.all_figures import Books
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.kinds import KINDS, SeriesKind
from baken.actionplan.indicators.models import (
    IndicatorCorrection,
    IndicatorImport,
    IndicatorSeries,
    IndicatorValue,
)
from baken.actionplan.indicators.periods import Span
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of one unit (None: the whole organisation) in one period.

    `figure` and the sums are None where readers see nothing of it.
    """

    id: UUID
    version: int
    unit_id: UUID | None
    span: Span
    figure: float | None
    numerator: float | None
    denominator: float | None
    people: int | None
    entered_on: date
    is_imported: bool

    @property
    def is_hidden(self) -> bool:
        return self.figure is None


def kind_of(series: IndicatorSeries) -> SeriesKind:
    """Return the kind of a series."""
    return KINDS[series.kind]


def get_series(session: Session, series_id: UUID) -> IndicatorSeries:
    """Return a series of this organisation or raise `NotFound`."""
    found = session.get(IndicatorSeries, series_id)
    if found is None:
        raise NotFound("series.not_found", "This indicator does not exist here.")
    return found


def list_series(session: Session) -> list[IndicatorSeries]:
    """Return every series, in the order of their kinds, then by name."""
    order = {key: place for place, key in enumerate(KINDS)}
    rows = session.scalars(select(IndicatorSeries)).all()
    return sorted(rows, key=lambda row: (order[row.kind], row.name.casefold()))


def get_value(session: Session, value_id: UUID) -> IndicatorValue:
    """Return a figure of this organisation or raise `NotFound`."""
    found = session.get(IndicatorValue, value_id)
    if found is None:
        raise NotFound("series.no_value", "This figure does not exist here.")
    return found


def list_values(session: Session, series_ids: Iterable[UUID]) -> list[IndicatorValue]:
    """Return the figures of some series as they were entered, oldest first."""
    asked = select(IndicatorValue).where(IndicatorValue.series_id.in_([*series_ids]))
    return list(session.scalars(asked.order_by(IndicatorValue.from_on, IndicatorValue.id)))


def list_imports(session: Session) -> list[IndicatorImport]:
    """Return the files that were read in, the last one first."""
    asked = select(IndicatorImport).order_by(IndicatorImport.number.desc(), IndicatorImport.id)
    return list(session.scalars(asked))


def list_corrections(
    session: Session, series: IndicatorSeries, *, by: Actor
) -> list[IndicatorCorrection]:
    """Return what figures were before they were corrected, the last one first."""
    require(by, Action.EDIT_INDICATORS)
    asked = select(IndicatorCorrection).where(IndicatorCorrection.series_id == series.id)
    newest = (IndicatorCorrection.corrected_on.desc(), IndicatorCorrection.id)
    return list(session.scalars(asked.order_by(*newest)))


def entered_points(session: Session, series: IndicatorSeries, *, by: Actor) -> list[Point]:
    """Return the figures as they were entered, for those who enter them."""
    require(by, Action.EDIT_INDICATORS)
    heads = Heads(load_tree(session))
    return [_point(row, heads, is_hidden=False) for row in list_values(session, [series.id])]


def shown_points(
    session: Session, series: Sequence[IndicatorSeries], *, by: Actor
) -> dict[UUID, list[Point]]:
    """Return the figures of some series as everybody may see them, by series."""
    require(by, Action.SEE_INDICATORS)
    return protected_points(session, series, Heads(load_tree(session)))


def protected_points(
    session: Session, series: Sequence[IndicatorSeries], heads: Heads
) -> dict[UUID, list[Point]]:
    """Return the figures of some series without those of small groups; whoever asks has asked."""
    books = Books.load(session, heads)
    found: dict[UUID, list[Point]] = {row.id: [] for row in series}
    for (series_id, span), rows in books.by_period.items():
        if series_id in found:
            hidden = books.hidden(series_id, span)
            found[series_id].extend(
                _point(row, heads, is_hidden=row.unit_id in hidden) for row in rows
            )
    return found


def people_behind(row: IndicatorValue, heads: Heads) -> int | None:
    return row.people if row.people is not None else heads.people(row.unit_id, row.until_on)


def _point(row: IndicatorValue, heads: Heads, *, is_hidden: bool) -> Point:
    return Point(
        id=row.id,
        version=row.version,
        unit_id=row.unit_id,
        span=Span(row.from_on, row.until_on),
        figure=None if is_hidden else row.figure,
        numerator=None if is_hidden else row.numerator,
        denominator=None if is_hidden else row.denominator,
        people=people_behind(row, heads),
        entered_on=row.entered_on,
        is_imported=row.import_id is not None,
    )
