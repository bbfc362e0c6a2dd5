"""The form as data, out of `form.toml`: sections, fields, tables, where each was read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.actionplan.indicators.yearly import FormType

FILE: Final = Path(__file__).with_name("form.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")
EVERY_FORM: Final = "ABC"

Words = Mapping[str, str]


class Kind(StrEnum):
    """What stands in a field."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    PERCENT = "percent"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DAY = "day"
    TABLE = "table"


class ColumnKind(StrEnum):
    """What stands in a column of a table; the last three are not typed."""

    LINE = "line"
    NUMBER = "number"
    DECIMAL = "decimal"
    DAY = "day"
    ROW = "row"  # what the row is about
    SUM = "sum"  # of the columns before it
    RATE = "rate"  # that the law derives from the sums


TYPED: Final = frozenset({ColumnKind.LINE, ColumnKind.NUMBER, ColumnKind.DECIMAL, ColumnKind.DAY})
FIGURES: Final = frozenset({ColumnKind.NUMBER, ColumnKind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Named:
    """A section, a choice or a row: a key and its words."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    label: Words
    kind: ColumnKind
    forms: str

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form.

    Attributes
    ----------
    code
        Its number on the form; empty for an annex.
    forms, needed
        On which forms it stands, and on which it has to be filled in.
    when
        Name of a condition of `applying`; empty: always.
    is_given
        Whether Baken may know a value.
    rows
        Of a table whose rows are those of the form; of any other table people add rows.
    """

    key: str
    code: str
    section: str
    kind: Kind
    label: Words
    help: Words
    forms: str
    needed: str
    when: str
    is_given: bool
    source: str
    status: str
    choices: tuple[Named, ...]
    columns: tuple[Column, ...]
    rows: tuple[Named, ...]

    def columns_of(self, form: FormType) -> tuple[Column, ...]:
        """Return the columns that stand on a form."""
        return tuple(column for column in self.columns if form in column.forms)


@dataclass(frozen=True, slots=True)
class Form:
    """The whole file."""

    edition: str
    sections: tuple[Named, ...]
    fields: Mapping[str, Field]

    def of(self, form: FormType) -> tuple[Field, ...]:
        """Return the fields of a form, in order."""
        return tuple(one for one in self.fields.values() if form in one.forms)

    def in_section(self, form: FormType, section: str) -> tuple[Field, ...]:
        """Return the fields of one section of a form, in order."""
        return tuple(one for one in self.of(form) if one.section == section)


@cache
def the_form() -> Form:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    return form_of(tomllib.loads(FILE.read_text(encoding="utf-8")))


def form_of(data: Mapping[str, Any]) -> Form:
    """Return a form out of plain values, laid out as in the file."""
    fields = [_field(row) for row in data["field"]]
    return Form(
        data["edition"],
        tuple(Named(row["key"], row["label"]) for row in data["section"]),
        {one.key: one for one in fields},
    )


def _field(row: dict[str, Any]) -> Field:
    forms = row.get("forms", EVERY_FORM)
    return Field(
        key=row["key"],
        code=row["code"],
        section=row["section"],
        kind=Kind(row["kind"]),
        label=row["label"],
        help=row.get("help", {}),
        forms=forms,
        needed=_needed(row.get("needed", False), forms),
        when=row.get("when", ""),
        is_given=row.get("given", False),
        source=row["source"],
        status=row.get("status", "note"),
        choices=_named(row.get("choice", [])),
        columns=tuple(
            Column(
                one["key"],
                one["label"],
                ColumnKind(one.get("kind", "line")),
                one.get("forms", EVERY_FORM),
            )
            for one in row.get("column", [])
        ),
        rows=_named(row.get("row", [])),
    )


def _needed(said: bool | str, forms: str) -> str:
    """On which forms: all on which it stands, those that are named, or none."""
    if isinstance(said, str):
        return said
    return forms if said else ""


def _named(rows: list[dict[str, Any]]) -> tuple[Named, ...]:
    return tuple(Named(row["key"], row["label"]) for row in rows)
