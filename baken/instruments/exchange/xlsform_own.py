"""The sheet `baken`: what an XLSForm has no place for, so that an export comes back as it was.

Its rows are path, language, content. A path that begins with `definition.` has no language, and its
content is JSON; the others are texts of one language. Questions and answers stand in the sheets of
the form itself, where they can be translated.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from baken.instruments.definition import Instrument
from baken.instruments.exchange.imported import (
    Imported,
    Refusal,
    Sheets,
    UnreadableForm,
    are_languages,
)
from baken.instruments.exchange.words import language_code
from baken.instruments.exchange.xlsform_sheets import Row, Sheet, read_sheet
from baken.instruments.writing import SECTIONS, definition_of, texts_of

OWN: Final = "baken"
HEAD: Final = ("path", "language", "content")

BACKGROUNDS: Final = "baken_backgrounds"
OPEN: Final = "baken_open_questions"
ANSWERS: Final = "answers_"
BANDS: Final = "bands_"

_NAMED: Final = ("formats", "scales")
_LISTED: Final = {"items": "code", "backgrounds": "key", "open_questions": "key"}
_IN_FORM: Final = ("backgrounds", "open_questions")


def own_rows(instrument: Instrument) -> Iterator[list[str | int | float]]:
    """Yield the rows of the sheet `baken`."""
    yield list(HEAD)
    for key, value in definition_of(instrument).items():
        for name, entry in _entries(key, value):
            path = f"definition.{key}.{name}" if name else f"definition.{key}"
            yield [path, "", json.dumps(entry, ensure_ascii=False)]
    for language, texts in texts_of(instrument).items():
        yield ["title", language, texts["title"]]
        for section in SECTIONS:
            if section not in _IN_FORM:
                for name, text in texts.get(section, {}).items():
                    yield [f"{section}.{name}", language, text]


def _entries(key: str, value: Any) -> Iterator[tuple[str, object]]:
    """Yield what one part of the definition holds, entry by entry: a cell has its limits."""
    if key in _NAMED:
        yield from value.items()
    elif key in _LISTED:
        for entry in value:
            yield entry[_LISTED[key]], entry
    else:
        yield "", value


def read_own(survey: Sheet, sheets: Sheets) -> Imported:
    """Return the questionnaire of a workbook with this sheet.

    Raises
    ------
    UnreadableForm
        The sheet was changed into something that makes no sense.
    """
    own = read_sheet(sheets, OWN)
    definition = _definition(own)
    languages = definition.get("languages")
    if not isinstance(languages, list) or not are_languages(languages):
        raise _damaged()
    texts: dict[str, dict[str, Any]] = {language: _empty(language) for language in languages}
    for row in own.rows:
        _add_text(texts, row)
    refused = list(_add_questions(definition, texts, survey))
    _add_answers(definition, texts, read_sheet(sheets, "choices"))
    return Imported(definition, texts, tuple(refused))


def _definition(own: Sheet) -> dict[str, Any]:
    definition: dict[str, Any] = {section: {} for section in _NAMED} | {"items": []}
    for row in own.rows:
        _, is_definition, path = row.get("path").partition("definition.")
        if not is_definition:
            continue
        section, _, name = path.partition(".")
        value = _value(row.raw("content"))
        if section not in _NAMED and section not in _LISTED:
            definition[section] = value
        elif not isinstance(value, dict) or not name:
            raise _damaged()
        elif section in _NAMED:
            definition[section][name] = value
        else:
            definition.setdefault(section, []).append(value)
    return definition


def _empty(language: str) -> dict[str, Any]:
    sections = ("dimensions", "dimension_headings", "scales", "short_scales", "scale_notes")
    return {"language": language, **{section: {} for section in (*sections, "items", "options")}}


def _add_text(texts: dict[str, dict[str, Any]], row: Row) -> None:
    section, _, name = row.get("path").partition(".")
    language = row.get("language")
    if section == "definition":
        return
    known = section == "title" if not name else section in {*SECTIONS} - {*_IN_FORM}
    if language not in texts or not known:
        raise _damaged()
    if name:
        texts[language].setdefault(section, {})[name] = row.raw("content")
    else:
        texts[language][section] = row.raw("content")


def _add_questions(
    definition: Mapping[str, Any], texts: dict[str, dict[str, Any]], survey: Sheet
) -> Iterator[Refusal]:
    known = {
        section: {str(entry.get(key)) for entry in definition.get(section, [])}
        for section, key in _LISTED.items()
    }
    groups: list[str] = []
    for row in survey.rows:
        kind, name = row.get("type"), row.get("name")
        if kind.startswith("begin"):
            groups.append(name)
        elif kind.startswith("end"):
            del groups[-1:]
        elif name in known[_section(groups)]:
            _put(texts, _section(groups), name, row)
        else:
            yield Refusal(f"survey {row.number} · {name}", kind or "-", "unknown_row")


def _section(groups: list[str]) -> str:
    return {BACKGROUNDS: "backgrounds", OPEN: "open_questions"}.get(
        groups[0] if groups else "", "items"
    )


def _add_answers(
    definition: Mapping[str, Any], texts: dict[str, dict[str, Any]], choices: Sheet
) -> None:
    for key in definition["formats"]:
        for own in texts.values():
            own["options"][key] = {}
    bands = {
        str(one.get("key")): one["bands"]
        for one in definition.get("backgrounds", [])
        if isinstance(one.get("bands"), list)
    }
    for row in choices.rows:
        listed, name = row.get("list_name"), row.get("name")
        if listed.startswith(ANSWERS) and name:
            _put(texts, "options", listed.removeprefix(ANSWERS), row, name)
        elif listed.startswith(BANDS):
            background = listed.removeprefix(BANDS)
            named = dict(enumerate(bands.get(background, []), start=1))
            if name.isdecimal() and int(name) in named:
                _put(texts, "bands", background, row, str(named[int(name)]))


def _put(
    texts: dict[str, dict[str, Any]], section: str, name: str, row: Row, inner: str = ""
) -> None:
    for head, text in row.texts.get("label", {}).items():
        own = texts.get(language_code(head))
        if own is None or not text.strip():
            continue
        table = own.setdefault(section, {})
        if inner:
            table.setdefault(name, {})[inner] = text
        else:
            table[name] = text


def _value(written: str) -> Any:
    try:
        value = json.loads(written)
        # half a character, which JSON can spell and no file can hold
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _damaged() from error
    return value


def _damaged() -> UnreadableForm:
    return UnreadableForm(
        "instruments.own_sheet",
        "The sheet “baken” of this workbook was changed and cannot be read any more. Nothing was "
        "changed here. Remove that sheet to import the form as one of another program, or export "
        "it once more.",
    )
