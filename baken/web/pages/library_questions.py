"""The organisation's own questions: to choose an answer from, and open ones."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.library import editing
from baken.survey.library.queries import Source, get_source
from baken.web.body import Form
from baken.web.pages.library_editing import EDITS, done_with, saved, seen_of
from baken.web.pages.library_forms import FormatForm, VersionForm, open_question_form, question_form
from baken.web.pages.library_views import version_view
from baken.web.pages.reply import PageRequest, page, refused

QUESTION: Final = "survey/library_question.html"
OPEN_QUESTION: Final = "survey/library_open_question.html"


class LibraryQuestions(Controller):
    """Own questions of one own version."""

    path = "/o/{organisation_id:uuid}/library/{key:str}/{version:str}"

    @get("/questions/new", opt=EDITS, sync_to_thread=True)
    def question_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        form = question_form(source).blank(language, {"version": seen_of(source)})
        form.offer(source, language)
        return page(request, QUESTION, form=form, **_question(source, language))

    @post("/questions/new", opt=EDITS, sync_to_thread=True)
    def add_question(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        sent = question_form(source).read(form, language)
        sent.offer(source, language)
        context = _question(source, language)
        if not (sent.validate() and sent.check_words()):
            return refused(request, session, QUESTION, form=sent, **context)
        return saved(
            request,
            session,
            lambda: editing.add_question(
                session, key, version, sent.question(), seen=sent.seen, by=actor
            ),
            template=QUESTION,
            form=sent,
            context=context,
        )

    @post("/formats", opt=EDITS, sync_to_thread=True)
    def add_format(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        sent = FormatForm.read(form, language)
        blank = question_form(source).blank(language, {"version": seen_of(source)})
        blank.offer(source, language)
        context = _question(source, language) | {"formats": sent}
        if not sent.validate():
            return refused(request, session, QUESTION, form=blank, **context)
        return saved(
            request,
            session,
            lambda: editing.add_format(
                session, key, version, sent["low"].data, sent["high"].data, seen=sent.seen, by=actor
            ),
            template=QUESTION,
            form=blank,
            context=context,
            see="/questions/new",
        )

    @post("/questions/{code:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_question(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
        code: FromPath[str],
    ) -> Response[str]:
        seen = VersionForm.read(form, language).seen
        editing.remove_question(session, key, version, code, seen=seen, by=actor)
        return done_with(request, key, version)

    @get("/open-questions/new", opt=EDITS, sync_to_thread=True)
    def open_question_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        form = open_question_form(source).blank(language, {"version": seen_of(source)})
        form.offer()
        return page(request, OPEN_QUESTION, form=form, version=version_view(source, language))

    @post("/open-questions/new", opt=EDITS, sync_to_thread=True)
    def add_open_question(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        sent = open_question_form(source).read(form, language)
        sent.offer()
        context: dict[str, Any] = {"version": version_view(source, language)}
        if not (sent.validate() and sent.check_words()):
            return refused(request, session, OPEN_QUESTION, form=sent, **context)
        return saved(
            request,
            session,
            lambda: editing.add_open_question(
                session,
                key,
                version,
                sent.words(),
                int(sent.max_bytes.data),
                seen=sent.seen,
                by=actor,
            ),
            template=OPEN_QUESTION,
            form=sent,
            context=context,
        )

    @post("/open-questions/{question:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_open_question(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
        question: FromPath[str],
    ) -> Response[str]:
        seen = VersionForm.read(form, language).seen
        editing.remove_open_question(session, key, version, question, seen=seen, by=actor)
        return done_with(request, key, version)


def _question(source: Source, language: str) -> dict[str, Any]:
    return {
        "version": version_view(source, language),
        "formats": FormatForm.blank(language, {"version": seen_of(source), "low": 1, "high": 5}),
        "codes": tuple(source.content.texts),
    }
