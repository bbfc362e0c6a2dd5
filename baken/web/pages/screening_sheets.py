"""One screening sheet: begun, filled in, agreed on, and corrected by a new edition."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.survey.screening import actions, queries
from baken.survey.screening.errors import CannotAgree
from baken.survey.screening.marks import read_marks
from baken.survey.screening.models import ScreeningSheet
from baken.survey.screening.rules import agreement_obstacles, check_is_draft
from baken.web.body import Form
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import as_id, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.screening_forms import SheetForm, StartForm, keep
from baken.web.pages.screening_views import SheetRow, sheet_view
from baken.web.texts import catalogue

NEW: Final = "survey/screening_new.html"
EDIT: Final = "survey/screening_edit.html"


class ScreeningSheetPages(Controller):
    """The sheet of a unit about a period."""

    path = "/o/{organisation_id:uuid}/screenings"

    @get("/new", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        last_year = date(today.year - 1, 1, 1), date(today.year, 1, 1) - timedelta(days=1)
        asked = as_id(request.query_params.get("unit"))
        values = {"from_on": last_year[0], "until_on": last_year[1], "unit_id": str(asked or "")}
        form = _offered(StartForm.blank(language, values), session, today)
        return page(request, NEW, form=form.with_room())

    @post("/new", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def start(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = _offered(StartForm.read(form, language), session, today).with_room()

        def write() -> str:
            sheet = actions.start_sheet(session, sent.unit, sent.fields(), by=actor, today=today)
            return frame_of(request).url(f"/screenings/{sheet.id}/lights")

        return keep(
            request, session, NEW, sent, write, standing=lambda: 0, said="screening.done_started"
        )

    @get("/{sheet_id:uuid}", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def sheet_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        sheet = queries.get_sheet(session, sheet_id)
        texts = catalogue(language)
        found = queries.read_sheet(session, sheet)
        view = sheet_view(found, texts)
        missing = agreement_obstacles(
            found.wording.screening, read_marks(sheet.marks), sheet.fields
        )
        editions = [
            one for one in queries.list_of_unit(session, sheet.unit_id)
            if one.period == sheet.period
        ]  # fmt: skip
        return page(
            request,
            "survey/screening.html",
            view=view,
            row=view.row,
            refusals=[texts.refusal(error) for error in missing],
            next_step=next(map(_page_of, missing), "agree"),
            newer=next((one.id for one in editions if one.edition > sheet.edition), None),
            older=next((one.id for one in editions if one.edition == sheet.edition - 1), None),
        )

    @get("/{sheet_id:uuid}/edit", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        sheet = queries.get_sheet(session, sheet_id)
        check_is_draft(sheet.state)
        form = SheetForm.of(sheet.fields, sheet.version, language)
        return page(request, EDIT, form=form, row=_row(session, sheet))

    @post("/{sheet_id:uuid}/edit", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        row = _row(session, queries.get_sheet(session, sheet_id))
        sent = SheetForm.read(form, language).with_room()
        is_moved = (sent.from_on.data, sent.until_on.data) != (row.from_on, row.until_on)

        def write() -> str:
            actions.edit_sheet(
                session, sheet_id, sent.fields(), seen=sent.seen, by=actor, today=today
            )
            return frame_of(request).url(f"/screenings/{sheet_id}")

        return keep(
            request, session, EDIT, sent, write, standing=lambda: version_of(session, sheet_id),
            said="screening.done_moved" if is_moved else "screening.done_edited", row=row,
        )  # fmt: skip

    @post("/{sheet_id:uuid}/agree", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def agree(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        actions.agree_sheet(session, sheet_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/screenings/{sheet_id}")
        return done(request, see=see, said="screening.done_agreed")

    @post("/{sheet_id:uuid}/revise", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def revise(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        edition = actions.revise_sheet(session, sheet_id, by=actor, today=today)
        see = frame_of(request).url(f"/screenings/{edition.id}")
        return done(request, see=see, said="screening.done_revised")

    @post("/{sheet_id:uuid}/delete", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def delete(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        actions.delete_sheet(session, sheet_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url("/screenings")
        return done(request, see=see, said="screening.done_deleted")


def _offered(form: StartForm, session: Session, today: date) -> StartForm:
    """Fill in which units can be chosen, those below another one indented."""
    form.unit_id.choices = [
        # Nothing is chosen beforehand: a sheet of the wrong unit is easily begun.
        option("", "screening.unit_choose"),
        *(
            option(str(unit.id), f"{'– ' * unit.depth}{unit.name}")
            for unit in list_units(session, on=today)
        ),
    ]
    return form


def _page_of(obstacle: CannotAgree) -> str:
    """The page of the sheet on which an obstacle can be put right."""
    if obstacle.is_about_group:
        return "edit"
    return "figures" if obstacle.is_about_figures else "lights"


def _row(session: Session, sheet: ScreeningSheet) -> SheetRow:
    return SheetRow.of(queries.read_sheet(session, sheet))


def version_of(session: Session, sheet_id: UUID) -> int:
    """The version of a sheet as it stands."""
    return queries.get_sheet(session, sheet_id).version
