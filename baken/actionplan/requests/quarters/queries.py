"""Reading quarterly sheets: one's own, and what everybody may see of all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.requests.dates import add_months
from baken.actionplan.requests.law import law, value_of
from baken.actionplan.requests.quarters.models import QuarterSheet
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session

LEAST: Final = 5
"""A smaller count, other than nought, is not shown to those who did not enter it."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The sheet of a person for a quarter as it stands; `revision` 0: nothing was entered yet."""

    year: int
    quarter: int
    revision: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class YearOfCounts:
    """A year as everybody may see it: key of a field to its count, None where it is withheld.

    A field that nobody entered has no count.
    """

    year: int
    counts: Mapping[str, int | None]


def list_last_sheets(session: Session, year: int) -> list[QuarterSheet]:
    """Return the last revision of every sheet of a year. Exact: ask before you show it."""
    asked = (
        select(QuarterSheet)
        .where(QuarterSheet.year == year)
        .order_by(QuarterSheet.quarter, QuarterSheet.person_id, QuarterSheet.revision)
    )
    last = {(sheet.quarter, sheet.person_id): sheet for sheet in session.scalars(asked)}
    return list(last.values())


def list_revisions(
    session: Session, person_id: UUID, *, year: int, quarter: int
) -> list[QuarterSheet]:
    """Return every revision of one sheet, the first one first."""
    asked = select(QuarterSheet).where(
        QuarterSheet.person_id == person_id,
        QuarterSheet.year == year,
        QuarterSheet.quarter == quarter,
    )
    return list(session.scalars(asked.order_by(QuarterSheet.revision)))


def own_sheets(session: Session, year: int, *, by: Actor) -> tuple[SheetRow, ...]:
    """Return the four sheets of the asking person."""
    require(by, Action.FILL_QUARTERS)
    mine = [sheet for sheet in list_last_sheets(session, year) if sheet.person_id == by.person_id]
    found = {sheet.quarter: sheet for sheet in mine}
    return tuple(
        SheetRow(year, quarter, found[quarter].revision, found[quarter].counts)
        if quarter in found
        else SheetRow(year, quarter, 0, {})
        for quarter in (1, 2, 3, 4)
    )


def shown_counts(session: Session, year: int, *, by: Actor, today: date) -> YearOfCounts:
    """Return the counts of a year that is over, without the blocks that hold one of 1 to 4.

    A count that moves tells of one person who was there. So the running year stays in, and the one
    before it until its last quarter has been entered.
    """
    require(by, Action.SEE_QUARTERS)
    if today < add_months(date(year + 1, 1, 1), value_of("counts_after_months")):
        return YearOfCounts(year, {})
    return YearOfCounts(year, withhold(sheet.counts for sheet in list_last_sheets(session, year)))


def withhold(sheets: Iterable[Mapping[str, int]]) -> dict[str, int | None]:
    """Add sheets up; leave out every block of the form in which a sum is 1 to 4.

    Whoever intervened and how are two ways to count the same, so a sum left out alone could follow
    from the others of its block.
    """
    sums: dict[str, int] = {}
    for counts in sheets:
        for key, n in counts.items():
            sums[key] = sums.get(key, 0) + n
    hidden = {_block(key) for key, n in sums.items() if 0 < n < LEAST}
    return {key: None if _block(key) in hidden else n for key, n in sums.items()}


def _block(key: str) -> str:
    """7.3.1 as a whole, and 7.3.2 a, b and c."""
    row = law().fields[key].row
    return row[:5] if row.startswith("7.3.1") else row[:7]
