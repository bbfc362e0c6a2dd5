"""What the figures on accidents are made with, out of `accidents.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("accidents.toml")
LANGUAGES: Final = ("nl", "fr", "en", "de")


@dataclass(frozen=True, slots=True)
class Loss:
    """A line of the table of flat rates: what was lost, in every language, and its days."""

    row: int
    days: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lists:
    """The whole file.

    Attributes
    ----------
    frequency, severity
        Hours to which a rate refers.
    whole
        Days of a death or a total permanent disability.
    establishment_hours
        Hours from which an establishment has a line of its own on form A.
    few_hours
        Hours below which a rate is compared with nothing.
    sources
        Where each group of numbers comes from, and how sure it is.
    """

    frequency: int
    severity: int
    whole: int
    establishment_hours: int
    few_hours: int
    losses: Mapping[int, Loss]
    sources: Mapping[str, tuple[str, str]]


@cache
def lists() -> Lists:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    groups = ("rates", "flat_rate", "statistics", "ranking")
    return Lists(
        frequency=data["rates"]["frequency"],
        severity=data["rates"]["severity"],
        whole=data["flat_rate"]["whole"],
        establishment_hours=data["statistics"]["establishment_hours"],
        few_hours=data["ranking"]["few_hours"],
        losses={
            row["row"]: Loss(row["row"], row["days"], {code: row[code] for code in LANGUAGES})
            for row in data["loss"]
        },
        sources={name: (data[name]["source"], data[name]["status"]) for name in groups},
    )
