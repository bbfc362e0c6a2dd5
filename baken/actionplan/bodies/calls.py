"""An open call: who may apply until when, and what each of them hears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.bodies.composition import Side
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text

NAME_LENGTH: Final = 200


class ApplicationState(StrEnum):
    """What became of somebody who wants to take part."""

    APPLIED = "applied"
    CHOSEN = "chosen"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


APPLICATION_TRANSITIONS: Final[Mapping[ApplicationState, frozenset[ApplicationState]]] = {
    ApplicationState.APPLIED: frozenset(
        {ApplicationState.CHOSEN, ApplicationState.DECLINED, ApplicationState.WITHDRAWN}
    ),
    ApplicationState.CHOSEN: frozenset({ApplicationState.WITHDRAWN}),
    ApplicationState.DECLINED: frozenset({ApplicationState.CHOSEN}),
    ApplicationState.WITHDRAWN: frozenset({ApplicationState.APPLIED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFields:
    """What people fill in about a call; `open_to` says in words who may apply."""

    text: str
    open_to: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFields:
    """What is noted of somebody who wants to take part.

    `person_id` is empty for somebody without a log-in, whose name is written instead.
    """

    person_id: UUID | None = None
    name: str = ""
    function: str = ""
    side: Side = Side.WORKERS
    unit_id: UUID | None = None
    groups: tuple[str, ...] = ()
    motivation: str = ""


def check_call(fields: CallFields, *, mandate_until: date | None) -> None:
    """Raise `Invalid` unless the call says what it asks, of whom, in days that can be."""
    if not check_text(fields.text):
        raise Invalid(
            "bodies.call_empty", "Write what the group is for and what it asks of people."
        )
    if not check_text(fields.open_to):
        raise Invalid("bodies.call_to_whom", "Say who may apply.")
    if fields.until_on < fields.from_on:
        raise Invalid(
            "bodies.call_ends_before",
            "The last day lies before the first day, {on}. Correct one of the two.",
            on=fields.from_on,
        )
    if mandate_until is not None and fields.until_on > mandate_until:
        raise Invalid(
            "bodies.call_after_mandate",
            "The mandate ends on {on}; whoever applies afterwards has nothing left to do.",
            on=mandate_until,
        )


def is_open(from_on: date, until_on: date, *, today: date) -> bool:
    """Whether people may apply on a day; the last day counts."""
    return from_on <= today <= until_on


def check_can_apply(from_on: date, until_on: date, *, today: date) -> None:
    """Raise `InvalidTransition` unless the call is open."""
    if not is_open(from_on, until_on, today=today):
        raise InvalidTransition(
            "bodies.call_not_open",
            "People apply from {from_on} to {until_on}. Ask the owner of the group to let the "
            "call run longer.",
            from_on=from_on,
            until_on=until_on,
        )


def check_application(fields: ApplicationFields) -> None:
    """Raise `Invalid` unless it says who applies."""
    if (fields.person_id is None) == (not check_text(fields.name)):
        raise Invalid(
            "bodies.seat_who",
            "Choose somebody from the list, or write the name of somebody without a log-in; one "
            "of the two.",
        )
    if len(fields.name) > NAME_LENGTH or len(fields.function) > NAME_LENGTH:
        raise Invalid(
            "bodies.name_too_long", "A name has at most {most} characters.", most=NAME_LENGTH
        )
    check_text(fields.motivation)


def check_choice(before: ApplicationState, after: ApplicationState, reason: str) -> None:
    """Raise unless this may become of an application; each choice says its reason."""
    if after not in APPLICATION_TRANSITIONS[before]:
        raise InvalidTransition(
            "bodies.application_settled",
            "This application was settled already. Look at what was decided first.",
        )
    decided = {ApplicationState.CHOSEN, ApplicationState.DECLINED}
    if after in decided and not check_text(reason):
        raise Invalid(
            "bodies.choice_reason",
            "Write the reason of the choice: whoever applied reads it, chosen or not.",
        )
