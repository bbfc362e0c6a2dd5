"""What stands in a field: what Baken knew, what a person wrote, and why they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.actionplan.annualreport.applying import is_empty
from baken.actionplan.annualreport.form import FIGURES, Column, ColumnKind, Field
from baken.actionplan.indicators.yearly import FormType
from baken.analysis.methods.rates import frequency_rate, severity_rate

Row = Mapping[str, Any]

BY_GRAVITY: Final = ("fatal", "permanent", "temporary")


@dataclass(frozen=True, slots=True)
class Unsure:
    """Why a count is not offered: the records do not cover the year.

    `n` of that year stand here; records are kept here since `since`, None: nobody began. Of
    quarterly tables `quarters` are those that nobody filled in.
    """

    n: int
    since: date | None = None
    quarters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A value that Baken knows.

    `origin` names where from (a key of the texts), `path` is the page inside the organisation where
    it is kept; empty: nowhere to go. With `unsure` there is no value: a part of a year is no figure
    of the year.
    """

    value: Any
    origin: str
    path: str = ""
    unsure: Unsure | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """What a person wrote, and why it is not what Baken knew."""

    value: Any
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a report: both values and the one that counts."""

    field: Field
    given: Given | None
    entered: Entered | None

    @property
    def value(self) -> Any:
        """What a person wrote goes before what Baken knew."""
        if self.entered is not None:
            return self.entered.value
        return self.given.value if self.given else None

    @property
    def is_empty(self) -> bool:
        return is_empty(self.value)

    @property
    def is_changed(self) -> bool:
        """Whether a person wrote something else than what Baken knew."""
        return (
            self.entered is not None
            and self.given is not None
            and not is_empty(self.given.value)
            and not same(self.field, self.entered.value, self.given.value)
        )


def answers_of(
    fields: Sequence[Field], given: Mapping[str, Given], entered: Mapping[str, Entered]
) -> dict[str, Answer]:
    """Put both values of each field together, by its key."""
    return {one.key: Answer(one, given.get(one.key), entered.get(one.key)) for one in fields}


def same(field: Field, one: Any, other: Any) -> bool:
    """Whether two values of a field say the same."""
    return bool(_plain(field, one) == _plain(field, other))


def _plain(field: Field, value: Any) -> Any:
    """Empty is empty, whichever kind; cells that are not typed say nothing of their own."""
    if is_empty(value):
        return None
    if not field.columns:
        return float(value) if _is_number(value) else value
    typed = [column.key for column in field.columns if column.is_typed]
    rows = [{key: _cell(row.get(key)) for key in typed} for row in value]
    return [row for row in rows if any(cell is not None for cell in row.values())]


def _cell(value: Any) -> Any:
    if is_empty(value):
        return None
    return float(value) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def filled_rows(field: Field, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of a table as they are kept: those of the form, or those with something in.

    A row of the form keeps its key under ``what``.
    """
    typed = [column for column in field.columns if column.is_typed]
    if field.rows:
        by_key = {row.get("what"): row for row in rows}
        return [{"what": one.key, **_typed(typed, by_key.get(one.key, {}))} for one in field.rows]
    kept = [_typed(typed, row) for row in rows]
    return [row for row in kept if any(not is_empty(cell) for cell in row.values())]


def _typed(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    nothing = {column.key: None if column.kind in FIGURES else "" for column in columns}
    return {key: row.get(key, empty) for key, empty in nothing.items()}


def derived_rows(field: Field, rows: Sequence[Row], hours: float | None) -> list[dict[str, Any]]:
    """Return the rows with their sums and rates filled in.

    Parameters
    ----------
    hours : float or None
        A of section 2.1: without hours there is no rate.
    """
    columns = {column.kind: column.key for column in field.columns}
    whole = [dict(row) for row in rows]
    if ColumnKind.SUM not in columns:
        return whole
    sums: dict[str, float] = {}
    for row in whole:
        cells = [row.get(key) for key in BY_GRAVITY]
        sums[row["what"]] = sum(cell or 0 for cell in cells)
        row[columns[ColumnKind.SUM]] = sums[row["what"]]
    if ColumnKind.RATE in columns:
        rates = _rates(sums, hours)
        for row in whole:
            row[columns[ColumnKind.RATE]] = rates.get(row["what"])
    return whole


def _rates(sums: Mapping[str, float], hours: float | None) -> dict[str, float | None]:
    """Frequency, actual and global severity, on the rows that the form puts them on."""
    if not hours:
        return {}
    frequency = frequency_rate(round(sums["B"]), hours)
    return {
        "B": frequency.value if frequency else None,
        "C": severity_rate(sums["C"], hours),
        "D": severity_rate(sums["C"] + sums["D"], hours),
    }


def values_of(answers: Mapping[str, Answer], form: FormType) -> dict[str, Any]:
    """Return the values that count, by key; tables with sums and rates."""
    hours = answers["hours"].value if "hours" in answers else None
    found: dict[str, Any] = {}
    for key, answer in answers.items():
        if answer.field.columns and not answer.is_empty:
            rows = derived_rows(answer.field, answer.value, hours)
            keys = [column.key for column in answer.field.columns_of(form)]
            found[key] = [{one: row.get(one) for one in keys} for row in rows]
        else:
            found[key] = answer.value
    return found
