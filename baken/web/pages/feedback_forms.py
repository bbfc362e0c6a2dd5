"""The form of a page of "you said, we did", and what stands in a new one."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final, Self

from wtforms import Form as WTForm
from wtforms import FormField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans.feedback.models import FeedbackPage
from baken.actionplan.plans.feedback.rules import FeedbackFields, Line, Standing
from baken.actionplan.wording import TEXT_LENGTH, TITLE_LENGTH
from baken.storage.session import Session
from baken.web.pages.fields import Rows, option
from baken.web.pages.plan_forms import (
    MAX_ROWS,
    PlanForm,
    WrittenField,
    add_spare_rows,
    as_id,
    line,
    text,
)
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import LANGUAGES, NAMES, catalogue

_STANDING: Final[Mapping[MeasureStatus, Standing]] = {
    MeasureStatus.DONE: Standing.DONE,
    MeasureStatus.RUNNING: Standing.RUNNING,
    MeasureStatus.STOPPED: Standing.NOT_DONE,
}
_NO_NEWS: Final = {MeasureStatus.PLANNED, MeasureStatus.CARRIED}


class LineForm(WTForm):
    """What was said, what was done, and how far that is."""

    said = WrittenField("feedback.said", [Optional(), Length(max=TEXT_LENGTH)])
    did = WrittenField("feedback.did", [Optional(), Length(max=TEXT_LENGTH)])
    standing = SelectField(
        "feedback.standing",
        [Optional()],
        choices=[option(each.value, f"feedback.standing_{each}") for each in Standing],
        default=Standing.PLANNED.value,
    )


class FeedbackForm(PlanForm):
    """A page, line by line."""

    title = line("feedback.name", length=TITLE_LENGTH, hint="feedback.name_hint")
    language_of = SelectField("feedback.language", [InputRequired()])
    unit_id = SelectField("feedback.unit", default="")
    intro = text("feedback.intro", hint="feedback.intro_hint", rows=3)
    lines = Rows(FormField(LineForm), "feedback.lines", max_entries=MAX_ROWS)

    @classmethod
    def of(cls, row: FeedbackPage, language: str) -> Self:
        values = {
            "title": row.title,
            "language_of": row.language,
            "unit_id": str(row.unit_id or ""),
            "intro": row.intro,
            "lines": row.lines,
            "version": row.version,
        }
        return cls.blank(language, values)

    def offer(self, session: Session, *, today: date) -> Self:
        """Fill in what can be chosen, and leave room for more lines."""
        t = catalogue(self.language)
        self.language_of.choices = [option(code, NAMES[code]) for code in LANGUAGES]
        self.unit_id.choices = unit_choices(session, t("findings.whole"), today=today)
        add_spare_rows(self.lines)
        return self

    def fields(self, *, offered: Collection[str] = ()) -> FeedbackFields:
        """What was written; a measure that stood there and got no word beside it stays away."""
        return FeedbackFields(
            title=self.title.data,
            language=self.language_of.data,
            unit_id=as_id(self.unit_id.data),
            intro=self.intro.data or "",
            lines=tuple(
                Line(row["said"] or "", row["did"] or "", Standing(row["standing"]))
                for row in self.lines.data
                if row["said"] or (row["did"] and row["did"] not in offered)
            ),
        )


def suggested_lines(session: Session) -> list[dict[str, Any]]:
    """What was done, measure by measure; what was said is for people to write.

    A measure that nobody decided on is no news: the committee may still have to advise on it.
    """
    told = [one for one in list_measures(session) if one.status not in _NO_NEWS]
    return [
        {
            "said": "",
            "did": one.title,
            "standing": _STANDING.get(MeasureStatus(one.status), Standing.PLANNED).value,
        }
        for one in told[-20:]
    ]
