"""What may happen to a campaign, and when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from baken.instruments.definition import MAX_BACKGROUNDS, Instrument
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.survey.disclosure.tree import Tree
from baken.survey.errors import CannotLaunch, InvalidDraft, InvalidTransition, NameTaken, TooEarly

MAX_OPEN_QUESTIONS = 10
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


class LaunchValues(Protocol):
    """What the launch rules look at; a campaign has all of it."""

    state: CampaignState
    languages: list[str]
    opens_on: date
    closes_on: date
    min_group: int
    instrument_fingerprint: str
    background_headcounts: dict[str, dict[str, int]]
    adviser_name: str
    key_holder: str
    contact: str


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
            day=closes_on + timedelta(days=1),
        )


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


def launch_obstacles(
    campaign: LaunchValues, instrument: Instrument, tree: Tree | None, *, today: date
) -> list[CannotLaunch]:
    """Everything that still stands in the way of a launch, in the order of the preparation pages.

    The same sentences refuse the launch and explain the disabled button.
    """
    found = [*_about_dates(campaign, today), *_about_instrument(campaign, instrument)]
    found += _about_units(campaign, tree)
    found += _about_backgrounds(campaign, instrument)
    if not all(
        text.strip() for text in (campaign.adviser_name, campaign.key_holder, campaign.contact)
    ):
        found.append(
            CannotLaunch(
                "survey.launch_names",
                "Fill in who the adviser is, who keeps the key and whom people can turn to: "
                "every respondent reads it before the first question.",
            )
        )
    return found


def check_can_launch(
    campaign: LaunchValues, instrument: Instrument, tree: Tree | None, *, today: date
) -> None:
    """Raise the first obstacle, or `InvalidTransition` when the campaign is no draft."""
    check_transition(campaign.state, CampaignState.RUNNING)
    for obstacle in launch_obstacles(campaign, instrument, tree, today=today):
        raise obstacle


def _about_dates(campaign: LaunchValues, today: date) -> Iterator[CannotLaunch]:
    if campaign.closes_on < today:
        yield CannotLaunch(
            "survey.launch_closing_passed", "The last day has passed; choose a later one."
        )
    if campaign.closes_on < campaign.opens_on:
        yield CannotLaunch(
            "survey.launch_dates_reversed",
            "The last day lies before the first. Choose a later last day.",
        )


def _about_instrument(campaign: LaunchValues, instrument: Instrument) -> Iterator[CannotLaunch]:
    if instrument.fingerprint != campaign.instrument_fingerprint:
        yield CannotLaunch(
            "survey.launch_instrument_changed",
            "The questionnaire is no longer the one that was chosen. Choose it again.",
        )
    if not campaign.languages:
        yield CannotLaunch("survey.launch_no_language", "Choose at least one language.")
    for language in campaign.languages:
        if language not in instrument.languages:
            yield CannotLaunch(
                "survey.launch_language_missing",
                "The questionnaire does not exist in the language {language}. Leave that language "
                "out or choose another questionnaire.",
                language=language,
            )
    if len(instrument.open_questions) > MAX_OPEN_QUESTIONS:
        yield CannotLaunch(
            "survey.launch_open_questions",
            "The questionnaire has more than {n} open questions.",
            n=MAX_OPEN_QUESTIONS,
        )


def _about_units(campaign: LaunchValues, tree: Tree | None) -> Iterator[CannotLaunch]:
    if campaign.min_group < FLOOR_MIN_GROUP:
        yield CannotLaunch(
            "survey.launch_min_group",
            "The smallest group may not be below {floor}.",
            floor=FLOOR_MIN_GROUP,
        )
    if tree is None:
        yield CannotLaunch(
            "survey.launch_no_units", "There are no units yet. Enter the units with their staff."
        )
        return
    for key in tree.keys:
        # A unit with others below it often has nobody of its own; a team without a number is a gap.
        if tree.headcount(key) is None and not tree.children(key):
            yield CannotLaunch(
                "survey.launch_headcount_unknown",
                "It is not known how many people work in {unit}. Enter the number first.",
                unit=tree.name(key),
            )
    people = sum(tree.headcount(key) or 0 for key in tree.keys)
    if people < campaign.min_group:
        yield CannotLaunch(
            "survey.launch_too_few_people",
            "There are {people} people in all and the smallest group is {k}: no result could ever "
            "be shown. Use another way, such as a talk with the whole group.",
            people=people,
            k=campaign.min_group,
        )


def _about_backgrounds(campaign: LaunchValues, instrument: Instrument) -> Iterator[CannotLaunch]:
    if len(instrument.backgrounds) > MAX_BACKGROUNDS:
        yield CannotLaunch(
            "survey.launch_backgrounds",
            "The questionnaire asks more than {n} questions about the person.",
            n=MAX_BACKGROUNDS,
        )
    for background in instrument.backgrounds:
        given = campaign.background_headcounts.get(background.key, {})
        for band in background.bands:
            if given.get(band, 0) < campaign.min_group:
                yield CannotLaunch(
                    "survey.launch_band_too_small",
                    "The group {band} of the question {question} has {people} people; it needs at "
                    "least {k}. Take broader groups or leave the question out.",
                    band=band,
                    question=background.key,
                    people=given.get(band, 0),
                    k=campaign.min_group,
                )
