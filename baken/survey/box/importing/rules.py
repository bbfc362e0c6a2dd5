"""What has to hold before answers from elsewhere may come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from baken.instruments.definition import Instrument
from baken.survey.campaigns.rules import KEPT_DAYS_AT_MOST, check_min_group_of_draft
from baken.survey.disclosure.tree import Tree
from baken.survey.errors import CannotImport


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is told about answers from elsewhere.

    Attributes
    ----------
    first_on, last_on
        The first and the last day on which people answered.
    units_on
        The day whose units and headcounts the answers are laid beside.
    min_group
        Smallest group about which anything is ever said.
    kept_until_on
        The day on which answers and comments are deleted.
    """

    title: str
    first_on: date
    last_on: date
    units_on: date
    min_group: int
    kept_until_on: date


def check_plan(plan: ImportPlan, *, today: date) -> None:
    """Raise `CannotImport` or `InvalidDraft` when what is told cannot be."""
    if not plan.title.strip():
        raise CannotImport("survey.import_no_title", "Give the survey a title.")
    if not plan.first_on <= plan.last_on <= today:
        raise CannotImport(
            "survey.import_days",
            "The first day of answering comes before the last, and the last is over. Correct the "
            "days.",
        )
    if plan.units_on > today:
        raise CannotImport(
            "survey.import_units_ahead",
            "The units and headcounts are those of a day that is over. Choose today or earlier.",
        )
    if not today < plan.kept_until_on <= today + timedelta(days=KEPT_DAYS_AT_MOST):
        raise CannotImport(
            "survey.import_kept_too_long",
            "Answers from elsewhere are deleted after today and at most twelve months from now. "
            "Choose another day.",
        )
    check_min_group_of_draft(plan.min_group)


def check_questionnaire(instrument: Instrument) -> None:
    """Raise `CannotImport` unless the answers can be counted and read."""
    if instrument.kind != "questionnaire" or not instrument.is_usable:
        raise CannotImport(
            "survey.import_unusable",
            "The questionnaire {name} has no texts, so nobody could read its results. Nothing was "
            "imported. Complete it first with the texts you may use.",
            name=f"{instrument.key} {instrument.version}",
        )


def check_tree(tree: Tree | None, on: date) -> Tree:
    """Return the units of a day, or raise `CannotImport` when a headcount is not known."""
    if tree is None:
        raise CannotImport(
            "survey.import_no_units",
            "There were no units on {day}. Nothing was imported. Choose another day, or enter the "
            "units first.",
            day=on,
        )
    unknown = [
        tree.name(key)
        for key in tree.keys
        if tree.headcount(key) is None and not tree.children(key)
    ]
    if unknown:
        raise CannotImport(
            "survey.import_headcount_unknown",
            "It is not known how many people worked on {day} in: {units}. Nothing was imported. "
            "Enter the numbers, or choose another day.",
            day=on,
            units=", ".join(unknown),
        )
    return tree


def check_not_twice(earlier: Iterable[tuple[str, date, date]], plan: ImportPlan) -> None:
    """Raise `CannotImport` when answers of the same days came in before.

    Two surveys that share most of their people tell by their difference what the others said.
    """
    for title, first_on, last_on in earlier:
        if first_on <= plan.last_on and plan.first_on <= last_on:
            raise CannotImport(
                "survey.import_twice",
                "Answers of these days were imported before, as {title}. Two surveys with the same "
                "people would tell by their difference what a few of them said. Put all answers "
                "into one file; take the earlier import back first if it was a mistake.",
                title=title,
            )


def check_enough(n_answers: int, min_group: int) -> None:
    """Raise `CannotImport` with fewer answers than the smallest group."""
    if n_answers < min_group:
        raise CannotImport(
            "survey.import_too_few",
            "The file has {n} people with answers that can be read; the smallest group is {k}. "
            "Nothing was imported and nothing was kept.",
            n=n_answers,
            k=min_group,
        )
