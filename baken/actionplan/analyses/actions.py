"""Starting, changing and closing a risk analysis."""

from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.analyses import queries, rules
from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.rules import AnalysisFields, AnalysisKind, AnalysisLevel
from baken.actionplan.references import check_exists
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
    rules.check_can_close(fields_of(analysis), today=today)
    analysis.closed_on = today
    record(session, "analysis.closed", by=by.person_id, subject=f"risk_analysis:{analysis.id}")
    return analysis


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
        papa_involved=analysis.papa_involved,
        papa_reason=analysis.papa_reason,
        coverage={
            rules.Dimension(key): rules.Coverage(kept["evaluated"], kept["reason"])
            for key, kept in analysis.coverage.items()
        },
        started_on=analysis.started_on,
        next_review_on=analysis.next_review_on,
    )


def _checked(session: Session, fields: AnalysisFields) -> dict[str, Any]:
    rules.check_fields(fields)
    check_exists(session, Unit, fields.unit_id)
    check_exists(session, Campaign, fields.campaign_id)
    review = fields.next_review_on or rules.years_later(fields.started_on, rules.YEARS_TO_REVIEW)
    return {
        "title": fields.title.strip(),
        "kind": fields.kind,
        "level": fields.level,
        "unit_id": fields.unit_id if fields.level == AnalysisLevel.GROUP else None,
        "method": fields.method.strip(),
        "participation": fields.participation.strip(),
        "campaign_id": fields.campaign_id,
        "papa_involved": fields.papa_involved,
        "papa_reason": fields.papa_reason.strip(),
        "coverage": {
            key.value: {"evaluated": covered.evaluated, "reason": covered.reason.strip()}
            for key, covered in fields.coverage.items()
        },
        "started_on": fields.started_on,
        "next_review_on": review,
    }
