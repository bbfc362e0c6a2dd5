"""How workers are counted, and the limits of the prevention groups, out of `limits.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("limits.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")
ORDINARY: Final = "ordinary"


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity with its limits: more than `a_over` is group A, from `b_from` on group B."""

    key: str
    a_over: int
    b_from: int
    status: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """The whole file; `part` is what a worker below three quarters of full time is divided by."""

    days: int
    trainee_hours: int
    part: int
    d_below: int
    activities: Mapping[str, Activity]
    sources: Mapping[str, tuple[str, str]]


@cache
def limits() -> Limits:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    counting = data["counting"]
    return Limits(
        days=counting["days"],
        trainee_hours=counting["trainee_hours"],
        part=counting["part"],
        d_below=data["groups"]["d_below"],
        activities={
            row["key"]: Activity(
                row["key"],
                row["a_over"],
                row["b_from"],
                row["status"],
                {code: row[code] for code in LANGUAGES},
            )
            for row in data["activity"]
        },
        sources={
            name: (data[name]["source"], data[name]["status"]) for name in ("counting", "groups")
        },
    )
