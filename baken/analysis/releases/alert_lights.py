"""The alert lights read twice: what a group agreed on, and what everybody says in a release.

Everybody's reading comes out of released figures alone. A light that a release withholds for a unit
has no reading there, and neither can the colour of all lights be wider known than the shown lights
allow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from baken.analysis.methods.readings import (
    ColourAgreement,
    LightAgreement,
    compare_colours,
    compare_lights,
    everybodys_reading,
)
from baken.instruments.definition import Instrument
from baken.instruments.screening import Bands, Colour
from baken.survey.disclosure.tree import ROOT, Tree
from baken.survey.screening.marks import LightState
from baken.survey.screening.readings import Result

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Everybody:
    """What the people of a unit say: the lights that may be shown, and their colour together.

    `colour` holds whatever the other lights are; `worst` is the colour if all of them were on.
    """

    lights: Mapping[str, bool]
    n_lights: int
    colour: Colour
    worst: Colour

    @property
    def n_on(self) -> int:
        return sum(self.lights.values())

    @property
    def n_hidden(self) -> int:
        """Lights that too few people know, or that the release withholds."""
        return self.n_lights - len(self.lights)

    @property
    def is_certain(self) -> bool:
        return self.colour == self.worst


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """One unit with the sheet of its group, and everybody's reading where there is one."""

    unit: str
    group: Result
    everybody: Everybody | None

    @property
    def step(self) -> int | None:
        """By how many colours everybody sees it worse; None while one of the two is not certain."""
        if self.everybody is None or not (self.group.is_certain and self.everybody.is_certain):
            return None
        return self.everybody.colour - self.group.colour

    @property
    def known(self) -> dict[str, tuple[bool, bool]]:
        """The lights that both know: on for the group, on for everybody."""
        said = self.everybody.lights if self.everybody else {}
        return {
            one.light.item: (one.state is LightState.ON, said[one.light.item])
            for one in self.group.lights
            if one.state is not LightState.UNKNOWN and one.light.item in said
        }


@dataclass(frozen=True, slots=True)
class LightOverUnits:
    """One light over the units that count; `agreement` is None below five of them."""

    item: str
    n_units: int
    agreement: LightAgreement | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The two readings over the units that count.

    `n_units` have a certain colour in both; `colours` is None below five of them.
    """

    n_units: int
    lights: tuple[LightOverUnits, ...]
    colours: ColourAgreement | None


def lights_asked(instrument: Instrument) -> dict[str, str]:
    """Return the scale of each light that was asked as a scale of its own; empty if none was."""
    return {
        scale.items[0]: scale.key
        for scale in instrument.scales
        if len(scale.items) == 1 and not scale.is_total
    }


def everybody_in(
    entry: Figures, asked: Mapping[str, str], lights: Iterable[str], overall: Bands, *, k: int
) -> Everybody | None:
    """Read what a release says of one unit, or of the whole; None when it shows no light.

    Parameters
    ----------
    entry : mapping
        The unit in the results, or the results as a whole.
    asked : mapping
        Light to the scale of that light.
    lights : iterable of str
        All lights of the sheet.
    overall : Bands
        The limits of the sheet, so that both readings are held against the same.
    k : int
        Smallest group of the release.
    """
    wanted = [*lights]
    found: dict[str, bool] = {}
    for light in wanted:
        said = _said(entry["scales"].get(asked.get(light, ""), {}), k)
        if said is not None:
            found[light] = said
    if not found:
        return None
    n_on = sum(found.values())
    return Everybody(
        found,
        len(wanted),
        overall.colour(Fraction(n_on)),
        overall.colour(Fraction(n_on + len(wanted) - len(found))),
    )


def _said(figures: Figures, k: int) -> bool | None:
    if figures.get("n") is None or figures.get("mean") is None:
        return None
    on = round(figures["n"] * figures["mean"] / 100)
    return everybodys_reading(on, figures["n"] - on, k)


def lowest(units: Iterable[str], tree: Tree) -> frozenset[str]:
    """Return the units that have none of the others below them: nobody is in two of these."""
    given = set(units)
    return frozenset(
        unit
        for unit in given
        if not any(other != unit and _is_within(tree, other, unit) for other in given)
    )


def _is_within(tree: Tree, unit: str, above: str) -> bool:
    return above == ROOT or tree.is_within(unit, above)


def compare_readings(counted: Iterable[TwoReadings], lights: Iterable[str]) -> Compared:
    """Put both readings beside each other over units that do not overlap."""
    units = [*counted]
    certain = [unit for unit in units if unit.step is not None and unit.everybody is not None]
    colours = compare_colours(
        np.array([unit.group.colour for unit in certain], dtype=np.int64),
        np.array([unit.everybody.colour for unit in certain if unit.everybody], dtype=np.int64),
    )
    return Compared(
        len(certain),
        tuple(_over_units(light, [unit.known for unit in units]) for light in lights),
        colours,
    )


def _over_units(light: str, known: list[dict[str, tuple[bool, bool]]]) -> LightOverUnits:
    pairs = np.array([one[light] for one in known if light in one], dtype=np.bool_).reshape(-1, 2)
    return LightOverUnits(light, len(pairs), compare_lights(pairs[:, 0], pairs[:, 1]))
