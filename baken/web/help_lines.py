"""Lines that people can call, as data: national defaults, or the list of an installation.

A line without a date on which somebody confirmed it is shown as not yet checked.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.storage.errors import BakenError

NATIONAL: Final = Path(__file__).with_suffix(".toml")


class UnreadableHelpLines(BakenError):
    """The file with help lines cannot be shown as it is."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            "settings.help_lines",
            "The help lines in {file} cannot be read: {why}. Correct the file, or remove "
            "BAKEN_HELP_LINES to show the national ones.",
            file=file,
            why=why,
        )


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One line; `about` says in each of its languages what it is for."""

    name: str
    telephone: str
    about: tuple[tuple[str, str], ...]
    confirmed_on: date | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.about)

    def said_in(self, language: str) -> str:
        """What the line is for, in a language it has."""
        return dict(self.about)[language]


def lines_in(lines: tuple[HelpLine, ...], language: str) -> tuple[HelpLine, ...]:
    """Return the lines that speak a language, in the order of the file."""
    return tuple(line for line in lines if language in line.languages)


@cache
def read_help_lines(own: Path | None = None) -> tuple[HelpLine, ...]:
    """Read a list of help lines, the national one where an installation has no list of its own.

    Raises
    ------
    UnreadableHelpLines
        With the first thing that is wrong.
    """
    file = own or NATIONAL
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableHelpLines(file, str(error.strerror)) from error
    except ValueError as error:  # no TOML, or not in UTF-8
        raise UnreadableHelpLines(file, str(error)) from error
    entries = content.get("lines")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableHelpLines(file, "it has no [[lines]]")
    return tuple(_line(entry, place, file) for place, entry in enumerate(entries, 1))


def _line(entry: Mapping[str, Any], place: int, file: Path) -> HelpLine:
    where = f"line {place}"
    for key in ("name", "telephone"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise UnreadableHelpLines(file, f"{where} has no {key} in quotes")
    about = entry.get("about")
    if not isinstance(about, dict) or not about:
        raise UnreadableHelpLines(file, f"{where} says in no language what it is for: about.nl")
    if not all(isinstance(text, str) and text.strip() for text in about.values()):
        raise UnreadableHelpLines(file, f"{where} has an about.… that is no sentence in quotes")
    confirmed_on = entry.get("confirmed_on")
    if confirmed_on is not None and type(confirmed_on) is not date:
        raise UnreadableHelpLines(file, f"{where}: write confirmed_on as 2026-11-23")
    return HelpLine(entry["name"], entry["telephone"], tuple(about.items()), confirmed_on)
