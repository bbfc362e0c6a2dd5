"""The form of a note: how a measure goes, and which step it takes."""

from typing import Self

from wtforms import SelectField
from wtforms.validators import Optional

from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import TRANSITIONS, MeasureStatus
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import PlanForm, figure, text
from baken.web.texts import catalogue

# The form of a note has a field of this name.
_prose = text


class NoteForm(PlanForm):
    """How a measure goes."""

    text = text("measures.note_text", hint="measures.note_hint", rows=5)
    status = SelectField("measures.note_status", [Optional()], default="")
    evidence = _prose("board.evidence", hint="board.evidence_hint", rows=2)
    value = figure("measures.note_value", hint="measures.note_value_hint")

    def offer(self, measure: Measure, *, may_decide: bool) -> Self:
        """The steps that are possible from here; those that decide only for who may decide."""
        texts = catalogue(self.language)
        status = MeasureStatus(measure.status)
        decisions = {MeasureStatus.DECIDED, MeasureStatus.STOPPED}
        is_over = status in {MeasureStatus.DONE, MeasureStatus.STOPPED}
        steps = [
            step
            for step in MeasureStatus
            if step in TRANSITIONS[status] and (may_decide or not (is_over or step in decisions))
        ]
        self.status.choices = [
            option("", texts("measures.status_stays", status=texts(f"measures.status_{status}"))),
            *(option(step.value, f"measures.step_{step}") for step in steps),
        ]
        return self
