"""Until when the draft of the annual plan is asked about.

Art. I.2-9 and I.2-10 of the codex: the draft reaches the committee at the latest on the first day
of the second month before the service year; nothing starts before the advice or, without advice,
before that year starts. How many months it is stands in the table.
"""

from datetime import date
from enum import StrEnum

from baken.actionplan.consultations.items import Timing, get_item, read_items


class Notice(StrEnum):
    """How a draft stands against its deadline."""

    EARLY = "early"
    SOON = "soon"
    LATE = "late"
    SENT = "sent"
    SENT_LATE = "sent_late"


def draft_deadline(service_year_starts_on: date) -> date:
    """The last day on which the draft of the annual plan may reach the committee.

    For a service year from 1 January that is 1 November.
    """
    return first_of_month_before(service_year_starts_on, _months_before())


def warn_from(service_year_starts_on: date) -> date:
    """The day from which a draft that was not sent gets a warning: a month before the deadline."""
    return first_of_month_before(service_year_starts_on, _months_before() + 1)


def first_of_month_before(day: date, months: int) -> date:
    """The first day of the month that lies `months` before the month of `day`."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def deadline_notice(service_year_starts_on: date, asked_on: date | None, *, today: date) -> Notice:
    """How the draft of an annual plan stands against its deadline."""
    deadline = draft_deadline(service_year_starts_on)
    if asked_on is not None:
        return Notice.SENT if asked_on <= deadline else Notice.SENT_LATE
    if today > deadline:
        return Notice.LATE
    return Notice.SOON if today >= warn_from(service_year_starts_on) else Notice.EARLY


def has_draft_deadline(code: str) -> bool:
    """Whether the law names a day for what falls under this line of the table."""
    return get_item(code).timing == Timing.BEFORE_SERVICE_YEAR


def _months_before() -> int:
    (item,) = (one for one in read_items().values() if one.timing == Timing.BEFORE_SERVICE_YEAR)
    return item.months_before
