"""When a risk analysis may be changed and closed (art. I.3-1, I.3-2 and I.3-4 of the codex)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title

# The law sets no term; practice renews the analysis together with the five-year plan.
YEARS_TO_REVIEW: Final = 5


class AnalysisKind(StrEnum):
    """Before anything happened, or of a danger already there."""

    A_PRIORI = "a_priori"
    SPECIFIC = "specific"


class AnalysisLevel(StrEnum):
    """Of everybody or of one group; one person is never analysed here."""

    ORGANISATION = "organisation"
    GROUP = "group"


class Dimension(StrEnum):
    """The five A's: organisation, content, terms, surroundings, relations."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether one A was evaluated, and if not, why."""

    evaluated: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisFields:
    """What people fill in about an analysis."""

    title: str
    kind: AnalysisKind
    level: AnalysisLevel
    unit_id: UUID | None = None
    method: str = ""
    participation: str = ""
    campaign_id: UUID | None = None
    papa_involved: bool = False
    papa_reason: str = ""
    coverage: Mapping[Dimension, Coverage] = field(default_factory=dict)
    started_on: date
    next_review_on: date | None = None


def years_later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 February where it has to."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def last_day_after(day: date, years: int) -> date:
    """The last day of a period of whole years that starts on `day`."""
    return years_later(day, years) - timedelta(days=1)


def check_fields(fields: AnalysisFields) -> None:
    """Raise `Invalid` unless what was filled in holds together."""
    check_title(fields.title)
    for text in (fields.method, fields.participation, fields.papa_reason):
        check_text(text)
    if fields.kind == AnalysisKind.SPECIFIC and fields.level == AnalysisLevel.ORGANISATION:
        raise Invalid(
            "actionplan.specific_needs_group",
            "An analysis of a specific work situation concerns one group, "
            "not the whole organisation. Choose the group.",
        )
    if fields.level == AnalysisLevel.GROUP and fields.unit_id is None:
        raise Invalid("actionplan.group_missing", "Choose the group this analysis is about.")
    if fields.next_review_on is not None and fields.next_review_on <= fields.started_on:
        raise Invalid(
            "actionplan.review_before_start",
            "The next review comes after the start of the analysis.",
        )


def check_open(closed_on: date | None) -> None:
    """Raise `InvalidTransition` when the analysis was closed."""
    if closed_on is not None:
        raise InvalidTransition(
            "actionplan.analysis_closed",
            "This analysis was closed on {on}. Start a new one; this one stays as it is.",
            on=closed_on,
        )


def check_can_close(fields: AnalysisFields, *, today: date) -> None:
    """Raise `InvalidTransition` unless the analysis says what it has to say."""
    if today < fields.started_on:
        raise InvalidTransition(
            "actionplan.analysis_not_started",
            "The analysis starts on {on}; it cannot be closed before.",
            on=fields.started_on,
        )
    if not fields.participation.strip():
        raise InvalidTransition(
            "actionplan.participation_missing",
            "Describe how the workers took part. An analysis without them cannot be closed.",
        )
    if not fields.papa_involved and not fields.papa_reason.strip():
        raise InvalidTransition(
            "actionplan.papa_reason_missing",
            "The prevention adviser for psychosocial aspects was not involved. Say why not.",
        )
    for dimension in Dimension:
        covered = fields.coverage.get(dimension, Coverage(evaluated=False))
        if not covered.evaluated and not covered.reason.strip():
            raise InvalidTransition(
                "actionplan.dimension_not_covered",
                "{dimension} was not evaluated. Evaluate it, or say why it was left out.",
                dimension=dimension.value,
            )
