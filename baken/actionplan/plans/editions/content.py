"""Everything a plan says, as values that can be kept: what a document and a comparison are made of.

No figure of a unit stands in it, so that whoever may read plans may read all of it: of a scale or a
series that a measure is followed by only its name and the target are kept.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.findings.queries import get_finding
from baken.actionplan.indicators.types import OwnFigure, SeriesIndicator
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.prevention_units import units_of
from baken.actionplan.measures.queries import get_measure, list_measures
from baken.actionplan.plans import queries
from baken.actionplan.plans.editions.analysed import analysed_content
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.analysis.releases.models import Release
from baken.organisation.models import Unit
from baken.organisation.organisations import get_organisation
from baken.storage.session import Session

Content = Mapping[str, Any]


def content_of(session: Session, plan: GlobalPlan | AnnualPlan) -> dict[str, Any]:
    """Return what a plan says today; `kind` tells which keys there are."""
    if isinstance(plan, GlobalPlan):
        return _global(session, plan)
    return _annual(session, plan)


def _global(session: Session, plan: GlobalPlan) -> dict[str, Any]:
    findings = queries.list_findings_by_objective(session, plan.id)
    return {
        "kind": plan.kind.value,
        "organisation": get_organisation(session, plan.organisation_id).name,
        "title": plan.title,
        "from_on": plan.from_on.isoformat(),
        "until_on": plan.until_on.isoformat(),
        "analyses": analysed_content(session, plan.id),
        "intended_measures": list(plan.intended_measures),
        "objectives": [
            {
                "id": str(row.id),
                "rank": row.rank,
                "statement": row.statement,
                "targets": dict(sorted(row.targets.items())),
                "findings": [each.statement for each in findings[row.id]],
            }
            for row in queries.list_objectives(session, plan.id)
        ],
        "activities": list(plan.activities),
        "means_organisational": plan.means_organisational,
        "means_material": plan.means_material,
        "means_financial": plan.means_financial,
        "roles": list(plan.roles),
        "adaptation": plan.adaptation,
        "criteria": list(plan.criteria),
        "expert_review": dict(plan.expert_review),
    }


def _annual(session: Session, plan: AnnualPlan) -> dict[str, Any]:
    framework = queries.get_global_plan(session, plan.global_plan_id)
    measures = list_measures(session, annual_plan_id=plan.id)
    return {
        "kind": "year",
        "variant_kind": framework.kind.value,
        "organisation": get_organisation(session, plan.organisation_id).name,
        "global_title": framework.title,
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "objectives": [
            {
                "id": str(row.id),
                "rank": row.rank,
                "statement": row.statement,
                "target": row.targets.get(str(plan.starts_on.year), ""),
                "measures": [
                    measure_content(session, each)
                    for each in measures
                    if each.objective_id == row.id
                ],
            }
            for row in queries.list_chosen_objectives(session, plan.id)
        ],
        "means_and_methods": plan.means_and_methods,
        "roles": list(plan.roles),
        "changed_circumstances": plan.changed_circumstances,
        "accidents": plan.accidents,
        "annual_report": plan.annual_report,
        "committee_advice": plan.committee_advice,
    }


def measure_content(session: Session, measure: Measure) -> dict[str, Any]:
    """Return what a measure says."""
    before = measure.continues_id
    plain = (
        "title", "method", "who_does_what", "means_organisational", "means_material",
        "means_financial", "budget", "is_reported", "initiator", "carried_reason", "strategy",
        "topic",
    )  # fmt: skip
    return {
        "id": str(measure.id),
        **{name: getattr(measure, name) for name in plain},
        "unit": _unit_name(session, measure.unit_id),
        "responsible": measure.responsible_name,
        "decider": measure.decider_name,
        "level": measure.prevention_level.value,
        "scope": measure.scope.value,
        "domains": list(measure.domains),
        "starts_on": measure.starts_on.isoformat(),
        "ends_on": measure.ends_on.isoformat(),
        "prevention_hours": dict(sorted(measure.prevention_hours.items())),
        "prevention_units": units_of(measure.prevention_hours),
        "continues": get_measure(session, before).title if before else "",
        "figure": _figure(session, measure),
    }


def _figure(session: Session, measure: Measure) -> dict[str, Any]:
    indicator = measure.indicator
    known = {"target": indicator.target, "by_on": indicator.by_on.isoformat()}
    if isinstance(indicator, SeriesIndicator):
        unit = indicator.unit if indicator.unit == "%" else ""
        return {**known, "name": indicator.name, "unit": unit}
    if isinstance(indicator, OwnFigure):
        return {
            **known,
            "name": indicator.name,
            "unit": indicator.unit,
            "start": indicator.start,
        }
    return {
        **known,
        "scale": indicator.scale,
        "what": indicator.figure.value,
        "instrument": _instrument(session, measure.finding_id),
    }


def _instrument(session: Session, finding_id: UUID | None) -> list[str]:
    """Key and version of the questionnaire that has the scale."""
    if finding_id is None:
        return []
    asked = select(Release.instrument_key, Release.instrument_version).where(
        Release.id == get_finding(session, finding_id).release_id
    )
    found = session.execute(asked).one_or_none()
    return [found[0], found[1]] if found else []


def _unit_name(session: Session, unit_id: UUID | None) -> str:
    return session.get_one(Unit, unit_id).name if unit_id else ""
