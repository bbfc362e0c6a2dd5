"""The sheets of an XLSForm: heads in all their spellings, languages, rows by the name of a column.

Programs and people write `list_name` and `list name`, `label::Nederlands (nl)`, `label:English`
and plain `label`, `relevant` and `relevance`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from baken.instruments.exchange.imported import Rows, Sheets, UnreadableForm
from baken.instruments.exchange.words import language_code

_SAME: Final[Mapping[str, str]] = {
    "caption": "label",
    "relevance": "relevant",
    "skip_logic": "relevant",
    "calculate": "calculation",
    "image": "media",
    "big-image": "media",
    "audio": "media",
    "video": "media",
    "value": "name",
    "readonly": "read_only",
    "form_title": "title",
    "set_form_title": "title",
    "form_id": "id",
    "id_string": "id",
    "set_form_id": "id",
}

TRANSLATED: Final = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a field, and of a text the language as the file names it."""

    field: str
    language: str
    head: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet with its number in the file."""

    number: int
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    written: Mapping[str, str] = field(default_factory=dict)

    def raw(self, field: str) -> str:
        """Return what stands in a column with its spaces."""
        return self.written.get(field, "")

    def get(self, field: str) -> str:
        """Return what stands in a column; "" when nothing does or there is no such column."""
        return self.cells.get(field, "")

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all stands in it."""
        return not any(self.cells.values()) and not any(map(any_text, self.texts.values()))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a head: its rows, and what the head says."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def has(self, *fields: str) -> bool:
        """Whether all these columns are there."""
        return {*fields} <= {column.field for column in self.columns}

    def languages(self) -> tuple[str, ...]:
        """Return the languages its labels are written in, as the file names them; "" for none."""
        return tuple(
            dict.fromkeys(column.language for column in self.columns if column.field == "label")
        )


def any_text(texts: Mapping[str, str]) -> bool:
    """Whether there is a text in at least one language."""
    return any(texts.values())


def read_sheet(sheets: Sheets, name: str) -> Sheet:
    """Return a sheet by its name, however it is capitalised; an empty one when there is none."""
    for written, rows in sheets.items():
        if written.strip().lower() == name:
            return _read(name, rows)
    return Sheet(name, (), ())


def check_survey(survey: Sheet) -> None:
    """Raise `UnreadableForm` unless the sheet has what makes it a form."""
    if not survey.has("type", "name"):
        raise UnreadableForm(
            "instruments.no_xlsform",
            "The workbook has no sheet “survey” with the columns type and name, so it is no "
            "XLSForm. Nothing was changed. Export the form as XLSForm (.xlsx) and choose that "
            "file.",
        )


def _read(name: str, rows: Rows) -> Sheet:
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(map(_clean, row))]
    if not numbered:
        return Sheet(name, (), ())
    columns = tuple(_column(cell) for cell in numbered[0][1])
    read = [_row(number, columns, cells) for number, cells in numbered[1:]]
    return Sheet(name, columns, tuple(row for row in read if not row.is_empty))


def _row(number: int, columns: tuple[Column, ...], cells: Sequence[str]) -> Row:
    plain: dict[str, str] = {}
    written: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    for column, cell in zip(columns, cells, strict=False):
        text = _clean(cell)
        if column.field in TRANSLATED:
            own = texts.setdefault(column.field, {})
            # A text keeps its spaces: French has some that do not break.
            own[column.language] = own.get(column.language) or (cell if text else "")
        else:
            plain[column.field] = plain.get(column.field) or text
            written.setdefault(column.field, cell)
    return Row(number, plain, texts, written)


def _column(cell: str) -> Column:
    head = _clean(cell)
    parts = [part.strip() for part in head.replace("::", ":").split(":")]
    field = "_".join(parts[0].lower().split())
    if field == "media" or _SAME.get(field) == "media":
        return Column("media", "", head)
    field = _SAME.get(field, field)
    if field in TRANSLATED:
        return Column(field, parts[-1] if len(parts) > 1 else "", head)
    # A field with a prefix (bind::required, instance::x) keeps it: it is a field of its own.
    return Column("::".join([field, *parts[1:]]) if len(parts) > 1 else field, "", head)


def _clean(cell: str) -> str:
    return cell.replace("\ufeff", "").replace("\xa0", " ").strip()


def languages_of(
    sheets: tuple[Sheet, ...], default: str, otherwise: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Return which names of languages stand for which code, and why others stand for none.

    Of two names with one code the first is kept. A column without a name is in the default
    language of the form, or in `otherwise`.
    """
    codes: dict[str, str] = {}
    refused: dict[str, str] = {}
    for name in _named(sheets, default):
        code = language_code(name or default) or ("" if name else otherwise)
        if not code or code in codes.values():
            refused[name] = "language_twice" if code else "language"
        else:
            codes[name] = code
    return codes, refused


def _named(sheets: tuple[Sheet, ...], default: str) -> Iterator[str]:
    found = dict.fromkeys(name for sheet in sheets for name in sheet.languages())
    first = [name for name in found if name and name == default]
    yield from dict.fromkeys([*first, *found])
