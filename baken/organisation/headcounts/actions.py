"""Writing down the figures of a year."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy.exc import IntegrityError

from baken.organisation.errors import Conflict
from baken.organisation.headcounts import rules
from baken.organisation.headcounts.limits import limits
from baken.organisation.headcounts.models import HeadcountYear
from baken.organisation.headcounts.queries import find_headcount
from baken.organisation.headcounts.rules import Employer, Quarter
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def enter_headcount(
    session: Session,
    year: int,
    quarters: Sequence[Quarter],
    employer: Employer,
    *,
    source: str = "",
    seen: int = 0,
    by: Actor,
    today: date,
) -> HeadcountYear:
    """Keep the figures of a year; `seen` is the version that somebody looked at, 0 for none."""
    require(by, Action.EDIT_HEADCOUNTS)
    rules.check(year, tuple(quarters), employer, limits(), this_year=today.year)
    row = find_headcount(session, year)
    if row is None:
        row = HeadcountYear(year=year)
    elif seen == 0:
        raise _known(year)
    else:
        check_version(row, seen)
    row.quarters = [asdict(one) for one in quarters]
    row.activity = employer.activity
    row.is_own_adviser = employer.is_own_adviser
    row.has_training = employer.has_training
    row.source = source
    _add(session, row)
    record(session, "headcount.entered", by=by.person_id, subject=f"headcount:{row.id}",
           facts={"year": year})  # fmt: skip
    return row


def _add(session: Session, row: HeadcountYear) -> None:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in ("uq_headcount_year", "headcount_year.")):
            raise
        raise _known(row.year) from error


def _known(year: int) -> Conflict:
    return Conflict(
        "headcounts.known",
        "Figures of {year} are there already. Open that year and change them.",
        year=str(year),
    )
