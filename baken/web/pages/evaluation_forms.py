"""The forms of a yearly evaluation: its year, and two fields for each objective."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from wtforms import BooleanField, RadioField
from wtforms.validators import Optional, ValidationError

from baken.actionplan.plans.evaluations import actions
from baken.actionplan.plans.evaluations.models import PlanEvaluation
from baken.actionplan.plans.evaluations.rules import (
    Conclusion,
    EvaluationFields,
    Input,
    Progress,
)
from baken.web.pages.fields import option, whole
from baken.web.pages.plan_forms import PlanForm, text


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective above its two fields."""

    id: UUID
    rank: int
    statement: str


class BeginForm(PlanForm):
    """Which year is looked back on."""

    year = whole("evaluations.year", low=2000, high=2199, hint="evaluations.year_hint")


class EvaluationForm(PlanForm):
    """Six inputs, a conclusion for each objective, and who took part."""

    participants = text("evaluations.participants", hint="evaluations.participants_hint", rows=2)
    papa_involved = BooleanField("evaluations.papa")
    papa_reason = text("evaluations.papa_reason", rows=2)
    objectives: tuple[Aim, ...] = ()

    @classmethod
    def of(cls, evaluation: PlanEvaluation, language: str) -> Self:
        told = actions.fields_of(evaluation)
        values: dict[str, Any] = {
            "participants": told.participants,
            "papa_involved": told.papa_involved,
            "papa_reason": told.papa_reason,
            "version": evaluation.version,
        }
        values |= {f"input_{key}": said for key, said in told.inputs.items()}
        for key, one in told.conclusions.items():
            values |= {f"verdict_{key.hex}": one.verdict.value, f"text_{key.hex}": one.text}
        return cls.blank(language, values)

    def offer_known(self, said: Mapping[Input, str]) -> None:
        """Put what is known by now where nothing stands: the year may have run at its beginning."""
        for key, sentence in said.items():
            if not (self[f"input_{key}"].data or "").strip():
                self[f"input_{key}"].data = sentence

    @property
    def input_fields(self) -> list[Any]:
        return [self[f"input_{key}"] for key in Input]

    @property
    def conclusion_fields(self) -> list[tuple[Aim, Any, Any]]:
        return [
            (one, self[f"verdict_{one.id.hex}"], self[f"text_{one.id.hex}"])
            for one in self.objectives
        ]

    def fields(self) -> EvaluationFields:
        return EvaluationFields(
            inputs={key: self[f"input_{key}"].data or "" for key in Input},
            conclusions={
                one.id: Conclusion(Progress(verdict.data), said.data or "")
                for one, verdict, said in self.conclusion_fields
                if verdict.data
            },
            participants=self.participants.data or "",
            papa_involved=self.papa_involved.data,
            papa_reason=self.papa_reason.data or "",
        )


def _concludes(verdict: str) -> Callable[[Any, Any], None]:
    """Words about an objective are kept with what they conclude: without it they come back."""

    def check(form: Any, field: Any) -> None:
        if field.data and not form[verdict].data:
            raise ValidationError("evaluations.verdict_missing")

    return check


def form_of(objectives: tuple[Aim, ...]) -> type[EvaluationForm]:
    """Make the form for these objectives: two fields for each, beside the six inputs."""
    made: dict[str, Any] = {
        f"input_{key}": text(f"evaluations.input_{key}", hint=f"evaluations.hint_{key}", rows=3)
        for key in Input
    }
    for one in objectives:
        made[f"verdict_{one.id.hex}"] = RadioField(
            "evaluations.verdict",
            [Optional()],
            choices=[option(each.value, f"evaluations.verdict_{each}") for each in Progress],
        )
        made[f"text_{one.id.hex}"] = text("evaluations.why", rows=3)
        made[f"validate_text_{one.id.hex}"] = _concludes(f"verdict_{one.id.hex}")
    return type("EvaluationFormOf", (EvaluationForm,), made | {"objectives": objectives})
