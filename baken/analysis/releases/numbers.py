"""From arrays to the values of a results file: numbers, and null with its reason."""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Reason = Literal[
    "privacy",
    "merged",
    "no_answers",
    "not_estimable",
    "headcount_unknown",
    "no_cutoff",
    "too_few",
    "weak",
    "responses_above_headcount",
]

SHARES = ("share_at_risk", "share_low", "share_high")


def number(value: float) -> float | None:
    """Return the value, or None where it is not defined; never a negative zero."""
    return None if isnan(value) else float(value) + 0.0


def by_line(columns: Mapping[str, NDArray[np.float64] | list[Any]]) -> list[dict[str, Any]]:
    """Return every line of named columns; as `number` does it, but for all lines at once."""
    lists = [_numbers(column) for column in columns.values()]
    return [dict(zip(columns, line, strict=True)) for line in zip(*lists, strict=True)]


def _numbers(column: NDArray[np.float64] | list[Any]) -> list[Any]:
    if isinstance(column, list):
        return column
    values: list[float | None] = (column + 0.0).tolist()
    for line in np.flatnonzero(np.isnan(column)).tolist():
        values[line] = None
    return values


def nothing(names: Iterable[str]) -> dict[str, Any]:
    """Return a null for every name."""
    return dict.fromkeys(names)


def missing_figures(
    figures: Mapping[str, Any], *, has_cutoff: bool, share_hidden: bool, rwg_hidden: bool
) -> dict[str, Reason]:
    """Say of every null among the figures of a shown scale why it is one."""
    reasons: dict[str, Reason] = {}
    for name, value in figures.items():
        if value is not None:
            continue
        if name in SHARES:
            reasons[name] = "privacy" if has_cutoff and share_hidden else "no_cutoff"
        else:
            reasons[name] = "privacy" if name == "rwg" and rwg_hidden else "not_estimable"
    return reasons
