"""The units of the organisation, and reading them in from a file."""

import base64
import binascii
import csv
import io
from datetime import date
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from wtforms import FileField

from baken.organisation import imports
from baken.organisation.errors import Conflict, Invalid, OrganisationError
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.session import Session
from baken.web.body import UPLOAD_LIMIT, Form, Upload
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import FileChosen
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.unit_changes import SHOWN_ERRORS, Changes, compare
from baken.web.texts import catalogue

# The file comes back from the preview as text, a third longer than its bytes.
CONFIRM_LIMIT: Final = UPLOAD_LIMIT * 4 // 3 + 64 * 1024
# Number, name, number of the unit above, kind, people: an example with made-up units.
_EXAMPLE: Final = (
    ("W", "employer", "", ""),
    ("100", "department", "W", "12"),
    ("110", "team", "100", "24"),
    ("120", "team", "100", "18"),
)


class ImportForm(BackOfficeForm):
    """A file with units."""

    file = FileField("units.file", [FileChosen()], description="units.file_hint")
    chosen: Upload | None = None


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
        rows = tuple(list_units(session, on=today))
        people = sum(row.headcount or 0 for row in rows)
        n_unknown = sum(row.total is None for row in rows)
        return page(
            request, "organisation/units.html", rows=rows, people=people, n_unknown=n_unknown
        )

    @get("/example", opt={"action": Action.EDIT_UNITS}, sync_to_thread=True)
    def example(self, language: NamedDependency[str]) -> Response[bytes]:
        name = catalogue(language)("units.example_file")
        return Response(
            _example(language),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get("/import", opt={"action": Action.EDIT_UNITS}, sync_to_thread=True)
    def import_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return page(request, "organisation/import.html", form=ImportForm.blank(language))

    @post(
        "/import",
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
            return refused(request, session, "organisation/import.html", form=sent)
        content = sent.chosen.content
        try:
            changes = _look(session, content, by=actor, today=today)
        except OrganisationError as error:
            return refused(request, session, "organisation/import.html", form=sent, error=error)
        return _preview_page(request, ImportForm.blank(language), changes, content)

    @post(
        "/import/confirm",
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
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        blank = ImportForm.blank(language)
        try:
            content = _decoded(form.get("content"))
            changes = _look(session, content, by=actor, today=today)
        except OrganisationError as error:
            return refused(request, session, "organisation/import.html", form=blank, error=error)
        if changes.digest != form.get("digest"):
            blank.refuse(_changed_meanwhile())
            return _preview_page(request, blank, changes, content, status=409)
        try:
            imports.confirm_import(session, content, by=actor, today=today)
        except OrganisationError as error:
            session.rollback()
            return _preview_page(request, blank.refuse(error), changes, content, status=422)
        see = frame_of(request).url("/units")
        return done(request, see=see, said="units.done_imported")


def _look(session: Session, content: bytes, *, by: Actor, today: date) -> Changes:
    preview = imports.preview_import(session, content, by=by)
    return compare(preview, list_units(session, on=today), content)


def _preview_page(
    request: PageRequest, form: ImportForm, changes: Changes, content: bytes, status: int = 200
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
        content="" if errors else base64.b64encode(content).decode(),
    )


def _decoded(text: str) -> bytes:
    """The file as the preview page kept it."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(
            "organisation.import_cut_off",
            "The file did not arrive in one piece. Nothing was written; choose it again.",
        ) from error


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "organisation.import_changed",
        "The units or the file changed after you looked. Nothing was written. Below is what the "
        "file would change now; look at it and confirm again.",
    )


def _example(language: str) -> bytes:
    """A file to fill in: header and made-up units in the reader's language."""
    texts = catalogue(language)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(texts("units.example_header").split(";"))
    names = texts("units.example_names").split(";")
    for (number, kind, parent, people), name in zip(_EXAMPLE, names, strict=True):
        writer.writerow((number, name, parent, texts(f"units.kind_{kind}").casefold(), people))
    return out.getvalue().encode("utf-8-sig")
