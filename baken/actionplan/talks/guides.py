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


def factor_of(method: Method, topic: str, chosen: Factor) -> Factor:
    """Return the A of a note: that of its topic, or what was chosen where it names none.

    Raises
    ------
    Invalid
        The guide has no such topic.
    """
    if not topic:
        return chosen
    found = {one.key: one.factor for one in guides()[method].topics}.get(topic)
    if found is None:
        raise Invalid("talks.topic_unknown", "The guide has no such topic. Choose one of the list.")
    return found
