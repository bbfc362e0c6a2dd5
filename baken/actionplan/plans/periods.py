"""The years of plans: five for the global plan, one service year for each annual plan."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from baken.actionplan.analyses.rules import last_day_after
from baken.actionplan.errors import Invalid
from baken.actionplan.plans.variants import PlanKind, term_years

REMINDED_BEFORE_MONTHS: Final = (12, 6, 3)
"""How long before its end a plan over years asks for the one that follows: a choice of Baken."""

SENT_WITHIN: Final = timedelta(days=14)
"""How long after that day its letter still goes, where Baken stood still."""


def global_plan_end(from_on: date) -> date:
    """The last day of a Belgian plan over years: art. I.2-8 of the codex says how many."""
    return last_day_after(from_on, term_years(PlanKind.GLOBAL))


def service_year_end(starts_on: date) -> date:
    """The last day of a service year."""
    return last_day_after(starts_on, 1)


def year_name(starts_on: date, ends_on: date) -> str:
    """What a service year is called: 2027, or 2027-2028 where it is no calendar year."""
    first, last = starts_on.year, ends_on.year
    return str(first) if first == last else f"{first}-{last}"


def reminders_of_end(until_on: date) -> tuple[date, ...]:
    """The days on which a plan over years asks for the next one, the earliest first.

    The same day of an earlier month; its last day where that month is shorter.
    """
    return tuple(_months_before(until_on, months) for months in REMINDED_BEFORE_MONTHS)


def reminder_due(until_on: date, *, today: date) -> int | None:
    """The latest reminder that is due, in months before the end; None before the first one."""
    due = [
        months
        for months, day in zip(REMINDED_BEFORE_MONTHS, reminders_of_end(until_on), strict=True)
        if day <= today
    ]
    return min(due, default=None)


def reminder_to_send(until_on: date, *, today: date) -> int | None:
    """The reminder that became due within a fortnight, in months; None on every other day.

    What was sent is forgotten after a month, so a letter that is long due is not asked for again.
    """
    months = reminder_due(until_on, today=today)
    return None if months == reminder_due(until_on, today=today - SENT_WITHIN) else months


def _months_before(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def check_service_year(
    starts_on: date,
    ends_on: date,
    *,
    from_on: date,
    until_on: date,
    others: Iterable[tuple[date, date]],
) -> None:
    """Raise `Invalid` unless the year fits the five-year plan and overlaps no other year."""
    if not starts_on < ends_on <= service_year_end(starts_on):
        raise Invalid(
            "actionplan.service_year_length",
            "A service year that starts on {starts_on} ends on {last} at the latest.",
            starts_on=starts_on,
            last=service_year_end(starts_on),
        )
    if starts_on < from_on or ends_on > until_on:
        raise Invalid(
            "actionplan.year_outside_global_plan",
            "The global prevention plan runs from {from_on} to {until_on}. "
            "The service year has to lie inside it.",
            from_on=from_on,
            until_on=until_on,
        )
    for first, last in others:
        if starts_on <= last and ends_on >= first:
            raise Invalid(
                "actionplan.years_overlap",
                "There is a plan for {first} to {last} already. Go on in that one.",
                first=first,
                last=last,
            )


def check_years_inside(
    from_on: date, until_on: date, *, years: Iterable[tuple[date, date]]
) -> None:
    """Raise `Invalid` when a year that was planned would fall outside the five-year plan."""
    for starts_on, ends_on in years:
        if starts_on < from_on or ends_on > until_on:
            raise Invalid(
                "actionplan.year_would_fall_out",
                "There is a plan for {starts_on} to {ends_on}; "
                "the global prevention plan has to contain it.",
                starts_on=starts_on,
                ends_on=ends_on,
            )
