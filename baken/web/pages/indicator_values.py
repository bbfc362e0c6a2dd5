"""Figures by hand, for those who bring them."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.indicators import actions
from baken.actionplan.indicators.queries import (
    entered_points,
    get_series,
    get_value,
    kind_of,
    list_corrections,
)
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.indicator_forms import ValueForm, value_form
from baken.web.pages.indicator_views import correction_rows, point_rows, unit_names
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

VALUES: Final = "actionplan/indicator_values.html"
VALUE: Final = "actionplan/indicator_value.html"
EDITING: Final = {"action": Action.EDIT_INDICATORS}


class IndicatorValues(Controller):
    """What was typed, and its corrections."""

    path = "/o/{organisation_id:uuid}/indicators/{series_id:uuid}/values"

    @get("/", opt=EDITING, sync_to_thread=True)
    def values_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_series(session, series_id)
        form = value_form(None, language).offer(session, kind_of(row), today=today)
        context = _context(session, row, actor, language)
        return page(request, VALUES, form=form, meanwhile=(), **context)

    @post("/", opt=EDITING, sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_series(session, series_id)
        sent = ValueForm.read(form, language).offer(session, kind_of(row), today=today)
        context = _context(session, row, actor, language)

        def write() -> str:
            figure = sent.figure_of(row.period)
            actions.enter_value(session, series_id, figure, by=actor, today=today)
            return frame_of(request).url(f"/indicators/{series_id}/values")

        return save(request, session, VALUES, sent, write, said="series.done_entered", **context)

    @get("/{value_id:uuid}", opt=EDITING, sync_to_thread=True)
    def value_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
        value_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_series(session, series_id)
        form = value_form(get_value(session, value_id), language)
        form.offer(session, kind_of(row), today=today)
        return page(request, VALUE, form=form, meanwhile=(), value_id=value_id, **_named(row))

    @post("/{value_id:uuid}", opt=EDITING, sync_to_thread=True)
    def change(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        series_id: FromPath[UUID],
        value_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_series(session, series_id)
        period, context = row.period, _named(row)
        sent = ValueForm.read(form, language).offer(session, kind_of(row), today=today)

        def write() -> str:
            how: dict[str, Any] = {"seen": sent.seen, "by": actor, "today": today}
            how["reason"] = sent.reason.data or ""
            if form.get("remove") == "y":
                actions.remove_value(session, value_id, **how)
            else:
                actions.change_value(session, value_id, sent.figure_of(period), **how)
            return frame_of(request).url(f"/indicators/{series_id}/values")

        def standing() -> ValueForm:
            now = value_form(get_value(session, value_id), language)
            return now.offer(session, kind_of(get_series(session, series_id)), today=today)

        return save(
            request,
            session,
            VALUE,
            sent,
            write,
            said="series.done_value",
            standing=standing,
            value_id=value_id,
            **context,
        )


def _named(row: Any) -> dict[str, Any]:
    """What pages of figures say about their series."""
    kind = kind_of(row)
    return {
        "series_id": row.id,
        "series_version": row.version,
        "name": row.name,
        "period": str(row.period),
        "is_fraction": kind.is_fraction,
    }


def _context(session: Session, row: Any, actor: Actor, language: str) -> dict[str, Any]:
    points = entered_points(session, row, by=actor)
    rows = point_rows(row, points, unit_names(session), catalogue(language))
    corrections = list_corrections(session, row, by=actor)
    return {
        **_named(row),
        "rows": rows,
        "corrections": correction_rows(session, row, corrections, catalogue(language)),
    }
