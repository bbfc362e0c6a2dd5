"""The tables of a LimeSurvey file (.lss), and their rows in every language.

Version 3 repeats a question for each language; from version 4 texts stand in tables of their own
(`question_l10ns`, `group_l10ns`, `answer_l10ns`). Here both look alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from baken.instruments.exchange.imported import UnreadableForm

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_TAGS: Final = 600_000
"""More than a survey of that size has; a file of nothing but tags would take all memory."""

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a table, with its texts by language (as the file names languages)."""

    fields: Fields
    texts: Mapping[str, Fields]

    def get(self, name: str) -> str:
        """Return a field; "" when there is none."""
        return self.fields.get(name, "")

    def said(self, name: str) -> dict[str, str]:
        """Return a text in each language that has it."""
        return {language: own.get(name, "") for language, own in self.texts.items()}


class Document:
    """A survey as LimeSurvey exports it."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self.languages = tuple(
            dict.fromkeys(
                text for one in root.iterfind("languages/language") if (text := _text(one))
            )
        )

    def rows(self, table: str) -> list[Fields]:
        """Return the rows of a table; none when the file has no such table."""
        return [
            {field.tag: _text(field) for field in row}
            for row in self._root.iterfind(f"{table}/rows/row")
        ]

    def records(self, table: str, key: str, texts: str) -> list[Record]:
        """Return the rows of a table, each once, with the texts of `texts` joined by `key`.

        What stands for one thing in several languages follows each other in a file of version 3,
        or stands far apart: the key tells which belong together.
        """
        found: dict[str, Fields] = {}
        said: dict[str, dict[str, Fields]] = {}
        for row in self.rows(table):
            found.setdefault(row.get(key, ""), row)
            if "language" in row:
                said.setdefault(row.get(key, ""), {})[row["language"]] = row
        for row in self.rows(texts):
            said.setdefault(row.get(key, ""), {})[row.get("language", "")] = row
        return [Record(row, said.get(name, {})) for name, row in found.items()]


def read_document(content: bytes) -> Document:
    """Read the bytes of a file.

    Raises
    ------
    UnreadableForm
        It is too large, no XML, XML that unfolds itself, or of another program.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableForm(
            "instruments.lss_large",
            "The file is larger than {limit} MiB. Nothing was changed. Export the structure of "
            "the survey only.",
            limit=MAX_BYTES // (1024 * 1024),
        )
    if content.count(b"<") > MAX_TAGS:
        raise _no_lss()
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _no_lss() from error
    if root.tag != "document" or (root.findtext("LimeSurveyDocType") or "").strip() != "Survey":
        raise _no_lss()
    document = Document(root)
    if not document.languages:
        raise _no_lss()
    return document


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _no_lss() -> UnreadableForm:
    return UnreadableForm(
        "instruments.no_lss",
        "This is not the structure of a LimeSurvey survey, or the file is damaged. Nothing was "
        "changed. In LimeSurvey choose Export, Survey structure (.lss), and choose that file.",
    )
