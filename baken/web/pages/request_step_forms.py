"""Forms of the steps of a request for a specific risk analysis, one for every step."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from wtforms import BooleanField, RadioField
from wtforms import SelectMultipleField as SeveralField
from wtforms.validators import InputRequired

from baken.actionplan.requests.situations.rules import (
    Participation,
    RequestState,
    Step,
    can_take_measures,
    judged,
    who_can_be_told,
)
from baken.web.pages.fields import HintSays, option
from baken.web.pages.plan_forms import day, text
from baken.web.pages.request_forms import YES, ShownForm, yes_or_no


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
        return {name: self[name].data == YES for name in ("is_group", "is_present", "is_part")}

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
    anonymous = text(
        "requests.anonymous", hint="requests.anonymous_hint", rows=2, more=(HintSays(),)
    )
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
        return {"takes_measures": self.takes_measures.data == YES}


class TellForm(StepForm):
    """Who heard the decision."""

    leads_to = RequestState.COMMUNICATED
    told = SeveralField("requests.told", [HintSays()], description="requests.told_hint")
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
