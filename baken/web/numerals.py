"""Dates, numbers and shares as people write them in each language."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, get_group_symbol

LOCALES: Final = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "de": "de_BE"}
NARROW: Final = "\u202f"  # thin space that does not break
NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
AT: Final = {"nl": "om", "fr": "à", "en": "at", "de": "um"}
# Clocks on screens show Belgian time; what is stored is UTC.
ZONE: Final = ZoneInfo("Europe/Brussels")
# What follows the number of a day: German says "3. April".
ORDINAL: Final = {"de": "."}


def number(value: float, language: str, decimals: int | None = None) -> str:
    """A number for readers: the decimal sign of the language, thin spaces from 10 000 on, a minus.

    Files for machines and what somebody types have a plain number.
    """
    pattern = "#,##0.###" if decimals is None else "#,##0." + "0" * decimals
    locale = LOCALES[language]
    if round(value, 3 if decimals is None else decimals) == 0:
        value = 0.0  # what rounds to nothing has no sign: never -0,00
    text = format_decimal(value, format=pattern.rstrip("."), locale=locale)
    short = abs(value) < 10_000
    return text.replace(get_group_symbol(locale), "" if short else NARROW).replace("-", MINUS)


def signed(value: float | None, language: str, decimals: int | None = 0) -> str:
    """A difference with its sign: +9, −4, 0 without one; nothing where there is none."""
    if value is None:
        return ""
    size = number(abs(value), language, decimals)
    if round(value, 3 if decimals is None else decimals) == 0:
        return size
    return f"{'+' if value > 0 else MINUS}{size}"


def change(before: float, after: float) -> int:
    """The difference between two figures that stand beside it in whole numbers: 46 and 46 are 0.

    For readers alone: what follows from a difference follows from the figures themselves.
    """
    return round(after) - round(before)


def percent(share: float, language: str, decimals: int = 0) -> str:
    """A share between 0 and 1 as a percentage; a space before the sign except in English."""
    space = "" if language == "en" else NO_BREAK
    return f"{number(100 * share, language, decimals)}{space}%"


def with_unit(shown: str, unit: str) -> str:
    """A number and what it counts on one line: 20 minutes."""
    return f"{shown}{NO_BREAK}{unit}" if unit else shown


def day(value: date, language: str) -> str:
    """A date in full: 3 april 2026. No line ends between the day and its month."""
    number = "1er" if language == "fr" and value.day == 1 else f"{value.day}"
    months = format_date(value, "MMMM y", locale=LOCALES[language])
    return f"{number}{ORDINAL.get(language, '')}{NO_BREAK}{months}"


def short_day(value: date, language: str) -> str:
    """A date for tables: 3 apr 2026. No line ends between the day and its month."""
    return f"{value.day}{ORDINAL.get(language, '')}{NO_BREAK}{month(value, language)}"


def month(value: date, language: str) -> str:
    """The month of a day, short: apr 2026."""
    return str(format_date(value, "MMM y", locale=LOCALES[language])).replace(".", "")


def moment(value: datetime, language: str) -> str:
    """An instant on the Belgian clock: 3 april 2026 om 14:05."""
    here = value.astimezone(ZONE)
    clock = format_time(here, "HH:mm", locale=LOCALES[language])
    return f"{day(here.date(), language)} {AT[language]} {clock}"
