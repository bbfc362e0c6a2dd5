"""The table of consultation: what is asked, of whom, and whether it may then be decided.

The table stands in ``items.toml``, with the source of each line. Everything here is pure.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from baken.actionplan.consultations.rules import (
    Asked,
    ConsultationKind,
    Organ,
    Question,
    SubjectKind,
    is_free,
    last_asked,
)
from baken.actionplan.errors import Invalid, InvalidTransition

FILE: Final = Path(__file__).with_name("items.toml")
_WEIGHT: Final = {kind: place for place, kind in enumerate(ConsultationKind)}


class Timing(StrEnum):
    """When it is asked."""

    BEFORE_DECISION = "before_decision"
    # The first day of the second month before the service year.
    BEFORE_SERVICE_YEAR = "before_service_year"
    YEARLY = "yearly"
    PER_REQUEST = "per_request"
    AFTER_DRAWING_UP = "after_drawing_up"
    NO_TERM = "no_term"


class Standing(StrEnum):
    """Whether what a line of the table is about may be decided."""

    FREE = "free"
    NOT_ASKED = "not_asked"
    WAITS = "waits"
    REFUSED = "refused"
    # It was changed after it was sent.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the table; `organs` in the order in which they take each other's place."""

    code: str
    country: str
    subjects: tuple[SubjectKind, ...]
    organs: tuple[Organ, ...]
    kind: ConsultationKind
    timing: Timing
    source: str
    status: str
    is_unanimous: bool = False
    workers_kind: ConsultationKind | None = None
    # With `before_service_year`: the first day of which month before that year.
    months_before: int = 0
    # Month and day of every year by which it is asked; None without one.
    by: tuple[int, int] | None = None

    def organ_of(self, present: Collection[Organ]) -> Organ | None:
        """Whom an organisation with these organs asks; None where nobody has to be asked."""
        return next((organ for organ in self.organs if organ in present), None)

    def kind_for(self, organ: Organ) -> ConsultationKind:
        """What this organ is asked."""
        if organ == Organ.WORKERS and self.workers_kind is not None:
            return self.workers_kind
        return self.kind


@cache
def fewest_days() -> int:
    """How many days people get to answer, before somebody is asked whether that was meant."""
    with FILE.open("rb") as file:
        days: int = tomllib.load(file)["answering"]["fewest_days"]
    return days


def is_short(question: Question) -> bool:
    """Whether silence would free what is asked about sooner than people can answer."""
    given = (question.due_on - question.asked_on).days
    return question.kind == ConsultationKind.ADVICE and given < fewest_days()


@cache
def read_items() -> Mapping[str, Item]:
    """Read the table; the key is the code of a line."""
    with FILE.open("rb") as file:
        rows = tomllib.load(file)["item"]
    return {row["code"]: _item(row) for row in rows}


def get_item(code: str) -> Item:
    """Return a line of the table, or raise `Invalid`."""
    if code not in read_items():
        raise _other_subject()
    return read_items()[code]


def items_of(country: str) -> tuple[Item, ...]:
    """Return the lines of one country, in the order of the table."""
    return tuple(item for item in read_items().values() if item.country == country)


def items_for(kind: SubjectKind, country: str) -> tuple[Item, ...]:
    """Return the lines under which a question about this kind of thing can fall."""
    return tuple(item for item in items_of(country) if kind in item.subjects)


def item_for(kind: SubjectKind, organ: Organ, country: str) -> Item:
    """Return the line that a question falls under when nobody said which."""
    offered = items_for(kind, country)
    found = [item for item in offered if organ in item.organs] or list(offered)
    if not found:
        raise _other_subject()
    return found[0]


def standing(
    item: Item, asked: Iterable[Asked], *, present: Collection[Organ], today: date
) -> Standing:
    """Say whether what was asked under this line lets it be decided.

    Nobody waits for information, nor for an organ that does not exist. Advice frees whatever it
    says, and so does silence after its date; an agreement frees only when it was given. Once the
    organ of today was asked, what another one said before the organs changed counts no longer.
    """
    organ = item.organ_of(present)
    if organ is None or item.kind_for(organ) == ConsultationKind.INFO:
        return Standing.FREE
    under = [each for each in asked if each.item == item.code]
    fresh = last_asked(each for each in under if not each.is_stale and each.organ == organ)
    if not any(_is_enough(each, item, organ) for each in fresh):
        return Standing.CHANGED if any(each.is_stale for each in under) else Standing.NOT_ASKED
    return _of_answers(fresh, today=today)


def standing_of_asked(
    item: Item, asked: Iterable[Asked], *, present: Collection[Organ], today: date
) -> Standing:
    """Say the same of what needs no question of its own: only what was asked holds it back.

    A question from before the organs changed counts until the organ of today is asked.
    """
    under = [each for each in asked if each.item == item.code]
    found = standing(item, under, present=present, today=today)
    if found != Standing.NOT_ASKED:
        return found
    open_ones = last_asked(under)
    return _of_answers(open_ones, today=today) if open_ones else Standing.FREE


def was_put(item: Item, asked: Iterable[Asked]) -> bool:
    """Whether what this line asks went to an organ that it names, whichever came first then."""
    return any(
        each.item == item.code
        and each.organ in item.organs
        and _is_strong(each.kind, item, each.organ)
        for each in asked
    )


def check_standing(found: Standing) -> None:
    """Raise `InvalidTransition` unless it may be decided."""
    if found == Standing.NOT_ASKED:
        raise InvalidTransition(
            "consultations.not_asked",
            "Those who speak for the workers have not been asked about this yet. Ask them first, "
            "and record the answer.",
        )
    if found == Standing.CHANGED:
        raise InvalidTransition(
            "consultations.changed",
            "The text was changed after it was sent. Ask again about the text as it stands now.",
        )
    if found == Standing.WAITS:
        raise InvalidTransition(
            "consultations.waits",
            "What was asked about this is still open. Record the answer first; advice that does "
            "not come is waited for until its date, agreement is never taken for granted.",
        )
    if found == Standing.REFUSED:
        raise InvalidTransition(
            "consultations.refused",
            "There is no agreement, so this cannot be decided. Change it and ask again.",
        )


def check_fits(
    question: Question, item: Item, about: SubjectKind, *, present: Collection[Organ]
) -> None:
    """Raise `Invalid` unless a question fits its line of the table."""
    if about not in item.subjects:
        raise _other_subject()
    if question.organ == Organ.WORKERS and question.organ not in item.organs:
        raise Invalid(
            "consultations.not_of_workers",
            "This is not asked of the workers themselves: where there is no committee and no "
            "delegation, nobody is asked.",
        )
    first = item.organ_of(present)
    if question.organ != first and not _is_told_beside(question, item):
        raise _other_organ(first)
    is_question = question.kind != ConsultationKind.INFO
    if question.organ == first and is_question and not _is_strong(question.kind, item, first):
        raise Invalid(
            "consultations.too_weak",
            "For this the law asks for agreement; advice is not enough. Choose agreement.",
        )


def _of_answers(asked: Collection[Asked], *, today: date) -> Standing:
    if is_free(asked, today=today):
        return Standing.FREE
    return Standing.WAITS if any(each.outcome is None for each in asked) else Standing.REFUSED


def _is_told_beside(question: Question, item: Item) -> bool:
    """Whether another organ is only told of it, which takes the place of no question."""
    asks_more = item.kind != ConsultationKind.INFO
    is_told = question.kind == ConsultationKind.INFO
    return is_told and asks_more and question.organ not in item.organs


def _is_enough(asked: Asked, item: Item, organ: Organ) -> bool:
    return asked.organ == organ and _is_strong(asked.kind, item, organ)


def _is_strong(kind: ConsultationKind, item: Item, organ: Organ) -> bool:
    return _WEIGHT[kind] >= _WEIGHT[item.kind_for(organ)]


def _other_organ(first: Organ | None) -> Invalid:
    if first is None:
        return Invalid(
            "consultations.nobody_to_ask",
            "Your organisation has none of the organs that this line names, so nobody is asked. "
            "Choose another line, or say on the page of the organs which there are.",
        )
    return Invalid(
        "consultations.other_organ_first",
        "This is asked of another organ: {organ}. Of the organs that this line names, that is the "
        "first in your organisation; which there are stands on the page of the organs.",
        organ=first,
    )


def _other_subject() -> Invalid:
    return Invalid(
        "consultations.other_subject",
        "This line of the table is about something else. Choose the line that fits.",
    )


def _item(row: Mapping[str, Any]) -> Item:
    weaker = row.get("workers_kind")
    return Item(
        code=row["code"],
        country=row["country"],
        subjects=tuple(SubjectKind(each) for each in row["subjects"]),
        organs=tuple(Organ(each) for each in row["organs"]),
        kind=ConsultationKind(row["kind"]),
        timing=Timing(row["timing"]),
        source=row["source"],
        status=row["status"],
        is_unanimous=row.get("unanimous", False),
        workers_kind=ConsultationKind(weaker) if weaker else None,
        months_before=row.get("months_before", 0),
        by=tuple(row["by"]) if "by" in row else None,
    )
