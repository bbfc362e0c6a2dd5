"""From arrays to the values of a results file: numbers, and null with its reason."""

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any, Literal

Reason = Literal[
    "privacy", "merged", "no_answers", "not_estimable", "headcount_unknown", "no_cutoff"
]

SHARES = ("share_at_risk", "share_low", "share_high")


def number(value: float) -> float | None:
    """Return the value, or None where it is not defined; never a negative zero."""
    return None if isnan(value) else float(value) + 0.0


def numbers(columns: Mapping[str, Any], line: int) -> dict[str, float | None]:
    """Return one line of named columns."""
    return {name: number(float(column[line])) for name, column in columns.items()}


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
