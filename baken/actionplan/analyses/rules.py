"""When a risk analysis may be changed and closed (art. I.3-1, I.3-2 and I.3-4 of the codex)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.wording import check_text, check_title
from baken.storage.retention import over_on

# The law sets no term; practice renews the analysis together with the five-year plan.
YEARS_TO_REVIEW: Final = 5
NAME_LENGTH: Final = 200


class AnalysisKind(StrEnum):
    """Before anything happened, or of a danger already there."""

    A_PRIORI = "a_priori"
    SPECIFIC = "specific"


class AnalysisLevel(StrEnum):
    """Of everybody or of one group; one person is never analysed here."""

    ORGANISATION = "organisation"
    GROUP = "group"


class Manifestation(StrEnum):
    """How psychosocial risks show; the law names all six, so each is looked at or left out why."""

    STRESS = "stress"
    BURN_OUT = "burn_out"
    CONFLICT = "conflict"
    VIOLENCE = "violence"
    BULLYING = "bullying"
    UNWANTED_SEXUAL = "unwanted_sexual"


class Dimension(StrEnum):
    """The five A's: organisation, content, terms, surroundings, relations."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether one A, or one manifestation, was looked at, and if not, why."""

    evaluated: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """How the workers heard what was found."""

    given_on: date
    how: str
    by: str


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
    is_pilot: bool = False
    papa_is_internal: bool = False
    papa_involved: bool = False
    papa_reason: str = ""
    anonymous_way: str = ""
    coverage: Mapping[Dimension, Coverage] = field(default_factory=dict)
    manifestations: Mapping[Manifestation, Coverage] = field(default_factory=dict)
    started_on: date
    next_review_on: date | None = None


def last_day_after(day: date, years: int) -> date:
    """The last day of a period of whole years that starts on `day`.

    What starts on 29 February ends on the 28th, the last day before it would start anew.
    """
    return over_on(day, years) - timedelta(days=1)


def check_fields(fields: AnalysisFields) -> None:
    """Raise `Invalid` unless what was filled in holds together."""
    check_title(fields.title)
    covered = (*fields.coverage.values(), *fields.manifestations.values())
    reasons = (one.reason for one in covered)
    for text in (
        fields.method,
        fields.participation,
        fields.papa_reason,
        fields.anonymous_way,
        *reasons,
    ):
        check_text(text)
    if fields.kind == AnalysisKind.SPECIFIC and fields.level == AnalysisLevel.ORGANISATION:
        raise _needs_group()
    if fields.level == AnalysisLevel.GROUP and fields.unit_id is None:
        raise Invalid("actionplan.group_missing", "Choose the group this analysis is about.")
    if fields.is_pilot and fields.level == AnalysisLevel.ORGANISATION:
        raise Invalid(
            "analyses.pilot_needs_group",
            "A pilot starts in one part of the organisation. Choose the part, "
            "or take the mark off.",
        )
    if fields.next_review_on is not None and fields.next_review_on <= fields.started_on:
        raise Invalid(
            "actionplan.review_before_start",
            "The next review comes after the start of the analysis.",
        )


def check_is_a_group(kind: AnalysisKind, *, is_everybody: bool) -> None:
    """Raise `Invalid` where a specific situation is asked about the unit that holds everybody."""
    if kind == AnalysisKind.SPECIFIC and is_everybody:
        raise _needs_group()


def _needs_group() -> Invalid:
    return Invalid(
        "actionplan.specific_needs_group",
        "An analysis of a specific work situation concerns one group, "
        "not the whole organisation. Choose the group.",
    )


def check_open(closed_on: date | None) -> None:
    """Raise `InvalidTransition` when the analysis was closed."""
    if closed_on is not None:
        raise InvalidTransition(
            "actionplan.analysis_closed",
            "This analysis was closed on {on}. Start a new one; this one stays as it is.",
            on=closed_on,
        )


def check_can_close(fields: AnalysisFields, feedback: Feedback | None, *, today: date) -> None:
    """Raise `InvalidTransition` unless the analysis says what it has to say."""
    for refusal in missing_to_close(fields, feedback, today=today):
        raise refusal


def missing_to_close(
    fields: AnalysisFields, feedback: Feedback | None, *, today: date
) -> Iterator[InvalidTransition]:
    """Everything that would refuse the closing, in the order in which one works."""
    if today < fields.started_on:
        yield InvalidTransition(
            "actionplan.analysis_not_started",
            "The analysis starts on {on}; it cannot be closed before.",
            on=fields.started_on,
        )
    if not fields.participation.strip():
        yield InvalidTransition(
            "actionplan.participation_missing",
            "Describe how the workers took part. An analysis without them cannot be closed.",
        )
    yield from _adviser_missing(fields)
    yield from _not_covered(fields)
    if feedback is None:
        yield InvalidTransition(
            "analyses.feedback_missing",
            "The workers have not heard yet what was found. Tell them, note when and how, "
            "and close the analysis then.",
        )


def _adviser_missing(fields: AnalysisFields) -> Iterator[InvalidTransition]:
    """The internal adviser always takes part, an external one where it is complex (art. I.3-1)."""
    if fields.papa_involved:
        return
    if fields.papa_is_internal:
        yield InvalidTransition(
            "analyses.internal_adviser_always",
            "The adviser on psychosocial aspects works in your own service, and then always takes "
            "part. Involve them before you close the analysis.",
        )
    elif not fields.papa_reason.strip():
        yield InvalidTransition(
            "actionplan.papa_reason_missing",
            "The prevention adviser for psychosocial aspects was not involved. Say why not.",
        )
    if fields.kind == AnalysisKind.SPECIFIC and not fields.anonymous_way.strip():
        yield InvalidTransition(
            "analyses.anonymous_way_missing",
            "Without the adviser, people must have been able to speak anonymously. "
            "Describe how that was possible.",
        )


def _not_covered(fields: AnalysisFields) -> Iterator[InvalidTransition]:
    for dimension in Dimension:
        if not _is_covered(fields.coverage.get(dimension)):
            yield InvalidTransition(
                "actionplan.dimension_not_covered",
                "{dimension} was not evaluated. Evaluate it, or say why it was left out.",
                dimension=dimension.value,
            )
    left = [one for one in Manifestation if not _is_covered(fields.manifestations.get(one))]
    if left:
        yield InvalidTransition(
            "analyses.manifestations_left",
            "Of the six ways in which these risks show, not considered yet: {n}. Look at them, "
            "or say why one was left out.",
            n=len(left),
            left=tuple(one.value for one in left),
        )


def _is_covered(covered: Coverage | None) -> bool:
    return covered is not None and (covered.evaluated or bool(covered.reason.strip()))


def check_feedback(feedback: Feedback, *, started_on: date, today: date) -> None:
    """Raise `Invalid` unless the feedback to the workers was given, and says how and by whom."""
    if not check_text(feedback.how):
        raise Invalid("analyses.feedback_how_missing", "Say how the workers heard it.")
    if not check_text(feedback.by) or len(feedback.by) > NAME_LENGTH:
        raise Invalid(
            "analyses.feedback_by_missing",
            "Say who told them, in at most {most} characters.",
            most=NAME_LENGTH,
        )
    if feedback.given_on > today:
        raise Invalid(
            "analyses.feedback_ahead",
            "The feedback is on {on}, a day to come. Note it once it was given.",
            on=feedback.given_on,
        )
    if feedback.given_on < started_on:
        raise Invalid(
            "analyses.feedback_before_start",
            "The feedback has a date before the start of the analysis, {on}. Mend one of the two.",
            on=started_on,
        )
