"""Forms of the vigilance network: who listens, a signal, what recurs, the answer to it."""

from datetime import date, datetime
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, DateTimeLocalField, RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.requests.law import law
from baken.actionplan.requests.vigilance.rules import ContactFields, ThemeFields
from baken.storage.session import Session
from baken.web.numerals import ZONE
from baken.web.pages.counsellor_forms import person_choices
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import as_id, day, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.pages.request_forms import ShownForm
from baken.web.texts import catalogue

_MOMENT: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _moment(label: str, *, hint: str = "") -> Any:
    """A moment, as it stands on the clock here."""
    return DateTimeLocalField(label, [InputRequired()], format=_MOMENT, description=hint)


def _themes(language: str) -> list[Any]:
    return [option(one.key, one.texts[language]) for one in law().themes]


def as_instant(local: datetime) -> datetime:
    """A moment of the clock here as an instant."""
    return local.replace(tzinfo=ZONE)


def on_clock(now: datetime) -> datetime:
    """An instant as the clock here shows it, to the minute."""
    return now.astimezone(ZONE).replace(tzinfo=None, second=0, microsecond=0)


class ContactForm(ShownForm):
    """Somebody who listens."""

    person_id = SelectField("vigilance.person", [InputRequired()])
    for_what = line("vigilance.for_what", length=300, hint="vigilance.for_what_hint")
    unit_id = SelectField("vigilance.unit", default="")
    charter_on = day("vigilance.charter_on", hint="vigilance.charter_hint", required=False)
    from_on = day("vigilance.from_on")

    def offer(self, session: Session, *, today: date) -> Self:
        """Fill in who there is, and the units."""
        self.person_id.choices = person_choices(session)
        none = catalogue(self.language)("vigilance.whole")
        self.unit_id.choices = unit_choices(session, none, today=today)
        return self

    def contact(self) -> ContactFields:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return ContactFields(
            person_id=as_id(values["person_id"]) or UUID(int=0),  # found nowhere
            for_what=values["for_what"],
            from_on=values["from_on"],
            unit_id=as_id(values["unit_id"]),
            charter_on=values["charter_on"],
        )


class UntilForm(ShownForm):
    """The last day of somebody who listens."""

    until_on = day("vigilance.until_on")


class SignalForm(ShownForm):
    """That somebody told something: about what, when."""

    theme = RadioField("vigilance.theme", [InputRequired()])
    received_at = _moment("vigilance.received_at")
    is_answered = BooleanField("vigilance.is_answered")

    def offer(self) -> Self:
        """Fill in the themes."""
        self.theme.choices = _themes(self.language)
        return self


class AnsweredForm(ShownForm):
    """When a signal was answered."""

    answered_at = _moment("vigilance.answered_at")


class ThemeForm(ShownForm):
    """What recurs, for those who decide."""

    theme = RadioField("vigilance.theme", [InputRequired()])
    title = line("vigilance.theme_title", length=200, hint="vigilance.theme_title_hint")
    pattern = text("vigilance.pattern", hint="vigilance.pattern_hint", required=True)
    suggestion = text("vigilance.suggestion", rows=3)
    told_on = day("vigilance.told_on")
    is_collective = BooleanField("vigilance.is_collective")

    def offer(self) -> Self:
        """Fill in the themes."""
        self.theme.choices = _themes(self.language)
        return self

    def fields(self) -> ThemeFields:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        names = ("theme", "title", "pattern", "suggestion", "told_on", "is_collective")
        return ThemeFields(**{name: values[name] for name in names})


class ReplyForm(ShownForm):
    """What those who decide answered."""

    answer = text("vigilance.answer", hint="vigilance.answer_hint", required=True)
    answered_on = day("vigilance.answered_on")
