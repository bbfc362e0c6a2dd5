"""An exact attacker: everything that follows from published sums by adding and subtracting.

It knows which group of people belongs to which published cell, and it knows nothing about plans or
trees. A set of groups is derivable when its 0/1 indicator is a linear combination of the indicators
of the published cells; this is decided with fractions, so nothing is lost in rounding.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Group:
    """People who cannot be told apart by the cells: `apart` counts those not at a telling value."""

    n: int
    apart: tuple[int, ...] = ()


@dataclass(frozen=True)
class Leak:
    """A set of groups that follows from what is published, though it should not."""

    groups: frozenset[Hashable]
    n: int
    kind: str


def answers_as_group(answers: Collection[int], low: int, high: int) -> Group:
    """A group of which the answers are known, with both ends of the range as telling values."""
    return Group(
        len(answers),
        (sum(answer != low for answer in answers), sum(answer != high for answer in answers)),
    )


def leaks(
    groups: Mapping[Any, Group], published: Collection[Collection[Hashable]], k: int
) -> list[Leak]:
    """Every derivable set of people that is smaller than k or gives its members away."""
    present = [name for name in groups if groups[name].n > 0]
    rows = [[Fraction(name in cell) for name in present] for cell in published]
    found = []
    for chosen in _derivable(_null_space(rows, len(present)), len(present)):
        names = frozenset(name for name, is_in in zip(present, chosen, strict=True) if is_in)
        leak = _judged(groups, names, k)
        found += [leak] if leak else []
    return found


def _derivable(kernel: list[list[Fraction]], width: int) -> NDArray[np.bool_]:
    """Every non-empty set, as a row of 0 and 1, that all kernel vectors are orthogonal to."""
    sets = np.arange(1, 1 << width)[:, None] >> np.arange(width) & 1
    for vector in kernel:
        scale = lcm(*(value.denominator for value in vector))
        whole = np.array([int(value * scale) for value in vector], dtype=np.int64)
        sets = sets[sets @ whole == 0]
    return sets.astype(bool)


def _judged(groups: Mapping[Any, Group], names: frozenset[Hashable], k: int) -> Leak | None:
    members = [groups[name] for name in names]
    n = sum(group.n for group in members)
    apart = [sum(counts) for counts in zip(*(group.apart for group in members), strict=True)]
    if n < k:
        return Leak(names, n, "small")
    if any(others == 0 or (others == 1 and n < 2 * k) for others in apart):
        return Leak(names, n, "homogeneous")
    return None


def _null_space(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """Vectors that every row is orthogonal to; a row combination is orthogonal to all of them."""
    rows = [list(row) for row in rows]
    pivots: list[int] = []
    for column in range(width):
        pivot = next((r for r in range(len(pivots), len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        place = len(pivots)
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for r, row in enumerate(rows):
            if r != place and row[column]:
                rows[r] = [a - row[column] * b for a, b in zip(row, rows[place], strict=True)]
        pivots.append(column)
    kernel = []
    for free in (column for column in range(width) if column not in pivots):
        vector = [Fraction(int(column == free)) for column in range(width)]
        for row, column in zip(rows, pivots, strict=False):
            vector[column] = -row[free]
        kernel.append(vector)
    return kernel
