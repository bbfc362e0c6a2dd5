"""The one category that codes may carry, such as worker, clerk and executive.

It is known of people before they answer, so it is counted for the whole organisation only, never in
a unit, and no band may be so small that its count says something about few.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Protocol

from baken.survey.campaigns.charter import spoken_languages
from baken.survey.disclosure.tree import Tree
from baken.survey.errors import CannotLaunch, InvalidDraft

MIN_BANDS: Final = 2
MAX_BANDS: Final = 6
TIMES_MIN_GROUP: Final = 2
"""A band needs twice the smallest group: while people answer, its count is shown daily."""


class Stratified(Protocol):
    """What the checks look at; a campaign has all of it."""

    languages: list[str]
    min_group: int
    stratum: Any


def check_stratum(stratum: Mapping[str, Any] | None) -> None:
    """Raise `InvalidDraft` unless this can be kept; whether it can start is another question."""
    if stratum is None:
        return
    keys = [band["key"] for band in stratum["bands"]]
    if not MIN_BANDS <= len(keys) <= MAX_BANDS or len(set(keys)) < len(keys):
        raise InvalidDraft(
            "survey.stratum_bands",
            "Name {low} to {high} different groups, or leave the category out.",
            low=MIN_BANDS,
            high=MAX_BANDS,
        )


def band_totals(stratum: Mapping[str, Any]) -> dict[str, int]:
    """People of each band in the whole organisation."""
    people = stratum["people"].values()
    return {
        band["key"]: sum(of_unit.get(band["key"], 0) for of_unit in people)
        for band in stratum["bands"]
    }


def stratum_obstacles(campaign: Stratified, tree: Tree | None) -> Iterator[CannotLaunch]:
    """What stands between the category and the launch."""
    stratum = campaign.stratum
    if stratum is None:
        return
    yield from _about_names(stratum, spoken_languages(campaign.languages))
    if not any(band_totals(stratum).values()):
        yield CannotLaunch(
            "survey.launch_stratum_empty",
            "Fill in how many people of each unit belong to each group.",
        )
        return
    if tree is not None:
        yield from _about_people(stratum, tree)
    least = TIMES_MIN_GROUP * campaign.min_group
    for band, people in band_totals(stratum).items():
        if people < least:
            yield CannotLaunch(
                "survey.launch_stratum_small",
                "The group {band} has {people} people; it needs at least {least}. Take it together "
                "with another one, or leave the category out.",
                band=_name(stratum, band),
                people=people,
                least=least,
            )


def _about_names(stratum: Mapping[str, Any], languages: Iterable[str]) -> Iterator[CannotLaunch]:
    for language in languages:
        names = [stratum["title"], *(band["names"] for band in stratum["bands"])]
        if not all(one.get(language, "").strip() for one in names):
            yield CannotLaunch(
                "survey.launch_stratum_unnamed",
                "The category or one of its groups has no name in the language {language}.",
                language=language,
            )


def _about_people(stratum: Mapping[str, Any], tree: Tree) -> Iterator[CannotLaunch]:
    """Every unit needs as many people in the bands as it has; the first that has not is named."""
    for key in tree.keys:
        unit = tree.root_key_or(key)
        told = sum(stratum["people"].get(unit, {}).values())
        people = tree.headcount(key) or 0
        if told != people:
            yield CannotLaunch(
                "survey.launch_stratum_total",
                "In {unit} the groups add up to {told} people, but {people} work there. "
                "Correct the numbers.",
                unit=tree.name(key),
                told=told,
                people=people,
            )
            return


def _name(stratum: Mapping[str, Any], key: str) -> str:
    band = next(band for band in stratum["bands"] if band["key"] == key)
    return next((name for name in band["names"].values() if name), key)
