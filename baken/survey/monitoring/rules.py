"""What may be done about the response while people answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from baken.survey.campaigns.rules import CampaignState
from baken.survey.errors import InvalidDraft, InvalidTransition

LAST_PART: Final = 5
"""The last days are a fifth of the period, rounded up: three of two weeks, five of three."""
LAST_DAYS_AT_MOST: Final = 5


class WayOn(StrEnum):
    """What is offered first to whoever watches the response."""

    WAIT = "wait"
    EXTEND = "extend"
    CLOSE = "close"


def last_days_from(opens_on: date, closes_on: date) -> date:
    """Return the day from which more time is worth a thought; the last day at the latest."""
    days = (closes_on - opens_on).days + 1
    n_last = min(LAST_DAYS_AT_MOST, -(-days // LAST_PART))
    return closes_on - timedelta(days=n_last - 1)


def way_on(opens_on: date, closes_on: date, *, is_short: bool, today: date) -> WayOn:
    """Say what comes first on a day; `is_short`: some group has no usable picture yet.

    More time is offered first only near the end and only where it would help: on the first days
    there are always few answers. Once the last day is over, closing is what everybody was told.
    """
    if today > closes_on:
        return WayOn.CLOSE
    if is_short and today >= last_days_from(opens_on, closes_on):
        return WayOn.EXTEND
    return WayOn.WAIT


def check_is_running(state: CampaignState) -> None:
    """Raise `InvalidTransition` unless people can answer, or could until it was closed."""
    if state is not CampaignState.RUNNING:
        raise InvalidTransition(
            "survey.extend_not_running",
            "Only a survey that is running can be extended. Nothing was changed.",
        )


def check_new_end(until: date, *, closes_on: date, kept_until: Sequence[date], today: date) -> None:
    """Raise `InvalidDraft` unless a survey may go on until that day.

    Answers are never kept longer because people had more time to give them.
    """
    if until <= closes_on or until < today:
        raise InvalidDraft(
            "survey.extend_earlier",
            "People were told {day}: the new last day comes after it, and is not over yet.",
            day=closes_on,
        )
    if until >= min(kept_until):
        raise InvalidDraft(
            "survey.extend_too_far",
            "Answers or comments are deleted on {day}, as was promised. The new last day comes "
            "before it.",
            day=min(kept_until),
        )


def check_was_watched(state: CampaignState, *, is_imported: bool) -> None:
    """Raise `InvalidTransition` unless there is or was a response to follow."""
    if state is CampaignState.DRAFT or is_imported:
        raise InvalidTransition(
            "survey.response_not_watched",
            "The response is followed while a survey runs. This one has not started, or its "
            "answers were collected elsewhere.",
        )
