"""What a screening holds beyond a questionnaire: alert lights, and the bands that give colours.

The lights are items as well, so that everybody can be asked; here stands how a group reads them
from figures of the organisation.
"""

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Literal

By = Literal["count", "ratio", "difference"]
Reading = Literal["sector", "size", "change"]

READINGS: tuple[Reading, ...] = ("sector", "size", "change")
"""What the figure of a light is compared with: the sector, organisations of its size, its past."""


class Colour(IntEnum):
    """Green, orange or red; a higher one is worse."""

    GREEN = 1
    ORANGE = 2
    RED = 3

    @property
    def word(self) -> str:
        """The name as texts and style sheets know it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Bands:
    """Where a number turns orange, and where red; green below.

    Attributes
    ----------
    by
        What the number is: a count of lights, a figure divided by what it is compared with, or the
        figure less it.
    """

    key: str
    by: By
    orange_from: float
    red_from: float
    source: str

    def colour(self, number: Fraction) -> Colour:
        """Return the colour of a number; limits belong to the worse colour."""
        if number >= Fraction(str(self.red_from)):
            return Colour.RED
        return Colour.ORANGE if number >= Fraction(str(self.orange_from)) else Colour.GREEN


@dataclass(frozen=True, slots=True)
class Light:
    """One alert light; `sector`, `size` and `change` are None where nothing is compared.

    `low_is_worse` turns the comparison round: of such a figure less is worse.
    """

    item: str
    sector: Bands | None
    size: Bands | None
    change: Bands | None
    low_is_worse: bool = False

    def bands(self, reading: Reading) -> Bands | None:
        """Return the bands of a comparison; None where this light has none."""
        found: Bands | None = getattr(self, reading)
        return found


@dataclass(frozen=True, slots=True)
class LightTexts:
    """A light in one language: its name, when it is on, its figure, and where that is found."""

    name: str
    on_when: str
    figure: str
    find: str


@dataclass(frozen=True, slots=True)
class Screening:
    """The lights in the order of the items, and the bands of all of them together.

    `is_official` says that wording and bands are those of the authority that issued them.
    """

    is_official: bool
    overall: Bands
    bands: tuple[Bands, ...]
    lights: tuple[Light, ...]

    def light(self, item: str) -> Light:
        """Return the light of an item; `KeyError` when there is none."""
        for light in self.lights:
            if light.item == item:
                return light
        raise KeyError(item)
