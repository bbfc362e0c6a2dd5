"""A measure that is made from a priority: what its form begins with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.findings.models import Finding
from baken.actionplan.plans.periods import year_name
from baken.actionplan.plans.queries import (
    get_frame,
    list_annual_plans,
    list_chosen_objectives,
    list_findings_by_objective,
)
from baken.actionplan.plans.variants import Grip, Variant, read_variants
from baken.actionplan.priorities import queries
from baken.actionplan.priorities.models import Idea
from baken.actionplan.priorities.rules import IdeaState
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Ground:
    """A finding that a priority rests on, and its A."""

    id: UUID
    factor: str
    statement: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A priority from which a measure is being made."""

    id: UUID
    title: str
    causes: tuple[str, ...]
    findings: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class OpenYear:
    """A plan of a year that still takes measures."""

    id: UUID
    label: str


def origin_of(session: Session, priority_id: UUID) -> Origin:
    """Read the priority a measure is made from."""
    priority = queries.get_priority(session, priority_id)
    return Origin(
        id=priority.id,
        title=priority.title,
        causes=tuple(
            one.root or one.motivation for one in queries.list_causes(session, priority_id)
        ),
        findings=tuple(
            Ground(one.id, one.factor, one.statement)
            for one in queries.list_findings_of(session, priority_id)
        ),
    )


def first_values(session: Session, origin: Origin, *, chosen: Collection[str]) -> dict[str, Any]:
    """What the form begins with: the words of the priority, its finding and unit, its ideas.

    Parameters
    ----------
    chosen : collection of str
        The objectives of the year, by their id.
    """
    findings = queries.list_findings_of(session, origin.id)
    ideas = [
        one
        for one in queries.list_ideas(session, priority_id=origin.id)
        if one.state == IdeaState.CHOSEN
    ]
    # A released figure can be followed; what people saw or said cannot.
    findings.sort(key=lambda one: one.release_id is None)
    values: dict[str, Any] = {"title": origin.title, "priority_id": str(origin.id)}
    return values | _of_finding(session, findings[:1], chosen) | _of_ideas(ideas)


def open_years(session: Session, *, today: date) -> tuple[OpenYear, ...]:
    """The plans in which a measure can be added now, the one of today or the next one first."""
    plans = [
        one
        for one in list_annual_plans(session)
        if get_frame(session, one.id).may_add and list_chosen_objectives(session, one.id)
    ]
    plans.sort(key=lambda one: (one.ends_on < today, one.starts_on))
    return tuple(OpenYear(one.id, year_name(one.starts_on, one.ends_on)) for one in plans)


def _of_finding(
    session: Session, findings: Collection[Finding], chosen: Collection[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for finding in findings:
        values |= {
            "finding_id": str(finding.id),
            "unit_id": str(finding.unit_id or ""),
            "domains": list(finding.domains) or None,
            "objective_id": _objective_for(session, finding, chosen),
        }
    return {name: value for name, value in values.items() if value is not None}


def _objective_for(session: Session, finding: Finding, chosen: Collection[str]) -> str | None:
    """The objective of the year that answers to the finding; the only one where there is one."""
    plans = {one.global_plan_id for one in list_annual_plans(session)}
    for plan_id in plans:
        for objective_id, answered in list_findings_by_objective(session, plan_id).items():
            if str(objective_id) in chosen and any(one.id == finding.id for one in answered):
                return str(objective_id)
    return next(iter(chosen)) if len(chosen) == 1 else None


def _of_ideas(ideas: Collection[Idea]) -> dict[str, Any]:
    if not ideas:
        return {}
    first = next(iter(ideas))
    texts = [f"{one.title}. {one.text}".strip() if one.text else one.title for one in ideas]
    return {
        "method": "\n".join(texts),
        "prevention_level": first.level.value,
        "scope": first.scope.value,
        "strategy": _strategy_of(first),
    }


def _strategy_of(idea: Idea) -> str | None:
    """Its place in the Dutch order of measures; None where level and scope name none."""
    grips = read_variants()[Variant.DUTCH].grips
    wanted = Grip(idea.level, idea.scope)
    return next((one.value for one, grip in grips.items() if grip == wanted), None)
