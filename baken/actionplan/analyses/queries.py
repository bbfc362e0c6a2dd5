"""Reading risk analyses."""

from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.references import find
from baken.storage.session import Session


def get_analysis(session: Session, analysis_id: UUID) -> RiskAnalysis:
    """Return one analysis."""
    return find(session, RiskAnalysis, analysis_id)


def list_analyses(session: Session, *, global_plan_id: UUID | None = None) -> list[RiskAnalysis]:
    """Return all analyses, or those a five-year plan rests on, newest first."""
    wanted = select(RiskAnalysis).order_by(RiskAnalysis.started_on.desc(), RiskAnalysis.id)
    if global_plan_id is not None:
        wanted = wanted.where(RiskAnalysis.global_plan_id == global_plan_id)
    return list(session.scalars(wanted))
