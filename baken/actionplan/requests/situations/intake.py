"""What is asked for when a specific work situation should be analysed, and who may ask it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Denied, Invalid
from baken.actionplan.requests.law import value_of
from baken.actionplan.wording import check_text, check_title
from baken.organisation.permissions import Role


class Asker(StrEnum):
    """Who asks: the law names these."""

    EMPLOYER = "employer"
    LINE = "line"
    DELEGATION = "delegation"


class Priority(StrEnum):
    """What goes first."""

    NOW = "now"
    SOON = "soon"
    LATER = "later"


_ASKS_AS: Final[Mapping[Role, frozenset[Asker]]] = {
    Role.EMPLOYER: frozenset({Asker.EMPLOYER}),
    Role.UNIT_HEAD: frozenset({Asker.LINE}),
    Role.CPBW_MEMBER: frozenset({Asker.DELEGATION}),
    Role.UNION_DELEGATE: frozenset({Asker.DELEGATION}),
    # They write down what reached them on paper.
    Role.ADVISER: frozenset(Asker),
    Role.PREVENTION_ADVISER: frozenset(Asker),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is asked: by whom, for which group, what is the matter, since when, how urgent.

    `n_asking` and `n_delegates` count the workers' delegates who ask and all of them.
    """

    asker: Asker
    asked_on: date
    group_name: str
    group_size: int
    situation: str
    since_on: date
    priority: Priority
    priority_reason: str = ""
    unit_id: UUID | None = None
    n_asking: int | None = None
    n_delegates: int | None = None
    is_formal: bool = False


def askers_for(roles: frozenset[Role]) -> tuple[Asker, ...]:
    """Return as whom somebody with these roles may ask."""
    mine = frozenset().union(*(_ASKS_AS.get(role, frozenset()) for role in roles))
    return tuple(asker for asker in Asker if asker in mine)


def check_may_ask_as(roles: frozenset[Role], asker: Asker) -> None:
    """Raise `Denied` unless these roles ask as this."""
    if asker not in askers_for(roles):
        raise Denied(
            "requests.not_this_asker",
            "Your role asks under another heading. Choose one of those that are offered.",
        )


def needed_of(n_delegates: int) -> int:
    """Return how many delegates make up the share that the law asks: rounded up."""
    part, whole = value_of("delegates_part"), value_of("delegates_whole")
    return -(-n_delegates * part // whole)


def check_intake(intake: Intake, *, today: date) -> None:
    """Raise `Invalid` unless the request can be written down like this."""
    check_title(intake.group_name)
    if not check_text(intake.situation):
        raise Invalid("requests.no_situation", "Write down what is the matter in this group.")
    check_text(intake.priority_reason)
    if intake.asked_on > today:
        raise Invalid("requests.asked_in_future", "The request cannot be dated later than today.")
    if intake.since_on > intake.asked_on:
        raise Invalid(
            "requests.not_yet_present",
            "This analysis is for a danger that is there already: it cannot begin after the "
            "request. For something that is coming, make a general risk analysis.",
        )
    if intake.group_size < 1:
        raise Invalid("requests.nobody_in_group", "Say how many people work in this situation.")
    if intake.priority is Priority.NOW and not intake.priority_reason.strip():
        raise Invalid("requests.no_priority_reason", "Write down why this cannot wait.")
    if intake.asker is Asker.DELEGATION:
        _check_delegates(intake.n_asking, intake.n_delegates)


def _check_delegates(n_asking: int | None, n_delegates: int | None) -> None:
    if not n_asking or not n_delegates or not 1 <= n_asking <= n_delegates:
        raise Invalid(
            "requests.count_delegates",
            "Say how many delegates of the workers the committee has, and how many of them ask.",
        )
    needed = needed_of(n_delegates)
    if n_asking < needed:
        raise Invalid(
            "requests.too_few_delegates",
            "The law asks for {needed} of the {all} delegates at least; now: {n}. With more "
            "signatures the request can be made; a member of the line or the employer can make it "
            "alone.",
            n=n_asking,
            all=n_delegates,
            needed=needed,
        )
