"""Reading units in from a file: look first, then confirm."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from wtforms import BooleanField, FileField

from baken.organisation import imports
from baken.organisation.errors import Conflict, Invalid
from baken.organisation.permissions import Action, Actor
from baken.organisation.structure.trees import load_tree
from baken.organisation.unit_files import FILE_ORDER
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.trees import get_frozen
from baken.web.body import UPLOAD_LIMIT, Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import FileChosen, day
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.unit_changes import SHOWN_ERRORS, Changes, compare
from baken.web.texts import catalogue

FORM: Final = "organisation/import.html"
# The file comes back from the preview as text, a third longer than its bytes.
CONFIRM_LIMIT: Final = UPLOAD_LIMIT * 4 // 3 + 64 * 1024

# Where the sentence of a refusal names columns of the file.
_COLUMN_VALUES: Final = {"missing", "column"}


class ImportForm(BackOfficeForm):
    """A file with units, the day from which it holds, and what it means to leave one out."""

    file = FileField("units.file", [FileChosen()], description="units.file_hint")
    on = day("units.from_day", hint="units.import_day_hint", required=False)
    ends_missing = BooleanField("units.ends_missing", description="units.ends_missing_hint")
    chosen: Upload | None = None

    @classmethod
    def empty(cls, language: str, today: date) -> "ImportForm":
        return cls.blank(language, {"on": today})


@dataclass(frozen=True, slots=True)
class Asked:
    """An import as somebody asks for it."""

    content: bytes
    on: date
    ends_missing: bool


class UnitImports(Controller):
    """A list of units becomes the tree."""

    path = "/o/{organisation_id:uuid}/units/import"

    @get("/", opt={"action": Action.EDIT_UNITS}, sync_to_thread=True)
    def import_page(
        self,
        request: PageRequest,
        language: NamedDependency[str],
        today: NamedDependency[date],
    ) -> Response[str]:
        return page(request, FORM, form=ImportForm.empty(language, today))

    @post(
        "/",
        opt={"action": Action.EDIT_UNITS},
        sync_to_thread=True,
        # A little more than a file may have: its own sentence says what the limit is.
        request_max_body_size=CONFIRM_LIMIT,
        status_code=200,
    )
    def preview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = ImportForm.read(form, language)
        sent.chosen = form.upload("file")
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, FORM, form=sent)
        on: date | None = sent["on"].data
        asked = Asked(sent.chosen.content, on or today, bool(sent["ends_missing"].data))
        try:
            changes = _look(session, asked, by=actor, today=today, language=language)
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error)
        return _preview_page(request, ImportForm.empty(language, today), changes, asked)

    @post(
        "/confirm",
        opt={"action": Action.EDIT_UNITS},
        sync_to_thread=True,
        request_max_body_size=CONFIRM_LIMIT,
    )
    def confirm(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        blank = ImportForm.empty(language, today)
        try:
            asked = _asked(form, today)
            changes = _look(session, asked, by=actor, today=today, language=language)
        except BakenError as error:
            return refused(request, session, FORM, form=blank, error=error)
        if changes.digest != form.get("digest"):
            blank.refuse(_changed_meanwhile())
            return _preview_page(request, blank, changes, asked, status=409)
        try:
            _write(session, asked, changes, by=actor, today=today, now=now)
        except EditedMeanwhile as error:
            session.rollback()
            return _preview_page(request, blank.refuse(error), changes, asked, status=409)
        except BakenError as error:
            session.rollback()
            return _preview_page(request, blank.refuse(error), changes, asked, status=422)
        see = frame_of(request).url("/units")
        return done(request, see=see, said="units.done_imported")


def _look(session: Session, asked: Asked, *, by: Actor, today: date, language: str) -> Changes:
    try:
        preview = imports.preview_import(
            session,
            asked.content,
            by=by,
            today=today,
            on=asked.on,
            ends_missing=asked.ends_missing,
            frozen=get_frozen(session),
        )
    except Invalid as error:
        _name_columns(error, language)
        raise
    return compare(
        preview,
        asked.content,
        preview.planned.before if preview.planned else load_tree(session),
        on=asked.on,
        ends=asked.ends_missing,
        texts=catalogue(language),
    )


def _name_columns(error: Invalid, language: str) -> None:
    """Let a refusal call the columns as the reader's own files do."""
    called = dict(zip(FILE_ORDER, catalogue(language)("units.file_header").split(";"), strict=True))
    for name in _COLUMN_VALUES & {*error.values}:
        told = (called.get(one, one) for one in error.values[name].split(", "))
        error.values[name] = ", ".join(told)


def _write(
    session: Session, asked: Asked, changes: Changes, *, by: Actor, today: date, now: datetime
) -> None:
    planned = changes.preview.planned
    imports.confirm_import(
        session,
        asked.content,
        by=by,
        today=today,
        now=now,
        on=asked.on,
        ends_missing=asked.ends_missing,
        frozen=get_frozen(session),
        token=planned.token if planned else None,
    )


def _preview_page(
    request: PageRequest, form: ImportForm, changes: Changes, asked: Asked, status: int = 200
) -> Response[str]:
    errors = changes.preview.errors
    return page(
        request,
        "organisation/import_preview.html",
        status=422 if errors and status == 200 else status,
        form=form,
        changes=changes,
        errors=errors[:SHOWN_ERRORS],
        n_errors=len(errors),
        asked=asked,
        content="" if errors else base64.b64encode(asked.content).decode(),
    )


def _asked(form: Form, today: date) -> Asked:
    """The file and the choices as the preview page kept them."""
    try:
        content = base64.b64decode(form.get("content"), validate=True)
        on = date.fromisoformat(form.get("on") or today.isoformat())
    except (binascii.Error, ValueError) as error:
        raise Invalid(
            "organisation.import_cut_off",
            "The file did not arrive in one piece. Nothing was written; choose it again.",
        ) from error
    return Asked(content, on, form.get("ends_missing") == "y")


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "organisation.import_changed",
        "The units or the file changed after you looked. Nothing was written. Below is what the "
        "file would change now; look at it and confirm again.",
    )
