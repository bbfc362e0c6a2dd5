"""Questionnaires that come from other programs, and those that go there."""

from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.instruments.exchange.imported import Refusal
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.library.actions import keep_import
from baken.survey.library.files import FORMS, open_questionnaire
from baken.survey.library.queries import get_source
from baken.web.body import UPLOAD_LIMIT, Form
from baken.web.pages.library_forms import ImportForm
from baken.web.pages.library_views import path_of
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

IMPORT: Final = "survey/library_import.html"


class LibraryFiles(Controller):
    """Import and download."""

    path = "/o/{organisation_id:uuid}/library"

    @get("/import", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def import_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return page(request, IMPORT, form=ImportForm.blank(language), refused=())

    @post(
        "/import",
        opt={"action": Action.PREPARE_CAMPAIGN},
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
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = ImportForm.read(form, language)
        sent.chosen = form.upload("file")
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, IMPORT, form=sent, refused=())
        points: tuple[Refusal, ...] = ()
        try:
            imported = open_questionnaire(sent.chosen.content, language)
            points = imported.refused
            row = keep_import(session, imported, by=actor)
        except BakenError as error:
            return refused(request, session, IMPORT, form=sent, error=error, refused=points)
        see = frame_of(request).url(path_of(row.instrument_key, row.instrument_version))
        return done(request, see=see, said="library.done_imported")

    @get(
        "/{key:str}/{version:str}/download/{form_name:str}",
        opt={"action": Action.SEE_CAMPAIGNS},
        sync_to_thread=True,
    )
    def download(
        self,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
        form_name: FromPath[str],
    ) -> Response[bytes]:
        instrument = get_source(session, key, version).instrument
        if form_name not in FORMS:
            raise NotFoundException
        chosen = FORMS[form_name]
        name = f"{instrument.key}-{instrument.version}{chosen.suffix}"
        return Response(
            chosen.write(instrument, language),
            media_type=chosen.media_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
