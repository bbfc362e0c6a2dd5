"""The figures of a year: accidents, days and flat-rate days, and the three rates of the form."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.indicators.accidents.lists import lists
from baken.analysis.methods.rates import Rate, frequency_rate, severity_rate


class Kind(StrEnum):
    """At work (duty travel too), or on the way to or from it."""

    WORK = "work"
    COMMUTING = "commuting"


class Gravity(StrEnum):
    """The gravest consequence; each accident counts once, in its gravest column."""

    FATAL = "fatal"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    OTHER_COST = "other_cost"  # no incapacity, but a doctor or another cost
    LIGHT = "light"  # no cost at all: in the first-aid register only


class Category(StrEnum):
    """What kind of worker, for the breakdown of the form."""

    BLUE = "blue"
    WHITE = "white"
    STUDENT = "student"
    TRAINEE = "trainee"


COLUMNS: Final = (Gravity.FATAL, Gravity.PERMANENT, Gravity.TEMPORARY)
"""What counts for the rates: at least one day lost beside the day itself."""
COUNTED_ONLY: Final = (Gravity.OTHER_COST, Gravity.LIGHT)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one accident; nobody's name.

    Attributes
    ----------
    days_lost
        Calendar days from the accident to the return to work; without return those on the
        certificates. Of a fatal one: days from the accident to the death.
    is_back
        Whether work was taken up again.
    percent
        Permanent disability in percent, once it is fixed.
    loss
        Row of the table of flat rates, while no percentage is fixed.
    n
        How many; more than one only without incapacity.
    """

    happened_on: date
    kind: Kind
    gravity: Gravity
    unit_id: UUID | None = None
    days_lost: int = 0
    is_back: bool = True
    percent: float | None = None
    loss: int | None = None
    n: int = 1
    category: Category | None = None
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class AccidentFigures:
    """The table of the form for one group of people.

    `n`, `days_lost` and `flat_days` are by column (fatal, permanent, temporary); their sums are B,
    C and D of the form, `hours` is A. Without hours there is no rate.
    """

    hours: float | None
    n: Mapping[Gravity, int]
    days_lost: Mapping[Gravity, int]
    flat_days: Mapping[Gravity, float]
    n_other_cost: int
    n_light: int
    n_not_back: int  # whose days are those of the certificates
    is_estimate: bool = False

    @property
    def n_total(self) -> int:
        return sum(self.n.values())

    @property
    def days_total(self) -> int:
        return sum(self.days_lost.values())

    @property
    def flat_total(self) -> float:
        return sum(self.flat_days.values())

    @property
    def fg(self) -> Rate | None:
        """Frequency rate B x 1,000,000 / A, with the exact 95 % interval."""
        return frequency_rate(self.n_total, self.hours) if self.hours else None

    @property
    def weg(self) -> float | None:
        """Actual severity rate C x 1,000 / A."""
        return severity_rate(self.days_total, self.hours) if self.hours else None

    @property
    def geg(self) -> float | None:
        """Global severity rate (C + D) x 1,000 / A."""
        return severity_rate(self.days_total + self.flat_total, self.hours) if self.hours else None

    @property
    def is_small(self) -> bool:
        """Too few hours to compare the rate with anything."""
        return self.hours is None or self.hours < lists().few_hours


def flat_days(facts: Facts) -> float:
    """Days that stand for a death or a permanent disability.

    References
    ----------
    .. [1] Royal decree of 27 March 1998, annex IV: 7,500 days for a death or a total disability, a
       part of them by percentage, and a table where no percentage is fixed.
    """
    if facts.gravity is Gravity.FATAL:
        return lists().whole
    if facts.gravity is not Gravity.PERMANENT:
        return 0
    if facts.percent is not None:
        return lists().whole * facts.percent / 100
    return lists().losses[facts.loss].days if facts.loss is not None else 0


def figures_of(
    accidents: Iterable[Facts], hours: float | None, *, is_estimate: bool = False
) -> AccidentFigures:
    """Add up accidents of one kind (at work, or on the way) of one year."""
    counted = [one for one in accidents if not one.is_struck]
    grave = [one for one in counted if one.gravity in COLUMNS]
    return AccidentFigures(
        hours=hours,
        n={column: _sum(grave, column, lambda one: one.n) for column in COLUMNS},
        days_lost={column: _sum(grave, column, lambda one: one.days_lost) for column in COLUMNS},
        flat_days={
            column: sum(flat_days(one) for one in grave if one.gravity is column)
            for column in COLUMNS
        },
        n_other_cost=_sum(counted, Gravity.OTHER_COST, lambda one: one.n),
        n_light=_sum(counted, Gravity.LIGHT, lambda one: one.n),
        n_not_back=sum(not one.is_back for one in grave),
        is_estimate=is_estimate,
    )


def _sum(accidents: Collection[Facts], gravity: Gravity, of: Callable[[Facts], int]) -> int:
    return sum(of(one) for one in accidents if one.gravity is gravity)
