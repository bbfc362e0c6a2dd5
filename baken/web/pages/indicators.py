"""Indicators: what is followed, and its chart with the table beside it."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.indicators import actions
from baken.actionplan.indicators.kinds import LEAST_COUNT
from baken.actionplan.indicators.queries import (
    get_series,
    kind_of,
    list_series,
    shown_points,
)
from baken.actionplan.indicators.shown import LEAST_PEOPLE
from baken.actionplan.register.counts import LEAST, YearCounts, shown_counts
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.indicator_forms import SeriesForm, series_form
from baken.web.pages.indicator_views import (
    chart_of,
    latest_of_units,
    point_rows,
    series_row,
    unit_names,
)
from baken.web.pages.plan_forms import as_id, save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

LIST: Final = "actionplan/indicators.html"
SERIES: Final = "actionplan/indicator.html"
FORM: Final = "actionplan/indicator_form.html"
SEEING: Final = {"action": Action.SEE_INDICATORS}
EDITING: Final = {"action": Action.EDIT_INDICATORS}


class IndicatorPages(Controller):
    """What the organisation counts beside its surveys."""

    path = "/o/{organisation_id:uuid}/indicators"

    @get("/", opt=SEEING, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        texts, series = catalogue(language), list_series(session)
        points = shown_points(session, series, by=actor)
        counts: tuple[YearCounts, ...] = ()
        if may(actor, Action.SEE_REGISTER_COUNTS):
            counts = shown_counts(session, by=actor, today=today)
        return page(
            request,
            LIST,
            rows=tuple(
                series_row(row, points[row.id], texts, by=texts(f"series.kind_{row.kind}"))
                for row in series
            ),
            counts=tuple((one.year, one.total) for one in counts),
            least=LEAST,
        )

    @get("/new", opt=EDITING, sync_to_thread=True)
    def new_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return page(request, FORM, form=series_form(None, language), series_id=None, meanwhile=())

    @post("/new", opt=EDITING, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = SeriesForm.read(form, language)

        def write() -> str:
            row = actions.add_series(session, sent.fields_, by=actor)
            return frame_of(request).url(f"/indicators/{row.id}/values")

        return save(request, session, FORM, sent, write, said="series.done_added", series_id=None)

    @get("/{series_id:uuid}", opt=SEEING, sync_to_thread=True)
    def series_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        texts, row = catalogue(language), get_series(session, series_id)
        points = shown_points(session, [row], by=actor)[row.id]
        names = unit_names(session)
        unit_id = as_id(request.query_params.get("unit"))
        chosen = [one for one in points if one.unit_id == unit_id]
        unit = names.get(unit_id, "") if unit_id else texts("series.whole")
        view = series_row(row, points, texts, by=texts(f"series.kind_{row.kind}"))
        return page(
            request,
            SERIES,
            series=view,
            unit=unit,
            chart_=chart_of(row, chosen, unit, texts),
            units=point_rows(row, latest_of_units(points), names, texts),
            least_people=LEAST_PEOPLE,
            least_count=LEAST_COUNT,
            counts_people=kind_of(row).counts_people,
        )

    @get("/{series_id:uuid}/edit", opt=EDITING, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        form = series_form(get_series(session, series_id), language)
        return page(request, FORM, form=form, series_id=series_id, meanwhile=())

    @post("/{series_id:uuid}/edit", opt=EDITING, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        sent = SeriesForm.read(form, language)

        def write() -> str:
            actions.change_series(session, series_id, sent.fields_, seen=sent.seen, by=actor)
            return frame_of(request).url(f"/indicators/{series_id}")

        def standing() -> SeriesForm:
            return series_form(get_series(session, series_id), language)

        return save(
            request,
            session,
            FORM,
            sent,
            write,
            said="series.done_changed",
            standing=standing,
            series_id=series_id,
        )

    @post("/{series_id:uuid}/remove", opt=EDITING, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        actions.remove_series(session, series_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url("/indicators")
        return done(request, see=see, said="series.done_removed")
