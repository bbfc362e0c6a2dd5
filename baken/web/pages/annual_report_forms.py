"""The forms of an annual report; those of its sections are made from the form as data."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, FormField, HiddenField, RadioField, TextAreaField
from wtforms import Form as WTForm
from wtforms.validators import InputRequired, Length

from baken.actionplan.annualreport.answers import Answer, Entered, filled_rows, same
from baken.actionplan.annualreport.applying import is_empty
from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.annualreport.form import Column, ColumnKind, Field, Kind
from baken.actionplan.annualreport.rules import FIRST_YEAR, LONGEST_REASON, MAX_ROWS
from baken.actionplan.indicators.yearly import FormType
from baken.web.pages import fields
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import FigureField, PlanForm, day, line, text

LINE: Final = 400
LARGEST: Final = 1e12
SPARE_ROWS: Final = 5
WHY: Final = "why_"
YES, NO, OPEN = "yes", "no", ""


class ShapeForm(PlanForm):
    """How the internal service is made: the form follows from it."""

    service = RadioField(
        "reports.service",
        [InputRequired()],
        choices=[option(one.value, f"reports.service_{one}") for one in Sharing],
        default=Sharing.ONE_EMPLOYER,
    )
    has_sections = BooleanField("reports.has_sections", description="reports.has_sections_hint")

    def shape(self) -> Shape:
        return Shape(Sharing(self.service.data), bool(self.has_sections.data))


class NewReportForm(ShapeForm):
    """A new report."""

    year = fields.whole("reports.year", low=FIRST_YEAR, high=2199, hint="reports.year_hint")


class CorrectForm(PlanForm):
    """Why there is a new edition."""

    reason = text("reports.reason", hint="reports.reason_hint", required=True)


class DaysForm(PlanForm):
    """When the committee got its copies, and when it meets."""

    copies_on = day("reports.copies_on", required=False)
    meeting_on = day("reports.meeting_on", hint="reports.meeting_on_hint", required=False)


class NoticeForm(PlanForm):
    """Something that became known after the signatures."""

    text = text("reports.notice", hint="reports.notice_hint", required=True)


def section_form(asked: Sequence[Field], form: FormType, language: str) -> type[PlanForm]:
    """Make the form of a section: a control for each field, and room for a reason beside it."""
    controls: dict[str, Any] = {}
    for one in asked:
        controls[one.key] = _control(one, form, language)
        if one.is_given:
            reason = line("reports.why", length=LONGEST_REASON, required=False)
            controls[WHY + one.key] = reason
    made: type[PlanForm] = type("SectionForm", (PlanForm,), controls)
    return made


def shown_values(answers: Mapping[str, Answer], asked: Iterable[Field]) -> dict[str, Any]:
    """Return what the controls show: the values that count, and the reasons."""
    values: dict[str, Any] = {}
    for one in asked:
        answer = answers[one.key]
        values[one.key] = _shown(one, answer.value)
        values[WHY + one.key] = answer.entered.reason if answer.entered else ""
    return values


def entered_in(
    sent: PlanForm, asked: Iterable[Field], answers: Mapping[str, Answer]
) -> dict[str, Entered | None]:
    """Return what was filled in; None for a field that stays as Baken knows it, or is empty."""
    found: dict[str, Entered | None] = {}
    for one in asked:
        value = _read(one, sent[one.key].data)
        given = answers[one.key].given
        reason = str(sent[WHY + one.key].data or "") if one.is_given else ""
        follows = given is not None and same(one, value, given.value)
        found[one.key] = None if follows or is_empty(value) else Entered(value, reason)
    return found


def add_spare_rows(form: PlanForm, asked: Iterable[Field]) -> None:
    """Leave room to write more rows in tables that grow."""
    for one in asked:
        if not one.columns or one.rows:
            continue
        rows: Any = form[one.key]
        full = sum(any(not is_empty(cell) for cell in row.values()) for row in rows.data)
        for _ in range(SPARE_ROWS - (len(rows.entries) - full)):
            if len(rows.entries) < MAX_ROWS:
                rows.append_entry()


def _control(one: Field, form: FormType, language: str) -> Any:
    label = one.label[language]
    if one.columns:
        inner = FormField(_row_form(one, form, language))
        return fields.Rows(inner, label, max_entries=MAX_ROWS)
    if one.kind is Kind.YES_NO:
        answers = ((YES, "reports.yes"), (NO, "reports.no"), (OPEN, "reports.open"))
        return _radio(label, answers)
    if one.kind is Kind.CHOICE:
        choices = [(each.key, each.label[language]) for each in one.choices]
        return _radio(label, (*choices, (OPEN, "reports.open")))
    if one.kind in _WRITTEN:
        return _WRITTEN[one.kind](label)
    return _figure(label, is_whole=one.kind is Kind.NUMBER)


_WRITTEN: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.DAY: lambda label: day(label, required=False),
    Kind.TEXT: text,
    Kind.LINE: lambda label: line(label, length=LINE, required=False),
}


def _radio(label: str, choices: Iterable[tuple[str, str]]) -> Any:
    return RadioField(label, choices=[option(value, words) for value, words in choices], default="")


def _figure(label: str, *, is_whole: bool) -> Any:
    check = _whole if is_whole else _counted
    return FigureField(label, [check], render_kw={"inputmode": "decimal"})


def _row_form(one: Field, form: FormType, language: str) -> type[WTForm]:
    controls: dict[str, Any] = {"what": HiddenField()} if one.rows else {}
    for column in one.columns_of(form):
        if column.is_typed:
            controls[column.key] = _cell(column, language)
    made: type[WTForm] = type("RowForm", (WTForm,), controls)
    return made


def _cell(column: Column, language: str) -> Any:
    label = column.label[language]
    if column.kind is ColumnKind.LINE:  # a control that grows, so that nothing is cut off
        return TextAreaField(label, [Length(max=LINE)])
    if column.kind is ColumnKind.DAY:
        return day(label, required=False)
    return _figure(label, is_whole=column.kind is ColumnKind.NUMBER)


def _counted(_form: Any, control: Any) -> None:
    value = control.data
    if value is not None and not (math.isfinite(value) and 0 <= value <= LARGEST):
        raise fields.Refused("reports.no_figure")


def _whole(form: Any, control: Any) -> None:
    _counted(form, control)
    if control.data is not None and control.data != int(control.data):
        raise fields.Refused("reports.not_whole")


def _shown(one: Field, value: Any) -> Any:
    if one.columns:
        rows = filled_rows(one, value or []) if value or one.rows else []
        return [_shown_days(one, row) for row in rows]
    if one.kind is Kind.YES_NO:
        return {True: YES, False: NO}.get(value, OPEN)
    if one.kind is Kind.CHOICE:
        return value or OPEN
    if one.kind is Kind.DAY:
        return date.fromisoformat(value) if value else None
    return value


def _shown_days(one: Field, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its days as days; what was typed before they were days is typed anew."""
    days = {column.key for column in one.columns if column.kind is ColumnKind.DAY}
    return {key: _day_of(cell) if key in days else cell for key, cell in row.items()}


def _day_of(cell: Any) -> date | None:
    try:
        return date.fromisoformat(cell)
    except (TypeError, ValueError):
        return None


def _read(one: Field, data: Any) -> Any:
    """A value as it is kept: plain JSON."""
    if one.columns:
        rows = filled_rows(
            one, [{key: _kept_cell(cell) for key, cell in row.items()} for row in data]
        )
        beside = {"what"} if one.rows else set[str]()  # what a row of the form is about
        has_any = any(not is_empty(row[key]) for row in rows for key in row.keys() - beside)
        return rows if has_any else []
    if one.kind is Kind.YES_NO:
        return {YES: True, NO: False}.get(data)
    if one.kind is Kind.DAY:
        return data.isoformat() if data else None
    return _kept(data) if data is not None else ""


def _kept(value: Any) -> Any:
    """A cell as it is kept: a whole number without a fraction, as people count, a day as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value if not isinstance(value, str) else value.strip()


def _kept_cell(value: Any) -> Any:
    """A cell is one line, however it was typed."""
    return " ".join(value.split()) if isinstance(value, str) else _kept(value)
