"""Where a refused page leads on: the nearest page from which the work goes on. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from baken.organisation.permissions import Action
from baken.web.frame import Frame

_ID: Final = r"[0-9a-f-]{36}"
_PAPER: Final = rf"/o/{_ID}/campaigns/{_ID}/paper"


@dataclass(frozen=True, slots=True)
class Lead:
    """A page to go on from: `words` is the key of what the link says."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class _Way:
    """Pages under an address, the page above them, and who may see that."""

    above: re.Pattern[str]
    words: str
    action: Action

    @classmethod
    def of(cls, above: str, words: str, action: Action) -> "_Way":
        return cls(re.compile(rf"({above})/."), f"faults.to_{words}", action)


# The nearest first. A room whose refusals come on a page of their own adds its lines here.
_WAYS: Final = (
    _Way.of(rf"{_PAPER}/batches/{_ID}", "stack", Action.KEY_SHEETS),
    _Way.of(rf"{_PAPER}/batches", "stacks", Action.KEY_SHEETS),
    _Way.of(rf"{_PAPER}/sittings/{_ID}", "sitting", Action.EXCHANGE_SLIPS),
    _Way.of(rf"{_PAPER}/sittings", "sittings", Action.EXCHANGE_SLIPS),
    _Way.of(_PAPER, "paper", Action.WORK_WITH_PAPER),
)


def lead_of(frame: Frame) -> Lead | None:
    """Return where this reader goes on from the page that was refused, if anywhere nearby."""
    for way in _WAYS:
        found = way.above.match(frame.path)
        if found and frame.may(way.action.value):
            href = frame.url("/paper") if way.words == "faults.to_paper" else found[1]
            return Lead(href, way.words)
    return None
