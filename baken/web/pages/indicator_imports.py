"""A file of figures or of people: its columns, a look at what it brings, then the sums.

Between the steps the file is in the browser, sealed; each step reads it anew, in memory. Nothing of
a line about somebody is written anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.actionplan.indicators.importing.actions import (
    Asked,
    Name,
    Preview,
    confirm_import,
    kept_columns,
    open_table,
    preview_import,
)
from baken.actionplan.indicators.importing.columns import Content, suggest, targets_of
from baken.actionplan.indicators.importing.undoing import undo_import
from baken.actionplan.indicators.kinds import KINDS, PeriodKind
from baken.actionplan.indicators.queries import list_imports
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.box.importing.files import Table
from baken.web.body import Form, Upload
from baken.web.pages.indicator_forms import ImportForm
from baken.web.pages.indicator_views import said_figure, said_period
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.sealed_upload import SEALED_LIMIT, open_upload, seal_upload
from baken.web.texts import Catalogue, catalogue

FORM: Final = "actionplan/indicator_import.html"
COLUMNS: Final = "actionplan/indicator_import_columns.html"
CHECK: Final = "actionplan/indicator_import_check.html"
EDITING: Final = {"action": Action.EDIT_INDICATORS}
SHOWN: Final = 100
"""Of a list no more lines are shown; all of them are counted."""
_CARRIED: Final = ("content", "period", "first", "last", "file_name")


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step works with."""

    request: PageRequest
    session: Session
    body: Form
    sent: ImportForm
    language: str
    by: Actor
    today: date

    @property
    def texts(self) -> Catalogue:
        return catalogue(self.language)

    @property
    def data(self) -> bytes:
        return self.sent.chosen.content if isinstance(self.sent.chosen, Upload) else b""

    @property
    def content(self) -> Content:
        return Content(self.sent["content"].data)

    @property
    def asked(self) -> Asked:
        chosen = {
            int(name.removeprefix("column_")): self.body.get(name)
            for name in self.body
            if name.startswith("column_") and name[7:].isascii() and name[7:].isdecimal()
        }
        return Asked(
            self.content,
            self.data,
            chosen,
            PeriodKind(self.sent.period.data or PeriodKind.MONTH),
            self.sent.first.data,
            self.sent.last.data,
        )

    @property
    def carried(self) -> dict[str, str]:
        """What the next page sends along."""
        return {**{name: self.body.get(name) for name in _CARRIED}, "file_name": self.file_name}

    @property
    def file_name(self) -> str:
        """What the file is called on the screen of who chose it; it is kept nowhere."""
        chosen = self.sent.chosen
        name = chosen.name if isinstance(chosen, Upload) else ""
        return name or self.body.get("file_name")

    def first_page(self, error: BakenError | None = None) -> Response[str]:
        """The first form again; a file has to be chosen anew."""
        self.session.rollback()
        form = self.sent.refuse(error) if error else self.sent
        return page(self.request, FORM, status=422, form=form, files=())

    def columns_page(
        self, table: Table, chosen: Mapping[int, str], error: BakenError | None = None
    ) -> Response[str]:
        """What each column is."""
        if error:
            self.sent.refuse(error)
        return page(
            self.request,
            COLUMNS,
            status=422 if error else 200,
            form=self.sent,
            content=seal_upload(self.request, self.data),
            carried=self.carried,
            columns=[(one.place, str(one), chosen.get(one.place, "")) for one in table.columns],
            targets=[(name, said_target(name, self.texts)) for name in targets_of(self.content)],
            n_rows=len(table.lines),
            is_people=self.content is not Content.FIGURES,
            encoding=table.encoding,
        )

    def check_page(self, preview: Preview, error: BakenError | None = None) -> Response[str]:
        """What the file would bring."""
        if error:
            self.sent.refuse(error)
        chosen = {name: self.body.get(name) for name in self.body if name.startswith("column_")}
        count = preview.count
        return page(
            self.request,
            CHECK,
            status=422 if error else 200,
            form=self.sent,
            content=seal_upload(self.request, self.data),
            carried={**self.carried, **chosen},
            rows=_figure_rows(preview, self.texts),
            n_figures=preview.n_figures,
            n_lines=preview.n_lines,
            errors=[
                (one.row, one.column, self.texts(f"series.reason_{one.reason}"))
                for one in preview.errors[:SHOWN]
            ],
            n_errors=len(preview.errors),
            small=_names(preview, count.small) if count else (),
            above_all=_names(preview, count.above_all) if count else (),
            without_people=_names(preview, count.without_people) if count else (),
            n_joined=count.n_joined if count else 0,
            shown=SHOWN,
        )


def _read_step(
    request: PageRequest,
    *,
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    form: NamedDependency[Form],
    language: NamedDependency[str],
) -> _Step:
    sent = ImportForm.read(form, language)
    sent.chosen = form.upload("file")
    return _Step(request, session, form, sent, language, actor, today)


class IndicatorImports(Controller):
    """What personnel and absence systems export becomes sums of groups."""

    path = "/o/{organisation_id:uuid}/indicators/import"
    dependencies = {"step": Provide(_read_step, sync_to_thread=True)}

    @get("/", opt=EDITING, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        names = dict(list_names(session))
        files = [
            (one.id, one.done_on, names.get(one.done_by, ""), one.content, one.n_lines,
             one.n_values, one.undone_on, one.number)
            for one in list_imports(session)
        ]  # fmt: skip
        return page(request, FORM, form=ImportForm.empty(language, today), files=files)

    @post(
        "/",
        opt=EDITING,
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def columns(self, step: NamedDependency[_Step]) -> Response[str]:
        if not step.sent.validate():
            return step.first_page()
        try:
            table = open_table(step.data)
        except BakenError as error:
            return step.first_page(error)
        kept = kept_columns(step.session, step.content)
        return step.columns_page(table, suggest(table, step.content, kept))

    @post(
        "/check",
        opt=EDITING,
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def check(self, step: NamedDependency[_Step]) -> Response[str]:
        found = _look(step)
        return found if isinstance(found, Response) else step.check_page(found)

    @post("/confirm", opt=EDITING, sync_to_thread=True, request_max_body_size=SEALED_LIMIT)
    def confirm(self, step: NamedDependency[_Step]) -> Response[str]:
        found = _look(step)
        if isinstance(found, Response):
            return found
        try:
            confirm_import(
                step.session,
                step.asked,
                _series_names(step.texts),
                leaves_out=step.body.get("leaves_out") == "y",
                by=step.by,
                today=step.today,
            )
        except BakenError as error:
            step.session.rollback()
            return step.check_page(found, error)
        see = frame_of(step.request).url("/indicators")
        return done(step.request, see=see, said="series.done_imported")

    @post("/{import_id:uuid}/undo", opt=EDITING, sync_to_thread=True)
    def undo(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        import_id: FromPath[UUID],
    ) -> Response[str]:
        undo_import(session, import_id, by=actor, today=today)
        see = frame_of(request).url("/indicators/import")
        return done(request, see=see, said="series.done_undone")


def said_target(name: str, texts: Catalogue) -> str:
    """What a column can be, in words."""
    kind, sign, part = name.partition(":")
    if not sign:
        return texts(f"series.place_{name}")
    if not KINDS[kind].is_fraction:
        return texts(f"series.kind_{kind}")
    if part == "outcome":
        return texts("series.part_outcome", kind=texts(f"series.kind_{kind}"))
    what = texts(f"series.{part}_{kind}")
    return texts("series.part", kind=texts(f"series.kind_{kind}"), what=what)


def _look(step: _Step) -> Preview | Response[str]:
    """What the file would bring, or the page on which something has to be mended."""
    try:
        step.sent.chosen = Upload("", open_upload(step.request, step.body.get("sealed")))
    except BakenError as error:
        return step.first_page(error)
    if not step.sent.validate():
        return step.first_page()
    try:
        return preview_import(step.session, step.asked, by=step.by, today=step.today)
    except BakenError as error:
        step.session.rollback()
        try:
            table = open_table(step.data)
        except BakenError as unreadable:
            return step.first_page(unreadable)
        return step.columns_page(table, step.asked.chosen, error)


def _series_names(texts: Catalogue) -> dict[str, Name]:
    """What series are called that a file brings for the first time, as the reader speaks."""
    return {
        key: Name(
            texts(f"series.kind_{key}"), texts(f"series.meaning_{key}"), texts("series.from_file")
        )
        for key in KINDS
    }


def _figure_rows(preview: Preview, texts: Catalogue) -> list[tuple[str, str, str, str]]:
    rows: list[tuple[str, str, str, str]] = []
    for (kind, period), figures in preview.figures.items():
        for one in figures[: SHOWN - len(rows)]:
            unit = preview.names[one.unit_id] if one.unit_id else texts("series.whole")
            rows.append(
                (
                    unit,
                    said_period(one.span, period, texts),
                    texts(f"series.kind_{kind}"),
                    said_figure(one.value(KINDS[kind]), kind, texts),
                )
            )
    return rows


def _names(preview: Preview, units: Any) -> tuple[str, ...]:
    return tuple(sorted(preview.names[unit] for unit in units))
