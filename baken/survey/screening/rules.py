"""What may be written on a screening sheet, and when a group may agree on it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from baken.instruments.screening import Screening
from baken.survey.screening.errors import CannotAgree, InvalidEntry, NotADraft
from baken.survey.screening.marks import Mark, Marks, Member

MAX_FIGURE: Final = 1e9
MAX_LINE: Final = 200
MAX_COMMENT: Final = 2_000
MAX_GROUP: Final = 30
LEAST_GROUP: Final = 2
"""One person is no group: what one sees, another may see otherwise."""
LONGEST_PERIOD: Final = timedelta(days=366)
"""Figures of more than a year cannot be told apart from those of the year before."""


class SheetState(StrEnum):
    """A sheet is written, then agreed; what was agreed stays."""

    DRAFT = "draft"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class SheetFields:
    """About what a sheet is, and who fills it in together."""

    from_on: date
    until_on: date
    group: tuple[Member, ...]
    met_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days a sheet is about, both included."""

    from_on: date
    until_on: date

    def touches(self, other: "Period") -> bool:
        """Whether both are about some same day."""
        return self.from_on <= other.until_on and other.from_on <= self.until_on


def check_is_draft(state: SheetState) -> None:
    """Raise `NotADraft` unless the sheet may still be changed."""
    if state is not SheetState.DRAFT:
        raise NotADraft(
            "screening.not_draft",
            "The group agreed on this sheet, so it stays as it is. Make a new edition to change "
            "something.",
        )


def check_is_agreed(state: SheetState) -> None:
    """Raise `NotADraft` unless the sheet was agreed: a draft needs no new edition."""
    if state is not SheetState.AGREED:
        raise NotADraft(
            "screening.still_draft", "This sheet is still being filled in; change it as it is."
        )


def check_fields(fields: SheetFields, *, today: date) -> None:
    """Raise `InvalidEntry` unless period, group and day can be as they say."""
    if fields.until_on < fields.from_on:
        raise InvalidEntry(
            "screening.period_reversed", "The period ends before it begins. Correct one of the two."
        )
    if fields.until_on - fields.from_on >= LONGEST_PERIOD:
        raise InvalidEntry(
            "screening.period_long",
            "A period is a year at most: only then do three periods show a change. Choose a "
            "shorter one.",
        )
    if fields.from_on > today:
        raise InvalidEntry(
            "screening.period_ahead",
            "The period has not begun yet, so there are no figures. Choose an earlier one.",
        )
    if fields.met_on is not None and not fields.from_on <= fields.met_on <= today:
        raise InvalidEntry(
            "screening.met_odd",
            "The group met between the first day of the period and today. Choose such a day.",
        )
    _check_group(fields.group)


def check_period(period: Period, others: Iterable[Period]) -> None:
    """Raise `InvalidEntry` when another sheet of the unit is about some of the same days."""
    for other in others:
        if period.touches(other):
            raise InvalidEntry(
                "screening.period_taken",
                "There is already a sheet of this unit about {first} to {last}. Choose a period "
                "that does not overlap with it, or make a new edition of that sheet.",
                first=other.from_on,
                last=other.until_on,
            )


def check_marks(screening: Screening, marks: Marks) -> None:
    """Raise `InvalidEntry` unless these can be figures and words about the lights."""
    known = {light.item for light in screening.lights}
    if not known.issuperset(marks):
        raise InvalidEntry(
            "screening.unknown_light",
            "Something was filled in about a light that this sheet does not have. Nothing was "
            "saved; load the page again.",
        )
    for mark in marks.values():
        _check_mark(mark)


def agreement_obstacles(
    screening: Screening, marks: Marks, fields: SheetFields
) -> list[CannotAgree]:
    """Everything that still stands in the way of an agreement.

    The same sentences refuse it and explain the disabled button.
    """
    found = []
    unmarked = sum(marks.get(one.item, Mark()).state is None for one in screening.lights)
    if unmarked:
        found.append(
            CannotAgree(
                "screening.lights_missing",
                "Say off, on or unknown for each light. Still open: {n}.",
                n=unmarked,
            )
        )
    if any(mark.value is not None and not mark.source for mark in marks.values()):
        found.append(
            CannotAgree(
                "screening.source_missing",
                "Write where each figure comes from: without its source nobody can check it.",
            )
        )
    if any(mark.is_displaced for mark in marks.values()):
        found.append(
            CannotAgree(
                "screening.figures_displaced",
                "The period was changed after figures of earlier periods were typed. Look at them "
                "under Compare the figures, correct them where needed, and save.",
            )
        )
    if len(fields.group) < LEAST_GROUP or fields.met_on is None:
        found.append(
            CannotAgree(
                "screening.group_missing",
                "Write who is in the group, at least {n} people, and on which day they met.",
                n=LEAST_GROUP,
            )
        )
    return found


def check_can_agree(screening: Screening, marks: Marks, fields: SheetFields) -> None:
    """Raise the first obstacle."""
    for obstacle in agreement_obstacles(screening, marks, fields):
        raise obstacle


def _check_group(group: Sequence[Member]) -> None:
    if len(group) > MAX_GROUP:
        raise InvalidEntry(
            "screening.group_large", "A group has {n} people at most. Leave some out.", n=MAX_GROUP
        )
    for member in group:
        if not (member.name.strip() and member.function.strip()):
            raise InvalidEntry(
                "screening.member_incomplete",
                "Write a name and a function for everybody in the group.",
            )
        _check_text(member.name, MAX_LINE)
        _check_text(member.function, MAX_LINE)


def _check_mark(mark: Mark) -> None:
    for figure in mark.figures:
        if not (math.isfinite(figure) and 0 <= figure <= MAX_FIGURE):
            raise InvalidEntry(
                "screening.figure_odd",
                "A figure is a number from 0 to {most}. Correct it.",
                most=int(MAX_FIGURE),
            )
    _check_text(mark.source, MAX_LINE)
    _check_text(mark.comment, MAX_COMMENT)


def _check_text(text: str, most: int) -> None:
    if "\0" in text:
        raise InvalidEntry(
            "screening.text_unreadable",
            "A text holds a sign that cannot be kept. Type it again instead of pasting it.",
        )
    if len(text) > most:
        raise InvalidEntry(
            "screening.text_long", "A text here has {n} signs at most. Shorten it.", n=most
        )
