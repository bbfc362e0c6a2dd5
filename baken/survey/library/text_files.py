"""Texts in a file: somebody's own licensed texts, or a translation made elsewhere.

Three forms are read: the file of one language as it stands beside a definition (TOML), the same as
JSON for one or more languages, and a table (CSV or workbook) with the path of every text in the
first column and one column for each language. The table is also written, to be filled in.
"""

import csv
import io
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale

from baken.instruments.building import LANGUAGE
from baken.storage.workbooks import is_workbook, open_rows, plain_cell, text_of, write_csv
from baken.survey.library.content import Content, flat
from baken.survey.library.errors import InvalidVersion
from baken.survey.library.slots import slots_of

PATH: Final = "text"
"""The head of the column of paths."""

_MAX_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a file says.

    Attributes
    ----------
    texts
        Language to path to text, of texts that the questionnaire has.
    unknown
        Paths of the file that the questionnaire does not have, in order.
    """

    texts: Mapping[str, Mapping[str, str]]
    unknown: tuple[str, ...]

    @property
    def n_texts(self) -> int:
        return sum(len(by_path) for by_path in self.texts.values())


def read_text_file(file: bytes, content: Content) -> TextFile:
    """Read a file of texts for a questionnaire; an empty cell or text says nothing.

    Raises
    ------
    InvalidVersion
        None of the three forms; the sentence says what to do.
    """
    found = _table(file) if is_workbook(file) else _written(_decoded(file))
    wanted = {slot.path for slot in slots_of(content)}
    texts = {
        language: {path: text for path, text in by_path.items() if path in wanted and text.strip()}
        for language, by_path in found.items()
    }
    unknown = dict.fromkeys(
        path for by_path in found.values() for path in by_path if path not in wanted
    )
    return TextFile({one: by_path for one, by_path in texts.items() if by_path}, tuple(unknown))


def write_text_table(content: Content) -> bytes:
    """Write every text with its path as CSV, those that are missing as empty cells."""
    languages = list(content.texts)
    written = {language: flat(texts) for language, texts in content.texts.items()}
    rows = [
        [slot.path, *(written[language].get(slot.path, "") for language in languages)]
        for slot in slots_of(content)
    ]
    return write_csv([[PATH, *languages], *rows], delimiter=";")


def _decoded(file: bytes) -> str:
    if len(file) > _MAX_BYTES:
        raise InvalidVersion(
            "survey.texts_large", "The file is larger than 2 MB; no questionnaire needs that."
        )
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidVersion(
            "survey.texts_encoding",
            "The file is not in UTF-8 (it goes wrong at byte {at}). Save it again with that "
            "encoding.",
            at=error.start,
        ) from error


def _written(text: str) -> dict[str, dict[str, str]]:
    """Return the texts of TOML, JSON or CSV, whichever it is."""
    if text.lstrip().startswith(("{", "[{")):
        return _from_json(text)
    try:
        return _tables(tomllib.loads(text))
    except (ValueError, RecursionError):  # no TOML, or a number that is far too long
        return _from_rows(_csv_rows(text))


def _from_json(text: str) -> dict[str, dict[str, str]]:
    try:
        read = json.loads(text)
        # half a character, which JSON can spell and no page can show
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(read, dict):
        raise _unreadable()
    return _tables(read)


def _tables(read: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return texts by language: of one language, of several, or inside a whole questionnaire."""
    if isinstance(read.get("language"), str):
        read = {read["language"]: read}
    elif isinstance(read.get("texts"), dict):
        read = read["texts"]
    if not read or not all(isinstance(table, dict) for table in read.values()):
        raise _unreadable()
    for language in read:
        _check_language(language)
    return {language: dict(_paths("", table)) for language, table in read.items()}


def _paths(above: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = f"{above}.{key}" if above else key
        if path == "language":
            continue
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict) and path.count(".") < 2:
            yield from _paths(path, value)
        else:
            raise _unreadable()


def _table(file: bytes) -> dict[str, dict[str, str]]:
    return _from_rows([[text_of(cell) for cell in row] for row in open_rows(file)])


def _csv_rows(text: str) -> list[list[str]]:
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise _unreadable() from error
    return [[plain_cell(cell) for cell in row] for row in rows]


def _from_rows(rows: Sequence[Sequence[str]]) -> dict[str, dict[str, str]]:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled or filled[0][0].strip().lower() != PATH or len(filled[0]) < 2:
        raise _unreadable()
    languages = [cell.strip() for cell in filled[0][1:]]
    _check_heads(languages)
    found: dict[str, dict[str, str]] = {language: {} for language in languages}
    for row in filled[1:]:
        cells = [*row, *[""] * (1 + len(languages) - len(row))]
        for language, cell in zip(languages, cells[1:], strict=False):
            found[language][cells[0].strip()] = cell
    return found


def _check_heads(languages: Collection[str]) -> None:
    for language in languages:
        _check_language(language)
    if len(set(languages)) < len(languages):
        raise _unreadable()


def _check_language(language: str) -> None:
    # Babel carries the list of languages of the Unicode consortium; nl-easy is a form of nl.
    known = Locale("en").languages
    if not re.fullmatch(LANGUAGE[0], language) or language.partition("-")[0] not in known:
        raise InvalidVersion(
            "survey.texts_language",
            "“{language}” is not a language. Use a code such as nl or fr as the head of a column "
            "or the name of a table.",
            language=language[:40],
        )


def _unreadable() -> InvalidVersion:
    return InvalidVersion(
        "survey.texts_unreadable",
        "This file holds no texts in a form that can be read. Download the table of this page, "
        "fill it in and choose that file; a file of texts as TOML or JSON works as well.",
    )
