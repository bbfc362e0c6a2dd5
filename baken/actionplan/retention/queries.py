"""Reading terms, what is due next, and what was deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from baken.actionplan.retention.models import Deletion, RetentionTerm
from baken.actionplan.retention.rules import Rule, rules
from baken.actionplan.retention.sweeps import SWEEPS, Due, Place
from baken.organisation.removals.holds import count_holds
from baken.storage.session import Session

AHEAD: Final = timedelta(days=365)
"""What is due within this time is shown beforehand."""
LEAST: Final = 5
"""A smaller count of what opens for a few people only is not shown, and none on its day."""
LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes
    ----------
    years
        The term in years that holds here: chosen, or that of the rule.
    is_chosen
        Whether this organisation chose it.
    n_due, next_on
        How many are due within a year and on which day the first of them; None: nothing, or
        (of what opens for a few people only) not shown.
    is_stopped
        Whether a hold keeps it now.
    """

    rule: Rule
    years: int | None
    is_chosen: bool
    n_due: int | None
    next_on: date | None
    is_stopped: bool


def chosen_years(session: Session) -> dict[str, int]:
    """Return the terms that the organisation chose, by kind of record."""
    rows = session.execute(select(RetentionTerm.record, RetentionTerm.years))
    return {row.record: row.years for row in rows}


def years_of(rule: Rule, chosen: Mapping[str, int]) -> int | None:
    """Return the term in years that holds; what was chosen once stays within what may be chosen."""
    years = chosen.get(rule.key)
    if years is None or not rule.is_open:
        return rule.years
    return max(years, rule.least)


def find_term(session: Session, record: str) -> RetentionTerm | None:
    """Return the term that was chosen for a kind of record; None: that of the rule holds."""
    asked = select(RetentionTerm).where(RetentionTerm.record == record)
    return session.scalars(asked).one_or_none()


def list_lines(session: Session, place: Place) -> tuple[Line, ...]:
    """Return the whole table with what is due next."""
    chosen, held = chosen_years(session), count_holds(session) > 0
    due: dict[str, list[Due]] = {}
    for sweep in SWEEPS:
        years = {key: years_of(rules()[key], chosen) for key in sweep.records}
        for one in sweep.preview(session, place, years):
            if one.on <= place.today + AHEAD:
                due.setdefault(one.record, []).append(one)
    return tuple(_line(rule, chosen, due.get(rule.key, []), held) for rule in rules().values())


@dataclass(frozen=True, slots=True)
class Gone:
    """So many records of a kind went on a day; `is_year`: in the year of that day."""

    on: date
    record: str
    n: int
    is_year: bool


def list_deletions(session: Session, *, today: date) -> list[Gone]:
    """Return what was deleted, newest first.

    The day on which an entry of the register goes is that on which somebody came to tell: such
    counts stand by year, of years that are over, and from five on.
    """
    asked = select(Deletion).order_by(Deletion.on.desc(), Deletion.record).limit(LISTED)
    found = []
    for row in session.scalars(asked):
        is_small = row.record in rules() and rules()[row.record].is_small
        if not is_small or (row.n >= LEAST and row.on.year < today.year):
            found.append(Gone(row.on, row.record, row.n, is_small))
    return found


def counted_on(record: str, today: date) -> date:
    """Return the day under which deletions of today are counted."""
    return date(today.year, 1, 1) if rules()[record].is_small else today


def _line(rule: Rule, chosen: Mapping[str, int], due: list[Due], held: bool) -> Line:
    n = 0 if rule.is_small else sum(one.n for one in due)
    return Line(
        rule=rule,
        years=years_of(rule, chosen),
        is_chosen=rule.is_open and rule.key in chosen,
        n_due=n or None,
        next_on=min(one.on for one in due) if n else None,
        is_stopped=held and rule.is_held,
    )
