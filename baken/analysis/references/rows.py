"""One row of a file with references, and what makes a whole file unusable.

The same columns for `baken analyse --reference` and for the pages: what one takes, the other takes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import MIN_REFERENCE, Reference
from baken.analysis.references.reference import ScaleReference, reference_faults
from baken.instruments.definition import Instrument

COLUMNS: Final = ("scale", "mean", "sd", "n", "source", "year", "population", "format")

FIRST_YEAR: Final = 1900
MOST_SOURCE: Final = 300
"""Signs that a source or a population may have."""

MOST_ERRORS: Final = 50
"""Faults after which nobody reads on: it is another file."""

_DECIMAL: Final = re.compile(r"-?[0-9]{1,6}([.,][0-9]{1,17})?|nan", re.IGNORECASE)
"""With a point or, as a spreadsheet in Dutch, French or German writes it, a comma."""
_SAID: Final = 40
_DASHES: Final = str.maketrans("–—−", "---", " ")

Cells = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault of a row that cannot be taken; `error` says which."""

    row: int
    error: UnusableReference


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What the rows of a file say: what can be taken, and every fault of those that cannot."""

    references: tuple[ScaleReference, ...]
    errors: tuple[RowError, ...]


def read_rows(
    rows: Iterable[tuple[int, Cells]], instrument: Instrument, *, this_year: int
) -> ReadRows:
    """Read the rows of a file, numbered as a spreadsheet numbers them; a scale stands in one row.

    Raises
    ------
    UnusableReference
        There is no row at all.
    """
    found: dict[str, ScaleReference] = {}
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, cells in rows:
        reference, faults = _look_at(cells, instrument, this_year=this_year)
        if reference.scale in seen:
            faults.append(_twice(reference.scale))
        seen.add(reference.scale)
        if not faults:
            found[reference.scale] = reference
        errors += (RowError(number, fault) for fault in faults)
        if len(errors) >= MOST_ERRORS:
            break
    if not found and not errors:
        raise UnusableReference(
            "analysis.reference_none", "There is no reference. Give every scale a row of its own."
        )
    return ReadRows(tuple(found.values()), tuple(errors))


def read_row(cells: Cells, instrument: Instrument, *, this_year: int) -> ScaleReference:
    """Return the reference of a row, or raise `UnusableReference` with what is wrong first."""
    reference, faults = _look_at(cells, instrument, this_year=this_year)
    if faults:
        raise faults[0]
    return reference


def _look_at(
    cells: Cells, instrument: Instrument, *, this_year: int
) -> tuple[ScaleReference, list[UnusableReference]]:
    """Return the reference of a row and everything that is wrong with it.

    A number that cannot be read stands as one that fits, so that the others are looked at too.
    """
    faults: list[UnusableReference] = []

    def read(column: str, reader: Callable[[str, str], T], otherwise: T) -> T:
        try:
            return reader(column, cells[column])
        except UnusableReference as fault:
            faults.append(fault)
            return otherwise

    reference = ScaleReference(
        scale=cells["scale"],
        figures=Reference(
            read("mean", _number, 50.0),
            read("sd", _number, 20.0),
            read("n", _whole, MIN_REFERENCE) if cells["n"] else None,
        ),
        source=cells["source"],
        year=read("year", _whole, this_year),
        population=cells["population"],
        format=same_format(cells["format"]),
    )
    faults += reference_faults(reference, instrument)
    faults += _told_faults(reference, this_year=this_year)
    return reference, faults


def same_format(text: str) -> str:
    """Return a range of answers as `answers_of` writes it, whatever dash stands in it."""
    parts = re.split(r"\s+(?:and|en|et|und)\s+", text.strip())
    return " and ".join(part.translate(_DASHES).replace(" ", "") for part in parts)


def check_told(reference: ScaleReference, *, this_year: int) -> None:
    """Raise `UnusableReference` for a year nobody can mean, or for words without an end."""
    for fault in _told_faults(reference, this_year=this_year):
        raise fault


def _told_faults(reference: ScaleReference, *, this_year: int) -> Iterator[UnusableReference]:
    if not FIRST_YEAR <= reference.year <= this_year:
        yield UnusableReference(
            "analysis.reference_year",
            "The year {year} lies in the future or too far back. Give the year in which the "
            "answers of the reference were given.",
            year=str(reference.year),
        )
    if max(len(reference.source), len(reference.population)) > MOST_SOURCE:
        yield UnusableReference(
            "analysis.reference_long",
            "Source and population of the reference of {scale} may each have {limit} signs.",
            scale=reference.scale,
            limit=MOST_SOURCE,
        )


def check_columns(header: Sequence[str]) -> None:
    """Raise `UnusableReference` when a column is missing or stands there twice."""
    wrong = [column for column in COLUMNS if header.count(column) != 1]
    if wrong:
        raise UnusableReference(
            "analysis.reference_columns",
            "The first row has to name each of these columns once: {columns}. Look at {wrong}.",
            columns=", ".join(COLUMNS),
            wrong=", ".join(wrong),
        )


def _twice(scale: str) -> UnusableReference:
    return UnusableReference(
        "analysis.reference_twice", "{scale} stands in the file already.", scale=scale
    )


def _number(column: str, text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise UnusableReference(
            "analysis.reference_number",
            "{column} “{text}” is not a number such as 48.5.",
            column=column,
            text=text[:_SAID],
        )
    return float(text.replace(",", "."))


def _whole(column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UnusableReference(
            "analysis.reference_whole",
            "{column} “{text}” is not a whole number.",
            column=column,
            text=text[:_SAID],
        )
    return int(text)
