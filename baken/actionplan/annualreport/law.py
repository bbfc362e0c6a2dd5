"""Terms and limits of the annual report, out of `law.toml`, and the days that follow from them."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("law.toml")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a rule was read, and how sure that is."""

    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Law:
    """The whole file; `facts` holds the source of each rule under its name."""

    ready_months: int
    copies_days: int
    before_meeting_days: int
    meeting_month: int
    kept_available_since: date
    measures_from_workers: int
    measures_at_least: int
    measures_below: int
    employer_heads_below: int
    establishment_from: int
    facts: dict[str, Fact]

    def least_measures(self, workers: float) -> int:
        """Return how many measures section 3.1 needs for so many workers."""
        many = workers >= self.measures_from_workers
        return self.measures_at_least if many else self.measures_below


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one report, all included.

    Attributes
    ----------
    from_on
        The first day on which the year is over.
    ready_by
        The last day on which it may be drawn up.
    copies_by
        The last day for the copies to the members of the committee; None before there is a draft.
    meeting_from, meeting_until
        The month in which it stands on the agenda.
    """

    from_on: date
    ready_by: date
    copies_by: date | None
    meeting_from: date
    meeting_until: date


@cache
def law() -> Law:
    """Return what stands in the file; a mistake in it stops whoever asks."""
    data: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Law(
        ready_months=data["ready_by"]["months"],
        copies_days=data["copies_after_draft"]["days"],
        before_meeting_days=data["copies_before_meeting"]["days"],
        meeting_month=data["meeting"]["month"],
        kept_available_since=data["kept_available"]["since"],
        measures_from_workers=data["measures"]["from_workers"],
        measures_at_least=data["measures"]["at_least"],
        measures_below=data["measures"]["below"],
        employer_heads_below=data["employer_may_head"]["below_workers"],
        establishment_from=data["establishment"]["from_workers"],
        facts={name: Fact(rule["source"], rule["status"]) for name, rule in data.items()},
    )


def days_of(year: int, drafted_on: date | None, rules: Law, meeting_on: date | None = None) -> Days:
    """Return the days of the report of a year.

    The copies go out so many days after the draft, and so many before the meeting: the earlier of
    the two. Without a day for the meeting the last day of its month counts.
    """
    after = date(year + 1, 1, 1)
    first = date(year + 1, rules.meeting_month, 1)
    last = _first_of_next(first) - _ONE_DAY
    copies = None
    if drafted_on is not None:
        after_draft = drafted_on + timedelta(days=rules.copies_days)
        meeting = meeting_on or last
        before = meeting - timedelta(days=rules.before_meeting_days)
        # A draft that came later than that can only meet the other term.
        copies = min(after_draft, before) if before >= drafted_on else after_draft
    ready = date(year + 1, 1 + rules.ready_months, 1) - _ONE_DAY
    return Days(after, ready, copies, first, last)


def _first_of_next(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
