"""Element 1 of the plan over years: what the dangers are and how the risks were judged.

Art. I.2-8 of the codex asks for the results of identifying the dangers and of determining and
evaluating the risks. What stands here is what the page of a finding shows to everybody who may read
plans; its figures, its scale and what it rests on stay where they are.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.queries import list_analyses
from baken.actionplan.analyses.rules import Dimension
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import list_findings
from baken.organisation.models import Unit
from baken.storage.session import Session


def analysed_content(session: Session, plan_id: UUID) -> list[dict[str, Any]]:
    """Return what each analysis says that a plan rests on, the newest first.

    `coverage` has the A's that were looked at, `left_out` the reason for the others; an A that is
    in neither waits. The empty name of a unit means the whole organisation.
    """
    units = {unit.id: unit.name for unit in session.scalars(select(Unit))}
    return [
        _analysis(row, list_findings(session, risk_analysis_id=row.id), units)
        for row in list_analyses(session, global_plan_id=plan_id)
    ]


def as_rows(kept: list[Any]) -> list[Mapping[str, Any]]:
    """Return analyses of an edition as rows; the earliest editions kept a title and no more."""
    return [{"title": one} if isinstance(one, str) else one for one in kept]


def _analysis(
    row: RiskAnalysis, findings: list[Finding], units: Mapping[UUID, str]
) -> dict[str, Any]:
    kept = {each.value: row.coverage.get(each.value, {}) for each in Dimension}
    return {
        "id": str(row.id),
        "title": row.title,
        "started_on": row.started_on.isoformat(),
        "level": row.level.value,
        "unit": units[row.unit_id] if row.unit_id else "",
        "method": row.method,
        "participation": row.participation,
        "coverage": {key: "evaluated" for key, one in kept.items() if one.get("evaluated")},
        "left_out": {
            key: one["reason"]
            for key, one in kept.items()
            if one.get("reason") and not one.get("evaluated")
        },
        "findings": [_finding(each, units) for each in findings],
    }


def _finding(row: Finding, units: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "statement": row.statement,
        "factor": row.factor.value,
        "sub_factor": row.sub_factor.replace(".", "_"),
        "unit": row.group_name or (units[row.unit_id] if row.unit_id else ""),
        "impact": _judged(row.employer_has_impact),
        "impact_why": row.impact_motivation,
        "danger": _judged(row.objective_danger),
        "danger_why": row.danger_motivation,
    }


def _judged(is_so: bool) -> str:
    """A word, so that a change from yes to no shows in a comparison."""
    return "yes" if is_so else "no"
