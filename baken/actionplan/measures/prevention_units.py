"""What an hour of the external service costs in prevention units, as data with its source."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from baken.actionplan.errors import Invalid

FILE: Final = Path(__file__).with_name("disciplines.toml")
MOST_HOURS: Final = 10_000.0
MOST_EURO: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tariff:
    """Units for an hour of each discipline, in the order of the form, and where that was read."""

    weights: Mapping[str, float]
    source: str
    status: str


@cache
def read_tariff() -> Tariff:
    """Read what an hour of each discipline counts for."""
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    weights = {row["key"]: float(row["units_per_hour"]) for row in told["disciplines"]}
    return Tariff(weights, told["source"], told["status"])


def units_of(hours: Mapping[str, float]) -> float:
    """Return the prevention units that these hours take (hours by discipline)."""
    weights = read_tariff().weights
    return sum(weights[discipline] * n for discipline, n in hours.items())


def check_means(budget: int | None, hours: Mapping[str, float]) -> None:
    """Raise `Invalid` unless money and hours can have been meant."""
    if budget is not None and not 0 <= budget <= MOST_EURO:
        raise Invalid(
            "actionplan.budget_outside", "Write the budget in whole euro, without a sign."
        )
    for discipline, n in hours.items():
        if discipline not in read_tariff().weights:
            raise Invalid(
                "actionplan.discipline_unknown",
                "Choose the discipline of the external service from what is offered.",
            )
        if not (math.isfinite(n) and 0 <= n <= MOST_HOURS):
            raise Invalid(
                "actionplan.hours_outside",
                "Hours run from 0 to {most}. Write how many you ask of the external service.",
                most=int(MOST_HOURS),
            )
