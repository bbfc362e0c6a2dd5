"""What may be written down about an accident, about hours, and when a year is fixed."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.indicators.accidents.figures import COUNTED_ONLY, Facts, Gravity
from baken.actionplan.indicators.accidents.lists import lists

FIRST_YEAR: Final = 2000
MOST_DAYS: Final = 3_660
MOST_AT_ONCE: Final = 10_000
MOST_HOURS: Final = 400_000_000
DEATH_ROW: Final = 1
LOOKS_SAME: Final = "accidents.looks_same"
_DISABLING: Final = (Gravity.PERMANENT, Gravity.TEMPORARY)


def check_facts(facts: Facts, *, today: date) -> None:
    """Raise `Invalid` unless the facts can be those of one accident."""
    if not date(FIRST_YEAR, 1, 1) <= facts.happened_on <= today:
        raise Invalid(
            "accidents.day_odd",
            "The day of the accident lies after today, or before {first}. Correct it.",
            first=str(FIRST_YEAR),
        )
    if not 0 <= facts.days_lost <= MOST_DAYS:
        raise Invalid(
            "accidents.days_odd",
            "Days lost are calendar days from 0 to {most}. Correct the number.",
            most=MOST_DAYS,
        )
    _check_number(facts)
    if facts.gravity in COUNTED_ONLY:
        _check_without_incapacity(facts)
    elif facts.gravity is Gravity.TEMPORARY and facts.days_lost == 0:
        raise Invalid(
            "accidents.no_day_lost",
            "With no day lost beside the day itself this is an accident with other cost, or a "
            "light one. Choose one of these, or fill in the days.",
        )
    _check_return(facts, today=today)
    _check_disability(facts)


def check_new(facts: Facts, standing: Iterable[Facts]) -> None:
    """Raise `Invalid` when the accident looks like one that is there: somebody has to say.

    Days lost are not looked at: two people who write one accident down may know other ones.
    """
    for other in standing:
        if not other.is_struck and _looks(other) == _looks(facts):
            raise Invalid(
                "accidents.looks_same",
                "An accident of {day} with the same unit, kind and gravest consequence stands in "
                "the list already ({days} days lost). Is this another one? Then say so at the "
                "bottom and save again.",
                day=other.happened_on,
                days=other.days_lost,
            )


def check_changed(facts: Facts, before: Facts, standing: Iterable[Facts]) -> None:
    """Raise `Invalid` when a change makes an accident look like another one that is there.

    Two that somebody called different stay so while what they are told apart by stays.
    """
    if _looks(facts) != _looks(before):
        check_new(facts, standing)


def _looks(facts: Facts) -> tuple[object, ...]:
    return (facts.happened_on, facts.unit_id, facts.kind, facts.gravity)


def check_hours(year: int, hours: float, by_category: Mapping[str, float], *, today: date) -> None:
    """Raise `Invalid` unless these can be the hours worked in a year."""
    if not FIRST_YEAR <= year <= today.year:
        raise Invalid(
            "accidents.year_odd",
            "Choose a year from {first} to {last}.",
            first=str(FIRST_YEAR),
            last=str(today.year),
        )
    told = (hours, *by_category.values())
    if any(not math.isfinite(one) or not 0 <= one <= MOST_HOURS for one in told):
        raise Invalid(
            "accidents.hours_odd",
            "Hours lie between 0 and {most}. Correct the number.",
            most=MOST_HOURS,
        )
    # the form takes an order of magnitude here, but not more than there was
    if sum(by_category.values()) > hours * 1.01 + 1:
        raise Invalid(
            "accidents.hours_parts",
            "The hours of the kinds of workers add up to more than all hours. Correct one of them.",
        )


def check_can_draft(year: int, hours: float | None, *, today: date) -> None:
    """Raise unless the figures of a year can be fixed for its report."""
    if today.year <= year:
        raise InvalidTransition(
            "accidents.year_runs",
            "{year} is not over. Its figures can be fixed from 1 January on.",
            year=str(year),
        )
    if not hours:
        raise Invalid(
            "accidents.hours_missing",
            "The hours worked in {year} are missing. The report needs them, also in a year without "
            "accidents.",
            year=str(year),
        )


def check_reason(reason: str) -> None:
    """Raise `Invalid` unless a later change says where it comes from."""
    if not reason.strip():
        raise Invalid(
            "accidents.reason_missing",
            "The report of this year was drawn up. Write what became known since: the committee is "
            "told, the report stays as it is.",
        )


def _check_number(facts: Facts) -> None:
    if not 1 <= facts.n <= MOST_AT_ONCE:
        raise Invalid(
            "accidents.number_odd", "Say how many accidents: from 1 to {most}.", most=MOST_AT_ONCE
        )
    if facts.n > 1 and facts.gravity not in COUNTED_ONLY:
        raise Invalid(
            "accidents.one_by_one",
            "An accident with incapacity is written down by itself. Fill in 1, and add the others "
            "one by one.",
        )


def _check_without_incapacity(facts: Facts) -> None:
    if facts.days_lost:
        raise Invalid(
            "accidents.days_without_incapacity",
            "An accident with other cost, or a light one, has no days lost. With a day lost beside "
            "the day itself it is a temporary disability.",
        )


def _check_return(facts: Facts, *, today: date) -> None:
    if not facts.is_back and facts.gravity not in _DISABLING:
        raise Invalid(
            "accidents.back_odd",
            "Only after a disability is somebody still away. Tick that work was taken up again.",
        )
    if facts.is_back and (today - facts.happened_on).days < facts.days_lost:
        raise Invalid(
            "accidents.days_ahead",
            "So many days have not passed since the accident. Correct them, or say that work was "
            "not taken up again: then the days of the certificates count.",
        )


def _check_disability(facts: Facts) -> None:
    if facts.gravity is not Gravity.PERMANENT:
        if facts.percent is not None or facts.loss is not None:
            raise Invalid(
                "accidents.disability_odd",
                "A percentage or a loss belongs to a permanent disability. Choose that gravity, or "
                "leave both empty.",
            )
        return
    if facts.percent is None and facts.loss is None:
        raise Invalid(
            "accidents.disability_missing",
            "Fill in the percentage of the permanent disability, or choose the loss from the table "
            "while none is fixed.",
        )
    if facts.percent is not None and not 0 < facts.percent <= 100:
        raise Invalid(
            "accidents.percent_odd", "A permanent disability is more than 0 and at most 100 %."
        )
    if facts.loss is not None and (facts.loss not in lists().losses or facts.loss == DEATH_ROW):
        raise Invalid("accidents.loss_odd", "Choose a loss from the table.")
