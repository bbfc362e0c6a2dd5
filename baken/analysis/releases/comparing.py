"""Published figures beside references from elsewhere, and beside an earlier publication.

Everything here follows from figures that are published already: nothing new can leak.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import NotComparable
from baken.analysis.methods.benchmarks import against_reference
from baken.analysis.methods.comparisons import benjamini_hochberg
from baken.analysis.methods.means import Interval
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.trend import MINIMAL_DIFFERENCE, Change, change, verdict
from baken.analysis.references.reference import ScaleReference
from baken.analysis.releases.numbers import number
from baken.analysis.releases.recommending import shown_scores
from baken.instruments.definition import Instrument, Scale
from baken.instruments.versions import comparable_scales
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.disclosure.tree import Tree
from baken.survey.disclosure.trends import TrendState, trend_state

ALL: Final = "ALL"

MINIMAL_RECOMMENDATION: Final = 10.0
"""Points of a recommendation score, which runs from -100 to 100, from which a change matters."""

Figures = Mapping[str, Any]
Trees = tuple[Tree, Tree | None]
Movers = Mapping[str, int]

NOBODY_KNOWS: Final[Movers] = MappingProxyType({})
TOLD: Final = {TrendState.SHOWN, TrendState.WARNED}


def with_references(found: Figures, references: Sequence[ScaleReference]) -> dict[str, Any]:
    """Compare every shown cell of the results with the references.

    Returns
    -------
    dict
        Scale to unit (or ``ALL``) to ``diff``, ``low``, ``high``, ``p``, ``q`` and ``source``. The
        q values are those of Benjamini and Hochberg over all of these comparisons.
    """
    compared: dict[str, dict[str, Any]] = {}
    for reference in references:
        cells = dict(_shown(found, reference.scale))
        tests = against_reference(_moments(list(cells.values())), reference.figures)
        compared[reference.scale] = {
            unit: {
                "diff": number(tests.difference[place]),
                "low": number(tests.interval.low[place]),
                "high": number(tests.interval.high[place]),
                "p": number(tests.p[place]),
                "source": reference.label,
            }
            for place, unit in enumerate(cells)
        }
    tests_made = [cell for cells_of_one in compared.values() for cell in cells_of_one.values()]
    p = np.array([np.nan if cell["p"] is None else cell["p"] for cell in tests_made], dtype=float)
    for cell, q in zip(tests_made, benjamini_hochberg(p).tolist(), strict=True):
        cell["q"] = number(q)
    return compared


def with_previous(
    found: Figures,
    previous: Figures,
    instrument: Instrument,
    trees: Trees,
    movers: Movers = NOBODY_KNOWS,
) -> dict[str, Any]:
    """Compare every cell that both publications show.

    Parameters
    ----------
    found, previous : dict
        Contents of `results.json`, the newer and the older one.
    trees : pair
        The units of the newer and of the older one; None when these are not known.
    movers : mapping, optional
        Unit, a single top one included, to the number of people who joined or left in between,
        those of the units below included; a unit of which that was not entered is absent.

    Returns
    -------
    dict
        Scale to unit (or ``ALL``) to ``before``, ``after``, ``diff``, ``low``, ``high``,
        ``complete``, ``verdict`` and ``state``: shown, or warned where more than a quarter of the
        people joined or left. Beside an earlier version of the questions, only the scales that
        kept their meaning. A unit that is counted elsewhere, or of which a part is new, gone or
        from elsewhere, has no trend. With a smallest group below ten people a unit has one only
        where it is known that nobody, or more than two people, joined or left.

    Raises
    ------
    NotComparable
        The older publication asks other questions, or was made without protection.
    """
    comparable = check_previous(previous, instrument, protected=found["protected"])
    trends = {}
    known = _Known(found, previous, trees, movers)
    for scale in map(instrument.scale, comparable):
        before, after = dict(_shown(previous, scale.key)), dict(_shown(found, scale.key))
        cells = known.moving(unit for unit in after if unit in before)
        trends[scale.key] = dict(_changes(scale, cells, before, after))
    return trends


def with_previous_recommendation(
    found: Figures,
    previous: Figures,
    instrument: Instrument,
    trees: Trees,
    movers: Movers = NOBODY_KNOWS,
) -> dict[str, Any]:
    """Compare every recommendation score that both publications show.

    Arguments, returns and what is raised are those of `with_previous`; a change of ten points
    matters.
    """
    key = instrument.recommendation
    if not key or key not in check_previous(previous, instrument, protected=found["protected"]):
        return {}
    before, after = shown_scores(previous, key), shown_scores(found, key)
    known = _Known(found, previous, trees, movers)
    cells = known.moving(unit for unit in after if unit in before)
    moved = _changes(instrument.scale(key), cells, before, after, MINIMAL_RECOMMENDATION)
    return {key: dict(moved)}


def _changes(
    scale: Scale,
    states: Mapping[str, TrendState],
    before: Mapping[str, Figures],
    after: Mapping[str, Figures],
    minimal: float = MINIMAL_DIFFERENCE,
) -> Iterator[tuple[str, dict[str, Any]]]:
    first, second = ([side[unit] for unit in states] for side in (before, after))
    moved, is_complete = _moved(first, second)
    for place, unit in enumerate(states):
        difference = float(moved.difference[place])
        low, high = float(moved.interval.low[place]), float(moved.interval.high[place])
        yield (
            unit,
            {
                "before": first[place]["mean"],
                "after": second[place]["mean"],
                "diff": number(difference),
                "low": number(low),
                "high": number(high),
                "complete": bool(is_complete[place]),
                "verdict": str(verdict(difference, low, high, scale.high_is, minimal)),
                "state": str(states[unit]),
            },
        )


def _moved(before: Sequence[Figures], after: Sequence[Figures]) -> tuple[Change, NDArray[np.bool_]]:
    """Return the changes, and where everybody answered both times.

    There the change is a fact without a margin. What may be asked is whether it is more than such
    means always move: limits as for a sample of a large group.
    """
    sides = [(_moments(cells), _people(cells)) for cells in (before, after)]
    (first, people_before), (second, people_after) = sides
    known = change(first, second, people_before, people_after)
    of_many = change(first, second, *(np.full(len(before), np.nan) for _ in sides))
    is_complete = np.logical_and.reduce([cells.n == people for cells, people in sides])
    # all answers alike, and somebody silent: no margin can be estimated
    unknown = (known.error == 0) & ~is_complete
    limits = Interval(
        np.where(is_complete, of_many.interval.low, np.where(unknown, np.nan, known.interval.low)),
        np.where(
            is_complete, of_many.interval.high, np.where(unknown, np.nan, known.interval.high)
        ),
    )
    return replace(known, interval=limits), is_complete


def check_previous(
    previous: Figures, instrument: Instrument, *, protected: bool
) -> tuple[str, ...]:
    """Return the scales that may be compared, at least one; else raise `NotComparable`."""
    other = previous.get("instrument") or {}
    comparable = comparable_scales(
        instrument, str(other.get("key", "")), str(other.get("version", ""))
    )
    if not comparable:
        raise NotComparable(
            "analysis.other_questions",
            "The earlier results were made with {theirs}, these with {ours}. A trend needs the "
            "same questions.",
            theirs=f"{other.get('key', '?')} {other.get('version', '?')}",
            ours=f"{instrument.key} {instrument.version}",
        )
    if protected and not previous.get("protected"):
        raise NotComparable(
            "analysis.unprotected_before",
            "The earlier results were made without disclosure control. Make them again with it, or "
            "ask for these with --unprotected too.",
        )
    return comparable


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides whether a unit has a trend between two publications."""

    found: Figures
    previous: Figures
    trees: Trees
    movers: Movers

    def moving(self, units: Iterable[str]) -> dict[str, TrendState]:
        """Return the units that have a trend, each with what must be said of it."""
        states = {unit: self._state(unit) for unit in units}
        return {unit: state for unit, state in states.items() if state in TOLD}

    def _state(self, unit: str) -> TrendState:
        is_whole = unit == ALL or (
            _is_whole(self.previous, unit)
            and _is_whole(self.found, unit)
            and _has_same_parts(unit, *self.trees)
        )
        entry = self.found if unit == ALL else self.found["units"][unit]
        return trend_state(
            is_whole_in_both=is_whole,
            movers=self.movers.get(self.trees[0].root_key_or(unit)),
            headcount=entry["headcount"],
            # a few who came and went are lost among all
            k=DEFAULT_MIN_GROUP if unit == ALL else self._min_group(),
        )

    def _min_group(self) -> int:
        if not self.found["protected"]:
            return DEFAULT_MIN_GROUP
        return int(min(self.found["min_group"], self.previous["min_group"]))


def _has_same_parts(unit: str, now: Tree, then: Tree | None) -> bool:
    """Whether the same units hang below a unit, each in the same place."""
    if then is None or unit not in then:
        return False
    return _parts(unit, now) == _parts(unit, then)


def _parts(unit: str, tree: Tree) -> set[tuple[str, str | None]]:
    return {(part, tree.parent(part)) for part in tree.below(unit)}


def _is_whole(results: Figures, unit: str) -> bool:
    entry = results["units"].get(unit)
    return entry is not None and "unit" not in entry.get("withheld", {})


def _shown(found: Figures, scale: str) -> Iterator[tuple[str, Figures]]:
    """The cells of a scale that hold a mean, with the headcount they are a part of."""
    places = [(ALL, found), *found.get("units", {}).items()]
    for unit, entry in places:
        figures = entry.get("scales", {}).get(scale)
        if figures and figures["mean"] is not None:
            yield unit, {**figures, "headcount": entry["headcount"]}


def _moments(cells: Sequence[Figures]) -> Moments:
    return Moments(
        np.array([cell["n"] for cell in cells], dtype=np.int64),
        _column(cells, "mean"),
        _column(cells, "sd"),
    )


def _people(cells: Sequence[Figures]) -> NDArray[np.float64]:
    return _column(cells, "headcount")


def _column(cells: Sequence[Figures], name: str) -> NDArray[np.float64]:
    return np.array([np.nan if cell[name] is None else cell[name] for cell in cells], dtype=float)
