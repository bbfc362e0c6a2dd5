"""When bodies should meet and papers should go out, out of `terms.toml`: warnings, never walls."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("terms.toml")
DOCUMENTS: Final = "documents_before"
GATHERINGS: Final = ("meets_every", "steering_meets_every")
REPORT: Final = "report_month"


class Status(StrEnum):
    """How sure a fact is."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    PRACTICE = "practice"


class Caution(StrEnum):
    """What a body is warned of."""

    PAPERS_LATE = "papers_late"
    LONG_AGO = "long_ago"
    REPORT_MISSING = "report_missing"


@dataclass(frozen=True, slots=True)
class BodyTerm:
    """One term: for which kinds of body, in days or as a month, with its source."""

    key: str
    bodies: tuple[str, ...]
    days: int
    month: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning with its number of days, and where the term comes from."""

    caution: Caution
    days: int
    term: BodyTerm


@cache
def terms() -> Mapping[str, BodyTerm]:
    """Read the terms."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["term"]
    return {
        key: BodyTerm(
            key,
            tuple(one["bodies"]),
            one.get("days", 0),
            one.get("month", 0),
            one["source"],
            Status(one["status"]),
        )
        for key, one in told.items()
    }


def papers_due(kind: str, on: date) -> date | None:
    """The day by which the papers of a meeting go out; None where no term says."""
    term = terms()[DOCUMENTS]
    return on - timedelta(days=term.days) if kind in term.bodies else None


def warnings(
    kind: str, *, on: date, sends_on: date, last_on: date | None, has_report: bool
) -> tuple[Warned, ...]:
    """What is not as the terms would have it, for a meeting of a body of this kind.

    Parameters
    ----------
    sends_on : date
        The day on which the papers went out, or would go out today.
    last_on : date or None
        The day of the meeting before; None for the first.
    has_report : bool
        Whether the annual report stands on the agenda.
    """
    found = []
    papers = terms()[DOCUMENTS]
    if kind in papers.bodies and on - sends_on < timedelta(days=papers.days):
        found.append(Warned(Caution.PAPERS_LATE, papers.days, papers))
    if last_on is not None:
        gone = (on - last_on).days
        found += [
            Warned(Caution.LONG_AGO, gone, term)
            for term in map(terms().__getitem__, GATHERINGS)
            if kind in term.bodies and gone > term.days
        ]
    report = terms()[REPORT]
    if kind in report.bodies and on.month == report.month and not has_report:
        found.append(Warned(Caution.REPORT_MISSING, 0, report))
    return tuple(found)
