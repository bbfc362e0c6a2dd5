"""A file of figures or of people: its columns, a look at what it brings, then the sums.

Between the steps the file is in the browser, sealed; each step reads it anew, in memory. Nothing of
a line about somebody is written anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.actionplan.indicators.importing.actions import (
    Asked,
    Preview,
    confirm_import,
    kept_columns,
    open_table,
    own_columns,
    preview_import,
)
from baken.actionplan.indicators.importing.columns import (
    Content,
    suggest,
    targets_of,
)
from baken.actionplan.indicators.importing.undoing import undo_import
from baken.actionplan.indicators.kinds import PeriodKind
from baken.actionplan.indicators.queries import list_imports
from baken.actionplan.measures.series import followed_series
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.box.importing.files import Table
from baken.web.body import Form, Upload
from baken.web.pages.indicator_forms import ImportForm
from baken.web.pages.indicator_import_views import (
    SHOWN,
    UNFOLDED,
    column_rows,
    figure_rows,
    said_target,
    series_names,
    unit_list,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.sealed_upload import SEALED_LIMIT, open_upload, seal_upload
from baken.web.texts import Catalogue, catalogue

FORM: Final = "actionplan/indicator_import.html"
COLUMNS: Final = "actionplan/indicator_import_columns.html"
CHECK: Final = "actionplan/indicator_import_check.html"
EDITING: Final = {"action": Action.EDIT_INDICATORS}
_CARRIED: Final = ("content", "period", "first", "last", "file_name", "is_complete")


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
            is_complete=self.is_complete,
        )

    @property
    def is_complete(self) -> bool:
        """Whether somebody said that units without a line have nobody to speak of."""
        return self.body.get("is_complete") == "y"

    @property
    def carried(self) -> dict[str, str]:
        """What the next page sends along."""
        told = {name: self.body.get(name) for name in _CARRIED if name in self.body}
        return {**told, "file_name": self.file_name}

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
        own = own_columns(self.session)
        targets = targets_of(self.content, own)
        return page(
            self.request,
            COLUMNS,
            status=422 if error else 200,
            form=self.sent,
            content=seal_upload(self.request, self.data),
            carried=self.carried,
            columns=column_rows(table, chosen, self.texts),
            targets=[(name, said_target(name, self.texts, own)) for name in targets],
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
            rows=figure_rows(preview, self.texts),
            n_figures=preview.n_figures,
            n_lines=preview.n_lines,
            errors=[
                (one.row, one.column, self.texts(f"series.reason_{one.reason}"))
                for one in preview.errors[:SHOWN]
            ],
            n_errors=len(preview.errors),
            small=unit_list(preview, count.small) if count else (),
            above_all=unit_list(preview, count.above_all) if count else (),
            without_people=unit_list(preview, count.without_people) if count else (),
            missing=unit_list(preview, count.missing) if count else (),
            is_complete=self.is_complete,
            is_staff=self.content is Content.STAFF,
            n_joined=count.n_joined if count else 0,
            least=UNFOLDED,
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
        own = own_columns(step.session)
        return step.columns_page(table, suggest(table, step.content, kept, own))

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
                series_names(step.texts),
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
        in_use = followed_series(session)
        undo_import(session, import_id, in_use=in_use, by=actor, today=today)
        see = frame_of(request).url("/indicators/import")
        return done(request, see=see, said="series.done_undone")


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
