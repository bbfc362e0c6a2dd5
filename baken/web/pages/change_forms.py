"""The forms of a change: what people expect of it, and what looking again showed."""

from datetime import date
from typing import Self
from uuid import UUID

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.analyses.changes import (
    ChangeFields,
    Conclusion,
    Effect,
    Expected,
    Question,
)
from baken.actionplan.analyses.models import ChangeEvent
from baken.actionplan.analyses.queries import list_analyses
from baken.storage.session import Session
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue


class ChangeForm(PlanForm):
    """What changes, and what people expect of it; two fields for every question stand below."""

    title = line("changes.name", length=200, hint="changes.name_hint")
    description = text("changes.description", rows=3)
    happens_on = day("changes.happens_on")
    unit_id = SelectField("changes.unit", default="")
    risk_analysis_id = SelectField("changes.analysis", default="")
    responsible = line("changes.responsible", length=200)
    due_on = day("changes.due_on", hint="changes.due_hint", required=False)

    @classmethod
    def of(cls, change: ChangeEvent, language: str) -> Self:
        values = {
            "title": change.title,
            "description": change.description,
            "happens_on": change.happens_on,
            "unit_id": str(change.unit_id or ""),
            "risk_analysis_id": str(change.risk_analysis_id or ""),
            "responsible": change.responsible,
            "due_on": change.due_on,
            "version": change.version,
        }
        for key, kept in change.expected.items():
            values |= {f"effect_{key}": kept["answer"], f"note_{key}": kept["note"]}
        return cls.blank(language, values)

    def offer(self, session: Session, *, today: date, kept: UUID | None = None) -> Self:
        texts = catalogue(self.language)
        whole = texts("findings.whole")
        self.unit_id.choices = unit_choices(session, whole, today=today, kept=kept)
        self.risk_analysis_id.choices = [
            option("", texts("findings.no_analysis")),
            *(option(str(row.id), row.title) for row in list_analyses(session)),
        ]
        return self

    def fields(self, today: date) -> ChangeFields:
        return ChangeFields(
            title=self.title.data or "",
            description=self.description.data,
            happens_on=self.happens_on.data or today,
            unit_id=as_id(self.unit_id.data),
            risk_analysis_id=as_id(self.risk_analysis_id.data),
            responsible=self.responsible.data or "",
            due_on=self.due_on.data,
            check={
                each: Expected(Effect(self[f"effect_{each}"].data), self[f"note_{each}"].data)
                for each in Question
                if self[f"effect_{each}"].data
            },
        )


for _each in Question:
    _choices = [option(effect.value, f"changes.effect_{effect}") for effect in Effect]
    _field = RadioField(f"changes.ask_{_each}", [Optional()], choices=_choices)
    setattr(ChangeForm, f"effect_{_each}", _field)
    setattr(ChangeForm, f"note_{_each}", text("changes.note", rows=2))


class ConclusionForm(PlanForm):
    """What looking again showed."""

    conclusion = RadioField(
        "changes.conclusion",
        [InputRequired()],
        choices=[option(each.value, f"changes.conclusion_{each}") for each in Conclusion],
    )
    conclusion_text = text("changes.conclusion_text", required=True)

    @classmethod
    def of(cls, change: ChangeEvent, language: str) -> Self:
        names = ("conclusion", "conclusion_text", "version")
        return cls.blank(language, {name: getattr(change, name) for name in names})
