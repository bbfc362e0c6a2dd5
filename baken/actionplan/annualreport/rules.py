"""How a report goes from draft to a frozen, numbered document, and who signs it."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from baken.actionplan.annualreport.checks import Finding, Weight
from baken.actionplan.errors import ActionPlanError
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Actor, Role

FIRST_YEAR: Final = 1998
"""Since the royal decree of 27 March 1998 there is an annual report of the internal service."""

LONGEST_REASON: Final = 2000
MAX_ROWS: Final = 2000


class ReportState(StrEnum):
    """How far a report is."""

    DRAFT = "draft"
    READY = "ready"
    SIGNED = "signed"


class Signatory(StrEnum):
    """Who signs: both, and never one person for both."""

    HEAD = "head"  # of the internal service
    EMPLOYER = "employer"


TRANSITIONS: Final[Mapping[ReportState, frozenset[ReportState]]] = {
    ReportState.DRAFT: frozenset({ReportState.READY}),
    ReportState.READY: frozenset({ReportState.DRAFT, ReportState.SIGNED}),
    ReportState.SIGNED: frozenset(),
}

SIGNS_AS: Final[Mapping[Signatory, Role]] = {
    Signatory.HEAD: Role.PREVENTION_ADVISER,
    Signatory.EMPLOYER: Role.EMPLOYER,
}


class ReportError(ActionPlanError):
    """Something about an annual report."""


class NotNow(ReportError):
    """The report is in another state."""

    kind = "conflict"


class InvalidReport(ReportError):
    """What was filled in cannot stand like this."""


def check_year(year: int, *, today: date) -> None:
    """Raise `InvalidReport` unless the year can have a report: one that is over, or runs."""
    if not FIRST_YEAR <= year <= today.year:
        raise InvalidReport(
            "reports.year_odd",
            "Choose a year from {first} to {last}.",
            first=str(FIRST_YEAR),
            last=str(today.year),
        )


def check_draft(state: ReportState) -> None:
    """Raise `NotNow` unless the report is still written on."""
    if state is ReportState.READY:
        raise NotNow(
            "reports.is_ready",
            "This report waits to be signed. Take it back to draft first; signatures then lapse.",
        )
    if state is ReportState.SIGNED:
        raise NotNow(
            "reports.is_signed",
            "This report was signed and stays as it is. Make a new edition to correct it.",
        )


def check_transition(before: ReportState, after: ReportState) -> None:
    """Raise `NotNow` unless the report may go from one state to the other."""
    if after not in TRANSITIONS[before]:
        raise NotNow(
            "reports.not_now",
            "This report is in another state by now. Look at the page again.",
        )


def check_over(year: int, *, today: date) -> None:
    """Raise `NotNow` while the year still runs: its figures are not complete."""
    if today.year <= year:
        raise NotNow(
            "reports.year_runs",
            "The year {year} is not over yet. The report can be ready from 1 January on.",
            year=str(year),
        )


def check_no_blocks(findings: Collection[Finding]) -> None:
    """Raise `InvalidReport` while something is missing or contradicts itself."""
    blocks = sum(one.weight is Weight.BLOCK for one in findings)
    if blocks:
        raise InvalidReport(
            "reports.blocked",
            "{n} things have to be mended first; they stand on this page.",
            n=blocks,
        )


def check_signs(
    signs_as: Signatory,
    by: Actor,
    signed: Collection[Signatory],
    *,
    is_second_time: bool,
    sha256: str,
    seen: str,
) -> None:
    """Raise unless this person may sign this very text in this place.

    Parameters
    ----------
    signed : collection
        Which places are signed already.
    is_second_time : bool
        Whether one of those signatures is of the same human, by whichever log-in.
    sha256, seen : str
        Fingerprint of the report, and of what the person was looking at.
    """
    if SIGNS_AS[signs_as] not in by.roles:
        raise NotNow(
            "reports.other_signs",
            "This signature is for somebody with another role.",
        )
    if signs_as in signed:
        raise NotNow("reports.signed_already", "This signature stands already.")
    if is_second_time:
        raise NotNow(
            "reports.two_people",
            "You signed in the other place. The two signatures are those of two people.",
        )
    if seen != sha256:
        raise NotNow(
            "reports.other_text",
            "The report has changed since you looked at it. Read it again, then sign.",
        )


def check_words(value: Any) -> None:
    """Raise `Invalid` at a text that no database keeps, alone or in a table."""
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, list):
        for row in value:
            for cell in row.values():
                check_words(cell)


def check_reason(reason: str) -> str:
    """Return why there is a new edition; refuse an empty or endless text."""
    clean = reason.strip()
    if not clean or len(clean) > LONGEST_REASON:
        raise InvalidReport(
            "reports.reason_missing",
            "Write in a sentence or two what the new edition corrects.",
        )
    return clean


def check_days(copies_on: date | None, meeting_on: date | None, *, drafted_on: date | None) -> None:
    """Raise `InvalidReport` when copies or meeting come before there was a report."""
    for day in (copies_on, meeting_on):
        if day and drafted_on and day < drafted_on:
            raise InvalidReport(
                "reports.before_draft",
                "The report was drawn up on {day}; copies and meeting come after that.",
                day=drafted_on,
            )


def changes_nothing(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether saving would change no field."""
    return dict(before) == dict(after)
