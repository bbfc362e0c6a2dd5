"""What the register works with, out of `lists.toml`: natures, third parties, terms, access."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("lists.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")


class Right(StrEnum):
    """Something that the table of access gives."""

    ENTER = "enter"
    READ = "read"
    IDENTITY = "identity"
    CHANGE = "change"
    COUNTS = "counts"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, in every language; `row` is its line of the annual report."""

    key: str
    texts: Mapping[str, str]
    row: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long entries are kept: `years` from recording, refused ones `refused_days`."""

    years: int
    source: str
    refused_days: int


@dataclass(frozen=True, slots=True)
class Lists:
    """The whole file. `access` is preset to line (a role, or ``keeper``) to rights."""

    natures: tuple[Choice, ...]
    third_parties: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    retention: Retention
    access: Mapping[str, Mapping[str, frozenset[Right]]]


@cache
def lists() -> Lists:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Lists(
        natures=_choices(data["nature"]),
        third_parties=_choices(data["third_party"]),
        tags=_choices(data["tag"]),
        retention=Retention(**data["retention"]),
        access={
            preset: {who: frozenset(map(Right, rights)) for who, rights in lines.items()}
            for preset, lines in data["access"].items()
        },
    )


def _choices(rows: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(row["key"], {code: row[code] for code in LANGUAGES}, row.get("row", ""))
        for row in rows
    )
