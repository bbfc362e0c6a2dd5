"""Whether a plan says what the law asks of it: element by element, from a list that is data."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.actionplan.plans.variants import PlanKind

FILE: Final = Path(__file__).with_name("elements.toml")
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that the law, or good practice, asks of a plan.

    `is_law` is false for what the brochure of the federal service adds; `anchor` is where it stands
    on the page of the plan, `article` the article or chapter of its source, empty for a choice.
    """

    key: str
    anchor: str
    source: str
    status: str
    is_law: bool
    article: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether an element is there; `rows` name what lacks it (measures, objectives)."""

    element: Element
    is_met: bool
    rows: tuple[str, ...] = ()


@cache
def read_elements() -> Mapping[str, tuple[Element, ...]]:
    """Read the elements of each kind of plan, in the order of the law."""
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    return {kind: tuple(Element(**row) for row in rows) for kind, rows in told.items()}


def check_readiness(content: Content) -> tuple[Check, ...]:
    """Hold what a plan says against the list of its kind.

    Parameters
    ----------
    content : mapping
        What `editions.content.content_of` gives.
    """
    is_year = content["kind"] == "year"
    kind = PlanKind(content["variant_kind"] if is_year else content["kind"])
    country = "be" if kind == PlanKind.GLOBAL else "nl"
    listed = read_elements()[f"{country}_{'year' if is_year else 'whole'}"]
    # Of measures that are not there nothing can be said: that they lack is a line of its own.
    return tuple(
        _check(element, content)
        for element in listed
        if element.key not in _OF_MEASURES or _measures(content)
    )


def is_ready(checks: Sequence[Check]) -> bool:
    """Whether everything that the law asks is there."""
    return all(check.is_met for check in checks if check.element.is_law)


def _check(element: Element, content: Content) -> Check:
    of_measures = _OF_MEASURES.get(element.key)
    if of_measures is not None:
        lacking = tuple(one["title"] for one in _measures(content) if not of_measures(one))
        return Check(element, not lacking, lacking)
    return Check(element, _OF_PLAN[element.key](content))


def _measures(content: Content) -> list[Mapping[str, Any]]:
    return [each for objective in content["objectives"] for each in objective["measures"]]


def _says(*names: str) -> Callable[[Content], bool]:
    return lambda content: all(bool(content[name]) for name in names)


def _has_targets(content: Content) -> bool:
    objectives = content["objectives"]
    return bool(objectives) and all(one["targets"] for one in objectives)


def _is_reviewed(content: Content) -> bool:
    return bool(content["expert_review"])


_OF_PLAN: Final[Mapping[str, Callable[[Content], bool]]] = {
    "gpp_1": _says("analyses"),
    "gpp_2": _says("intended_measures"),
    "gpp_3": _says("objectives"),
    "gpp_3_targets": _has_targets,
    "gpp_4": _says("activities"),
    "gpp_5": _says("means_organisational", "means_material", "means_financial"),
    "gpp_6": _says("roles"),
    "gpp_7": _says("adaptation"),
    "gpp_8": _says("criteria"),
    "rie_review": _is_reviewed,
    "jap_1": _says("objectives"),
    "jap_1_measures": lambda content: bool(_measures(content)),
    "jap_2": _says("means_and_methods"),
    "jap_3": _says("roles"),
    "jap_4a": _says("changed_circumstances"),
    "jap_4b": _says("accidents"),
    "jap_4c": _says("annual_report"),
    "jap_4d": _says("committee_advice"),
}
_OF_MEASURES: Final[Mapping[str, Callable[[Mapping[str, Any]], bool]]] = {
    "measure_method": lambda one: bool(one["method"]),
    "measure_responsible": lambda one: bool(one["responsible"]),
    "measure_decider": lambda one: bool(one["decider"]),
    "measure_who": lambda one: bool(one["who_does_what"]),
    "measure_means": lambda one: bool(
        one["means_organisational"] or one["means_material"] or one["means_financial"]
    ),
    "measure_strategy": lambda one: bool(one["strategy"]),
}
