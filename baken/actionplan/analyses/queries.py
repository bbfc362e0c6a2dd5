"""Reading risk analyses."""

from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.rules import check_open
from baken.actionplan.references import find
from baken.storage.session import Session


def get_analysis(session: Session, analysis_id: UUID) -> RiskAnalysis:
    """Return one analysis."""
    return find(session, RiskAnalysis, analysis_id)


def list_analyses(session: Session, *, global_plan_id: UUID | None = None) -> list[RiskAnalysis]:
    """Return all analyses, or those a five-year plan rests on, newest first."""
    wanted = select(RiskAnalysis).order_by(
        RiskAnalysis.started_on.desc(), RiskAnalysis.title, RiskAnalysis.id
    )
    if global_plan_id is not None:
        wanted = wanted.where(RiskAnalysis.global_plan_id == global_plan_id)
    return list(session.scalars(wanted))


def list_open_analyses(session: Session, *, kept: UUID | None = None) -> list[RiskAnalysis]:
    """Return the analyses to which something may be added, and the one that was chosen before."""
    return [row for row in list_analyses(session) if row.closed_on is None or row.id == kept]


def check_takes_more(
    session: Session, analysis_id: UUID | None, *, before: UUID | None = None
) -> None:
    """Raise unless a talk or finding may be added: what was closed stays as it is.

    Parameters
    ----------
    before : UUID, optional
        The analysis it belonged to already; that it stays there is no addition.
    """
    if analysis_id is not None and analysis_id != before:
        check_open(get_analysis(session, analysis_id).closed_on)
