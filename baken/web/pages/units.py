"""The units of the organisation: the tree of a day, one unit, and the tree as a file."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action
from baken.organisation.structure.changes import find
from baken.organisation.structure.history import UnitKind
from baken.organisation.structure.trees import load_tree, versions_of
from baken.organisation.unit_files import Wording, units_as_csv, units_as_workbook
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.storage.workbooks import write_csv
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.unit_views import unit_view
from baken.web.texts import catalogue

# Number, kind, number of the unit above, people: an example with made-up units.
_EXAMPLE: Final = (
    ("W", "employer", "", ""),
    ("100", "department", "W", "12"),
    ("110", "team", "100", "24"),
    ("120", "team", "100", "18"),
)
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnitPages(Controller):
    """Who works where."""

    path = "/o/{organisation_id:uuid}/units"

    @get("/", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
    ) -> Response[str]:
        on, is_readable = _asked_day(request.query_params, today)
        rows = tuple(list_units(session, on=on))
        return page(
            request,
            "organisation/units.html",
            rows=rows,
            people=sum(row.headcount or 0 for row in rows),
            n_unknown=sum(row.total is None for row in rows),
            on=on,
            today=today,
            is_readable=is_readable,
        )

    @get("/{unit_id:uuid}", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def unit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        unit_id: FromPath[UUID],
    ) -> Response[str]:
        tree = load_tree(session)
        unit = find(tree, unit_id)
        version = versions_of(session, [unit_id])[unit_id]
        texts = catalogue(language)
        view = unit_view(session, tree, unit, version=version, today=today, texts=texts)
        return page(request, "organisation/unit.html", unit=view, today=today)

    @get("/export.csv", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def export_csv(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[bytes]:
        on, _ = _asked_day(request.query_params, today)
        content = units_as_csv(list_units(session, on=on), _wording(language))
        return _download(content, f"{catalogue(language)('units.file_name')}-{on}.csv", "text/csv")

    @get("/export.xlsx", opt={"action": Action.SEE_ORGANISATION}, sync_to_thread=True)
    def export_workbook(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[bytes]:
        on, _ = _asked_day(request.query_params, today)
        content = units_as_workbook(list_units(session, on=on), _wording(language))
        return _download(content, f"{catalogue(language)('units.file_name')}-{on}.xlsx", _WORKBOOK)

    @get("/example", opt={"action": Action.EDIT_UNITS}, sync_to_thread=True)
    def example(self, language: NamedDependency[str]) -> Response[bytes]:
        name = catalogue(language)("units.example_file")
        return _download(_example(language), name, "text/csv")


def _asked_day(asked: Mapping[str, str], today: date) -> tuple[date, bool]:
    """The day somebody asks for; today, and no, where it is no day."""
    said = asked.get("on", "")
    if not said:
        return today, True
    try:
        return date.fromisoformat(said), True
    except ValueError:
        return today, False


def _wording(language: str) -> Wording:
    texts = catalogue(language)
    return Wording(
        sheet=texts("units.title"),
        columns=texts("units.file_header").split(";"),
        kinds={kind: texts(f"units.kind_{kind}").casefold() for kind in UnitKind},
    )


def _download(content: bytes, name: str, media_type: str) -> Response[bytes]:
    is_text = media_type.startswith("text/")
    return Response(
        content,
        media_type=f"{media_type}; charset=utf-8" if is_text else media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _example(language: str) -> bytes:
    """A file to fill in: header and made-up units in the reader's language."""
    texts = catalogue(language)
    rows = [texts("units.example_header").split(";")]
    names = texts("units.example_names").split(";")
    for (number, kind, parent, people), name in zip(_EXAMPLE, names, strict=True):
        rows.append([number, name, parent, texts(f"units.kind_{kind}").casefold(), people])
    return write_csv(rows, delimiter=";")
