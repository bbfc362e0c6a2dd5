"""Who sits in a body, in what part and for which side; from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.bodies.composition import Side
from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text

NAME_LENGTH: Final = 200


class SeatRole(StrEnum):
    """The part somebody has in a body."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    ADVISER = "adviser"
    GUEST = "guest"


# Whoever decides there; an adviser and a guest speak, and do not count in the composition.
DECIDING: Final = frozenset({SeatRole.CHAIR, SeatRole.SECRETARY, SeatRole.MEMBER})
LEADING: Final = frozenset({SeatRole.CHAIR, SeatRole.SECRETARY})


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFields:
    """What people fill in about a seat.

    Either `person_id`, somebody of the organisation, or a name and function. `groups` are those of
    the wanted groups that this person is of.
    """

    person_id: UUID | None = None
    name: str = ""
    function: str = ""
    role: SeatRole = SeatRole.MEMBER
    side: Side
    unit_id: UUID | None = None
    substitute_of_id: UUID | None = None
    groups: tuple[str, ...] = ()
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A seat that there is already, as the rules look at it."""

    id: UUID
    person_id: UUID | None
    name: str
    role: SeatRole
    is_substitute: bool
    from_on: date
    until_on: date | None


def sits_on(from_on: date, until_on: date | None, day: date) -> bool:
    """Whether a seat counts on a day; its last day still does."""
    return from_on <= day and (until_on is None or day <= until_on)


def check_seat(
    fields: SeatFields, *, body_from_on: date, body_ended_on: date | None, groups: Iterable[str]
) -> None:
    """Raise `Invalid` unless the seat holds together by itself."""
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
    if fields.until_on is not None and fields.until_on < fields.from_on:
        raise Invalid(
            "bodies.seat_ends_before",
            "The last day lies before the first day, {on}. Correct one of the two.",
            on=fields.from_on,
        )
    if fields.from_on < body_from_on:
        raise Invalid(
            "bodies.seat_before_body",
            "The body begins on {on}; nobody sits there before. Choose that day or a later one.",
            on=body_from_on,
        )
    if body_ended_on is not None and (fields.until_on or fields.from_on) > body_ended_on:
        raise Invalid(
            "bodies.seat_after_body",
            "The body ended on {on}; nobody sits there afterwards.",
            on=body_ended_on,
        )
    if not set(fields.groups) <= set(groups):
        raise Invalid(
            "bodies.group_gone",
            "The wanted groups were changed in the meantime. Choose from the list as it is now.",
        )


def check_resigning(
    from_on: date, until_on: date | None, *, until_on_asked: date, today: date
) -> None:
    """Raise unless somebody can leave on this day: from today on, and earlier than they would."""
    if until_on is not None and until_on <= today:
        raise InvalidTransition("bodies.seat_over", "This seat ends today, or has ended already.")
    first = max(from_on, today)
    if until_on_asked < first or (until_on is not None and until_on_asked > until_on):
        raise Invalid(
            "bodies.resigning_day",
            "Choose a last day from {first} on, and not after the day on which the seat ends.",
            first=first,
        )


def check_beside(
    fields: SeatFields, others: Iterable[Taken], *, own_id: UUID | None = None
) -> None:
    """Raise `Invalid` where the seat clashes with another one of the same body.

    One person sits once at a time, one chair leads at a time, and nobody replaces a replacement.
    """
    taken = [one for one in others if one.id != own_id]
    at_once = [one for one in taken if _overlap(fields, one)]
    if any(_is_same(fields, one) for one in at_once):
        raise Invalid(
            "bodies.seat_twice",
            "This person sits in the body already in those days. End that seat first, or change "
            "it instead of adding one.",
        )
    if fields.role == SeatRole.CHAIR and fields.substitute_of_id is None:
        chair = next((one for one in at_once if _chairs(one)), None)
        if chair is not None:
            raise Invalid(
                "bodies.two_chairs",
                "Somebody else is in the chair from {on}. End that seat first: one leads at a "
                "time.",
                on=chair.from_on,
            )
    _check_substitute(fields, taken, own_id)


def _check_substitute(fields: SeatFields, taken: list[Taken], own_id: UUID | None) -> None:
    if fields.substitute_of_id is None:
        return
    replaced = next((one for one in taken if one.id == fields.substitute_of_id), None)
    if replaced is None or fields.substitute_of_id == own_id or replaced.is_substitute:
        raise Invalid(
            "bodies.substitute_of_whom",
            "Choose somebody of this body who is no substitute themselves.",
        )


def _chairs(one: Taken) -> bool:
    return one.role == SeatRole.CHAIR and not one.is_substitute


def _overlap(fields: SeatFields, other: Taken) -> bool:
    starts_in_time = other.until_on is None or fields.from_on <= other.until_on
    ends_late_enough = fields.until_on is None or other.from_on <= fields.until_on
    return starts_in_time and ends_late_enough


def _is_same(fields: SeatFields, other: Taken) -> bool:
    if fields.person_id is not None or other.person_id is not None:
        return fields.person_id == other.person_id
    return _plain(fields.name) == _plain(other.name)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
