"""Measures out of a file: a template, a look at every line, then all of them or none."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from wtforms import FileField

from baken.actionplan.measures import actions, rules
from baken.actionplan.measures.import_cells import Known, place_of
from baken.actionplan.measures.import_words import columns_of
from baken.actionplan.measures.importing import Reading, changed_since_seen, read_measures
from baken.actionplan.measures.people import list_deciders
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_frame,
    get_global_plan,
    list_chosen_objectives,
)
from baken.actionplan.plans.variants import read_variants, variant_of
from baken.actionplan.prevention import PreventionLevel, Scope
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.storage.workbooks import Sheet, write_csv, write_rows
from baken.web.body import UPLOAD_LIMIT, Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import FileChosen
from baken.web.pages.global_plan_views import YearRow
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.texts import Catalogue, catalogue

FORM: Final = "actionplan/measure_import.html"
PREVIEW: Final = "actionplan/measure_import_preview.html"
EDIT: Final = {"action": Action.EDIT_PLANS}
# The file comes back from the preview as text, a third longer than its bytes.
CONFIRM_LIMIT: Final = UPLOAD_LIMIT * 4 // 3 + 64 * 1024


class ImportForm(BackOfficeForm):
    """A file with measures."""

    file = FileField("board.file", [FileChosen()], description="board.file_hint")
    chosen: Upload | None = None


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A line of the file: its title, and what is wrong with it."""

    line: int
    title: str
    wrong: tuple[str, ...]


class MeasureImports(Controller):
    """The measures of a year, out of a file."""

    path = "/o/{organisation_id:uuid}/annual-plans/{annual_plan_id:uuid}/import"

    @get("/", opt=EDIT, sync_to_thread=True)
    def import_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        annual_plan_id: FromPath[UUID],
    ) -> Response[str]:
        rules.check_may_add(get_frame(session, annual_plan_id))
        year = YearRow.of(session, get_annual_plan(session, annual_plan_id))
        return page(request, FORM, form=ImportForm.blank(language), year=year)

    @get("/template/{kind:str}", opt=EDIT, sync_to_thread=True)
    def template(
        self,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        annual_plan_id: FromPath[UUID],
        kind: FromPath[str],
    ) -> Response[bytes]:
        plan = get_annual_plan(session, annual_plan_id)
        t = catalogue(language)
        order = tuple(columns_of(by_strategy=bool(_grips(session, plan.global_plan_id))))
        rows: list[list[str]] = [
            [t(f"board.column_{column}") for column in order],
            _example(t, order, plan.starts_on, plan.ends_on),
        ]
        if kind == "csv":
            content, media = write_csv(rows, delimiter=";"), "text/csv; charset=utf-8"
        elif kind == "xlsx":
            content = write_rows([Sheet(t("board.title"), rows)])
            media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        else:
            raise NotFoundException
        name = f'attachment; filename="measures.{kind}"'
        return Response(content, media_type=media, headers={"Content-Disposition": name})

    @post("/", opt=EDIT, sync_to_thread=True, request_max_body_size=CONFIRM_LIMIT, status_code=200)
    def preview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        annual_plan_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ImportForm.read(form, language)
        sent.chosen = form.upload("file")
        year = YearRow.of(session, get_annual_plan(session, annual_plan_id))
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, FORM, form=sent, year=year)
        content = sent.chosen.content
        try:
            read = _read(session, annual_plan_id, content, today=today)
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, year=year)
        return page(
            request,
            PREVIEW,
            status=422 if read.errors else 200,
            year=year,
            rows=_rows(read, catalogue(language)),
            n_errors=len(read.errors),
            content="" if read.errors else base64.b64encode(content).decode(),
        )

    @post("/confirm", opt=EDIT, sync_to_thread=True, request_max_body_size=CONFIRM_LIMIT)
    def confirm(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        annual_plan_id: FromPath[UUID],
    ) -> Response[str]:
        year = YearRow.of(session, get_annual_plan(session, annual_plan_id))
        try:
            read = _read(session, annual_plan_id, _content(form), today=today)
            if read.errors:
                raise changed_since_seen()
            fields = [row.fields for row in read.rows if row.fields is not None]
            within = get_frame(session, annual_plan_id)
            actions.import_measures(session, fields, within=within, by=actor)
        except BakenError as error:
            blank = ImportForm.blank(language)
            return refused(request, session, FORM, form=blank, error=error, year=year)
        see = frame_of(request).url(f"/annual-plans/{annual_plan_id}/measures?view=list")
        return done(request, see=see, said="board.done_imported")


def _read(session: Session, annual_plan_id: UUID, content: bytes, *, today: date) -> Reading:
    frame = get_frame(session, annual_plan_id)
    rules.check_may_add(frame)
    return read_measures(content, known=_known(session, annual_plan_id, today), frame=frame)


def _known(session: Session, annual_plan_id: UUID, today: date) -> Known:
    units = {}
    for row in list_units(session, on=today):
        units[row.name.casefold()] = row.id
        units[row.number.casefold()] = row.id
    plan = get_annual_plan(session, annual_plan_id)
    return Known(
        objectives={one.rank: one.id for one in list_chosen_objectives(session, annual_plan_id)},
        units=units,
        people={name.casefold(): key for key, name in list_names(session)},
        deciders=list_deciders(session, on=today),
        taken=frozenset(
            place_of(one.objective_id, one.unit_id, one.title)
            for one in list_measures(session, annual_plan_id=annual_plan_id)
        ),
        grips=_grips(session, plan.global_plan_id),
    )


def _grips(session: Session, global_plan_id: UUID) -> dict[str, tuple[PreventionLevel, Scope]]:
    """What the places in the order of measures mean; empty where levels are used."""
    kind = get_global_plan(session, global_plan_id).kind
    grips = read_variants()[variant_of(kind)].grips
    return {str(one): (grip.level, grip.scope) for one, grip in grips.items()}


def _rows(read: Reading, t: Catalogue) -> tuple[PreviewRow, ...]:
    wrong: dict[int, list[str]] = {}
    for one in read.errors:
        said = t.refusal(one.error)
        wrong.setdefault(one.line, []).append(
            t("shell.label", what=one.column) + f" {said}" if one.column else said
        )
    return tuple(
        PreviewRow(row.line, row.title, tuple(wrong.get(row.line, ()))) for row in read.rows
    )


def _example(t: Catalogue, order: Sequence[str], first: date, last: date) -> list[str]:
    """A line that shows what goes where; it is deleted before the file is used."""
    days = {"starts": first.isoformat(), "ends": last.isoformat(), "by": last.isoformat()}
    numbers = {"objective": "1", "budget": "4000", "start": "40", "target": "10"}
    empty = {"unit": "", "material": "", "financial": "", "initiator": ""}
    known = days | numbers | empty
    return [known[one] if one in known else t(f"board.example_{one}") for one in order]


def _content(form: Form) -> bytes:
    try:
        return base64.b64decode(form.get("content"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise changed_since_seen() from error
