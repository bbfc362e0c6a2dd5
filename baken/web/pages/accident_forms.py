"""Forms of accidents: what happened, and the hours worked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators.accidents.figures import Category, Facts, Gravity, Kind
from baken.actionplan.indicators.accidents.lists import lists
from baken.actionplan.indicators.accidents.models import Accident, AccidentHours
from baken.actionplan.indicators.accidents.rules import DEATH_ROW, LOOKS_SAME
from baken.storage.session import Session
from baken.web.numerals import number
from baken.web.pages.fields import HintSays, WholeField, day, line, option, whole
from baken.web.pages.plan_forms import PlanForm, as_id, figure, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue

_NUMERIC: Final = {"inputmode": "numeric"}


class AccidentForm(PlanForm):
    """An accident; no field asks who it happened to."""

    happened_on = day("accidents.happened_on")
    unit_id = SelectField("accidents.unit", [Optional()], default="")
    kind = RadioField(
        "accidents.kind",
        [InputRequired()],
        choices=[option(one.value, f"accidents.kind_{one}") for one in Kind],
        description="accidents.kind_hint",
    )
    gravity = RadioField(
        "accidents.gravity",
        [InputRequired()],
        choices=[option(one.value, f"accidents.gravity_{one}") for one in Gravity],
        description="accidents.gravity_hint",
    )
    days_lost = WholeField(
        "accidents.days_lost",
        [Optional()],
        description="accidents.days_lost_hint",
        render_kw=_NUMERIC,
    )
    is_away = BooleanField("accidents.is_away", description="accidents.is_away_hint")
    percent = figure("accidents.percent", hint="accidents.percent_hint", is_share=True)
    loss = SelectField("accidents.loss", [Optional()], description="accidents.loss_hint")
    category = SelectField("accidents.category", [Optional()])
    n = WholeField("accidents.n", [Optional()], description="accidents.n_hint", render_kw=_NUMERIC)
    reason = text("accidents.reason", hint="accidents.reason_hint", rows=3, more=(HintSays(),))

    is_another = BooleanField("accidents.is_another", description="accidents.is_another_hint")
    asks_another = False

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Show the box that tells two accidents apart once somebody is asked, and keep it."""
        try:
            yield
        except Invalid as error:
            self.asks_another = bool(self.is_another.data) or error.key == LOOKS_SAME
            raise

    def offer(self, session: Session, *, today: date) -> Self:
        """Fill in what there is to choose."""
        texts = catalogue(self.language)
        unit: Any = self.unit_id
        unit.choices = unit_choices(session, texts("accidents.whole"), today=today)
        loss: Any = self.loss
        loss.choices = [
            option("", "accidents.no_loss"),
            *(
                option(str(one.row), f"{one.texts[self.language]} ({_days(one.days, self)})")
                for one in lists().losses.values()
                if one.row != DEATH_ROW
            ),
        ]
        category: Any = self.category
        category.choices = [
            option("", "accidents.no_category"),
            *(option(one.value, f"accidents.category_{one}") for one in Category),
        ]
        return self

    @property
    def facts(self) -> Facts:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return Facts(
            happened_on=values["happened_on"],
            kind=Kind(values["kind"]),
            gravity=Gravity(values["gravity"]),
            unit_id=as_id(values["unit_id"]),
            days_lost=values["days_lost"] or 0,
            is_back=not values["is_away"],
            percent=values["percent"],
            loss=int(values["loss"]) if values["loss"] else None,
            n=values["n"] if values["n"] is not None else 1,
            category=Category(values["category"]) if values["category"] else None,
        )


def values_of(row: Accident) -> dict[str, Any]:
    """What the form of an accident shows of it."""
    return {
        "version": row.version,
        "happened_on": row.happened_on,
        "unit_id": str(row.unit_id or ""),
        "kind": row.kind.value,
        "gravity": row.gravity.value,
        "days_lost": row.days_lost,
        "is_away": not row.is_back,
        "percent": row.percent,
        "loss": str(row.loss or ""),
        "category": row.category.value if row.category else "",
        "n": row.n,
    }


class HoursForm(PlanForm):
    """Hours worked in a year, in one place or in the whole organisation."""

    year = whole("accidents.year", low=2000, high=2199)
    unit_id = SelectField("accidents.hours_unit", [Optional()], default="")
    hours = figure("accidents.hours", hint="accidents.hours_hint", required=True)
    is_estimate = BooleanField("accidents.is_estimate", description="accidents.is_estimate_hint")
    source = line("accidents.source", length=300, required=False)
    blue = figure("accidents.category_blue")
    white = figure("accidents.category_white")
    student = figure("accidents.category_student")
    trainee = figure("accidents.category_trainee")

    def offer(self, session: Session, *, today: date) -> Self:
        """Fill in what there is to choose."""
        unit: Any = self.unit_id
        unit.choices = unit_choices(
            session, catalogue(self.language)("accidents.whole"), today=today
        )
        return self

    @property
    def unit(self) -> UUID | None:
        return as_id(self.unit_id.data)

    @property
    def place(self) -> str:
        """The name of what the hours are of, as it stands in the list."""
        unit: Any = self.unit_id
        names = (one.label for one in unit.choices if one.value == (unit.data or ""))
        return str(next(names, "")).lstrip("– ")

    @property
    def by_category(self) -> Mapping[str, float]:
        """Hours of the kinds of workers that somebody filled in."""
        told = ((one.value, self[one.value].data) for one in Category)
        return {name: hours for name, hours in told if hours is not None}


def values_of_hours(row: AccidentHours) -> dict[str, Any]:
    """What the form of hours shows."""
    return {
        "version": row.version,
        "year": row.year,
        "unit_id": str(row.unit_id or ""),
        "hours": row.hours,
        "is_estimate": row.is_estimate,
        "source": row.source,
        **row.by_category,
    }


def _days(n: int, form: PlanForm) -> str:
    return catalogue(form.language)("accidents.days", n=number(n, form.language))
