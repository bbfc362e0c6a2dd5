"""Sections 3.1, 3.3, 3.4 and 7.1, from plans and measures."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from baken.actionplan.annualreport.answers import Given
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.prevention import Domain, Scope
from baken.organisation.models import Person
from baken.storage.session import Session

TAKEN: Final = frozenset({MeasureStatus.RUNNING, MeasureStatus.DONE})
"""A measure that was taken: it runs, or is done."""


def known_plans(session: Session, year: int) -> dict[str, Given]:
    """Return what was done in a year, and what is planned for the next."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    asked = select(Measure).where(Measure.starts_on <= last, Measure.ends_on >= first)
    in_year = session.scalars(asked.order_by(Measure.starts_on, Measure.title, Measure.id)).all()
    taken = [one for one in in_year if one.status in TAKEN]
    reported = [
        {"measure": one.title, "initiator": one.initiator} for one in taken if one.is_reported
    ]
    collective = [
        {"measure": one.title}
        for one in taken
        if one.scope is Scope.COLLECTIVE and Domain.PSYCHOSOCIAL in one.domains
    ]
    found: dict[str, Given] = {"global_plan": _global_plan(session, last)}
    if reported:
        found["measures"] = Given(reported, "measures", "/follow-up")
    if collective:
        found["collective"] = Given(collective, "measures", "/follow-up")
    plan = _next_plan(session, year)
    if plan is not None:
        rows = _planned(session, plan)
        found["plan"] = Given(rows, "annual_plan", f"/annual-plans/{plan.id}")
    return found


def _global_plan(session: Session, last: date) -> Given:
    asked = select(GlobalPlan).where(
        GlobalPlan.state.in_((PlanState.ADOPTED, PlanState.ENDED)),
        GlobalPlan.from_on <= date(last.year + 1, 12, 31),
        GlobalPlan.until_on >= last,
    )
    plan = session.scalars(asked.order_by(GlobalPlan.from_on.desc()).limit(1)).first()
    if plan is None:
        return Given(False, "plans", "/plans")
    return Given(True, "plans", f"/plans/{plan.id}")


def _next_plan(session: Session, year: int) -> AnnualPlan | None:
    """The plan of the year after: the one that runs while the report is drawn up."""
    asked = select(AnnualPlan).where(
        AnnualPlan.starts_on >= date(year + 1, 1, 1), AnnualPlan.starts_on <= date(year + 1, 12, 31)
    )
    return session.scalars(asked.order_by(AnnualPlan.starts_on, AnnualPlan.id).limit(1)).first()


def _planned(session: Session, plan: AnnualPlan) -> list[dict[str, Any]]:
    asked = select(Measure).where(
        Measure.annual_plan_id == plan.id, Measure.status != MeasureStatus.STOPPED
    )
    measures = session.scalars(asked.order_by(Measure.starts_on, Measure.title, Measure.id)).all()
    names = _names(session, measures)
    return [
        {
            "measure": one.title,
            "who": names.get(one.responsible_id) or one.responsible_name,
            "until": one.ends_on.isoformat(),
        }
        for one in measures
    ]


def _names(session: Session, measures: Sequence[Measure]) -> dict[Any, str]:
    wanted = {one.responsible_id for one in measures if one.responsible_id}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in found}
