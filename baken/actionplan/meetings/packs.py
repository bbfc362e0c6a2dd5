"""What went out with an invitation, beside what went out before."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from baken.actionplan.errors import InvalidTransition

OF_WORDS: Final = "words:"


class Why(StrEnum):
    """Why a document stands in no pack."""

    NOT_READABLE = "not_readable"  # somebody who gets the pack may not read it
    NOT_READY = "not_ready"  # there is no document yet
    TOO_LARGE = "too_large"


class Change(StrEnum):
    """What happened to a part since the pack before."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class PackPart:
    """A point or document in a pack; `key` stays the same from one pack to the next.

    `sha256` begins with `OF_WORDS` where it is of what the part says; in packs from before that it
    is of a page with its layout, and says nothing beside the other.
    """

    key: str
    title: str
    sha256: str

    def says_otherwise_than(self, before: "PackPart") -> bool:
        """Whether it has other words than in the pack before, where that can be known."""
        is_known = self.sha256.startswith(OF_WORDS) == before.sha256.startswith(OF_WORDS)
        return is_known and self.sha256 != before.sha256


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that is not in the pack, and who of the receivers may not read it."""

    title: str
    why: Why
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack as the document room made it."""

    content: bytes
    parts: tuple[PackPart, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def changes_between(
    before: Sequence[PackPart], after: Sequence[PackPart]
) -> tuple[tuple[Change, str], ...]:
    """What is new, gone, changed or in another order; by title, in the order of the new pack."""
    old: Mapping[str, PackPart] = {one.key: one for one in before}
    new: Mapping[str, PackPart] = {one.key: one for one in after}
    found = []
    for one in after:
        if one.key not in old:
            found.append((Change.NEW, one.title))
        elif one.says_otherwise_than(old[one.key]):
            found.append((Change.CHANGED, one.title))
    found += [(Change.GONE, one.title) for one in before if one.key not in new]
    kept_before = [one.key for one in before if one.key in new]
    kept_after = [one.key for one in after if one.key in old]
    if kept_before != kept_after:
        found.append((Change.ORDER, ""))
    return tuple(found)


def check_sending(*, n_points: int, n_attendees: int) -> None:
    """Raise `InvalidTransition` unless there is something to send, and somebody to send it to."""
    if n_points == 0:
        raise InvalidTransition(
            "meetings.agenda_empty", "The agenda is empty. Add a point before you send it."
        )
    if n_attendees == 0:
        raise InvalidTransition(
            "meetings.nobody_to_invite",
            "Nobody sits in this body on that day. Give people a seat first.",
        )
