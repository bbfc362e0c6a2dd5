"""Reading findings."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.findings.models import Finding
from baken.actionplan.references import find
from baken.storage.session import Session


def get_finding(session: Session, finding_id: UUID) -> Finding:
    """Return one finding."""
    return find(session, Finding, finding_id)


def list_findings(
    session: Session, *, release_id: UUID | None = None, risk_analysis_id: UUID | None = None
) -> list[Finding]:
    """Return findings, newest first: all, or those of one release or one analysis."""
    wanted = select(Finding).order_by(Finding.found_on.desc(), Finding.id)
    if release_id is not None:
        wanted = wanted.where(Finding.release_id == release_id)
    if risk_analysis_id is not None:
        wanted = wanted.where(Finding.risk_analysis_id == risk_analysis_id)
    return list(session.scalars(wanted))


def list_these(session: Session, finding_ids: Iterable[UUID]) -> list[Finding]:
    """Return the findings with these ids, oldest first."""
    wanted = select(Finding).where(Finding.id.in_(list(finding_ids)))
    return list(session.scalars(wanted.order_by(Finding.found_on, Finding.id)))
