"""What Baken has for the six inputs of an evaluation: counts of five and more, and nothing else."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from baken.actionplan.indicators.accidents.queries import list_accidents
from baken.actionplan.plans.evaluations.rules import Input
from baken.actionplan.register.counts import shown_counts as register_counts
from baken.actionplan.requests.quarters.queries import shown_counts as quarter_counts
from baken.actionplan.requests.yearly import count_requests
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session

LEAST: Final = 5
"""A smaller count stays out of the text: it can tell of a person."""

_INFORMAL: Final = ("informal_intervention", "informal_advice", "informal_reconciliation")
_FORMAL: Final = ("formal_collective", "formal_individual", "formal_violence")


@dataclass(frozen=True, slots=True)
class Known:
    """A count for one input; `count` is None when it is smaller than five, `what` names it."""

    input: Input
    what: str
    count: int | None


def known_inputs(session: Session, year: int, *, by: Actor, today: date) -> tuple[Known, ...]:
    """Return what Baken can say about a year; what it does not know is left out.

    A running year has no figure: a count that moves tells that somebody was there. Nor is there a
    nought of requests or accidents: it may mean that nobody keeps them here.
    """
    found: list[Known] = []
    if year >= today.year:
        return ()
    if may(by, Action.SEE_REQUESTS) and (n := count_requests(session, year)):
        found.append(Known(Input.SITUATION_REQUESTS, "situations", _shown(n)))
    found += _quarters(session, year, by, today)
    found += _register(session, year, by, today)
    if may(by, Action.SEE_INDICATORS) and (n := len(list_accidents(session, year))):
        found.append(Known(Input.ANNUAL_REPORT, "accidents", _shown(n)))
    return tuple(found)


def _quarters(session: Session, year: int, by: Actor, today: date) -> list[Known]:
    if not may(by, Action.SEE_QUARTERS):
        return []
    counts = quarter_counts(session, year, by=by, today=today).counts
    return [
        Known(Input.FORMAL_REQUESTS, "formal", _sum([counts.get(key) for key in _FORMAL])),
        Known(Input.RECURRING, "informal", _sum([counts.get(key) for key in _INFORMAL])),
    ]


def _register(session: Session, year: int, by: Actor, today: date) -> list[Known]:
    if not may(by, Action.SEE_REGISTER_COUNTS):
        return []
    years = register_counts(session, by=by, today=today)
    return [Known(Input.REGISTER, "register", one.total) for one in years if one.year == year]


def _sum(counts: list[int | None]) -> int | None:
    known = [n for n in counts if n is not None]
    return _shown(sum(known)) if len(known) == len(counts) else None


def _shown(n: int) -> int | None:
    return n if n == 0 or n >= LEAST else None
