"""Address lists, CSV or workbook, read as lines; what the lines mean is for the rules."""

from collections.abc import Mapping, Sequence
from typing import Final

from baken.organisation.unit_files import Line, read_lines, text
from baken.survey.errors import InvalidRecipient
from baken.survey.invitations.rules import Entry

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "naam", "nom"),
    "address": (
        "address", "adres", "adresse", "mail", "e-mail", "email", "mailadres", "e-mailadres",
        "courriel", "e-mail-adresse", "mail address",
    ),
    "unit": (
        "unit", "eenheid", "unité", "unite", "einheit", "number", "nummer", "team", "afdeling",
        "numéro", "numero",
    ),
    "language": ("language", "taal", "langue", "sprache"),
    "group": ("group", "groep", "groupe", "gruppe", "categorie", "catégorie", "category"),
}  # fmt: skip
NEEDED: Final = ("name", "address", "unit")


def read_entries(content: bytes, *, needs_group: bool = False) -> list[Entry]:
    """Read a file; the first line says what stands in each column.

    Parameters
    ----------
    needs_group : bool
        Whether every person has to be in a group: without that column no line can be taken.

    Raises
    ------
    InvalidRecipient, Invalid, UnsafeFile
        The file as a whole cannot be read, with the sentence that says what to do.
    """
    head, *lines = read_lines(content)
    header = [text(cell) for cell in head.cells]
    places = _find_columns(header)
    if needs_group and "group" not in places:
        raise InvalidRecipient(
            "survey.recipients_group_column",
            "Codes of this survey carry a group, and the file has no column group. It says: "
            "{header}. Add the column.",
            header=" | ".join(header)[:200],
        )
    if not lines:
        raise InvalidRecipient(
            "survey.recipients_none", "The file has a header but no people. Nothing was changed."
        )
    return [_entry(line, places) for line in lines]


def clean(written: str) -> str:
    """A cell or a field as it is kept: what nobody can see becomes a space."""
    shown = "".join(c if c.isprintable() or c == "\n" else " " for c in written)
    return "\n".join(" ".join(line.split()) for line in shown.split("\n")).strip()


def _entry(line: Line, places: Mapping[str, int]) -> Entry:
    said = {column: clean(text(line.cell(place))) for column, place in places.items()}
    return Entry(
        line=line.line,
        name=said["name"].replace("\n", " "),
        address=said["address"],
        unit=said["unit"].replace("\n", " "),
        language=said.get("language", ""),
        group=said.get("group", ""),
    )


def _find_columns(header: Sequence[str]) -> dict[str, int]:
    names = [cell.casefold() for cell in header]
    found: dict[str, int] = {}
    for column, spellings in COLUMNS.items():
        at = [place for place, name in enumerate(names) if name in spellings]
        if len(at) > 1:
            raise InvalidRecipient(
                "survey.recipients_column_twice",
                "Two columns say the same: {columns}. Leave one of them out.",
                columns=", ".join(header[place] for place in at),
            )
        if at:
            found[column] = at[0]
    missing = [column for column in NEEDED if column not in found]
    if missing:
        raise InvalidRecipient(
            "survey.recipients_columns",
            "The first line has to name the columns name, address and unit. It says: {header}.",
            header=" | ".join(header)[:200],
        )
    return found
