"""What a sheet says: the colour of all lights together, and each figure beside its comparisons.

A light nobody knows lowers the certainty: the result is the colour that holds in any case, and the
one it could become if every unknown light were on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from baken.instruments.screening import READINGS, Bands, Colour, Light, Reading, Screening
from baken.survey.screening.marks import LightState, Mark, Marks


class Gap(StrEnum):
    """Why a comparison has no colour."""

    NOT_COMPARED = "not_compared"  # the screening has no bands for it
    NO_VALUE = "no_value"
    NO_REFERENCE = "no_reference"
    NOUGHT = "nought"  # nothing is so many times nought
    DISPLACED = "displaced"  # typed for another period than the sheet is about now


class Doubt(StrEnum):
    """A light and its figures that do not say the same; the group decides."""

    OFF_BUT_WORSE = "off_but_worse"
    ON_BUT_GREEN = "on_but_green"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside another one.

    `number` is how many times as high it is, or how much higher, as the bands say; None without a
    colour, and where both are nought.
    """

    reading: Reading
    bands: Bands | None = None
    reference: float | None = None
    number: float | None = None
    colour: Colour | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class LightReading:
    """One light of a sheet with its comparisons, in the order of `READINGS`."""

    light: Light
    mark: Mark
    compared: tuple[Comparison, ...]

    @property
    def state(self) -> LightState:
        """On, off, or unknown; what nobody filled in is unknown."""
        return self.mark.state or LightState.UNKNOWN

    @property
    def doubt(self) -> Doubt | None:
        """Whether the figures contradict what the group says."""
        colours = [one.colour for one in self.compared if one.colour is not None]
        if self.state is LightState.OFF and Colour.RED in colours:
            return Doubt.OFF_BUT_WORSE
        if self.state is LightState.ON and colours and max(colours) is Colour.GREEN:
            return Doubt.ON_BUT_GREEN
        return None


@dataclass(frozen=True, slots=True)
class Result:
    """What a sheet says.

    `colour` holds whatever the unknown lights are; `worst` is the colour if all of them were on.
    """

    lights: tuple[LightReading, ...]
    n_on: int
    n_unknown: int
    colour: Colour
    worst: Colour

    @property
    def n_lights(self) -> int:
        return len(self.lights)

    @property
    def is_certain(self) -> bool:
        """Whether no unknown light could change the colour."""
        return self.colour == self.worst


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit in the list of what comes first; `people` is None where nobody counted."""

    name: str
    colour: Colour
    n_on: int
    people: int | None

    @property
    def urgency(self) -> tuple[int, int, int, str]:
        """Sorts by colour, then lights on, then people, the most first; then by name."""
        return (-self.colour, -self.n_on, -(self.people or 0), self.name)


def result_of(screening: Screening, marks: Marks) -> Result:
    """Read a sheet."""
    lights = tuple(_read(light, marks.get(light.item, Mark())) for light in screening.lights)
    n_on = _count(lights, LightState.ON)
    n_unknown = _count(lights, LightState.UNKNOWN)
    return Result(
        lights,
        n_on,
        n_unknown,
        screening.overall.colour(Fraction(n_on)),
        screening.overall.colour(Fraction(n_on + n_unknown)),
    )


def compare(light: Light, mark: Mark, reading: Reading) -> Comparison:
    """Put the figure of a light beside the sector, its size, or its own past.

    The past is the earliest of three periods that is known: a slow climb shows.
    """
    bands = light.bands(reading)
    if bands is None:
        return Comparison(reading, gap=Gap.NOT_COMPARED)
    reference = _reference(mark, reading)
    if mark.value is None or reference is None:
        return Comparison(reading, bands, reference, gap=_gap(mark, reading))
    high, low = Fraction(str(mark.value)), Fraction(str(reference))
    if light.low_is_worse:
        high, low = low, high
    if bands.by == "difference":
        return Comparison(reading, bands, reference, float(high - low), bands.colour(high - low))
    if low == 0:
        if high == 0:
            return Comparison(reading, bands, reference, colour=Colour.GREEN)
        return Comparison(reading, bands, reference, gap=Gap.NOUGHT)
    return Comparison(reading, bands, reference, float(high / low), bands.colour(high / low))


def _reference(mark: Mark, reading: Reading) -> float | None:
    if reading == "sector":
        return mark.sector
    if reading == "size":
        return mark.size
    if mark.is_displaced:
        return None
    return mark.before if mark.before_that is None else mark.before_that


def _gap(mark: Mark, reading: Reading) -> Gap:
    if mark.value is None:
        return Gap.NO_VALUE
    return Gap.DISPLACED if reading == "change" and mark.is_displaced else Gap.NO_REFERENCE


def _read(light: Light, mark: Mark) -> LightReading:
    return LightReading(light, mark, tuple(compare(light, mark, one) for one in READINGS))


def _count(lights: Iterable[LightReading], state: LightState) -> int:
    return sum(one.state is state for one in lights)
