"""What the headline and the five sentences above a results page say, as facts without words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baken.analysis.releases.figures import released_light
from baken.instruments.definition import Instrument

CLEAR_Q = 0.05
"""Largest q value of a difference that is called one."""

SENSITIVE_Q = 0.10
"""Above this q value the rank test contradicts Welch's test: outliers may decide."""

MEDIUM_EFFECT = 0.5
"""Smallest absolute Hedges g that is worth a sentence (J. Cohen, 1988, table 2.2.1)."""

MOST_SCALES = 3


@dataclass(frozen=True, slots=True)
class ScaleFact:
    """Where the organisation stands on one scale; the share and its limits are fractions."""

    scale: str
    light: str
    mean: float
    share_at_risk: float
    share_low: float
    share_high: float


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit that clearly differs from the rest; `difference` in points, own minus rest."""

    unit: str
    scale: str
    difference: float
    g: float
    q: float
    is_worse: bool
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The facts of one release.

    Attributes
    ----------
    n, headcount, response_rate
        None when nothing may be said, or when unknown.
    weighs, holds : tuple of ScaleFact
        Scales in the red or orange zone, the heaviest first; in the green zone, the lightest first.
    worse, better : tuple of UnitFact
        Clear differences of at least medium size, the largest first.
    n_comparisons, n_distinct : int
        Tests of a unit against the rest; those of them with a q value below `CLEAR_Q`.
    n_units, n_merged, n_hidden : int
        Units of the tree; counted together with others; without any figure for another reason.
    """

    n: int | None
    headcount: int | None
    response_rate: float | None
    weighs: tuple[ScaleFact, ...]
    holds: tuple[ScaleFact, ...]
    worse: tuple[UnitFact, ...]
    better: tuple[UnitFact, ...]
    n_comparisons: int
    n_distinct: int
    n_units: int
    n_merged: int
    n_hidden: int

    @property
    def share_not_distinguishable(self) -> float | None:
        """Fraction of the comparisons that show no difference; None without comparisons."""
        if not self.n_comparisons:
            return None
        return 1 - self.n_distinct / self.n_comparisons


def tell_story(results: Mapping[str, Any], instrument: Instrument) -> Story:
    """Return the facts of a release that the words are made from."""
    scales = list(_scale_facts(results, instrument))
    units = list(_unit_facts(results, instrument))
    tests = [cell["q_welch"] for _, _, cell in _cells(results) if cell["q_welch"] is not None]
    entries = results["units"].values()
    merged = sum("unit" in entry["withheld"] for entry in entries)
    silent = sum(entry["n"] is None for entry in entries)
    return Story(
        n=results["n"],
        headcount=results["headcount"],
        response_rate=results["response_rate"],
        weighs=_heaviest([fact for fact in scales if fact.light.startswith(("red", "orange"))]),
        holds=tuple(
            sorted(
                (fact for fact in scales if fact.light.startswith("green")),
                key=lambda fact: (fact.share_at_risk, fact.scale),
            )[:MOST_SCALES]
        ),
        worse=tuple(fact for fact in units if fact.is_worse),
        better=tuple(fact for fact in units if not fact.is_worse),
        n_comparisons=len(tests),
        n_distinct=sum(q < CLEAR_Q for q in tests),
        n_units=len(entries),
        n_merged=merged,
        n_hidden=silent - merged,
    )


def _scale_facts(results: Mapping[str, Any], instrument: Instrument) -> Iterator[ScaleFact]:
    for scale, figures in results["scales"].items():
        if figures["share_at_risk"] is not None:
            yield ScaleFact(
                scale,
                released_light(figures, instrument.scale(scale)),
                figures["mean"],
                figures["share_at_risk"],
                figures["share_low"],
                figures["share_high"],
            )


def _heaviest(facts: list[ScaleFact]) -> tuple[ScaleFact, ...]:
    """Firm red first; then by share."""
    ordered = sorted(facts, key=lambda fact: (fact.light != "red", -fact.share_at_risk, fact.scale))
    return tuple(ordered[:MOST_SCALES])


def _unit_facts(results: Mapping[str, Any], instrument: Instrument) -> list[UnitFact]:
    high_is = {scale.key: scale.high_is for scale in instrument.scales}
    found = []
    for unit, scale, cell in _cells(results):
        q, g = cell["q_welch"], cell["g"]
        if q is None or q >= CLEAR_Q or g is None or abs(g) < MEDIUM_EFFECT:
            continue
        is_worse = (g > 0) == (high_is[scale] == "risk")
        q_by_rank = cell["q_mwu"]
        is_sensitive = q_by_rank is not None and q_by_rank > SENSITIVE_Q
        found.append(UnitFact(unit, scale, cell["diff_rest"], g, q, is_worse, is_sensitive))
    return sorted(found, key=lambda fact: (-abs(fact.g), fact.unit, fact.scale))


def _cells(results: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for unit, entry in results["units"].items():
        for scale, cell in entry["scales"].items():
            yield unit, scale, cell
