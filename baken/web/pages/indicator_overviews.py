"""Absence of a year, unit by unit, and what absence and turnover cost."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.errors import Invalid
from baken.actionplan.indicators import costs
from baken.actionplan.indicators.kinds import ABSENCE
from baken.actionplan.indicators.overview import (
    AbsenceLine,
    absence_overview,
    totals_by_kind,
    whole_year,
)
from baken.actionplan.indicators.shown import LEAST_PEOPLE
from baken.actionplan.indicators.totals import Total
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import UnitRow, list_units
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.indicator_forms import CostForm, cost_values
from baken.web.pages.indicator_views import said_figure
from baken.web.pages.reply import PageRequest, page
from baken.web.texts import Catalogue, catalogue

ABSENCE_PAGE: Final = "actionplan/absence.html"
COSTS: Final = "actionplan/indicator_costs.html"
SEEING: Final = {"action": Action.SEE_INDICATORS}
YEARS: Final = 3


class IndicatorOverviews(Controller):
    """Several indicators on one page."""

    path = "/o/{organisation_id:uuid}/indicators"

    @get("/absence", opt=SEEING, sync_to_thread=True)
    def absence_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        texts = catalogue(language)
        year = _year(request.query_params.get("year"), today)
        lines = absence_overview(session, year, by=actor)
        before = [
            (one, absence_overview(session, one, by=actor)) for one in range(year - 1, year - 3, -1)
        ]
        by_unit = {line.unit_id: line for line in lines}
        return page(
            request,
            ABSENCE_PAGE,
            year=year,
            years=tuple(range(today.year - 1, today.year - 1 - YEARS, -1)),
            heads=tuple(texts(f"series.head_{kind}") for kind in ABSENCE),
            whole=tuple(
                (str(one), _words(found[0], texts))
                for one, found in ((year, lines), *before)
                if found and found[0].unit_id is None
            ),
            units=tuple(
                (unit.name, depth, _words(by_unit[unit.id], texts))
                for unit, depth in nested(list_units(session, on=today), by_unit)
            ),
            least=LEAST_PEOPLE,
        )

    @get("/costs", opt=SEEING, sync_to_thread=True)
    def costs_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        year = _year(request.query_params.get("year"), today)
        asked = Form({name: (value,) for name, value in request.query_params.items()})
        names = {*cost_values()}
        is_asked = bool(names & {*request.query_params})
        form = CostForm.blank(language, cost_values())
        if is_asked:
            form = CostForm.read(asked, language)
        assumptions = costs.Assumptions()
        if is_asked and form.validate():
            try:
                costs.check(form.assumptions)
                assumptions = form.assumptions
            except Invalid as error:
                form.refuse(error)
        totals = totals_by_kind(session, whole_year(year))
        found = costs.costs_of(_sum(totals, "absence_rate"), _sum(totals, "turnover"), assumptions)
        return page(
            request,
            COSTS,
            status=422 if form.problems else 200,
            form=form,
            year=year,
            years=tuple(range(today.year - 1, today.year - 1 - YEARS, -1)),
            costs=None if form.problems else found,
            days=_sum(totals, "absence_rate"),
            leavers=_sum(totals, "turnover"),
            assumptions=assumptions,
        )


def _sum(totals: Mapping[str, Mapping[UUID | None, Total]], kind: str) -> float | None:
    """The first sum of the whole organisation over a year that is complete."""
    total = totals.get(kind, {}).get(None)
    return total.numerator if total is not None and total.covers else None


def nested(
    units: Iterable[UnitRow], shown: Container[UUID | None]
) -> Iterator[tuple[UnitRow, int]]:
    """Each unit that is shown, and how many of those above it are: no name hangs from nothing."""
    above: list[UnitRow] = []
    for unit in units:
        while above and above[-1].depth >= unit.depth:
            above.pop()
        if unit.id in shown:
            yield unit, sum(one.id in shown for one in above)
        above.append(unit)


def _words(line: AbsenceLine, texts: Catalogue) -> tuple[str, ...]:
    return tuple(
        said_figure(figure, kind, texts) for kind, figure in zip(ABSENCE, line.figures, strict=True)
    )


def _year(text: str | None, today: date) -> int:
    if text and text.isascii() and text.isdecimal() and len(text) == 4:
        return min(max(int(text), 2000), today.year)
    return today.year - 1
