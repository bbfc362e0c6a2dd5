"""When an organisation may be removed."""

from datetime import date, timedelta
from typing import Final, Protocol
from uuid import UUID

from baken.organisation.handing_out import SETTLED, is_settled
from baken.organisation.removals.errors import CannotRemove

WAITING_DAYS: Final = 14
"""Between the confirmation and the removal, so that somebody notices."""

REVIEW_DAYS: Final = 183
"""A hold is looked at again after half a year."""


class Waiting(Protocol):
    """What the rules look at in a removal."""

    asked_by: UUID
    confirmed_by: UUID | None
    due_on: date | None


def due_on(confirmed_on: date) -> date:
    """Return the day on which a removal that is confirmed today starts."""
    return confirmed_on + timedelta(days=WAITING_DAYS)


def check_not_held(holds: int) -> None:
    """Raise `CannotRemove` while somebody has a reason to keep everything."""
    if holds:
        raise CannotRemove(
            "organisation.held",
            "There is a hold on this organisation: its data may be needed. Whoever set it can lift "
            "it; until then nothing is removed.",
        )


def check_settled(since_on: date | None, asked_on: date) -> None:
    """Raise `CannotRemove` for somebody who got the right only just, or just after the asking."""
    if not is_settled(since_on, asked_on):
        raise CannotRemove(
            "organisation.removal_too_new",
            "Only somebody who has been administrator or main contact for {days} days asks for or "
            "confirms a removal. Ask somebody who has held this role longer, or wait.",
            days=SETTLED.days,
        )


def check_other_person(*, is_same: bool) -> None:
    """Raise `CannotRemove` when whoever confirms is the human who asked."""
    if is_same:
        raise CannotRemove(
            "organisation.removal_same_person",
            "You asked for this removal yourself. Another administrator or main contact has to "
            "confirm it.",
        )


def check_may_start(removal: Waiting, today: date) -> None:
    """Raise `CannotRemove` before the waiting period is over."""
    if removal.confirmed_by is None or removal.due_on is None or today < removal.due_on:
        raise CannotRemove(
            "organisation.removal_waits", "The waiting period of this removal is not over yet."
        )
