"""Forms of the five-year plan and of its objectives."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from wtforms import Form as WTForm
from wtforms import FormField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.queries import list_findings
from baken.actionplan.plans.models import GlobalPlan, Objective
from baken.actionplan.plans.periods import global_plan_end
from baken.actionplan.plans.rules import Activity, GlobalPlanFields, ObjectiveFields
from baken.actionplan.plans.variants import PlanKind, Variant, read_variants
from baken.actionplan.wording import TITLE_LENGTH
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import Rows, option
from baken.web.pages.plan_forms import (
    MAX_ROWS,
    PlanForm,
    RowDay,
    add_spare_rows,
    as_id,
    day,
    filled,
    line,
    lines_of,
    role_rows,
    roles_of,
    text,
)


class ActivityRowForm(WTForm):
    """Something to be done, by whom, in which period."""

    what = StringField("plans.activity_what", [Optional(), Length(max=TITLE_LENGTH)])
    owner = StringField("plans.activity_owner", [Optional(), Length(max=TITLE_LENGTH)])
    from_on = RowDay("plans.activity_from", [Optional()])
    until_on = RowDay("plans.activity_until", [Optional()])


class GlobalPlanForm(PlanForm):
    """The five-year plan, in the order of the law; objectives and analyses have pages."""

    title = line("plans.name", length=TITLE_LENGTH, hint="plans.name_hint")
    kind = SelectField("plans_nl.kind", [Optional()], default=PlanKind.GLOBAL.value)
    from_on = day("plans.from_on")
    until_on = day("plans.until_on", hint="plans.until_hint", required=False)
    intended_measures = text("plans.intended", hint="plans.one_a_line", rows=5)
    activities = Rows(FormField(ActivityRowForm), "plans.activities", max_entries=MAX_ROWS)
    means_organisational = text("plans.means_organisational", rows=3)
    means_material = text("plans.means_material", rows=3)
    means_financial = text("plans.means_financial", rows=3)
    roles = role_rows()
    adaptation = text("plans.adaptation", hint="plans.adaptation_hint")
    criteria = text("plans.criteria", hint="plans.one_a_line", rows=5)

    @classmethod
    def of(cls, plan: GlobalPlan, language: str) -> Self:
        names = [
            "title",
            "kind",
            "from_on",
            "until_on",
            "means_organisational",
            "means_material",
            "means_financial",
            "adaptation",
            "version",
        ]
        values: dict[str, Any] = {name: getattr(plan, name) for name in names}
        values |= {
            "intended_measures": "\n".join(plan.intended_measures),
            "criteria": "\n".join(plan.criteria),
            "roles": plan.roles,
            "activities": [
                row
                | {
                    "from_on": date.fromisoformat(row["from_on"]),
                    "until_on": date.fromisoformat(row["until_on"]),
                }
                for row in plan.activities
            ],
        }
        return cls.blank(language, values).roomy()

    @classmethod
    def sent(cls, body: Form, language: str) -> Self:
        return cls.read(body, language).roomy()

    def offer(self, variant: Variant) -> Self:
        """The kinds of plan that exist under the rules of the organisation."""
        kinds = read_variants()[variant].kinds
        self.kind.choices = [option(kind.value, f"plans_nl.kind_{kind}") for kind in kinds]
        if not self.kind.data or self.kind.data not in set(kinds):
            self.kind.data = kinds[0].value
        return self

    def roomy(self) -> Self:
        """Leave empty rows to write in."""
        for rows in (self.activities, self.roles):
            add_spare_rows(rows)
        return self

    def fields(self) -> GlobalPlanFields:
        until_on = self.until_on.data or global_plan_end(self.from_on.data)
        return GlobalPlanFields(
            title=self.title.data,
            kind=PlanKind(self.kind.data),
            from_on=self.from_on.data,
            until_on=self.until_on.data,
            intended_measures=lines_of(self.intended_measures.data),
            activities=tuple(
                Activity(
                    what=row["what"] or "",
                    owner=row["owner"] or "",
                    from_on=row["from_on"] or self.from_on.data,
                    until_on=row["until_on"] or until_on,
                )
                for row in filled(self.activities)
            ),
            means_organisational=self.means_organisational.data,
            means_material=self.means_material.data,
            means_financial=self.means_financial.data,
            roles=roles_of(self.roles),
            adaptation=self.adaptation.data,
            criteria=lines_of(self.criteria.data),
        )


class ObjectiveForm(PlanForm):
    """What has to be reached; one more field for every year of the plan."""

    statement = text(
        "plans.objective_statement", hint="plans.objective_hint", rows=3, required=True
    )
    finding_ids = SelectMultipleField("plans.objective_findings")
    years: tuple[int, ...] = ()

    def offer(self, session: Session) -> Self:
        """Fill in what can be chosen."""
        self.finding_ids.choices = [
            option(str(row.id), row.statement) for row in list_findings(session)
        ]
        return self

    @property
    def target_fields(self) -> list[tuple[int, Any]]:
        return [(year, self[f"target_{year}"]) for year in self.years]

    @property
    def chosen(self) -> list[UUID]:
        return [found for each in self.finding_ids.data or () if (found := as_id(each))]

    def fields(self) -> ObjectiveFields:
        targets = {year: field.data for year, field in self.target_fields if field.data}
        return ObjectiveFields(statement=self.statement.data, targets=targets)


def objective_form(plan: GlobalPlan) -> type[ObjectiveForm]:
    """Make the form of an objective of this plan."""
    years = tuple(range(plan.from_on.year, plan.until_on.year + 1))
    fields = {f"target_{year}": text(str(year), rows=2) for year in years}
    return type("ObjectiveFormOf", (ObjectiveForm,), fields | {"years": years})


def objective_values(objective: Objective, findings: Iterable[Finding]) -> dict[str, Any]:
    """What the form of an objective shows before anybody types."""
    return {
        "statement": objective.statement,
        "finding_ids": [str(finding.id) for finding in findings],
        "version": objective.version,
    } | {f"target_{year}": target for year, target in objective.targets.items()}
