"""What absence and turnover cost, with assumptions that anybody can change."""

import math
from dataclasses import dataclass, fields
from typing import Final

from baken.actionplan.errors import Invalid

DAYS_A_YEAR: Final = 365
"""Figures of absence count calendar days, so a day costs a 365th part of a year."""
LARGEST: Final = 1e7


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Own starting points of Baken, not figures of an authority; everybody fills in their own.

    Attributes
    ----------
    yearly_cost
        What a full-time worker costs the employer in a year, in euro.
    paid_share
        Percent of the days of absence that the employer pays: guaranteed pay, not the insurance.
    replaced_share
        Percent of the days of absence on which somebody takes over for extra pay.
    replacing_cost
        What taking over costs beside it, in percent of the cost of a day.
    leaving_cost
        What it costs to find and train somebody new, in percent of the yearly cost.
    """

    yearly_cost: float = 55_000
    paid_share: float = 50
    replaced_share: float = 50
    replacing_cost: float = 120
    leaving_cost: float = 40


@dataclass(frozen=True, slots=True)
class Costs:
    """Euro in the period: each line of the sum; None where the figure is not known or not shown."""

    a_day: float
    paid: float | None
    replaced: float | None
    leaving: float | None

    @property
    def absence(self) -> float | None:
        if self.paid is None or self.replaced is None:
            return None
        return self.paid + self.replaced

    @property
    def total(self) -> float | None:
        """Everything together; None while a line is hidden: it would follow from the total."""
        if self.absence is None or self.leaving is None:
            return None
        return self.absence + self.leaving


def check(assumptions: Assumptions) -> None:
    """Raise `Invalid` unless the assumptions are amounts and percentages."""
    for field in fields(assumptions):
        value = getattr(assumptions, field.name)
        most = LARGEST if field.name == "yearly_cost" else 1_000
        if not math.isfinite(value) or not 0 <= value <= most:
            raise Invalid(
                "series.assumption_odd",
                "An assumption lies below 0 or is too large. Correct it.",
            )
    if assumptions.paid_share > 100 or assumptions.replaced_share > 100:
        raise Invalid("series.share_odd", "A share of the days is at most 100 %. Correct it.")


def costs_of(days_absent: float | None, leavers: float | None, assumptions: Assumptions) -> Costs:
    """Return what absence (in calendar days) and leavers cost."""
    a_day = assumptions.yearly_cost / DAYS_A_YEAR
    paid = replaced = None
    if days_absent is not None:
        paid = days_absent * a_day * assumptions.paid_share / 100
        taken_over = days_absent * assumptions.replaced_share / 100
        replaced = taken_over * a_day * assumptions.replacing_cost / 100
    leaving = None
    if leavers is not None:
        leaving = leavers * assumptions.yearly_cost * assumptions.leaving_cost / 100
    return Costs(a_day, paid, replaced, leaving)
