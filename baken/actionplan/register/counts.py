"""How many entries there are: the only thing that leaves the register.

Everybody with a task reads the counts of years that are over, each of five at least. The signed
annual report alone carries the exact ones, as its form asks (section 7.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select

from baken.actionplan.register.lists import lists
from baken.actionplan.register.models import Entry, Register
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session

LEAST: Final = 5
"""A smaller count is not shown outside the register, nor one that follows from others."""


@dataclass(frozen=True, slots=True)
class YearCounts:
    """Entries recorded in a year; None for a count that is withheld."""

    year: int
    total: int | None
    by_nature: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of section 7.4 of the annual report: `row` is its number on the form."""

    row: str
    nature: str  # empty for the total
    count: int


def shown_counts(session: Session, *, by: Actor, today: date) -> tuple[YearCounts, ...]:
    """Return the counts of the years that are over, the last one first, as everybody may read them.

    A count that moves says that somebody has been to the register, and on which day. So the running
    year is left out, and the year whose entries are being deleted; and one of which an entry may
    still be accepted is withheld.
    """
    require(by, Action.SEE_REGISTER_COUNTS)
    years = range(today.year - 1, today.year - lists().retention.years, -1)
    days = session.scalars(select(Entry.recorded_on).where(Entry.number.is_(None)).distinct())
    undecided = {day.year for day in days}
    return tuple(
        withhold(year, {} if year in undecided else _count(session, year)) for year in years
    )


def withhold(year: int, counts: Mapping[str, int]) -> YearCounts:
    """Leave out every count below `LEAST`, and every one from which such a count would follow."""
    total = sum(counts.values())
    if total < LEAST:
        return YearCounts(year, None, dict.fromkeys(counts))
    shown = {nature: n for nature, n in counts.items() if n >= LEAST}
    # The total less what is shown is a count too: that of the others together.
    while shown and 0 < total - sum(shown.values()) < LEAST:
        del shown[min(shown, key=lambda nature: (shown[nature], nature))]
    return YearCounts(year, total, {nature: shown.get(nature) for nature in counts})


def report_lines(session: Session, year: int) -> tuple[ReportLine, ...]:
    """Return section 7.4 of the annual report of a year: a, then b.1 to b.5, exact.

    For the signed form only; whoever draws it up asks before it comes here.
    """
    counts = _count(session, year)
    lines = [ReportLine(choice.row, choice.key, counts[choice.key]) for choice in lists().natures]
    return (ReportLine("7.4 a", "", sum(counts.values())), *lines)


def kept_since(session: Session) -> date | None:
    """Return the day on which the register was opened: before it nought is no count."""
    return session.scalar(select(Register.opened_on))


def _count(session: Session, year: int) -> dict[str, int]:
    asked = (
        select(Entry.nature, func.count())
        .where(
            Entry.number.is_not(None),
            Entry.nature.is_not(None),
            Entry.recorded_on >= date(year, 1, 1),
            Entry.recorded_on <= date(year, 12, 31),
        )
        .group_by(Entry.nature)
    )
    found = {str(nature): n for nature, n in session.execute(asked)}
    return {choice.key: found.get(choice.key, 0) for choice in lists().natures}
