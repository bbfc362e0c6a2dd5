"""Recording a finding from a released cell, and wording it better later."""

from datetime import date
from uuid import UUID

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.findings import queries, rules
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.rules import FindingFields
from baken.actionplan.indicators.cells import WHOLE, released_cell
from baken.actionplan.references import check_exists, find
from baken.analysis.releases.queries import get_release
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def record_finding(
    session: Session,
    release_id: UUID,
    *,
    unit_key: str,
    scale: str,
    fields: FindingFields,
    by: Actor,
    today: date,
) -> Finding:
    """Record what a released cell says; its figures are copied as they stand.

    Raises
    ------
    CellWithheld
        The release does not show the cell: it can never become a finding.
    """
    require(by, Action.RECORD_FINDING)
    cell = released_cell(get_release(session, release_id, by=by).results, unit_key, scale)
    rules.check_fields(fields)
    check_exists(session, RiskAnalysis, fields.risk_analysis_id)
    finding = Finding(
        release_id=release_id,
        unit_key=unit_key,
        # Frozen units are keyed by the unit that lives on.
        unit_id=None if unit_key == WHOLE else find(session, Unit, UUID(unit_key)).id,
        scale=scale,
        figures=cell.as_figures(),
        found_on=today,
    )
    _write(finding, fields)
    session.add(finding)
    session.flush()
    record(
        session,
        "finding.recorded",
        by=by.person_id,
        subject=f"finding:{finding.id}",
        facts={"release": str(release_id), "unit": unit_key, "scale": scale},
    )
    return finding


def reword_finding(
    session: Session, finding_id: UUID, fields: FindingFields, *, seen: int, by: Actor
) -> Finding:
    """Change what people say about a finding; its figures never change."""
    require(by, Action.RECORD_FINDING)
    finding = queries.get_finding(session, finding_id)
    check_version(finding, seen)
    rules.check_fields(fields)
    check_exists(session, RiskAnalysis, fields.risk_analysis_id)
    _write(finding, fields)
    record(session, "finding.reworded", by=by.person_id, subject=f"finding:{finding.id}")
    return finding


def _write(finding: Finding, fields: FindingFields) -> None:
    finding.factor = fields.factor
    finding.statement = fields.statement.strip()
    finding.employer_has_impact = fields.employer_has_impact
    finding.impact_motivation = fields.impact_motivation.strip()
    finding.objective_danger = fields.objective_danger
    finding.danger_motivation = fields.danger_motivation.strip()
    finding.risk_analysis_id = fields.risk_analysis_id
