"""The knipperlichten: which units come first, the history of a unit, and the sheets as a file."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.instruments.screening import Colour
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.storage.workbooks import Sheet, write_csv, write_rows
from baken.survey.screening.queries import (
    list_agreed,
    list_drafts,
    list_former,
    list_history,
    list_priorities,
)
from baken.survey.screening.wording import current_wording
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.screening_files import light_rows, sheet_rows
from baken.web.pages.screening_readings import list_asked
from baken.web.pages.screening_views import SheetRow, words_of
from baken.web.texts import catalogue

_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ScreeningPages(Controller):
    """What the lights of all units say."""

    path = "/o/{organisation_id:uuid}/screenings"

    @get("/", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        first = list_priorities(session, on=today)
        wording = current_wording(session)
        return page(
            request,
            "survey/screenings.html",
            rows=tuple(map(SheetRow.of, first)),
            drafts=tuple(map(SheetRow.of, list_drafts(session))),
            former=tuple(map(SheetRow.of, list_former(session, on=today))),
            n_attention=sum(one.result.colour > Colour.GREEN for one in first),
            note=words_of(wording, language).screening_note,
            asked=list_asked(session, by=actor) if may(actor, Action.COMPARE_SCREENINGS) else (),
        )

    @get("/units/{unit_id:uuid}", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def history(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        unit = session.get(Unit, unit_id)
        if unit is None:
            raise NotFoundException
        rows = tuple(map(SheetRow.of, list_history(session, unit_id)))
        drafts = tuple(
            SheetRow.of(one) for one in list_drafts(session) if one.sheet.unit_id == unit_id
        )
        has_ended = unit.until_on is not None and unit.until_on < today
        return page(
            request,
            "survey/screening_unit.html",
            unit=unit.name,
            rows=rows,
            drafts=drafts,
            ended_on=unit.until_on if has_ended else None,
        )

    @get("/export.csv", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def as_csv(
        self, session: NamedDependency[Session], language: NamedDependency[str]
    ) -> Response[bytes]:
        texts = catalogue(language)
        content = write_csv(light_rows(list_agreed(session), texts), delimiter=";")
        return _download(content, f"{texts('screening.file_name')}.csv", "text/csv; charset=utf-8")

    @get("/export.xlsx", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def as_workbook(
        self,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[bytes]:
        texts = catalogue(language)
        first = list_priorities(session, on=today)
        sheets = (
            Sheet(texts("screening.priorities"), sheet_rows(first, texts)),
            Sheet(texts("screening.lights"), light_rows(list_agreed(session), texts)),
        )
        return _download(write_rows(sheets), f"{texts('screening.file_name')}.xlsx", _WORKBOOK)


def _download(content: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
