"""What disclosure control has to know of the answers to one statistic: how many gave each value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

import numpy as np

from .errors import DisclosureError
from .leaks import Key
from .plan import Cell
from .telling import as_cells, telling_values


@dataclass(frozen=True, slots=True)
class Answers(Generic[Key]):
    """How people answered, by the finest description a reader may know them by.

    Attributes
    ----------
    counts : Mapping to tuple of int
        Of every key, how many people gave each value.
    values : tuple of float
        The values in ascending order, the lowest and the highest possible one always among them: 0
        and 100 for a score, and (0, 1) for being at risk.
    """

    counts: Mapping[Key, tuple[int, ...]]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        for counts in self.counts.values():
            if len(counts) != len(self.values) or min(counts) < 0:
                raise DisclosureError(
                    "disclosure.not_one_count_per_value",
                    "There are {n} counts for {values} values, or one is below 0. Give for every "
                    "value how many people have it.",
                    n=len(counts),
                    values=len(self.values),
                )

    def cells(self, k: int) -> dict[Key, Cell]:
        """Return the people of every key, and those apart from every value that may tell.

        Parameters
        ----------
        k : int
            Minimum group of this statistic.
        """
        table = np.array(list(self.counts.values()), dtype=np.int64)
        table = table.reshape(-1, len(self.values))
        cells = as_cells(table, telling_values(table, k))
        return dict(zip(self.counts, cells, strict=True))

    @property
    def totals(self) -> dict[Key, float]:
        """The sum of the answers of every key."""
        return {
            key: sum(n * value for n, value in zip(counts, self.values, strict=True))
            for key, counts in self.counts.items()
        }
