"""How one adviser follows another without a day in between."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from baken.organisation.errors import Invalid

LONGEST_OVERLAP: Final = 31


def last_day(from_on: date, overlap_days: int) -> date:
    """Return the last day of those who leave; without overlap it is the day before."""
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        raise Invalid(
            "organisation.overlap_too_long",
            "Both can see everything for {most} days at most. Choose fewer days.",
            most=LONGEST_OVERLAP,
        )
    return from_on + timedelta(days=overlap_days - 1)


def check_people(outgoing: Collection[UUID], incoming: UUID | None) -> None:
    """Raise `Invalid` unless somebody leaves, and somebody else comes."""
    if not outgoing:
        raise Invalid("organisation.nobody_leaves", "Choose who leaves.")
    if incoming in outgoing:
        raise Invalid(
            "organisation.follows_oneself",
            "The person who follows cannot be one of those who leave. Choose somebody else.",
        )
