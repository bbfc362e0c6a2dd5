"""What may happen to a campaign, and when."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.survey.errors import InvalidDraft, InvalidTransition, NameTaken, TooEarly

KEPT_DAYS_AT_MOST = 366
"""Answers and comments are deleted at most twelve months after the last day of answering."""

_PUBLIC_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{2,38})[a-z0-9]")


class CampaignState(StrEnum):
    """Where a campaign is in its life; it only ever moves forward."""

    DRAFT = "draft"
    RUNNING = "running"
    CLOSED = "closed"
    OPENED = "opened"
    BACKED_UP = "backed_up"
    SHREDDED = "shredded"
    SCRUBBED = "scrubbed"


TRANSITIONS: Mapping[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.RUNNING}),
    CampaignState.RUNNING: frozenset({CampaignState.CLOSED}),
    CampaignState.CLOSED: frozenset({CampaignState.OPENED}),
    CampaignState.OPENED: frozenset({CampaignState.BACKED_UP}),
    CampaignState.BACKED_UP: frozenset({CampaignState.SHREDDED}),
    CampaignState.SHREDDED: frozenset({CampaignState.SCRUBBED}),
    CampaignState.SCRUBBED: frozenset(),
}

AFTER_OPENING = frozenset(
    {
        CampaignState.OPENED,
        CampaignState.BACKED_UP,
        CampaignState.SHREDDED,
        CampaignState.SCRUBBED,
    }
)


def check_transition(state: CampaignState, to: CampaignState) -> None:
    """Raise `InvalidTransition` unless the campaign may move on to that state."""
    if to not in TRANSITIONS[state]:
        raise InvalidTransition(
            "survey.invalid_transition",
            "A survey that is {state} cannot become {to}. Nothing was changed.",
            state=state.value,
            to=to.value,
        )


def check_is_closed(state: CampaignState, *, closes_on: date) -> None:
    """Raise `TooEarly` with the first day of opening while nobody has closed the campaign."""
    if state in {CampaignState.DRAFT, CampaignState.RUNNING}:
        raise TooEarly(
            "survey.opening_too_early",
            "The envelopes can be opened from {day} on, after the survey was closed.",
            day=first_day_of_opening(closes_on),
        )


def first_day_of_opening(closes_on: date) -> date:
    """The day from which the envelopes may be opened, also when a campaign is closed early."""
    return closes_on + timedelta(days=1)


def check_can_open(state: CampaignState, *, closes_on: date, today: date) -> None:
    """Raise `InvalidTransition` unless the envelopes may be opened today.

    Whoever answered was told the day: until the last day is over nobody opens anything, also when
    the campaign was closed early.
    """
    check_is_closed(state, closes_on=closes_on)
    check_transition(state, CampaignState.OPENED)
    if today <= closes_on:
        raise InvalidTransition(
            "survey.opening_promised",
            "People were told that nothing is opened before {day} is over. "
            "The envelopes stay sealed; open them from the next day on.",
            day=closes_on,
        )


def check_is_draft(state: CampaignState) -> None:
    """Raise `InvalidTransition` unless the campaign may still be edited."""
    if state is not CampaignState.DRAFT:
        raise InvalidTransition(
            "survey.not_draft",
            "This survey has started. What was agreed before the start stays as it is.",
        )


def check_draft(
    *, title: str, opens_on: date, closes_on: date, kept_until: Sequence[date], min_group: int
) -> None:
    """Raise `InvalidDraft` when values of a draft contradict each other."""
    if not title.strip():
        raise InvalidDraft("survey.no_title", "Give the survey a title.")
    if closes_on < opens_on:
        raise InvalidDraft(
            "survey.dates_reversed", "The last day lies before the first. Choose a later last day."
        )
    for day in kept_until:
        if not closes_on < day <= closes_on + timedelta(days=KEPT_DAYS_AT_MOST):
            raise InvalidDraft(
                "survey.kept_too_long",
                "Answers and comments are deleted after the last day of answering, and at most "
                "twelve months after it. Choose another date than {day}.",
                day=day.isoformat(),
            )
    check_min_group_of_draft(min_group)


def check_min_group_of_draft(min_group: int) -> None:
    """Raise `InvalidDraft` when the smallest group lies below the floor."""
    if min_group < FLOOR_MIN_GROUP:
        raise InvalidDraft(
            "survey.min_group_too_low",
            "The smallest group may not be below {floor}. Choose {floor} or more; 10 is usual.",
            floor=FLOOR_MIN_GROUP,
        )


def check_can_raise(state: CampaignState, now: int, to: int) -> None:
    """Raise unless the smallest group may become `to`: after the launch it is only ever raised."""
    if state is CampaignState.DRAFT:
        check_min_group_of_draft(to)
    elif to <= now:
        raise InvalidTransition(
            "survey.min_group_only_raised",
            "After the start the smallest group can be raised, never lowered. It is {now}.",
            now=now,
        )


def check_public_name(name: str) -> None:
    """Raise `NameTaken` unless this can stand in an address."""
    if not _PUBLIC_NAME.fullmatch(name):
        raise NameTaken(
            "survey.bad_public_name",
            "Use 4 to 40 small letters, figures and hyphens for the address of the survey.",
        )
