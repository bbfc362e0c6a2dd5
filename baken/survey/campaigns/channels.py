"""In which ways the people of a unit can take part."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from baken.survey.errors import InvalidDraft


class Way(StrEnum):
    """A way to get a code, or to answer; a unit may have several."""

    MAIL = "mail"
    LETTER = "letter"
    CARDS = "cards"
    KIOSK = "kiosk"
    PAPER = "paper"
    SITTING = "sitting"


USUAL: Final = (Way.CARDS,)
"""What a unit gets for which nobody chose: cards need no address and no name."""

ON_PAPER: Final = frozenset({Way.PAPER, Way.SITTING})
"""Ways in which somebody reads what others filled in, without knowing whose it is."""

INVITED: Final = frozenset({Way.MAIL, Way.LETTER})
"""Ways in which somebody gets a letter, whose words have to be there."""


class Reached(Protocol):
    """What a unit's ways are read from; a campaign has it."""

    channels: dict[str, list[str]]


class Written(Reached, Protocol):
    """What is asked before handwriting is kept; a campaign has it."""

    types_handwriting: bool


def keeps_handwriting(campaign: Written) -> bool:
    """Whether what is written by hand on a form that is scanned goes along as a picture."""
    on_paper = any(not ON_PAPER.isdisjoint(ways) for ways in campaign.channels.values())
    return on_paper and not campaign.types_handwriting


def ways_of(campaign: Reached, unit: UUID | str) -> tuple[Way, ...]:
    """In which ways the people attached to a unit can take part, in the usual order."""
    chosen = campaign.channels.get(str(unit))
    if not chosen:
        return USUAL
    return tuple(way for way in Way if way.value in chosen)


def sends_letters(campaign: Reached, units: Iterable[str]) -> bool:
    """Whether a unit gets its codes by mail or by letter."""
    return any(way in INVITED for unit in units for way in ways_of(campaign, unit))


def check_channels(channels: Mapping[str, Iterable[str]]) -> None:
    """Raise `InvalidDraft` for a way that does not exist, or a unit without any."""
    known = {way.value for way in Way}
    for chosen in channels.values():
        ways = set(chosen)
        if not ways or not ways <= known:
            raise InvalidDraft(
                "survey.no_way", "Choose at least one way for every unit, from those on the page."
            )
