"""Forms of requests for a specific risk analysis: the intake, and the analysis that came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.analyses.queries import list_analyses
from baken.actionplan.requests.situations.intake import Asker, Intake, Priority
from baken.actionplan.requests.situations.models import SituationRequest
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.pages.fields import HintSays, WholeField, option, whole
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

YES, NO = "yes", "no"
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
    choices = [option(YES, "plans.yes"), option(NO, "plans.no")]
    return RadioField(label, [InputRequired()], choices=choices, description=hint)


def _perhaps(label: str, *more: HintSays, hint: str = "") -> Any:
    return WholeField(
        label,
        [Optional(), NumberRange(0, 999), *more],
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
    n_asking = _perhaps("requests.n_asking", HintSays(), hint="requests.n_asking_hint")
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
