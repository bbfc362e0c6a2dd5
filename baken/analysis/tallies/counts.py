"""What is found by going through answers once."""

from collections.abc import Sequence
from dataclasses import dataclass

from baken.analysis.methods.modes import ModeDifference
from baken.analysis.tallies.driver_cells import DriverCells
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import DriverModel


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Everything analysis has to know of some answers.

    Attributes
    ----------
    tally : Tally
        The counts behind nearly everything.
    drivers : tuple[DriverCells, ...]
        What each model of an outcome and its factors needs beside them.
    modes : tuple of (scale, ModeDifference)
        How answers on paper differ from those on a screen: computed once, while answers exist.
    """

    tally: Tally
    drivers: tuple[DriverCells, ...]
    modes: tuple[tuple[str, ModeDifference], ...] = ()

    @classmethod
    def empty(cls, shape: Shape, models: Sequence[DriverModel]) -> "Counts":
        """Return the counts of nobody."""
        drivers = tuple(DriverCells.empty(shape, model) for model in models)
        return cls(Tally.empty(shape), drivers)

    def with_all(self, others: Sequence["Counts"]) -> "Counts":
        """Return the sum of these counts and others."""
        drivers = zip(self.drivers, *(other.drivers for other in others), strict=True)
        return Counts(
            self.tally.with_all([other.tally for other in others]),
            tuple(first.with_all(rest) for first, *rest in drivers),
        )
