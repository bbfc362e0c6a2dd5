"""`--scale pace=A2:risk`: what the author says about the scales of an imported questionnaire."""

import re
from collections.abc import Iterable
from typing import Final

import typer

from baken.instruments.definition import DIMENSIONS
from baken.instruments.exchange.imported import Imported, Place, with_dimensions

_WRITTEN: Final = re.compile(r"(?P<scale>[^=]+)=(?P<dimension>[^:]+):(?P<high_is>risk|resource)")


def placed(taken: Imported, written: Iterable[str]) -> Imported:
    """Return a draft in which the scales have the place that was asked for."""
    places = {}
    for one in written:
        found = _WRITTEN.fullmatch(one)
        if not found or found["dimension"] not in DIMENSIONS:
            raise typer.BadParameter(
                f"“{one}” says no place. Write SCALE=DIMENSION:risk or SCALE=DIMENSION:resource, "
                f"with one of {', '.join(DIMENSIONS)}.",
                param_hint="--scale",
            )
        if found["scale"] not in taken.to_set:
            known = ", ".join(taken.to_set) or "none to set"
            raise typer.BadParameter(
                f"The file has no scale {found['scale']}. It has {known}.", param_hint="--scale"
            )
        places[found["scale"]] = Place(found["dimension"], found["high_is"])
    return with_dimensions(taken, places) if places else taken
