"""Figures that no results file prints, from the pure methods on single rows."""

from collections.abc import Mapping, Sequence

import numpy as np

from baken.analysis.methods.comparisons import welch
from baken.analysis.methods.means import mean_bounds, mean_interval
from baken.analysis.methods.moments import moments
from baken.analysis.methods.ranks import cliff_interval, mann_whitney
from baken.instruments.definition import Instrument, Scale

Rows = Sequence[Mapping[str, str]]


def method_figures(
    answers: Rows, units: Rows, instrument: Instrument, unit_column: str
) -> dict[tuple[str, str], dict[str, float]]:
    """Per scale and unit: bounds, intervals, Welch's t and df, Mann-Whitney's U."""
    of_row = np.array([row[unit_column] for row in answers])
    parent = {row["unit"]: row.get("parent", "") for row in units}
    people = {row["unit"]: int(row["headcount"]) for row in units}
    found = {}
    for scale in instrument.scales:
        scores = _scores(answers, instrument, scale)
        values = np.unique(scores[~np.isnan(scores)])
        for unit in people:
            within = [key for key in people if unit in _line(key, parent)]
            inside = np.isin(of_row, within)
            outside = ~inside
            if scores[outside].size:
                mine, others = (_counted(scores[part], values) for part in (inside, outside))
                size = float(sum(people[key] for key in within))
                found[scale.key, unit] = _figures(mine, others, values, size)
    return found


def _figures(
    mine: np.ndarray, others: np.ndarray, values: np.ndarray, headcount: float
) -> dict[str, float]:
    unit, rest = moments(mine, values), moments(others, values)
    size = np.array([headcount])
    bounds, corrected = mean_bounds(unit, size), mean_interval(unit, size)
    plain = mean_interval(unit, np.array([np.nan]))
    test, ranks, cliff = welch(unit, rest), mann_whitney(mine, others), cliff_interval(mine, others)
    columns = {
        "bound_lo": bounds.low,
        "bound_hi": bounds.high,
        "ci_lo": plain.low,
        "ci_hi": plain.high,
        "ci_fpc_lo": corrected.low,
        "ci_fpc_hi": corrected.high,
        "rest_n": rest.n,
        "welch_t": test.t,
        "welch_df": test.df,
        "diff_lo": test.interval.low,
        "diff_hi": test.interval.high,
        "mw_U": ranks.u,
        "cliff_lo": cliff.low,
        "cliff_hi": cliff.high,
    }
    return {name: float(column[0]) for name, column in columns.items()}


def _scores(answers: Rows, instrument: Instrument, scale: Scale) -> np.ndarray:
    """Scores of all rows by another route than the product: floating point, one item at a time."""
    columns = []
    for item in instrument.scale_items(scale.key):
        low, high = item.format.low, item.format.high
        given = np.array([float(row[item.code] or "nan") for row in answers])
        columns.append(100 * ((high - given) if item.reversed else (given - low)) / (high - low))
    table = np.array(columns)
    answered = (~np.isnan(table)).sum(axis=0)
    total = np.nansum(table, axis=0)
    enough = answered >= scale.min_answered * len(columns)
    score = np.divide(total, answered, out=np.full(len(answers), np.nan), where=enough)
    return np.round(score, 10)


def scores_of(answers: Rows, instrument: Instrument, scale: str) -> np.ndarray:
    """Scores of all rows on one scale."""
    return _scores(answers, instrument, instrument.scale(scale))


def _counted(scores: np.ndarray, values: np.ndarray) -> np.ndarray:
    places = np.searchsorted(values, scores[~np.isnan(scores)])
    return np.bincount(places, minlength=len(values))[None, :]


def _line(unit: str, parent: Mapping[str, str]) -> list[str]:
    line = [unit]
    while parent[line[-1]]:
        line.append(parent[line[-1]])
    return line
