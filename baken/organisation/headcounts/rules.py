"""The headcount of the law, the actual workers, and the prevention group that follows."""

import calendar
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baken.organisation.errors import Invalid
from baken.organisation.headcounts.limits import ORDINARY, Limits

QUARTERS: Final = 4
MAX_PEOPLE: Final = 200_000
FIRST_YEAR: Final = 1990


class Group(StrEnum):
    """Prevention groups; C+ has a prevention adviser with complementary training, C- has not."""

    A = "A"
    B = "B"
    C_PLUS = "C+"
    C_MINUS = "C-"
    D = "D"


@dataclass(frozen=True, slots=True)
class Quarter:
    """What the personnel register says of a quarter.

    Attributes
    ----------
    full_days
        Calendar days in the register, added up over everybody at three quarters of full time or
        more.
    part_days
        The same of everybody below that.
    trainee_hours
        Hours worked by trainees, apprentices and pupils.
    people
        Workers at the end of the quarter, each as one; None when nobody counted.
    """

    full_days: float
    part_days: float
    trainee_hours: float
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Employer:
    """What decides on the group beside the number."""

    activity: str = ORDINARY
    is_own_adviser: bool = False  # the employer does the work of the prevention adviser
    has_training: bool = False  # the adviser has complementary training, level I or II


@dataclass(frozen=True, slots=True)
class Headcount:
    """The working, line by line: each part of the sum, in workers."""

    full_days: float
    part_days: float
    trainee_hours: float
    full: float
    part: float
    trainees: float
    actual: float | None  # mean of the workers at the end of each quarter

    @property
    def legal(self) -> float:
        return self.full + self.part + self.trainees


def count(quarters: tuple[Quarter, ...], limits: Limits) -> Headcount:
    r"""Add up four quarters.

    Notes
    -----
    .. math:: N = \sum \frac{d_i}{365} + \sum \frac{d_j}{2 \cdot 365} + \frac{H}{1750}

    A leap year divides by 365 too, as the law says: whoever was there all year counts 366/365.

    References
    ----------
    .. [1] Codex over het welzijn op het werk, art. II.1-2 § 2.
    """
    full = sum(one.full_days for one in quarters)
    part = sum(one.part_days for one in quarters)
    hours = sum(one.trainee_hours for one in quarters)
    people = [one.people for one in quarters if one.people is not None]
    return Headcount(
        full_days=full,
        part_days=part,
        trainee_hours=hours,
        full=full / limits.days,
        part=part / (limits.part * limits.days),
        trainees=hours / limits.trainee_hours,
        actual=sum(people) / len(people) if len(people) == QUARTERS else None,
    )


def group_of(workers: float, employer: Employer, limits: Limits) -> Group:
    """Return the prevention group for a number of workers."""
    activity = limits.activities[employer.activity]
    if workers > activity.a_over:
        return Group.A
    if workers >= activity.b_from:
        return Group.B
    if workers < limits.d_below and employer.is_own_adviser:
        return Group.D
    return Group.C_PLUS if employer.has_training else Group.C_MINUS


def leap_doubt(found: Headcount, year: int, employer: Employer, limits: Limits) -> Group | None:
    """Return the other group that the year would give if its 366 days counted as one worker.

    None where it makes no difference.
    """
    if not calendar.isleap(year):
        return None
    days = limits.days + 1
    other = (found.full + found.part) * limits.days / days + found.trainees
    group = group_of(other, employer, limits)
    return None if group is group_of(found.legal, employer, limits) else group


def check(
    year: int, quarters: tuple[Quarter, ...], employer: Employer, limits: Limits, *, this_year: int
) -> None:
    """Raise `Invalid` unless the figures can be those of a year."""
    if not FIRST_YEAR <= year <= this_year:
        raise Invalid(
            "headcounts.year_odd",
            "Choose a year from {first} to {last}: of later ones nobody knows the figures.",
            first=FIRST_YEAR,
            last=this_year,
        )
    if len(quarters) != QUARTERS or employer.activity not in limits.activities:
        raise Invalid("headcounts.incomplete", "Fill in the four quarters and the activity.")
    for place, quarter in enumerate(quarters, start=1):
        _check_quarter(place, quarter)


def _check_quarter(place: int, quarter: Quarter) -> None:
    told = (quarter.full_days, quarter.part_days, quarter.trainee_hours, quarter.people or 0)
    if any(not math.isfinite(one) or one < 0 for one in told):
        raise Invalid(
            "headcounts.negative",
            "In quarter {quarter} a number lies below zero. Days, hours and people start at 0.",
            quarter=place,
        )
    if max(quarter.full_days, quarter.part_days) > 92 * MAX_PEOPLE or told[2] > 500 * MAX_PEOPLE:
        raise Invalid(
            "headcounts.too_many",
            "In quarter {quarter} a number is larger than any employer can have. Check it.",
            quarter=place,
        )
