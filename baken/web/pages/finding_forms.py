"""The form of a finding: what it says, and whether it is a psychosocial risk."""

from typing import Any, Final, Self

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.analyses.queries import list_open_analyses
from baken.actionplan.findings.factors import SUB_FACTORS, Factor
from baken.actionplan.findings.models import Finding
from baken.actionplan.findings.rules import FindingFields
from baken.actionplan.prevention import Domain
from baken.storage.session import Session
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import PlanForm, as_id, line, text
from baken.web.texts import catalogue

YES, NO = "yes", "no"
SUB_CHOICES: Final[list[Any]] = [
    option("", "findings.sub_none"),
    *(
        option(sub, f"findings.sub_{sub.replace('.', '_')}")
        for under in SUB_FACTORS.values()
        for sub in under
    ),
]


class FindingForm(PlanForm):
    """What people say about a figure."""

    statement = text("findings.statement", hint="findings.statement_hint", rows=3, required=True)
    factor = SelectField(
        "findings.factor",
        [InputRequired()],
        choices=[option(each.value, f"findings.factor_{each}") for each in Factor],
    )
    sub_factor = SelectField("findings.sub_factor", choices=SUB_CHOICES, default="")
    group_name = line("findings.group_name", length=200, hint="findings.group_hint", required=False)
    domains = SelectMultipleField(
        "findings.domains",
        [InputRequired()],
        choices=[option(each.value, f"measures.domain_{each}") for each in Domain],
        description="findings.domains_hint",
    )
    employer_has_impact = RadioField(
        "findings.impact",
        [InputRequired()],
        choices=[option(YES, "plans.yes"), option(NO, "plans.no")],
        description="findings.impact_hint",
    )
    impact_motivation = text("findings.impact_why", rows=2, required=True)
    objective_danger = RadioField(
        "findings.danger",
        [InputRequired()],
        choices=[option(YES, "plans.yes"), option(NO, "plans.no")],
        description="findings.danger_hint",
    )
    danger_motivation = text("findings.danger_why", rows=2, required=True)
    risk_analysis_id = SelectField("findings.analysis", default="")

    @classmethod
    def of(cls, finding: Finding, language: str) -> Self:
        return cls.blank(
            language,
            {
                "statement": finding.statement,
                "factor": finding.factor,
                "sub_factor": finding.sub_factor,
                "group_name": finding.group_name,
                "domains": list(finding.domains),
                "employer_has_impact": YES if finding.employer_has_impact else NO,
                "impact_motivation": finding.impact_motivation,
                "objective_danger": YES if finding.objective_danger else NO,
                "danger_motivation": finding.danger_motivation,
                "risk_analysis_id": str(finding.risk_analysis_id or ""),
                "version": finding.version,
            },
        )

    def offer(self, session: Session) -> Self:
        """Fill in what can be chosen."""
        none = catalogue(self.language)("findings.no_analysis")
        rows = list_open_analyses(session, kept=as_id(self.risk_analysis_id.data))
        self.risk_analysis_id.choices = [
            option("", none),
            *(option(str(row.id), row.title) for row in rows),
        ]
        return self

    def fields(self) -> FindingFields:
        return FindingFields(
            factor=Factor(self.factor.data),
            sub_factor=self.sub_factor.data or "",
            group_name=self.group_name.data or "",
            domains=tuple(map(Domain, self.domains.data or ())),
            statement=self.statement.data,
            employer_has_impact=self.employer_has_impact.data == YES,
            impact_motivation=self.impact_motivation.data,
            objective_danger=self.objective_danger.data == YES,
            danger_motivation=self.danger_motivation.data,
            risk_analysis_id=as_id(self.risk_analysis_id.data),
        )
