"""Ideas to start from: five for every A and every step of prevention, in four languages.

Each is an idea, not a prescription: what helps in one place can be beside the point in another.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from baken.actionplan.errors import NotFound
from baken.actionplan.findings.factors import Factor
from baken.actionplan.prevention import PreventionLevel, Scope

_FILE: Final = Path(__file__).parent / "library.toml"
LANGUAGES: Final = ("nl", "fr", "en", "de")


@dataclass(frozen=True, slots=True)
class LibraryIdea:
    """One idea of the library; `title` and `text` by language."""

    key: str
    dimension: Factor
    level: PreventionLevel
    scope: Scope
    is_quick_win: bool
    title: Mapping[str, str]
    text: Mapping[str, str]


@cache
def library() -> tuple[LibraryIdea, ...]:
    """Return all ideas by A, the source first."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))["ideas"]
    ideas = [
        LibraryIdea(
            key=one["key"],
            dimension=Factor(one["a"]),
            level=PreventionLevel(one["level"]),
            scope=Scope(one.get("scope", Scope.COLLECTIVE)),
            is_quick_win=one.get("quick", False),
            title={language: one[language][0] for language in LANGUAGES},
            text={language: one[language][1] for language in LANGUAGES},
        )
        for one in told
    ]
    levels = list(PreventionLevel)
    return tuple(sorted(ideas, key=lambda one: (one.dimension, levels.index(one.level))))


def get_library_idea(key: str) -> LibraryIdea:
    """Return the idea with this name."""
    for one in library():
        if one.key == key:
            return one
    raise NotFound(
        "actionplan.not_found",
        "This does not exist, or no longer. Nothing was changed; go back and choose again.",
    )
