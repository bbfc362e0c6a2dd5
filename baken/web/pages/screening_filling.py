"""Filling in a screening sheet: the lights, then the figures beside them."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.screening import actions, queries
from baken.survey.screening.marks import read_marks
from baken.survey.screening.queries import ReadSheet
from baken.survey.screening.rules import check_is_draft
from baken.web.body import Form
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.screening_forms import figures_form, keep, lights_form, values_of_marks
from baken.web.pages.screening_offers import offered_values
from baken.web.pages.screening_sheets import version_of
from baken.web.pages.screening_views import sheet_view, words_of
from baken.web.texts import catalogue

LIGHTS: Final = "survey/screening_lights.html"
FIGURES: Final = "survey/screening_figures.html"
_FORMS: Final[dict[str, Any]] = {LIGHTS: lights_form, FIGURES: figures_form}


class ScreeningFilling(Controller):
    """What the group says of each light, and what its figure is compared with."""

    path = "/o/{organisation_id:uuid}/screenings"

    @get("/{sheet_id:uuid}/lights", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def lights_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        found = _draft(session, sheet_id)
        kind = _form(LIGHTS, found, language)
        values = values_of_marks(read_marks(found.sheet.marks), kind.lights, found.sheet.version)
        offered = offered_values(session, found, values, catalogue(language), by=actor)
        form = kind.blank(language, values | offered)
        view = sheet_view(found, catalogue(language))
        return page(request, LIGHTS, form=form, view=view, has_offers=bool(offered))

    @get("/{sheet_id:uuid}/figures", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def figures_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        return _blank(request, FIGURES, _draft(session, sheet_id), language)

    @post("/{sheet_id:uuid}/lights", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def fill_lights(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        found = _draft(session, sheet_id)
        sent = _form(LIGHTS, found, language).read(form, language)
        return _write(request, session, LIGHTS, found, sent, by=actor)

    @post("/{sheet_id:uuid}/figures", opt={"action": Action.FILL_SCREENING}, sync_to_thread=True)
    def fill_figures(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        sheet_id: FromPath[UUID],
    ) -> Response[str]:
        found = _draft(session, sheet_id)
        sent = _form(FIGURES, found, language).read(form, language)
        return _write(request, session, FIGURES, found, sent, by=actor)


def _draft(session: Session, sheet_id: UUID) -> ReadSheet:
    """The sheet; one that was agreed is not filled in any more."""
    sheet = queries.get_sheet(session, sheet_id)
    check_is_draft(sheet.state)
    return queries.read_sheet(session, sheet)


def _form(template: str, found: ReadSheet, language: str) -> Any:
    """The form of a page, for the lights of this sheet in the reader's language."""
    screening = found.wording.screening
    words = words_of(found.wording, language)
    lights = tuple(words.lights[light.item] for light in screening.lights)
    return _FORMS[template](screening, lights, catalogue(language))


def _blank(request: PageRequest, template: str, found: ReadSheet, language: str) -> Response[str]:
    kind = _form(template, found, language)
    values = values_of_marks(read_marks(found.sheet.marks), kind.lights, found.sheet.version)
    view = sheet_view(found, catalogue(language))
    return page(request, template, form=kind.blank(language, values), view=view)


def _write(
    request: PageRequest, session: Session, template: str, found: ReadSheet, sent: Any, *, by: Actor
) -> Response[str]:
    sheet_id = found.sheet.id
    marks = read_marks(found.sheet.marks)
    view = sheet_view(found, catalogue(sent.language))

    def write() -> str:
        actions.fill_sheet(session, sheet_id, sent.marks(marks), seen=sent.seen, by=by)
        return frame_of(request).url(f"/screenings/{sheet_id}")

    return keep(
        request, session, template, sent, write, standing=lambda: version_of(session, sheet_id),
        said="screening.done_filled", view=view, has_offers=False,
    )  # fmt: skip
