"""Forms of the plan of a year."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.plans.models import AnnualPlan, Objective
from baken.actionplan.plans.periods import service_year_end
from baken.actionplan.plans.queries import (
    list_annual_plans,
    list_chosen_objectives,
    list_global_plans,
    list_objectives,
)
from baken.actionplan.plans.rules import AnnualPlanFields, PlanState
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import (
    PlanForm,
    add_spare_rows,
    as_id,
    day,
    role_rows,
    roles_of,
    text,
)

TEXTS: Final = (
    "means_and_methods",
    "changed_circumstances",
    "accidents",
    "annual_report",
    "committee_advice",
)


class NewYearForm(PlanForm):
    """Which service year, in which five-year plan."""

    global_plan_id = SelectField("plans.global_plan", [InputRequired()])
    starts_on = day("plans.starts_on", hint="plans.starts_hint")
    ends_on = day("plans.ends_on", hint="plans.ends_hint", required=False)

    def offer(self, session: Session) -> Self:
        """Fill in what can be chosen, and the first year that has no plan yet."""
        plans = [plan for plan in list_global_plans(session) if plan.state != PlanState.ENDED]
        self.global_plan_id.choices = [option(str(plan.id), plan.title) for plan in plans]
        return self

    def suggest(self, session: Session) -> Self:
        """Start from the year after the last one that was planned."""
        choices: Any = self.global_plan_id.choices
        plan_id = as_id(choices[0].value) if choices else None
        if plan_id is None:
            return self
        years = list_annual_plans(session, global_plan_id=plan_id)
        plan = next(plan for plan in list_global_plans(session) if plan.id == plan_id)
        last = years[0].ends_on if years else None
        starts_on = date.fromordinal(last.toordinal() + 1) if last else plan.from_on
        if starts_on < plan.until_on:
            self.starts_on.data = starts_on
            self.ends_on.data = min(service_year_end(starts_on), plan.until_on)
        return self

    @property
    def chosen_plan(self) -> UUID:
        return UUID(self.global_plan_id.data)


class AnnualPlanForm(PlanForm):
    """What people fill in about a year, in the order of the law."""

    objective_ids = SelectMultipleField("plans.objectives_of_year")
    means_and_methods = text("plans.jap_2", hint="plans.jap_2_hint", rows=5)
    roles = role_rows()
    changed_circumstances = text("plans.jap_4a")
    accidents = text("plans.jap_4b")
    annual_report = text("plans.jap_4c")
    committee_advice = text("plans.jap_4d")

    @classmethod
    def of(cls, session: Session, plan: AnnualPlan, language: str) -> Self:
        chosen = list_chosen_objectives(session, plan.id)
        values: dict[str, Any] = {name: getattr(plan, name) for name in TEXTS}
        values |= {
            "objective_ids": [str(objective.id) for objective in chosen],
            "roles": plan.roles,
            "version": plan.version,
        }
        return cls.blank(language, values).offer(list_objectives(session, plan.global_plan_id))

    @classmethod
    def sent(cls, session: Session, body: Form, plan: AnnualPlan, language: str) -> Self:
        form = cls.read(body, language)
        return form.offer(list_objectives(session, plan.global_plan_id))

    def offer(self, objectives: Iterable[Objective]) -> Self:
        """Fill in what can be chosen, and leave empty rows to write in."""
        self.objective_ids.choices = [
            option(str(row.id), f"{row.rank}. {row.statement}") for row in objectives
        ]
        add_spare_rows(self.roles)
        return self

    @property
    def chosen(self) -> list[UUID]:
        return [found for each in self.objective_ids.data or () if (found := as_id(each))]

    def fields(self) -> AnnualPlanFields:
        return AnnualPlanFields(
            roles=roles_of(self.roles), **{name: self[name].data or "" for name in TEXTS}
        )
