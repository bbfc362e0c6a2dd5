"""Forms of counsellors: the appointment, its end, training, the quarter, policy advice."""

from collections.abc import Iterable
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField
from wtforms import SelectMultipleField as SeveralField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.requests.counsellors.rules import (
    Agreement,
    Appointment,
    Learned,
    TrainingKind,
)
from baken.actionplan.requests.law import Field, law
from baken.actionplan.requests.quarters.rules import MOST
from baken.organisation.people import list_names
from baken.storage.session import Session
from baken.web.pages.fields import WholeField, option, whole
from baken.web.pages.plan_forms import as_id, day, figure, line, text
from baken.web.pages.request_forms import ShownForm, yes_or_no

_YES: Final = "yes"


def person_choices(session: Session) -> list[Any]:
    """Nobody yet, and everybody with a task in the organisation, by name."""
    nobody = option("", "counsellors.person_choose")
    return [nobody, *(option(str(key), name) for key, name in list_names(session))]


class AppointForm(ShownForm):
    """Who becomes counsellor, and how the workers' side agreed."""

    person_id = SelectField(
        "counsellors.person", [InputRequired()], description="counsellors.person_hint"
    )
    is_staff = yes_or_no("counsellors.is_staff")
    functions = SeveralField(
        "counsellors.functions", [Optional()], description="counsellors.functions_hint"
    )
    agreement = RadioField(
        "counsellors.agreement",
        [InputRequired()],
        choices=[option(each.value, f"counsellors.agreement_{each}") for each in Agreement],
        description="counsellors.agreement_hint",
    )
    agreed_on = day("counsellors.agreed_on", hint="counsellors.agreed_on_hint")
    agreement_text = text("counsellors.agreement_text", rows=2)
    appointed_on = day("counsellors.appointed_on")
    is_old = BooleanField("counsellors.is_old")
    has_looked = BooleanField("counsellors.has_looked")

    def offer(self, session: Session) -> Self:
        """Fill in who there is, and what nobody who is a counsellor may be."""
        self.person_id.choices = person_choices(session)
        self.functions.choices = [
            option(one.key, one.texts[self.language]) for one in law().functions
        ]
        return self

    @property
    def person(self) -> UUID:
        """Who it is; somebody who is not there is found nowhere."""
        return as_id(self.person_id.data) or UUID(int=0)

    def appointment(self) -> Appointment:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return Appointment(
            is_staff=values["is_staff"] == _YES,
            agreement=Agreement(values["agreement"]),
            agreed_on=values["agreed_on"],
            agreement_text=values["agreement_text"],
            appointed_on=values["appointed_on"],
            functions=tuple(values["functions"] or ()),
            is_old=bool(values["is_old"]),
            has_looked=bool(values["has_looked"]),
        )


class EndForm(ShownForm):
    """That an appointment ended."""

    ended_on = day("counsellors.ended_on")
    reason = text("counsellors.end_reason", hint="counsellors.end_reason_hint", required=True)


class TrainingForm(ShownForm):
    """Something that was learned."""

    kind = RadioField(
        "counsellors.kind",
        [InputRequired()],
        choices=[option(each.value, f"counsellors.kind_{each}") for each in TrainingKind],
    )
    done_on = day("counsellors.done_on")
    hours = figure("counsellors.hours", required=True)
    days = whole("counsellors.days", low=1, high=200)
    given_by = line("counsellors.given_by", length=200, required=False)

    def learned(self) -> Learned:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return Learned(
            TrainingKind(values["kind"]), values["done_on"], values["hours"], values["days"]
        )


class ServiceForm(ShownForm):
    """Which external service, since when."""

    name = line("counsellors.service", length=200)
    joined_on = day("counsellors.joined_on")


class AdviceForm(ShownForm):
    """A policy advice in short."""

    given_on = day("counsellors.given_on")
    summary = text("counsellors.summary", hint="counsellors.summary_hint", required=True)


class LeaveForm(ShownForm):
    """That a membership ended."""

    left_on = day("counsellors.left_on")


class QuarterForm(ShownForm):
    """One's own figures of a quarter; made by `quarter_form`, which adds a field for every line."""

    keys: tuple[str, ...] = ()

    @property
    def shown(self) -> Iterable[Any]:
        """The figures, then the reason where something stands already."""
        given = [one for one in super().shown if one.name != "reason" or self.seen]
        given[-1].flags.required = given[-1].name == "reason"  # a correction says why
        return given

    def counts(self) -> dict[str, int]:
        """The figures that were filled in; an empty line was not entered."""
        typed: dict[str, Any] = {key: self[key].data for key in self.keys}
        return {key: n for key, n in typed.items() if n is not None}


def quarter_form(fields: Iterable[Field], language: str) -> type[QuarterForm]:
    """Return the form with the lines that somebody fills in."""
    names: dict[str, Any] = {one.key: _count(one, language) for one in fields}
    names["keys"] = tuple(names)
    names["reason"] = text("counsellors.correction", hint="counsellors.correction_hint", rows=2)
    made: type[QuarterForm] = type("OneQuarterForm", (QuarterForm,), names)
    return made


def _count(one: Field, language: str) -> Any:
    label = f"{one.texts[language]} ({one.row})"
    return WholeField(
        label,
        [Optional(), NumberRange(0, MOST)],
        render_kw={"min": 0, "max": MOST, "inputmode": "numeric"},
    )
