"""A risk analysis on its own page, and what keeps it from being closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.analyses import actions
from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.rules import (
    Dimension,
    Feedback,
    Manifestation,
    missing_to_close,
)
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.web.pages.people_named import People
from baken.web.pages.plan_views import AnalysisRow, unit_names
from baken.web.texts import catalogue

NOT_COVERED = "actionplan.dimension_not_covered"
NOT_SHOWN = "analyses.manifestations_left"


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """Whether one A was looked at, and if not, why."""

    key: str
    evaluated: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis on its own page."""

    row: AnalysisRow
    group: str
    method: str
    participation: str
    campaign_id: UUID | None
    campaign: str
    is_pilot: bool
    papa_is_internal: bool
    papa_involved: bool
    papa_reason: str
    anonymous_way: str
    coverage: tuple[CoveredRow, ...]
    manifestations: tuple[CoveredRow, ...]
    feedback: Feedback | None
    missing: tuple[str, ...]
    closed_by: str
    next_review_on: date
    global_plan_id: UUID | None
    version: int


def _covered_rows(names: Iterable[str], kept: Mapping[str, Any]) -> tuple[CoveredRow, ...]:
    return tuple(
        CoveredRow(
            each, bool(kept.get(each, {}).get("evaluated")), kept.get(each, {}).get("reason", "")
        )
        for each in names
    )


def why_not_closed(analysis: RiskAnalysis, *, today: date, language: str) -> tuple[str, ...]:
    """The sentences that would refuse the closing; none where it can be closed."""
    if analysis.closed_on is not None:
        return ()
    told, given = actions.fields_of(analysis), actions.feedback_of(analysis)
    texts = catalogue(language)
    missing = list(missing_to_close(told, given, today=today))
    named = {NOT_COVERED, NOT_SHOWN}
    ways = [each for one in missing if one.key == NOT_SHOWN for each in one.values["left"]]
    left = [
        [f"findings.factor_{one.values['dimension']}" for one in missing if one.key == NOT_COVERED],
        [f"analyses.manifestation_{each}" for each in ways],
    ]
    return (
        *(
            texts("analyses.left_open", what=", ".join(texts(name) for name in names))
            for names in left
            if names
        ),
        *(texts.refusal(one) for one in missing if one.key not in named),
    )


def analysis_view(
    session: Session, analysis: RiskAnalysis, *, today: date, language: str
) -> AnalysisView:
    """An analysis with the names of what it points at."""
    campaign = get_campaign(session, analysis.campaign_id) if analysis.campaign_id else None
    return AnalysisView(
        row=AnalysisRow.of(analysis),
        group=unit_names(session)[analysis.unit_id] if analysis.unit_id else "",
        method=analysis.method,
        participation=analysis.participation,
        campaign_id=analysis.campaign_id,
        campaign=campaign.title if campaign else "",
        is_pilot=analysis.is_pilot,
        papa_is_internal=analysis.papa_is_internal,
        papa_involved=analysis.papa_involved,
        papa_reason=analysis.papa_reason,
        anonymous_way=analysis.anonymous_way,
        coverage=_covered_rows(Dimension, analysis.coverage),
        manifestations=_covered_rows(Manifestation, analysis.manifestations),
        feedback=actions.feedback_of(analysis),
        missing=why_not_closed(analysis, today=today, language=language),
        closed_by=People.known(session).of(analysis.closed_by),
        next_review_on=analysis.next_review_on,
        global_plan_id=analysis.global_plan_id,
        version=analysis.version,
    )
