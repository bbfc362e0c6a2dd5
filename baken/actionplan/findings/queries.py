"""Reading findings."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.findings.models import Evidence, Finding
from baken.actionplan.references import find
from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import get_release
from baken.organisation.permissions import Actor
from baken.storage.session import Session

# Of one day by what they say: an identifier is random, and another order on each machine.
OLDEST_FIRST: Final = (Finding.found_on, Finding.statement, Finding.id)
EVIDENCE_ORDER: Final = (Evidence.seen_on, Evidence.kind, Evidence.text, Evidence.id)


def get_finding(session: Session, finding_id: UUID) -> Finding:
    """Return one finding."""
    return find(session, Finding, finding_id)


def get_release_of(session: Session, finding: Finding, *, by: Actor) -> Release:
    """Return the results whose figures a finding repeats.

    Raises
    ------
    Invalid
        The finding rests on something else than released figures.
    """
    if finding.release_id is None:
        raise Invalid(
            "findings.no_figures",
            "This finding repeats no released figure. Follow a figure of your own, "
            "or choose a finding that starts from results.",
        )
    return get_release(session, finding.release_id, by=by)


def list_evidence(session: Session, finding_id: UUID) -> list[Evidence]:
    """Return what a finding rests on besides its figures, oldest first."""
    wanted = select(Evidence).where(Evidence.finding_id == finding_id)
    return list(session.scalars(wanted.order_by(*EVIDENCE_ORDER)))


def list_findings(
    session: Session, *, release_id: UUID | None = None, risk_analysis_id: UUID | None = None
) -> list[Finding]:
    """Return findings, newest first: all, or those of one release or one analysis."""
    wanted = select(Finding).order_by(Finding.found_on.desc(), Finding.statement, Finding.id)
    if release_id is not None:
        wanted = wanted.where(Finding.release_id == release_id)
    if risk_analysis_id is not None:
        wanted = wanted.where(Finding.risk_analysis_id == risk_analysis_id)
    return list(session.scalars(wanted))


def list_these(session: Session, finding_ids: Iterable[UUID]) -> list[Finding]:
    """Return the findings with these ids, oldest first."""
    wanted = select(Finding).where(Finding.id.in_(list(finding_ids)))
    return list(session.scalars(wanted.order_by(*OLDEST_FIRST)))
