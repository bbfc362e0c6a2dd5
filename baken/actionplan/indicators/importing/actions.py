"""A file of figures or of people: looked at, then written as sums, and taken back when wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.importing.cells import RowError
from baken.actionplan.indicators.importing.columns import (
    Content,
    OwnColumn,
    columns_of,
    kept_of,
    own_series,
)
from baken.actionplan.indicators.importing.counting import Count, count_absences, count_leavers
from baken.actionplan.indicators.importing.covering import covered
from baken.actionplan.indicators.importing.reading import (
    Units,
    by_series,
    read_figures,
    read_spells,
)
from baken.actionplan.indicators.importing.writing import Name, put_figures, series_for
from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.models import IndicatorImport, IndicatorMapping
from baken.actionplan.indicators.periods import Span, spans_between
from baken.actionplan.indicators.queries import get_series, list_imports, list_series
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
    """A file and what somebody said about it; `first` and `last` are days that it covers.

    `is_complete` says that of a unit without a line there is nobody to speak of.
    """

    content: Content
    data: bytes
    chosen: Mapping[int, str]
    period: PeriodKind = PeriodKind.MONTH
    first: date | None = None
    last: date | None = None
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: figures by series, and rows that are not taken."""

    figures: Mapping[tuple[str, PeriodKind], tuple[Figure, ...]]
    errors: tuple[RowError, ...]
    n_lines: int
    columns: Mapping[str, str]  # heads to what they are, as it is kept
    count: Count | None = None
    names: Mapping[UUID, str] = field(default_factory=dict)
    own: Mapping[UUID, str] = field(default_factory=dict)  # names of series of its own

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


def own_columns(session: Session) -> list[OwnColumn]:
    """Return the series of the organisation's own that a file may bring figures of."""
    rows = (row for row in list_series(session) if row.kind == "own")
    return [OwnColumn(row.id, row.name, row.period) for row in rows]


def preview_import(session: Session, asked: Asked, *, by: Actor, today: date) -> Preview:
    """Return what a file would bring; nothing is written, and no line of it is kept."""
    require(by, Action.EDIT_INDICATORS)
    table = open_table(asked.data)
    own = own_columns(session)
    columns = columns_of(table, asked.content, asked.chosen, own)
    kept = kept_of(table, columns)
    tree = load_tree(session)
    units = Units.of(tree)
    names = {unit.id: unit.newest.name for unit in tree.values()}
    if asked.content is Content.FIGURES:
        periods = {one.kind: one.period for one in own}
        read, errors = read_figures(table, columns, units, today=today, periods=periods)
        figures = {key: tuple(rows) for key, rows in by_series(read).items()}
        named = {one.series_id: one.name for one in own}
        return Preview(figures, tuple(errors), len(table.lines), kept, names=names, own=named)
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
    _write_figures(session, preview, names, row, today=today)
    _keep_columns(session, asked.content, preview.columns)
    session.flush()
    record(session, "indicator.imported", by=by.person_id, subject=f"indicator_import:{row.id}",
           facts={"lines": row.n_lines, "values": row.n_values})  # fmt: skip
    return row


def _write_figures(
    session: Session,
    preview: Preview,
    names: Mapping[str, Name],
    row: IndicatorImport,
    *,
    today: date,
) -> None:
    replaced: list[dict[str, Any]] = []
    known = {one.id for one in list_series(session)}
    began: list[str] = []
    for (kind, period), figures in preview.figures.items():
        own = own_series(kind)
        if own is None:
            series = series_for(session, kind, period, names[kind])
        else:
            series = get_series(session, own)
        if series.id not in known:
            began.append(str(series.id))
        replaced += put_figures(session, series, figures, row, today=today)
    row.replaced, row.began = replaced, began


def _spans(asked: Asked, *, today: date) -> tuple[Span, ...]:
    if asked.first is None or asked.last is None or asked.last < asked.first:
        raise Invalid(
            "series.import_days_missing",
            "Say from which day until which day the file tells everything.",
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

    told = {one.unit_id for one in spells}
    without = {}
    if not asked.is_complete:
        without = {span: covered(heads, told, span.until_on) for span in spans}
    if asked.content is Content.STAFF:
        named = {(one.unit_id, span.until_on) for one in spells for span in spans}
        places = {(place, on) for unit, on in named for place in above(unit, on)}
        units = _own_places(heads, places)
        return count_leavers(spells, spans, above=above, units=units, without=without)
    there = {(unit, span.until_on) for span in spans for unit in heads.parents(span.until_on)}
    units = _own_places(heads, there)
    return count_absences(
        spells,
        spans,
        asked.period,
        above=above,
        people=heads.people,
        units=units,
        without=without,
    )


def _own_places(heads: Heads, places: Iterable[tuple[UUID, date]]) -> list[UUID]:
    """Return the units of some days, without the one that is the whole organisation."""
    return sorted({unit for unit, on in places if heads.place(unit, on)}, key=str)


def _mapping(session: Session, content: Content) -> IndicatorMapping | None:
    asked = select(IndicatorMapping).where(IndicatorMapping.content == content)
    return session.scalars(asked).one_or_none()


def _keep_columns(session: Session, content: Content, columns: Mapping[str, str]) -> None:
    row = _mapping(session, content)
    if row is None:
        session.add(IndicatorMapping(content=content, columns=dict(columns)))
    else:
        row.columns = dict(columns)
