"""Forms of requests for a specific risk analysis: the intake, and one for every step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self

from wtforms import BooleanField, RadioField, SelectField
from wtforms import SelectMultipleField as SeveralField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.analyses.queries import list_analyses
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.rules import (
    Asker,
    Intake,
    Participation,
    Priority,
    RequestState,
    Step,
    can_take_measures,
    judged,
    who_can_be_told,
)
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.pages.fields import WholeField, option, whole
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

_YES, _NO = "yes", "no"
_MOST_PEOPLE: Final = 1_000_000
_ABOUT: Final = {
    "requests.asked_in_future": "asked_on",
    "requests.not_yet_present": "since_on",
    "requests.no_priority_reason": "priority_reason",
    "requests.day_out_of_order": "done_on",
    "requests.no_anonymous_way": "anonymous",
    "requests.not_anonymous": "is_anonymous",
    "requests.asker_not_told": "told",
}
"""Which field of a form a refusal is about."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands around a form: texts are keys of the catalogue, addresses lie inside."""

    title: str
    over: str
    back: str
    post: str
    button: str
    story: str = ""
    verb: str = "explore"
    title_is_text: bool = False


def yes_or_no(label: str, *, hint: str = "") -> RadioField:
    """A question that is answered by yes or no."""
    choices = [option(_YES, "plans.yes"), option(_NO, "plans.no")]
    return RadioField(label, [InputRequired()], choices=choices, description=hint)


def _perhaps(label: str, *, hint: str = "") -> Any:
    return WholeField(
        label,
        [Optional(), NumberRange(0, 999)],
        description=hint,
        render_kw={"min": 0, "max": 999, "inputmode": "numeric"},
    )


class ShownForm(PlanForm):
    """A form whose page shows all of its fields, one below the other."""

    @property
    def shown(self) -> Iterable[Any]:
        """The fields in the order of the class; the version is hidden."""
        return [one for one in self if one.name != "version"]

    def refuse(self, error: BakenError) -> Self:
        """Show the sentence at the field that it is about, where it is about one."""
        name = _ABOUT.get(error.key, "")
        if name not in self:
            return super().refuse(error)
        field: Any = self[name]
        field.errors = [*field.errors, catalogue(self.language).refusal(error)]
        return self


class IntakeForm(ShownForm):
    """Which group, what is the matter, since when, how urgent, and who asks."""

    asker = RadioField("requests.asker", [InputRequired()], description="requests.asker_hint")
    asked_on = day("requests.asked_on")
    n_asking = _perhaps("requests.n_asking", hint="requests.n_asking_hint")
    n_delegates = _perhaps("requests.n_delegates")
    group_name = line("requests.group_name", length=200, hint="requests.group_name_hint")
    group_size = whole("requests.group_size", low=1, high=_MOST_PEOPLE)
    unit_id = SelectField("requests.unit", default="")
    situation = text("requests.situation", hint="requests.situation_hint", rows=6, required=True)
    since_on = day("requests.since_on", hint="requests.since_on_hint")
    priority = RadioField(
        "requests.priority",
        [InputRequired()],
        choices=[option(each.value, f"requests.priority_{each}") for each in Priority],
    )
    priority_reason = text("requests.priority_reason", rows=2)
    is_formal = BooleanField("requests.is_formal", description="requests.is_formal_hint")

    def offer(self, session: Session, askers: Iterable[Asker], *, today: date) -> Self:
        """Fill in what can be chosen: as whom this person asks, and the units."""
        texts = catalogue(self.language)
        offered = list(askers)
        self.asker.choices = [option(one.value, f"requests.asker_{one}") for one in offered]
        self.unit_id.choices = unit_choices(session, texts("requests.no_unit"), today=today)
        if not self.asker.data and len(offered) == 1:
            self.asker.data = offered[0].value
        return self

    def intake(self) -> Intake:
        """What was asked; once the form was checked."""
        values: Any = self.data
        return Intake(
            asker=Asker(values["asker"]),
            asked_on=values["asked_on"],
            group_name=values["group_name"],
            group_size=values["group_size"],
            situation=values["situation"],
            since_on=values["since_on"],
            priority=Priority(values["priority"]),
            priority_reason=values["priority_reason"],
            unit_id=as_id(values["unit_id"]),
            n_asking=values["n_asking"] or None,
            n_delegates=values["n_delegates"] or None,
            is_formal=values["is_formal"],
        )


class StepForm(ShownForm):
    """A step that is told in words; others ask more."""

    leads_to: ClassVar[RequestState] = RequestState.COLLECTING

    @property
    def state(self) -> RequestState:
        """Where this step leads."""
        return self.leads_to

    def offer(self, earlier: Mapping[str, Any]) -> Self:
        """Leave out what cannot be chosen after what was ticked at the steps before."""
        return self

    def facts(self) -> dict[str, Any]:
        """What was ticked."""
        return {}

    def step(self) -> Step:
        """The step; once the form was checked."""
        values: Any = self.data
        return Step(
            state=self.state, done_on=values["done_on"], text=values["text"], facts=self.facts()
        )


class JudgeForm(StepForm):
    """Whether this is what such an analysis is for."""

    is_group = yes_or_no("requests.is_group", hint="requests.is_group_hint")
    is_present = yes_or_no("requests.is_present", hint="requests.is_present_hint")
    is_part = yes_or_no("requests.is_part", hint="requests.is_part_hint")
    text = text("requests.say_judgement", hint="requests.say_judgement_hint", required=True)
    done_on = day("requests.done_on")

    def facts(self) -> dict[str, Any]:
        return {name: self[name].data == _YES for name in ("is_group", "is_present", "is_part")}

    @property
    def state(self) -> RequestState:
        return judged(self.facts())


class MethodForm(StepForm):
    """How it is done, with whom, and how people can tell what they know."""

    leads_to = RequestState.METHOD_AGREED
    adviser = RadioField(
        "requests.adviser",
        [InputRequired()],
        choices=[option(each.value, f"requests.adviser_{each}") for each in Participation],
        description="requests.adviser_hint",
    )
    anonymous = text("requests.anonymous", hint="requests.anonymous_hint", rows=2)
    text = text("requests.say_method", hint="requests.say_method_hint", required=True)
    done_on = day("requests.done_on")

    def facts(self) -> dict[str, Any]:
        return {"adviser": self.adviser.data, "anonymous": self.anonymous.data or ""}


class CollectForm(StepForm):
    """That it began."""

    leads_to = RequestState.COLLECTING
    text = text("requests.say_collecting", hint="requests.say_collecting_hint", required=True)
    done_on = day("requests.done_on")


class ReportForm(StepForm):
    """What came out, without a name in it."""

    leads_to = RequestState.REPORTED
    text = text("requests.say_report", hint="requests.say_report_hint", rows=8, required=True)
    is_anonymous = BooleanField("requests.is_anonymous")
    done_on = day("requests.done_on")

    def facts(self) -> dict[str, Any]:
        return {"is_anonymous": bool(self.is_anonymous.data)}


class DecideForm(StepForm):
    """What the employer decides, and why."""

    leads_to = RequestState.DECIDED
    takes_measures = yes_or_no("requests.takes_measures")
    text = text("requests.say_decision", hint="requests.say_decision_hint", required=True)
    done_on = day("requests.done_on")

    def facts(self) -> dict[str, Any]:
        return {"takes_measures": self.takes_measures.data == _YES}


class TellForm(StepForm):
    """Who heard the decision."""

    leads_to = RequestState.COMMUNICATED
    told = SeveralField(
        "requests.told",
        [Optional()],
    )
    text = text("requests.say_told", required=True, rows=2)
    done_on = day("requests.done_on")

    def offer(self, earlier: Mapping[str, Any]) -> Self:
        told: Any = self.told
        told.choices = [
            option(each.value, f"requests.told_{each}") for each in who_can_be_told(earlier)
        ]
        return self

    def facts(self) -> dict[str, Any]:
        return {"told": list(self.told.data or ())}


class MeasuresForm(StepForm):
    """What is done; or, where nothing is, what came of it."""

    goes_on = RadioField("requests.goes_on", [InputRequired()])
    text = text("requests.say_measures", required=True)
    done_on = day("requests.done_on")

    def offer(self, earlier: Mapping[str, Any]) -> Self:
        ways = [RequestState.MEASURES] if can_take_measures(earlier) else []
        chosen: Any = self.goes_on
        chosen.choices = [
            option(each.value, f"requests.goes_on_{each}")
            for each in (*ways, RequestState.EVALUATED)
        ]
        if not ways and not chosen.data:
            chosen.data = RequestState.EVALUATED.value
        return self

    @property
    def state(self) -> RequestState:
        return RequestState(self.goes_on.data)


class EvaluateForm(StepForm):
    """Whether it helped."""

    leads_to = RequestState.EVALUATED
    text = text("requests.say_evaluation", hint="requests.say_evaluation_hint", required=True)
    done_on = day("requests.done_on")


AFTER: Final[dict[RequestState, type[StepForm]]] = {
    RequestState.REQUESTED: JudgeForm,
    RequestState.ADMISSIBLE: MethodForm,
    RequestState.METHOD_AGREED: CollectForm,
    RequestState.COLLECTING: ReportForm,
    RequestState.REPORTED: DecideForm,
    RequestState.DECIDED: TellForm,
    RequestState.COMMUNICATED: MeasuresForm,
    RequestState.MEASURES: EvaluateForm,
}
"""The form of the step that comes after a state; an ended request has none."""


class LinkForm(PlanForm):
    """Which risk analysis came of a request."""

    analysis_id = SelectField("requests.analysis", default="")

    @classmethod
    def of(cls, session: Session, row: SituationRequest, language: str) -> Self:
        """The form of a request, with the analyses that there are."""
        values = {"analysis_id": str(row.analysis_id or ""), "version": row.version}
        form = cls.blank(language, values)
        form.analysis_id.choices = [
            option("", catalogue(language)("requests.no_analysis")),
            *(option(str(one.id), one.title) for one in list_analyses(session)),
        ]
        return form
