"""One row of a file with references, and what makes a whole file unusable.

The same columns for `baken analyse --reference` and for the pages: what one takes, the other takes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.references.reference import ScaleReference, check_reference
from baken.instruments.definition import Instrument

COLUMNS: Final = ("scale", "mean", "sd", "n", "source", "year", "population", "format")

FIRST_YEAR: Final = 1900
MOST_SOURCE: Final = 300
"""Signs that a source or a population may have."""

MOST_ERRORS: Final = 50
"""Wrong rows after which nobody reads on: it is another file."""

_DECIMAL: Final = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,17})?|nan", re.IGNORECASE)
_SAID: Final = 40
_DASHES: Final = str.maketrans("–—−", "---", " ")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be taken; `error` says why."""

    row: int
    error: UnusableReference


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What the rows of a file say: what can be taken, and every row that cannot."""

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
    for number, cells in rows:
        try:
            reference = read_row(cells, instrument, this_year=this_year)
            _check_first(reference, found)
        except UnusableReference as error:
            errors.append(RowError(number, error))
            if len(errors) == MOST_ERRORS:
                break
        else:
            found[reference.scale] = reference
    if not found and not errors:
        raise UnusableReference(
            "analysis.reference_none", "There is no reference. Give every scale a row of its own."
        )
    return ReadRows(tuple(found.values()), tuple(errors))


def read_row(cells: Cells, instrument: Instrument, *, this_year: int) -> ScaleReference:
    """Return the reference of a row, or raise `UnusableReference` with what is wrong in it."""
    figures = Reference(
        _number("mean", cells["mean"]),
        _number("sd", cells["sd"]),
        _whole("n", cells["n"]) if cells["n"] else None,
    )
    reference = ScaleReference(
        scale=cells["scale"],
        figures=figures,
        source=cells["source"],
        year=_whole("year", cells["year"]),
        population=cells["population"],
        format=same_format(cells["format"]),
    )
    check_reference(reference, instrument)
    check_told(reference, this_year=this_year)
    return reference


def same_format(text: str) -> str:
    """Return a range of answers as `answers_of` writes it, whatever dash stands in it."""
    parts = re.split(r"\s+(?:and|en|et|und)\s+", text.strip())
    return " and ".join(part.translate(_DASHES).replace(" ", "") for part in parts)


def check_told(reference: ScaleReference, *, this_year: int) -> None:
    """Raise `UnusableReference` for a year nobody can mean, or for words without an end."""
    if not FIRST_YEAR <= reference.year <= this_year:
        raise UnusableReference(
            "analysis.reference_year",
            "The year {year} lies in the future or too far back. Give the year in which the "
            "answers of the reference were given.",
            year=str(reference.year),
        )
    if max(len(reference.source), len(reference.population)) > MOST_SOURCE:
        raise UnusableReference(
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


def _check_first(reference: ScaleReference, found: Mapping[str, ScaleReference]) -> None:
    if reference.scale in found:
        raise UnusableReference(
            "analysis.reference_twice",
            "{scale} stands in the file already.",
            scale=reference.scale,
        )


def _number(column: str, text: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise UnusableReference(
            "analysis.reference_number",
            "{column} “{text}” is not a number with a decimal point.",
            column=column,
            text=text[:_SAID],
        )
    return float(text)


def _whole(column: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise UnusableReference(
            "analysis.reference_whole",
            "{column} “{text}” is not a whole number.",
            column=column,
            text=text[:_SAID],
        )
    return int(text)
