"""A file of figures or of people: looked at, then written as sums, and taken back when wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.actions import value_columns
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.importing.cells import RowError
from baken.actionplan.indicators.importing.columns import (
    Content,
    columns_of,
    kept_of,
)
from baken.actionplan.indicators.importing.counting import Count, count_absences, count_leavers
from baken.actionplan.indicators.importing.reading import (
    Units,
    by_series,
    read_figures,
    read_spells,
)
from baken.actionplan.indicators.importing.undoing import as_json, place_of
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.models import (
    IndicatorImport,
    IndicatorMapping,
    IndicatorSeries,
    IndicatorValue,
)
from baken.actionplan.indicators.periods import Span, spans_between
from baken.actionplan.indicators.queries import list_imports
from baken.actionplan.indicators.rules import Figure
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.history import Tree
from baken.organisation.structure.trees import load_tree
from baken.storage.audit import record
from baken.storage.session import Session
from baken.survey.box.importing.files import Table, read_table
from baken.survey.errors import CannotImport

MOST_PERIODS: Final = 60
_NOTHING_BELOW: Final = "survey.import_no_lines"


@dataclass(frozen=True, slots=True)
class Asked:
    """A file and what somebody said about it; `first` and `last` are days that it covers."""

    content: Content
    data: bytes
    chosen: Mapping[int, str]
    period: PeriodKind = PeriodKind.MONTH
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """What a series is called that a file brings for the first time."""

    name: str
    definition: str
    source: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: figures by series, and rows that are not taken."""

    figures: Mapping[tuple[str, PeriodKind], tuple[Figure, ...]]
    errors: tuple[RowError, ...]
    n_lines: int
    columns: Mapping[str, str]  # heads to what they are, as it is kept
    count: Count | None = None
    names: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def n_figures(self) -> int:
        return sum(map(len, self.figures.values()))


def open_table(data: bytes) -> Table:
    """Read a file of figures or people; raises what says why it cannot be read."""
    try:
        return read_table(data)
    except CannotImport as error:
        if error.key != _NOTHING_BELOW:
            raise
        raise Invalid(
            "series.import_empty",
            "The file has names of columns, but nothing below them. Nothing was imported.",
        ) from error


def kept_columns(session: Session, content: Content) -> dict[str, str]:
    """Return what the columns of the last file of a kind were."""
    row = _mapping(session, content)
    return dict(row.columns) if row else {}


def preview_import(session: Session, asked: Asked, *, by: Actor, today: date) -> Preview:
    """Return what a file would bring; nothing is written, and no line of it is kept."""
    require(by, Action.EDIT_INDICATORS)
    table = open_table(asked.data)
    columns = columns_of(table, asked.content, asked.chosen)
    kept = kept_of(table, columns)
    tree = load_tree(session)
    units = Units.of(tree)
    names = {unit.id: unit.newest.name for unit in tree.values()}
    if asked.content is Content.FIGURES:
        read, errors = read_figures(table, columns, units, today=today)
        figures = {key: tuple(rows) for key, rows in by_series(read).items()}
        return Preview(figures, tuple(errors), len(table.lines), kept, names=names)
    spans = _spans(asked, today=today)
    spells, errors = read_spells(table, columns, units, today=today)
    count = _count(asked, spells, spans, tree)
    found: dict[tuple[str, PeriodKind], list[Figure]] = {}
    for one in count.figures:
        found.setdefault((one.kind, asked.period), []).append(one.figure)
    figures = {key: tuple(rows) for key, rows in found.items()}
    return Preview(figures, tuple(errors), len(table.lines), kept, count, names)


def confirm_import(
    session: Session,
    asked: Asked,
    names: Mapping[str, Name],
    *,
    leaves_out: bool = False,
    by: Actor,
    today: date,
) -> IndicatorImport:
    """Write the figures of a file; figures of the same unit and period are replaced.

    Parameters
    ----------
    names : mapping
        Kind to what its series is called where there is none yet.
    leaves_out : bool
        Whether somebody accepted that rows with an error are left out.
    """
    preview = preview_import(session, asked, by=by, today=today)
    if preview.errors and not leaves_out:
        raise Invalid(
            "series.import_errors",
            "{n} rows are not taken. Mend the file and choose it again, or say that the other rows "
            "are enough.",
            n=len(preview.errors),
        )
    if not preview.n_figures:
        raise Invalid("series.import_nothing", "No figure could be taken from the file.")
    row = IndicatorImport(
        number=1 + max((one.number for one in list_imports(session)), default=0),
        content=asked.content,
        done_on=today,
        done_by=by.person_id,
        n_lines=preview.n_lines,
        n_values=preview.n_figures,
        replaced=[],
    )
    session.add(row)
    session.flush()
    replaced: list[dict[str, Any]] = []
    for (kind, period), figures in preview.figures.items():
        series = _series(session, kind, period, names[kind])
        replaced += _put(session, series, figures, row, today=today)
    row.replaced = replaced
    _keep_columns(session, asked.content, preview.columns)
    session.flush()
    record(session, "indicator.imported", by=by.person_id, subject=f"indicator_import:{row.id}",
           facts={"lines": row.n_lines, "values": row.n_values})  # fmt: skip
    return row


def _spans(asked: Asked, *, today: date) -> tuple[Span, ...]:
    if asked.first is None or asked.last is None or asked.last < asked.first:
        raise Invalid(
            "series.import_days_missing",
            "Say from which day until which day the file tells everything: a unit without a line "
            "has nobody absent then.",
        )
    spans = spans_between(asked.period, asked.first, asked.last)
    if len(spans) > MOST_PERIODS:
        raise Invalid(
            "series.import_long",
            "That is more than {most} periods. Choose fewer, or longer periods.",
            most=MOST_PERIODS,
        )
    if spans[0].from_on != asked.first or spans[-1].until_on != asked.last:
        raise Invalid(
            "series.import_days_odd",
            "The days that the file covers begin and end with a whole month, quarter or year: from "
            "{first} to {last}.",
            first=spans[0].from_on,
            last=spans[-1].until_on,
        )
    if asked.last > today:
        raise Invalid(
            "series.import_days_ahead",
            "The file covers days after today. Choose the last period that is over.",
        )
    return spans


def _count(asked: Asked, spells: Sequence[Any], spans: Sequence[Span], tree: Tree) -> Count:
    heads = Heads(tree)

    @cache
    def above(unit_id: UUID, on: date) -> tuple[UUID, ...]:
        parents = heads.parents(on)
        found, at = [unit_id], parents.get(unit_id)
        while at is not None:
            found.append(at)
            at = parents.get(at)
        return tuple(found)

    if asked.content is Content.STAFF:
        named = {(one.unit_id, span.until_on) for one in spells for span in spans}
        places = {(place, on) for unit, on in named for place in above(unit, on)}
        return count_leavers(spells, spans, above=above, units=_own_places(heads, places))
    # A unit without a line has nobody absent: nought is its figure.
    there = {(unit, span.until_on) for span in spans for unit in heads.parents(span.until_on)}
    units = _own_places(heads, there)
    return count_absences(
        spells, spans, asked.period, above=above, people=heads.people, units=units
    )


def _own_places(heads: Heads, places: Iterable[tuple[UUID, date]]) -> list[UUID]:
    """Return the units of some days, without the one that is the whole organisation."""
    return sorted({unit for unit, on in places if heads.place(unit, on)}, key=str)


def _series(session: Session, kind: str, period: PeriodKind, name: Name) -> IndicatorSeries:
    asked = select(IndicatorSeries).where(
        IndicatorSeries.kind == kind, IndicatorSeries.period == period
    )
    found = session.scalars(asked.order_by(IndicatorSeries.id)).first()
    if found is None:
        found = IndicatorSeries(
            kind=kind,
            period=period,
            better=KINDS[kind].better,
            name=_free_name(session, name.name),
            definition=name.definition,
            source=name.source,
        )
        session.add(found)
        session.flush()
    return found


def _free_name(session: Session, name: str) -> str:
    taken = {*session.scalars(select(IndicatorSeries.name))}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _put(
    session: Session,
    series: IndicatorSeries,
    figures: Sequence[Figure],
    row: IndicatorImport,
    *,
    today: date,
) -> list[dict[str, Any]]:
    """Write figures; return what stood there before."""
    standing = {
        place_of(one): one
        for one in session.scalars(
            select(IndicatorValue).where(IndicatorValue.series_id == series.id)
        )
    }
    replaced = []
    for figure in figures:
        old = standing.get((series.id, figure.unit_id, figure.span.from_on))
        if old is not None:
            replaced.append(as_json(old))
            session.delete(old)
    session.flush()
    session.add_all(
        IndicatorValue(
            series_id=series.id,
            entered_on=today,
            import_id=row.id,
            **value_columns(series, figure),
        )
        for figure in figures
    )
    session.flush()
    return replaced


def _mapping(session: Session, content: Content) -> IndicatorMapping | None:
    asked = select(IndicatorMapping).where(IndicatorMapping.content == content)
    return session.scalars(asked).one_or_none()


def _keep_columns(session: Session, content: Content, columns: Mapping[str, str]) -> None:
    row = _mapping(session, content)
    if row is None:
        session.add(IndicatorMapping(content=content, columns=dict(columns)))
    else:
        row.columns = dict(columns)
