"""Questionnaires as files: bytes from strangers opened safely, bytes to give away.

What is in the files is the work of `baken.instruments.exchange`; here they are opened and packed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from baken.instruments.definition import Instrument
from baken.instruments.exchange.as_json import read_json, write_json
from baken.instruments.exchange.codebook import write_codebook
from baken.instruments.exchange.imported import Imported, UnreadableForm, Written
from baken.instruments.exchange.lss import read_lss
from baken.instruments.exchange.xlsform import read_xlsform
from baken.instruments.exchange.xlsform_writing import write_xlsform
from baken.storage.workbooks import (
    Sheet,
    is_workbook,
    list_sheets,
    open_rows,
    text_of,
    write_rows,
)

MAX_ROWS: Final = 5_000
"""Of a sheet of a form: a questionnaire is no table of answers."""

_BEGINNING: Final = 4
"""In so many bytes XML begins, behind the mark of an encoding if there is one."""

READ: Final = ("survey", "choices", "settings", "baken", "external_choices", "entities", "osm")

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file to give away."""

    suffix: str
    media_type: str
    write: Callable[[Instrument, str], bytes]


def open_questionnaire(content: bytes, language: str = "en") -> Imported:
    """Read an XLSForm, a LimeSurvey structure or a JSON export; which one, the content says.

    Parameters
    ----------
    content : bytes
        The file.
    language : str
        Of texts whose language the file does not name.

    Raises
    ------
    UnsafeFile, UnreadableForm
        With the sentence to show.
    """
    if is_workbook(content):
        return read_xlsform(_sheets(content), language)
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return read_json(content)
    if b"<" not in content[:_BEGINNING]:
        raise UnreadableForm(
            "instruments.unknown_file",
            "Baken does not know this kind of file. Nothing was changed. Choose an XLSForm "
            "(.xlsx), a LimeSurvey structure (.lss) or a JSON file of Baken.",
        )
    return read_lss(content)


def _sheets(content: bytes) -> dict[str, list[list[str]]]:
    return {
        name: [
            [text_of(cell) for cell in row]
            for row in open_rows(content, max_rows=MAX_ROWS, sheet=name)
        ]
        for name in list_sheets(content)
        if name.strip().lower() in READ
    }


def _xlsform(instrument: Instrument, language: str) -> bytes:
    del language  # a form holds all of them
    return _packed(write_xlsform(instrument))


def _json(instrument: Instrument, language: str) -> bytes:
    del language
    return write_json(instrument)


def _codebook(instrument: Instrument, language: str) -> bytes:
    return _packed(write_codebook(instrument, language))


def _packed(sheets: Written) -> bytes:
    return write_rows([Sheet(name, rows) for name, rows in sheets.items()])


FORMS: Final[Mapping[str, Form]] = {
    "xlsform": Form(".xlsx", WORKBOOK, _xlsform),
    "json": Form(".json", "application/json", _json),
    "codebook": Form(".codebook.xlsx", WORKBOOK, _codebook),
}
"""Name to what is written: `FORMS["json"].write(instrument, language)`."""
