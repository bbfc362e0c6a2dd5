"""References from a file: all of it or nothing, and every wrong row named."""

from datetime import date
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.references.actions import enter_references
from baken.analysis.references.files import empty_file, read_file
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import UPLOAD_LIMIT, Form
from baken.web.pages.reference_forms import ReferenceFileForm, row_sentences
from baken.web.pages.reference_views import measuring
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

FORM: Final = "analysis/reference_import.html"
EDIT: Final = {"action": Action.EDIT_REFERENCES}


class ReferenceFiles(Controller):
    """A file with the columns of `baken analyse --reference`."""

    path = "/o/{organisation_id:uuid}/references/import"

    @get("/", opt=EDIT, sync_to_thread=True)
    def import_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = ReferenceFileForm.blank(language).offer(measuring(session))
        return page(request, FORM, form=form, wrong=())

    @post(
        "/",
        opt=EDIT,
        sync_to_thread=True,
        # A little more than a file may have: its own sentence says what the limit is.
        request_max_body_size=UPLOAD_LIMIT + 64 * 1024,
    )
    def take(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        known = measuring(session)
        sent = ReferenceFileForm.read(form, language).offer(known)
        sent.chosen = form.upload("file")
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, FORM, form=sent, wrong=())
        instrument = known[str(sent.questionnaire.data)]
        try:
            found = read_file(sent.chosen.content, instrument, this_year=today.year)
            if found.errors:
                wrong = row_sentences(found.errors, language)
                return refused(request, session, FORM, form=sent, wrong=wrong)
            enter_references(
                session, instrument, found.references, sent.described, by=actor, today=today
            )
        except BakenError as error:
            return refused(request, session, FORM, form=sent, error=error, wrong=())
        return done(
            request, see=frame_of(request).url("/references"), said="references.done_imported"
        )

    @get("/empty/{key:str}/{version:str}", opt=EDIT, sync_to_thread=True)
    def empty(
        self,
        session: NamedDependency[Session],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[bytes]:
        instrument = measuring(session).get(f"{key} {version}")
        if instrument is None:
            raise NotFoundException
        return Response(
            empty_file(instrument),
            media_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="references-{key}-{version}.csv"'
            },
        )
