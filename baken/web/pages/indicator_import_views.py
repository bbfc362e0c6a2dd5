"""What the pages of a file of indicators say: what columns can be, and what the file brings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.importing.actions import Preview
from baken.actionplan.indicators.importing.columns import OwnColumn, kind_in, own_series
from baken.actionplan.indicators.importing.writing import Name
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.survey.box.importing.files import Column, Table
from baken.web.pages.indicator_views import said_figure, said_period
from baken.web.texts import Catalogue

SHOWN: Final = 100
"""Of a list no more lines are shown; all of them are counted."""
UNFOLDED: Final = 8
"""So many of them stand open; the others are a click away."""


def said_column(column: Column, texts: Catalogue) -> str:
    """A column as a spreadsheet calls it, and what stands above it."""
    return texts.labelled(column.letters, column.head) if column.head else column.letters


def column_rows(
    table: Table, chosen: Mapping[int, str], texts: Catalogue
) -> list[tuple[int, str, str]]:
    """The columns of a file by their place, and what each was chosen to be."""
    return [
        (one.place, said_column(one, texts), chosen.get(one.place, "")) for one in table.columns
    ]


def said_target(name: str, texts: Catalogue, own: Sequence[OwnColumn] = ()) -> str:
    """What a column can be, in words."""
    said = {one.target: one.name for one in own}
    if name in said:
        return said[name]
    kind, sign, part = name.partition(":")
    if not sign:
        return texts(f"series.place_{name}")
    if not KINDS[kind].is_fraction:
        return texts(f"series.kind_{kind}")
    if part == "outcome":
        return texts("series.part_outcome", kind=texts(f"series.kind_{kind}"))
    what = texts(f"series.{part}_{kind}")
    return texts("series.part", kind=texts(f"series.kind_{kind}"), what=what)


def series_names(texts: Catalogue) -> dict[str, Name]:
    """What series are called that a file brings for the first time, as the reader speaks."""
    periods = {period: texts(f"series.per_{period}") for period in PeriodKind}
    return {
        key: Name(
            texts(f"series.kind_{key}"),
            texts(f"series.meaning_{key}"),
            texts("series.from_file"),
            periods,
        )
        for key in KINDS
    }


def figure_rows(preview: Preview, texts: Catalogue) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = []
    for (name, period), figures in preview.figures.items():
        kind, own = kind_in(name).key, own_series(name)
        what = preview.own[own] if own else texts(f"series.kind_{kind}")
        for one in figures[: SHOWN - len(rows)]:
            unit = preview.names[one.unit_id] if one.unit_id else texts("series.whole")
            rows.append(
                (
                    unit,
                    said_period(one.span, period, texts),
                    what,
                    said_figure(one.value(KINDS[kind]), kind, texts),
                )
            )
    return rows


def unit_list(preview: Preview, units: Iterable[UUID]) -> tuple[str, ...]:
    return tuple(sorted(preview.names[unit] for unit in units))
