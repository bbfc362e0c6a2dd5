"""What may be entered of people who come and go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from baken.organisation.errors import Invalid
from baken.storage.base import EditedMeanwhile

MOST_PEOPLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Moved:
    """People of a unit and of what lies below it.

    Whoever goes from one team to another of the same department joined the one and left the other,
    and did neither in the department: an upper unit has numbers of its own, not a sum.
    """

    joined: int
    departed: int

    @property
    def people(self) -> int:
        return self.joined + self.departed


@dataclass(frozen=True, slots=True)
class Span:
    """Days between which people came and went: after the first, the last included.

    Periods are not added up: whoever came in one and went in the next would count twice, and hide
    that only one person moved.
    """

    from_on: date
    until_on: date


def check_span(span: Span) -> None:
    """Raise `Invalid` unless the second day comes after the first."""
    if span.until_on <= span.from_on:
        raise Invalid(
            "units.movement_days",
            "The second day comes before the first one, or is the same. Choose a later one.",
        )


def check_numbers(moved: Iterable[Moved]) -> None:
    """Raise `Invalid` at a number that is less than nobody or more than can be."""
    if not all(0 <= n <= MOST_PEOPLE for one in moved for n in (one.joined, one.departed)):
        raise Invalid(
            "units.movement_numbers",
            "A number of people lies between 0 and {most}. Correct the numbers.",
            most=MOST_PEOPLE,
        )


def token_of(entered: Mapping[UUID, Moved]) -> str:
    """Return what stands for the numbers of a period as somebody saw them."""
    lines = sorted(f"{unit} {one.joined} {one.departed}" for unit, one in entered.items())
    return sha256("\n".join(lines).encode()).hexdigest()


def check_seen(entered: Mapping[UUID, Moved], token: str) -> None:
    """Raise `EditedMeanwhile` unless the numbers are still those somebody was looking at."""
    if token_of(entered) != token:
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )
