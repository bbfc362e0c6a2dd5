"""Starting, changing and closing a risk analysis."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.analyses import queries, rules
from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.programme import check_after_start, list_turns
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Feedback,
)
from baken.actionplan.references import check_exists, holds_everybody
from baken.actionplan.requests.dates import add_years
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign


def start_analysis(session: Session, fields: AnalysisFields, *, by: Actor) -> RiskAnalysis:
    """Start a risk analysis; its next review is five years on unless said otherwise."""
    require(by, Action.RECORD_FINDING)
    analysis = RiskAnalysis(**_checked(session, fields))
    session.add(analysis)
    session.flush()
    record(
        session,
        "analysis.started",
        by=by.person_id,
        subject=f"risk_analysis:{analysis.id}",
        facts={"kind": analysis.kind, "level": analysis.level},
    )
    return analysis


def edit_analysis(
    session: Session, analysis_id: UUID, fields: AnalysisFields, *, seen: int, by: Actor
) -> RiskAnalysis:
    """Change an analysis that is still open."""
    require(by, Action.RECORD_FINDING)
    analysis = queries.get_analysis(session, analysis_id)
    check_version(analysis, seen)
    rules.check_open(analysis.closed_on)
    check_after_start((turn.year for turn in list_turns(session, analysis_id)), fields.started_on)
    for name, value in _checked(session, fields).items():
        setattr(analysis, name, value)
    record(session, "analysis.edited", by=by.person_id, subject=f"risk_analysis:{analysis.id}")
    return analysis


def close_analysis(
    session: Session, analysis_id: UUID, *, seen: int, by: Actor, today: date
) -> RiskAnalysis:
    """Close an analysis that covers every A and in which the workers took part."""
    require(by, Action.RECORD_FINDING)
    analysis = queries.get_analysis(session, analysis_id)
    check_version(analysis, seen)
    rules.check_open(analysis.closed_on)
    rules.check_can_close(fields_of(analysis), feedback_of(analysis), today=today)
    analysis.closed_on, analysis.closed_by = today, by.person_id
    record(session, "analysis.closed", by=by.person_id, subject=f"risk_analysis:{analysis.id}")
    return analysis


def give_feedback(
    session: Session, analysis_id: UUID, feedback: Feedback, *, seen: int, by: Actor, today: date
) -> RiskAnalysis:
    """Note when, how and by whom the workers heard what was found; it may be mended until closed.

    Without it the analysis cannot be closed.
    """
    require(by, Action.RECORD_FINDING)
    analysis = queries.get_analysis(session, analysis_id)
    check_version(analysis, seen)
    rules.check_open(analysis.closed_on)
    rules.check_feedback(feedback, started_on=analysis.started_on, today=today)
    analysis.feedback_on = feedback.given_on
    analysis.feedback_how = feedback.how.strip()
    analysis.feedback_by = feedback.by.strip()
    record(session, "analysis.fed_back", by=by.person_id, subject=f"risk_analysis:{analysis.id}")
    return analysis


def feedback_of(analysis: RiskAnalysis) -> Feedback | None:
    """What was noted of the feedback to the workers; None before."""
    if analysis.feedback_on is None:
        return None
    return Feedback(analysis.feedback_on, analysis.feedback_how, analysis.feedback_by)


def fields_of(analysis: RiskAnalysis) -> AnalysisFields:
    """What was filled in so far, as the form shows it."""
    return AnalysisFields(
        title=analysis.title,
        kind=AnalysisKind(analysis.kind),
        level=AnalysisLevel(analysis.level),
        unit_id=analysis.unit_id,
        method=analysis.method,
        participation=analysis.participation,
        campaign_id=analysis.campaign_id,
        is_pilot=analysis.is_pilot,
        papa_is_internal=analysis.papa_is_internal,
        papa_involved=analysis.papa_involved,
        papa_reason=analysis.papa_reason,
        anonymous_way=analysis.anonymous_way,
        coverage={
            rules.Dimension(key): rules.Coverage(kept["evaluated"], kept["reason"])
            for key, kept in analysis.coverage.items()
        },
        manifestations={
            rules.Manifestation(key): rules.Coverage(kept["evaluated"], kept["reason"])
            for key, kept in analysis.manifestations.items()
        },
        started_on=analysis.started_on,
        next_review_on=analysis.next_review_on,
    )


def _checked(session: Session, fields: AnalysisFields) -> dict[str, Any]:
    rules.check_fields(fields)
    check_exists(session, Unit, fields.unit_id)
    is_everybody = holds_everybody(session, fields.unit_id, on=fields.started_on)
    rules.check_is_a_group(fields.kind, is_everybody=is_everybody)
    check_exists(session, Campaign, fields.campaign_id)
    review = fields.next_review_on or add_years(fields.started_on, rules.YEARS_TO_REVIEW)
    return {
        "title": fields.title.strip(),
        "kind": fields.kind,
        "level": fields.level,
        "unit_id": fields.unit_id if fields.level == AnalysisLevel.GROUP else None,
        "method": fields.method.strip(),
        "participation": fields.participation.strip(),
        "campaign_id": fields.campaign_id,
        "is_pilot": fields.is_pilot,
        "papa_is_internal": fields.papa_is_internal,
        "papa_involved": fields.papa_involved,
        "papa_reason": fields.papa_reason.strip(),
        "anonymous_way": fields.anonymous_way.strip(),
        "coverage": _kept(fields.coverage),
        "manifestations": _kept(fields.manifestations),
        "started_on": fields.started_on,
        "next_review_on": review,
    }


def _kept(covered: Mapping[Any, Coverage]) -> dict[str, Any]:
    return {
        key.value: {"evaluated": one.evaluated, "reason": one.reason.strip()}
        for key, one in covered.items()
    }
