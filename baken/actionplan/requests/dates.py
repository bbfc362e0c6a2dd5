"""Counting terms: days, working days, months and years after an event. Pure.

The day of the event is not counted. A month ends on the same day of a later month, or on its last
day where there is none.
"""

from calendar import monthrange
from datetime import date, timedelta

from baken.actionplan.requests.law import Calendar, Length, Term


def end_of(term: Term, begin: date, calendar: Calendar) -> date:
    """Return the last day of a term that begins on a day."""
    if term.of is Length.MONTHS:
        return add_months(begin, term.length)
    if term.of is Length.YEARS:
        return add_years(begin, term.length)
    if term.of is Length.WORKING_DAYS:
        return add_working_days(begin, term.length, calendar)
    return begin + timedelta(days=term.length)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month; the last day of that month where it has none."""
    years, month = divmod(12 * day.year + day.month - 1 + months, 12)
    last = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def add_years(day: date, years: int) -> date:
    """Return the same day of a later year; 28 February for a leap day."""
    return add_months(day, 12 * years)


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """Return the n-th working day after a day."""
    left = n
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, calendar)
    return day


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether somebody works on this day, as far as the calendar knows."""
    if day.weekday() in calendar.days_off or (day.month, day.day) in calendar.fixed:
        return False
    return (day - easter(day.year)).days not in calendar.after_easter


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    References
    ----------
    .. [1] J. Meeus, Astronomical Algorithms, 2nd ed. (1998), chapter 8.
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    lunar = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * lunar) // 451
    month, day = divmod(h + lunar - 7 * m + 114, 31)
    return date(year, month, day + 1)
