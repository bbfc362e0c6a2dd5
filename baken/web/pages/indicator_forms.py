"""Forms of indicators: a series, one figure, a file, and what absence is assumed to cost."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final, Self

from wtforms import DateField, FileField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.indicators.costs import Assumptions
from baken.actionplan.indicators.heads import whole_of
from baken.actionplan.indicators.importing.columns import Content
from baken.actionplan.indicators.kinds import KINDS, PeriodKind, SeriesKind
from baken.actionplan.indicators.models import IndicatorSeries, IndicatorValue
from baken.actionplan.indicators.periods import span_of
from baken.actionplan.indicators.rules import Figure, SeriesFields
from baken.actionplan.indicators.types import Better
from baken.organisation.structure.trees import load_tree
from baken.storage.session import Session
from baken.web.body import Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import FileChosen, HintSays, WholeField, day, line, option
from baken.web.pages.plan_forms import PlanForm, as_id, figure, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

_PERIODS: Final = [option(one.value, f"series.period_{one}") for one in PeriodKind]
_NUMERIC: Final = {"inputmode": "numeric", "min": 0}


class SeriesForm(PlanForm):
    """What is followed, where it comes from, and what is wanted."""

    kind = SelectField(
        "series.kind",
        [InputRequired()],
        choices=[option(key, f"series.kind_{key}") for key in KINDS],
    )
    name = line("series.name", length=120, hint="series.name_hint")
    definition = text(
        "series.definition", hint="series.definition_hint", rows=3, more=(HintSays(),)
    )
    source = line("series.source", length=300, hint="series.source_hint")
    period = RadioField("series.period", [InputRequired()], choices=_PERIODS)
    better = RadioField(
        "series.better",
        [InputRequired()],
        choices=[option(one.value, f"series.better_{one}") for one in Better],
    )
    target = figure("series.target", hint="series.target_hint")
    target_on = DateField("series.target_on", [Optional()])

    @property
    def fields_(self) -> SeriesFields:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return SeriesFields(
            kind=values["kind"],
            name=values["name"],
            period=PeriodKind(values["period"]),
            better=Better(values["better"]),
            definition=values["definition"] or "",
            source=values["source"],
            target=values["target"],
            target_on=values["target_on"],
        )


def series_form(row: IndicatorSeries | None, language: str) -> SeriesForm:
    """The form of a series as it stands, or an empty one."""
    if row is None:
        values: dict[str, Any] = {"period": PeriodKind.QUARTER.value, "better": "lower"}
        return SeriesForm.blank(language, values)
    values = {name: getattr(row, name) for name in SeriesFields.__dataclass_fields__}
    values |= {"period": row.period.value, "better": row.better.value, "version": row.version}
    return SeriesForm.blank(language, values)


class ValueForm(PlanForm):
    """One figure: the period is the one in which the day lies."""

    unit_id = SelectField("series.unit", [Optional()], default="")
    on = day("series.on", hint="series.on_hint")
    numerator = figure("series.count")
    denominator = figure("series.second")
    told = figure("series.told", hint="series.told_hint")
    people = WholeField(
        "series.people", [Optional()], description="series.people_hint", render_kw=_NUMERIC
    )
    reason = text("series.why", hint="series.why_hint", rows=2, more=(HintSays(),))

    def offer(self, session: Session, kind: SeriesKind, *, today: date) -> Self:
        """Fill in units, and name the numbers as the kind calls them."""
        unit: Any = self.unit_id
        whole = catalogue(self.language)("series.whole")
        top = str(whole_of(load_tree(session), today))
        choices = unit_choices(session, whole, today=today)
        unit.choices = [one for one in choices if one.value != top]
        if kind.is_fraction:
            self.numerator.label.text = f"series.first_{kind.key}"
            self.denominator.label.text = f"series.second_{kind.key}"
        return self

    def figure_of(self, period: PeriodKind) -> Figure:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return Figure(
            unit_id=as_id(values["unit_id"]),
            span=span_of(period, values["on"]),
            numerator=values["numerator"],
            denominator=values["denominator"],
            told=values["told"],
            people=values["people"],
        )


def value_form(row: IndicatorValue | None, language: str) -> ValueForm:
    """The form of a figure as it stands, or an empty one."""
    if row is None:
        return ValueForm.blank(language)
    told = row.figure if row.numerator is None else None
    return ValueForm.blank(
        language,
        {
            "version": row.version,
            "unit_id": str(row.unit_id or ""),
            "on": row.from_on,
            "numerator": row.numerator,
            "denominator": row.denominator,
            "told": told,
            "people": row.people,
        },
    )


class ImportForm(BackOfficeForm):
    """A file, what it holds, and which days it tells everything about."""

    content = RadioField(
        "series.content",
        [InputRequired()],
        choices=[option(one.value, f"series.content_{one}") for one in Content],
    )
    file = FileField("series.file", [FileChosen()], description="series.file_hint")
    period = RadioField("series.period", [Optional()], choices=_PERIODS)
    first = DateField("series.first", [Optional()], description="series.first_hint")
    last = DateField("series.last", [Optional()])
    chosen: Upload | None = None

    @classmethod
    def empty(cls, language: str, today: date) -> Self:
        """The form before anybody typed: last year, by month."""
        year = span_of(PeriodKind.YEAR, today.replace(year=today.year - 1, day=1))
        return cls.blank(
            language,
            {
                "content": Content.FIGURES.value,
                "period": PeriodKind.MONTH.value,
                "first": year.from_on,
                "last": year.until_on,
            },
        )


class CostForm(BackOfficeForm):
    """Assumptions; the address carries them, nothing is kept."""

    yearly_cost = figure("series.yearly_cost", hint="series.yearly_cost_hint", required=True)
    paid_share = figure("series.paid_share", required=True, is_share=True)
    replaced_share = figure("series.replaced_share", required=True, is_share=True)
    replacing_cost = figure("series.replacing_cost", required=True, is_share=True)
    leaving_cost = figure(
        "series.leaving_cost", hint="series.leaving_cost_hint", required=True, is_share=True
    )

    @property
    def assumptions(self) -> Assumptions:
        return Assumptions(**{one.name: self[one.name].data for one in fields(Assumptions)})


def cost_values() -> Mapping[str, float]:
    """What the form shows before anybody typed."""
    return {one.name: getattr(Assumptions(), one.name) for one in fields(Assumptions)}
