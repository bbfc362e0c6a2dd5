"""How a talk goes: steps, minutes and topics of each method, as data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.factors import Factor
from baken.actionplan.talks.rules import Method

_FILE: Final = Path(__file__).parent / "guides.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a talk, and how many minutes it takes about."""

    key: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Topic:
    """Something the guide goes through, and the A it belongs to."""

    key: str
    factor: Factor


@dataclass(frozen=True, slots=True)
class Guide:
    """How one method goes; `edition` says which list of topics this is."""

    method: Method
    source: str
    edition: str
    steps: tuple[Step, ...]
    topics: tuple[Topic, ...]

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)


@cache
def guides() -> Mapping[Method, Guide]:
    """Return the guide of every method."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        method: Guide(
            method=method,
            source=told[method]["source"],
            edition=told[method]["edition"],
            steps=tuple(Step(key, n) for key, n in told[method]["minutes"].items()),
            topics=tuple(
                Topic(one["key"], Factor(one["factor"])) for one in told[method].get("topics", ())
            ),
        )
        for method in Method
    }


def check_topic(method: Method, topic: str) -> None:
    """Raise `Invalid` when a note names a topic that the guide has not."""
    if topic and topic not in {one.key for one in guides()[method].topics}:
        raise Invalid("talks.topic_unknown", "The guide has no such topic. Choose one of the list.")
