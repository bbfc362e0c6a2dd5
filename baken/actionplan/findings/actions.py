"""Recording a finding and what it rests on, and wording it better later."""

from datetime import date
from uuid import UUID

from baken.actionplan.analyses.queries import check_takes_more
from baken.actionplan.findings import queries, rules
from baken.actionplan.findings.models import Evidence, Finding
from baken.actionplan.findings.rules import EvidenceFields, FindingFields
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
    check_takes_more(session, fields.risk_analysis_id)
    finding = Finding(
        release_id=release_id,
        unit_key=unit_key,
        # Frozen units are keyed by the unit that lives on.
        unit_id=None if unit_key == WHOLE else find(session, Unit, UUID(unit_key)).id,
        scale=scale,
        figures=cell.as_figures(),
        found_on=today,
        found_by=by.person_id,
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


def record_observed(
    session: Session,
    fields: FindingFields,
    evidence: EvidenceFields,
    *,
    unit_id: UUID | None,
    by: Actor,
    today: date,
) -> Finding:
    """Record a finding that starts from something else than a released figure."""
    require(by, Action.RECORD_FINDING)
    rules.check_fields(fields)
    check_takes_more(session, fields.risk_analysis_id)
    check_exists(session, Unit, unit_id)
    finding = Finding(
        release_id=None,
        unit_key=str(unit_id) if unit_id else WHOLE,
        unit_id=unit_id,
        scale="",
        figures={},
        found_on=today,
        found_by=by.person_id,
    )
    _write(finding, fields)
    session.add(finding)
    session.flush()
    _keep(session, finding, evidence, by=by, today=today)
    record(
        session,
        "finding.observed",
        by=by.person_id,
        subject=f"finding:{finding.id}",
        facts={"evidence": evidence.kind.value},
    )
    return finding


def add_evidence(
    session: Session, finding_id: UUID, evidence: EvidenceFields, *, by: Actor, today: date
) -> Evidence:
    """Note something more that a finding rests on."""
    require(by, Action.RECORD_FINDING)
    finding = queries.get_finding(session, finding_id)
    kept = _keep(session, finding, evidence, by=by, today=today)
    record(
        session,
        "finding.evidence_added",
        by=by.person_id,
        subject=f"finding:{finding.id}",
        facts={"evidence": evidence.kind.value},
    )
    return kept


def reword_finding(
    session: Session, finding_id: UUID, fields: FindingFields, *, seen: int, by: Actor
) -> Finding:
    """Change what people say about a finding; its figures never change."""
    require(by, Action.RECORD_FINDING)
    finding = queries.get_finding(session, finding_id)
    check_version(finding, seen)
    rules.check_fields(fields)
    check_takes_more(session, fields.risk_analysis_id, before=finding.risk_analysis_id)
    _write(finding, fields)
    record(session, "finding.reworded", by=by.person_id, subject=f"finding:{finding.id}")
    return finding


def _keep(
    session: Session, finding: Finding, evidence: EvidenceFields, *, by: Actor, today: date
) -> Evidence:
    rules.check_evidence(evidence, today=today)
    kept = Evidence(
        finding_id=finding.id,
        kind=evidence.kind,
        source_id=evidence.source_id,
        text=evidence.text.strip(),
        facts=dict(evidence.facts),
        seen_on=evidence.seen_on,
        noted_by=by.person_id,
    )
    session.add(kept)
    session.flush()
    return kept


def _write(finding: Finding, fields: FindingFields) -> None:
    finding.sub_factor = fields.sub_factor
    finding.group_name = fields.group_name.strip()
    finding.domains = [domain.value for domain in fields.domains]
    finding.factor = fields.factor
    finding.statement = fields.statement.strip()
    finding.employer_has_impact = fields.employer_has_impact
    finding.impact_motivation = fields.impact_motivation.strip()
    finding.objective_danger = fields.objective_danger
    finding.danger_motivation = fields.danger_motivation.strip()
    finding.risk_analysis_id = fields.risk_analysis_id
