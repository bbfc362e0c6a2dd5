"""The headcount of a year, worked out."""

from dataclasses import dataclass

from sqlalchemy import select

from baken.organisation.headcounts.limits import limits
from baken.organisation.headcounts.models import HeadcountYear
from baken.organisation.headcounts.rules import (
    Group,
    Headcount,
    Quarter,
    count,
    group_of,
    leap_doubt,
)
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class YearHeadcount:
    """What a year gives: the working, the group, and the group by actual workers.

    `in_leap_year` is the group that a leap year would give with 366 days; None where it is the
    same.
    """

    year: int
    version: int
    quarters: tuple[Quarter, ...]
    source: str
    activity: str
    working: Headcount
    group: Group
    group_by_actual: Group | None
    in_leap_year: Group | None


def find_headcount(session: Session, year: int) -> HeadcountYear | None:
    """Return what was filled in of a year; None before."""
    asked = select(HeadcountYear).where(HeadcountYear.year == year)
    return session.scalars(asked).one_or_none()


def list_headcount_years(session: Session) -> tuple[YearHeadcount, ...]:
    """Return every year that was filled in, the last one first."""
    rows = session.scalars(select(HeadcountYear).order_by(HeadcountYear.year.desc()))
    return tuple(_worked(row) for row in rows)


def year_headcount(session: Session, year: int) -> YearHeadcount | None:
    """Return the headcount of a year; None while nobody has filled it in."""
    row = find_headcount(session, year)
    return _worked(row) if row else None


def _worked(row: HeadcountYear) -> YearHeadcount:
    found, employer = count(row.told, limits()), row.employer
    by_actual = None
    if found.actual is not None:
        by_actual = group_of(found.actual, employer, limits())
    return YearHeadcount(
        row.year,
        row.version,
        row.told,
        row.source,
        row.activity,
        found,
        group_of(found.legal, employer, limits()),
        by_actual,
        leap_doubt(found, row.year, employer, limits()),
    )
