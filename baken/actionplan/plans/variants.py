"""Whose rules a plan follows: the Belgian ones, or the Dutch ones as a choice of the organisation.

What differs stands as data in ``variants.toml``, with its source and how sure it is.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.prevention import PreventionLevel, Scope

FILE: Final = Path(__file__).with_name("variants.toml")


class Variant(StrEnum):
    """The country whose rules are followed."""

    BELGIAN = "be"
    DUTCH = "nl"


class PlanKind(StrEnum):
    """What the plan over years is."""

    GLOBAL = "gpp"
    INVENTORY = "rie"
    START_INVENTORY = "start_rie"


class Strategy(StrEnum):
    """Where a measure grips in the Dutch order: at the source first, protective means last."""

    SOURCE = "source"
    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"
    PROTECTIVE_MEANS = "protective_means"


@dataclass(frozen=True, slots=True)
class Grip:
    """What a place in the Dutch order is in levels and scope, which every measure carries."""

    level: PreventionLevel
    scope: Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """One fact about a variant: its value, where it was read, and how sure that is."""

    value: Any
    source: str
    status: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class VariantData:
    """Everything that differs from one variant to the other.

    `kinds` are the plans over years that may be made, `whole_item` and `year_item` the lines of
    the table of consultation under which those and the plans of a year fall, `rules` the facts by
    name, `grips` what a place in the order of measures means elsewhere.
    """

    kinds: tuple[PlanKind, ...]
    whole_item: str
    year_item: str
    rules: Mapping[str, Rule]
    grips: Mapping[Strategy, Grip]

    def fact(self, name: str) -> Any:
        return self.rules[name].value

    @property
    def topics(self) -> tuple[str, ...]:
        """The subjects a measure may be about; none where nobody asks."""
        return tuple(self.rules["topics"].value) if "topics" in self.rules else ()

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """The order of measures, the source first; empty where levels of prevention are used."""
        known = self.rules["strategy"].value if "strategy" in self.rules else ()
        return tuple(Strategy(each) for each in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertReview:
    """What a certified expert said of an inventory, and what was done otherwise, with reason."""

    expert: str
    reviewed_on: str
    advice: str
    is_followed: bool
    deviation: str = ""


@cache
def read_variants() -> Mapping[Variant, VariantData]:
    """Read what differs from one variant to the other."""
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    return {variant: _data(told[variant.value]) for variant in Variant}


def variant_of(kind: PlanKind) -> Variant:
    """Whose rules a plan of this kind follows: those it was drafted under."""
    return next(one for one, data in read_variants().items() if kind in data.kinds)


def term_years(kind: PlanKind) -> int:
    """How many years a plan of this kind holds; 0 where the law sets no term."""
    found: int = read_variants()[variant_of(kind)].fact("term_years")
    return found


def check_kind(kind: PlanKind, variant: Variant) -> None:
    """Raise `Invalid` unless plans of this kind exist under the rules that are followed."""
    if kind not in read_variants()[variant].kinds:
        raise Invalid(
            "actionplan.plan_kind_elsewhere",
            "A plan of this kind does not exist under the rules your organisation follows. "
            "Choose another kind, or change the rules in the settings of the plans.",
        )


def is_exempt(*, people: int, branch_instrument: str) -> bool:
    """Whether the Dutch review by an expert may be left out.

    Up to 25 people, and an inventory made with a recognised instrument of the own branch.
    """
    limit = read_variants()[Variant.DUTCH].fact("review_exempt_until")
    return 0 < people <= limit and bool(branch_instrument.strip())


def check_review(review: ExpertReview, *, today: date) -> None:
    """Raise `Invalid` unless the review says who advised what, and why it is not followed."""
    if not review.expert.strip() or not review.advice.strip() or not review.reviewed_on:
        raise Invalid(
            "actionplan.review_incomplete",
            "Write who reviewed the inventory, on which day, and what the advice was.",
        )
    if date.fromisoformat(review.reviewed_on) > today:
        raise Invalid(
            "actionplan.expert_review_in_future", "The review cannot be dated later than today."
        )
    if not review.is_followed and not review.deviation.strip():
        raise Invalid(
            "actionplan.deviation_missing",
            "The advice is not followed in everything. Write what is done otherwise, and why.",
        )


def check_reviewed(kind: PlanKind, *, has_review: bool, exempt: bool) -> None:
    """Raise `InvalidTransition` unless an inventory may be adopted."""
    if kind == PlanKind.START_INVENTORY:
        raise InvalidTransition(
            "actionplan.start_is_no_inventory",
            "A first inventory helps to begin; it does not take the place of a whole one. "
            "Change its kind once it is complete, then adopt it.",
        )
    if kind == PlanKind.INVENTORY and not has_review and not exempt:
        raise InvalidTransition(
            "actionplan.review_needed",
            "A certified expert reviews the inventory before it is adopted. Record the review, "
            "or fill in the settings why none is needed.",
        )


def check_reviewed_first(kind: PlanKind, *, has_review: bool, exempt: bool) -> None:
    """Raise `InvalidTransition` unless the council can agree with the plan of an inventory."""
    if kind != PlanKind.GLOBAL and not has_review and not exempt:
        raise InvalidTransition(
            "actionplan.review_before_consent",
            "The works council agrees with the plan after an expert has reviewed the inventory. "
            "Record the review first.",
        )


def _data(told: Mapping[str, Any]) -> VariantData:
    return VariantData(
        kinds=tuple(PlanKind(kind) for kind in told["kinds"]),
        whole_item=told["whole_item"],
        year_item=told["year_item"],
        rules={name: Rule(**rule) for name, rule in told["rules"].items()},
        grips={
            Strategy(key): Grip(PreventionLevel(one["level"]), Scope(one["scope"]))
            for key, one in told.get("grips", {}).items()
        },
    )
