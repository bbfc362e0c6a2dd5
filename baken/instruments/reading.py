"""From a folder with TOML files to an `Instrument`.

The folder holds `definition.toml` and one file per language, `nl.toml`, `fr.toml` and so on.
Everything wrong in all files is found in one go and raised together.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from baken.instruments.building import LANGUAGE, build_instrument
from baken.instruments.checking import check_instrument
from baken.instruments.definition import Instrument, Texts
from baken.instruments.errors import InvalidInstrument
from baken.instruments.tables import Report, Table
from baken.instruments.wording import build_texts, check_heads, check_texts, with_stand_ins

DEFINITION = "definition.toml"

_AT_LINE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)")
_TWICE = ("Cannot overwrite a value", "Cannot declare", "Duplicate inline table key")


def read_instrument(folder: Path) -> Instrument:
    """Read and check an instrument.

    Raises
    ------
    InvalidInstrument
        With every problem of every file.
    """
    report = Report()
    definition = _read_toml(folder / DEFINITION, report)
    if definition is None:
        raise InvalidInstrument(str(folder), report.problems)
    languages = _languages(definition)
    written = {language: _read_toml(folder / f"{language}.toml", report) for language in languages}
    _report_stray_files(folder, languages, report)
    return _checked(str(folder), definition, written, report, check_heads)


def read_content(name: str, definition: dict[str, Any], texts: dict[str, Any]) -> Instrument:
    """Read and check an instrument that is no folder: parsed tables, texts by language.

    Only the languages that the definition names are read, as with files.

    Raises
    ------
    InvalidInstrument
        With every problem; `name` says where the content comes from.
    """
    report = Report()
    written: dict[str, dict[str, Any] | None] = {}
    for language in _languages(definition):
        written[language] = texts.get(language)
        if language not in texts:
            report.add(f"{language}.toml", "", "the texts are missing.", "Write them.")
    return _checked(name, definition, written, report)


def _checked(
    name: str,
    definition: dict[str, Any],
    written: dict[str, dict[str, Any] | None],
    report: Report,
    *more: Callable[[Texts, str, Report], None],
) -> Instrument:
    structure_only = definition.get("structure_only") is True
    texts = {
        language: build_texts(
            Table(report, f"{language}.toml", "", content), language, structure_only=structure_only
        )
        for language, content in written.items()
        if content is not None
    }
    table = Table(report, DEFINITION, "", definition)
    instrument = build_instrument(table, texts, fingerprint(definition, written))
    check_instrument(instrument, DEFINITION, report)
    if structure_only:
        texts = {language: with_stand_ins(instrument, own) for language, own in texts.items()}
        instrument = replace(instrument, texts=texts)
    for language, own in texts.items():
        check_texts(instrument, own, f"{language}.toml", report)
        for check in more:
            check(own, f"{language}.toml", report)
    if report.problems:
        raise InvalidInstrument(name, report.problems)
    return instrument


def fingerprint(definition: dict[str, Any], written: dict[str, dict[str, Any] | None]) -> str:
    """Return the SHA-256 of parsed files: layout and comments do not count.

    The order of keys counts where it shows: among scales and among formats.
    """
    content = {
        "definition": definition,
        "order": {part: _order(definition.get(part)) for part in ("formats", "scales")},
        "texts": written,
    }
    canonical = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _order(table: object) -> list[str]:
    return list(table) if isinstance(table, dict) else []


def _languages(definition: dict[str, Any]) -> tuple[str, ...]:
    """Return the languages whose file can be looked for; `checking` reports the others."""
    named = Table(Report(), DEFINITION, "", definition).names("languages")
    return tuple(language for language in named if re.fullmatch(LANGUAGE[0], language))


def _read_toml(path: Path, report: Report) -> dict[str, Any] | None:
    """Return the parsed file, or None after a report."""
    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        report.add(path.name, "", "the file is missing.", _remedy_for_missing(path.name))
    except OSError as error:
        report.add(path.name, "", f"the file cannot be read ({error.strerror}).", "Check it.")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        report.add(
            path.name,
            f"line {line}",
            "the file is not written in UTF-8.",
            "Save it again with encoding UTF-8.",
        )
    except tomllib.TOMLDecodeError as error:
        _report_syntax(path.name, str(error), report)
    except (ValueError, RecursionError):
        report.add(
            path.name,
            "",
            "a number is far too long, or brackets are nested too deeply.",
            "Correct the file.",
        )
    return None


def _report_syntax(file: str, message: str, report: Report) -> None:
    found = _AT_LINE.fullmatch(message)
    what, line = (found["what"], found["line"]) if found else (message, None)
    place = f"line {line}" if line else "end of the file"
    if what.startswith(_TWICE):
        report.add(file, place, "this key stands here for the second time.", "Keep one of them.")
    else:
        report.add(file, place, f"this is not valid TOML: {what}.", "Correct the line.")


def _remedy_for_missing(file: str) -> str:
    if file == DEFINITION:
        return "Add it, or point at the folder that holds it."
    return "Add it, or take the language out of “languages” in definition.toml."


def _report_stray_files(folder: Path, languages: tuple[str, ...], report: Report) -> None:
    for path in sorted(folder.glob("*.toml")):
        if path.name != DEFINITION and path.stem not in languages:
            report.add(
                path.name,
                "",
                "this file belongs to no language of the instrument.",
                f"Add “{path.stem}” to “languages” in definition.toml, or remove the file.",
            )
