"""What has to be there before anybody is asked anything."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from baken.instruments.definition import MAX_BACKGROUNDS, Instrument
from baken.survey.campaigns.charter import Agreed, charter_obstacles
from baken.survey.campaigns.invitation import invitation_obstacles
from baken.survey.campaigns.rules import CampaignState, check_transition
from baken.survey.campaigns.stratum import stratum_obstacles
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.survey.disclosure.tree import Tree
from baken.survey.errors import CannotLaunch

MAX_OPEN_QUESTIONS = 10


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
    answers_until_on: date
    comments_until_on: date
    instrument_key: str
    instrument_version: str
    stratum: Any
    channels: dict[str, list[str]]
    types_handwriting: bool
    invitation: dict[str, Any]
    employer_signatory: str
    committee_signatory: str


def launch_obstacles(
    campaign: LaunchValues,
    instrument: Instrument,
    tree: Tree | None,
    charter: Agreed | None,
    *,
    today: date,
) -> list[CannotLaunch]:
    """Everything that still stands in the way of a launch, in the order of the preparation pages.

    The same sentences refuse the launch and explain the disabled button.
    """
    found = [*_about_names(campaign), *charter_obstacles(campaign, charter, today=today)]
    found += [*_about_dates(campaign, today), *_about_instrument(campaign, instrument)]
    found += _about_units(campaign, tree)
    found += _about_backgrounds(campaign, instrument)
    found += stratum_obstacles(campaign, tree)
    found += invitation_obstacles(campaign, _peopled(tree))
    return found


def check_can_launch(
    campaign: LaunchValues,
    instrument: Instrument,
    tree: Tree | None,
    charter: Agreed | None,
    *,
    today: date,
) -> None:
    """Raise the first obstacle, or `InvalidTransition` when the campaign is no draft."""
    check_transition(campaign.state, CampaignState.RUNNING)
    for obstacle in launch_obstacles(campaign, instrument, tree, charter, today=today):
        raise obstacle


def _about_names(campaign: LaunchValues) -> Iterator[CannotLaunch]:
    names = (campaign.adviser_name, campaign.key_holder, campaign.contact)
    if not all(name.strip() for name in names):
        yield CannotLaunch(
            "survey.launch_names",
            "Fill in who the adviser is, who keeps the key and whom people can turn to: "
            "every respondent reads it before the first question.",
        )


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
    if not instrument.is_usable:
        yield CannotLaunch(
            "survey.launch_structure_only",
            "Of this questionnaire only the structure is here, without its texts. Complete it in "
            "the library with texts you have a licence for, and choose that version.",
        )
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
        if not any(given.values()):
            yield CannotLaunch(
                "survey.launch_bands_empty",
                "Nobody said yet how many people belong to each group of the question {question}.",
                question=background.key,
            )
            continue
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


def _peopled(tree: Tree | None) -> list[str]:
    """Units to which somebody is attached, by the keys they have outside disclosure control."""
    keys = tree.keys if tree is not None else ()
    return [tree.root_key_or(key) for key in keys if tree and tree.headcount(key)]
