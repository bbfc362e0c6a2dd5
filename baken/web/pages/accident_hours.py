"""Hours worked in a year, in one place or in the whole organisation."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.actionplan.indicators.accidents import actions
from baken.actionplan.indicators.accidents.queries import list_hours
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.accident_forms import HoursForm, values_of_hours
from baken.web.pages.accident_views import year_of
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.reply import PageRequest, frame_of, page

FORM: Final = "actionplan/accident_hours.html"
EDITING: Final = {"action": Action.EDIT_ACCIDENTS}


class AccidentHoursPages(Controller):
    """The hours that accidents are laid beside."""

    path = "/o/{organisation_id:uuid}/accidents/hours"

    @get("/", opt=EDITING, sync_to_thread=True)
    def hours_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        year = year_of(request.query_params.get("year"), [], today)
        unit_id = as_id(request.query_params.get("unit_id"))
        form = _hours_form(session, year, unit_id, language, today=today)
        return page(request, FORM, form=form, year=year, place=form.place, meanwhile=())

    @post("/", opt=EDITING, sync_to_thread=True)
    def enter_hours(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = HoursForm.read(form, language).offer(session, today=today)
        year = sent.year.data or today.year

        def write() -> str:
            actions.enter_hours(
                session,
                year,
                sent.unit,
                sent.hours.data,
                is_estimate=bool(sent.is_estimate.data),
                source=sent.source.data or "",
                by_category=sent.by_category,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return frame_of(request).url(f"/accidents?year={year}")

        return save(
            request,
            session,
            FORM,
            sent,
            write,
            said="accidents.done_hours",
            standing=lambda: _hours_form(session, year, sent.unit, language, today=today),
            year=year,
            place=sent.place,
        )


def _hours_form(
    session: Session, year: int, unit_id: UUID | None, language: str, *, today: date
) -> HoursForm:
    rows = [row for row in list_hours(session, year) if row.unit_id == unit_id]
    values: dict[str, Any] = {"year": year, "unit_id": str(unit_id or "")}
    if rows:
        values = values_of_hours(rows[0])
    return HoursForm.blank(language, values).offer(session, today=today)
