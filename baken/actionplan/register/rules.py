"""What an entry may hold, what may happen to it when, and until when it is kept."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from baken.actionplan.register.errors import AboutColleague, InvalidEntry, NotNow
from baken.actionplan.register.lists import lists
from baken.storage.retention import over_on

MOST_CHARACTERS: Final = 20_000
"""Of a description: some ten pages."""

MOST_IN_LINE: Final = 300
MOST_A_DAY: Final = 60
"""Entries of one day that wait at the public address of one register."""

MOST_WAITING: Final = 400
MOST_SUPPLEMENTS: Final = 50
EARLIEST: Final = date(1950, 1, 1)
REVIEW_AFTER: Final = timedelta(days=183)
"""A hold is looked at again after half a year."""

WARN_BEFORE: Final = timedelta(days=30)
COLLEAGUE: Final = "colleague"
"""What a form sends for somebody who works here; never kept."""


class EntryState(StrEnum):
    """Where an entry is."""

    WAITING = "waiting"  # came by the public address; the keeper has not looked at it
    RECORDED = "recorded"  # has its number
    REFUSED = "refused"  # spam or a mistake; never had a number
    DELETED = "deleted"  # its term is over; number and dates are left


class Kind(StrEnum):
    """What a text of an entry is; texts are added, never changed."""

    FACTS = "facts"
    CORRECTION = "correction"
    SUPPLEMENT = "supplement"  # by the author, with the receipt
    NAME_WITHDRAWN = "name_withdrawn"
    REFUSAL = "refusal"
    HOLD = "hold"
    HOLD_LIFTED = "hold_lifted"


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened: `third_party`, `nature` and `tags` are keys of the lists."""

    description: str
    first_on: date
    last_on: date | None
    place: str
    third_party: str
    nature: str
    tags: tuple[str, ...] = ()

    def tidied(self) -> "Facts":
        """The same without what nobody means: blank ends, a last day equal to the first."""
        last_on = self.last_on if self.last_on and self.last_on != self.first_on else None
        return replace(
            self,
            description=self.description.strip(),
            place=self.place.strip(),
            last_on=last_on,
            tags=tuple(choice.key for choice in lists().tags if choice.key in self.tags),
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the worker is, told with consent; `readers` are the roles for which it was given."""

    name: str
    contact: str
    readers: frozenset[str]


def check_facts(facts: Facts, *, today: date) -> None:
    """Raise `InvalidEntry` unless these facts can be recorded today."""
    if facts.third_party == COLLEAGUE:
        raise AboutColleague
    if not facts.description.strip():
        raise InvalidEntry("register.no_description", "Write down what happened.")
    check_length(facts.description)
    if len(facts.place) > MOST_IN_LINE:
        raise InvalidEntry(
            "register.long_place",
            "The place has {n} characters; at most {most} fit. Shorten it; nothing was lost.",
            n=len(facts.place),
            most=MOST_IN_LINE,
        )
    _check_days(facts, today)
    known = lists()
    _check_one_of(facts.third_party, {choice.key for choice in known.third_parties})
    _check_one_of(facts.nature, {choice.key for choice in known.natures})


def check_length(text: str) -> None:
    """Raise `InvalidEntry` for a text that is longer than an entry can be."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidEntry(
            "register.long_text",
            "Your text has {n} characters; at most {most} fit. Nothing was sent and nothing was "
            "lost: shorten the text below, or give the rest to the person who keeps the register.",
            n=len(text),
            most=MOST_CHARACTERS,
        )


def _check_days(facts: Facts, today: date) -> None:
    if facts.first_on > today or (facts.last_on or facts.first_on) > today:
        raise InvalidEntry(
            "register.future_day",
            "The day lies in the future. Choose the day on which it happened: today or earlier.",
        )
    if facts.first_on < EARLIEST:
        raise InvalidEntry("register.far_day", "Look at the year of the day once more.")
    if facts.last_on is not None and facts.last_on < facts.first_on:
        raise InvalidEntry(
            "register.days_reversed", "The last day lies before the first. Exchange the two."
        )


def _check_one_of(chosen: str, known: Collection[str]) -> None:
    if chosen not in known:
        raise InvalidEntry("register.not_chosen", "Choose one of the answers that are offered.")


def check_state(state: EntryState, *allowed: EntryState) -> None:
    """Raise `NotNow` unless the entry is where it has to be for this step."""
    if state not in allowed:
        raise dealt_with()


def dealt_with() -> NotNow:
    """Return the refusal of a step that comes too late."""
    return NotNow(
        "register.not_now",
        "Somebody else has dealt with this entry in the meantime, or its term is over. Load "
        "the page again to see how it stands.",
    )


def purge_on(recorded_on: date) -> date:
    """Return the first day on which an entry may not be kept any more."""
    return over_on(recorded_on, lists().retention.years)


def refused_until(refused_on: date) -> date:
    """Return the day on which a refused entry goes: until then a mistake can be put right."""
    return refused_on + timedelta(days=lists().retention.refused_days)
