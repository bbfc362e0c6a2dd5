"""Published figures beside references from elsewhere, and beside an earlier publication.

Everything here follows from figures that are published already: nothing new can leak.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import NotComparable
from baken.analysis.methods.benchmarks import against_reference
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.trend import MINIMAL_DIFFERENCE, change, verdict
from baken.analysis.references.reference import ScaleReference
from baken.analysis.releases.numbers import number
from baken.instruments.definition import Instrument, Scale
from baken.instruments.versions import comparable_scales
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.disclosure.tree import Tree

ALL: Final = "ALL"

Figures = Mapping[str, Any]


def with_references(found: Figures, references: Sequence[ScaleReference]) -> dict[str, Any]:
    """Compare every shown cell of the results with the references.

    Returns
    -------
    dict
        Scale to unit (or ``ALL``) to ``diff``, ``low``, ``high``, ``p`` and ``source``.
    """
    compared: dict[str, Any] = {}
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
    return compared


def with_previous(
    found: Figures, previous: Figures, instrument: Instrument, tree: Tree
) -> dict[str, Any]:
    """Compare every cell that both publications show.

    Parameters
    ----------
    found, previous : dict
        Contents of `results.json`, the newer and the older one.
    tree : Tree
        The units of the newer one.

    Returns
    -------
    dict
        Scale to unit (or ``ALL``) to ``before``, ``after``, ``diff``, ``low``, ``high`` and
        ``verdict``. Beside an earlier version of the questions, only the scales that kept their
        meaning. A unit of which a part is new, gone or counted elsewhere has no trend. Below ten
        people at least, only the organisation has one: who joined and who left is not known.

    Raises
    ------
    NotComparable
        The older publication asks other questions, or was made without protection.
    """
    comparable = check_previous(previous, instrument, protected=found["protected"])
    few = found["protected"] and min(found["min_group"], previous["min_group"]) < DEFAULT_MIN_GROUP
    trends = {}
    for scale in map(instrument.scale, comparable):
        before, after = dict(_shown(previous, scale.key)), dict(_shown(found, scale.key))
        cells = [unit for unit in after if unit in before and _is_same(unit, found, previous, tree)]
        chosen = [unit for unit in cells if unit == ALL or not few]
        trends[scale.key] = dict(_changes(scale, chosen, before, after))
    return trends


def _changes(
    scale: Scale, units: Sequence[str], before: Mapping[str, Figures], after: Mapping[str, Figures]
) -> Iterator[tuple[str, dict[str, Any]]]:
    first, second = ([side[unit] for unit in units] for side in (before, after))
    moved = change(_moments(first), _moments(second), _people(first), _people(second))
    for place, unit in enumerate(units):
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
                "verdict": str(verdict(difference, low, high, scale.high_is, MINIMAL_DIFFERENCE)),
            },
        )


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


def _is_same(unit: str, found: Figures, previous: Figures, tree: Tree) -> bool:
    """Whether the unit and all below it exist in both, each counted where it belongs."""
    if unit == ALL:
        return True
    places = (unit, *tree.below(unit))
    return all(_is_whole(previous, key) and _is_whole(found, key) for key in places)


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
