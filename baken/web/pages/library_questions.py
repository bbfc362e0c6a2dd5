"""The organisation's own questions: to choose an answer from, and open ones."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.survey.library import editing
from baken.survey.library.queries import Source
from baken.web.pages.library_desk import DESK, EDITS, VERSION_PATH, Desk, seen_of
from baken.web.pages.library_forms import (
    FormatForm,
    QuestionForm,
    open_question_form,
    question_form,
)

QUESTION: Final = "survey/library_question.html"
OPEN_QUESTION: Final = "survey/library_open_question.html"


class LibraryQuestions(Controller):
    """Own questions of one own version."""

    path = VERSION_PATH
    dependencies = DESK

    @get("/questions/new", opt=EDITS, sync_to_thread=True)
    def question_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        return desk.show(QUESTION, _blank_question(desk), lambda source: _question(source, desk))

    @post("/questions/new", opt=EDITS, sync_to_thread=True)
    def add_question(self, desk: NamedDependency[Desk]) -> Response[str]:
        source = desk.look()
        sent = desk.sent(question_form(source))
        sent.offer(source, desk.language)
        return desk.save(
            QUESTION,
            sent,
            lambda edit: editing.add_question(desk.session, edit, sent.question()),
            lambda now: _question(now, desk),
        )

    @post("/formats", opt=EDITS, sync_to_thread=True)
    def add_format(self, desk: NamedDependency[Desk]) -> Response[str]:
        sent = desk.sent(FormatForm)
        return desk.save(
            QUESTION,
            sent,
            lambda edit: editing.add_format(
                desk.session, edit, sent["low"].data, sent["high"].data
            ),
            lambda now: _question(now, desk) | {"form": _blank_question(desk), "formats": sent},
            see="/questions/new",
        )

    @post("/questions/{code:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_question(self, desk: NamedDependency[Desk], code: FromPath[str]) -> Response[str]:
        return desk.press(lambda edit: editing.remove_question(desk.session, edit, code))

    @get("/open-questions/new", opt=EDITS, sync_to_thread=True)
    def open_question_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        form = desk.blank(open_question_form(desk.look()))
        form.offer()
        return desk.show(OPEN_QUESTION, form)

    @post("/open-questions/new", opt=EDITS, sync_to_thread=True)
    def add_open_question(self, desk: NamedDependency[Desk]) -> Response[str]:
        sent = desk.sent(open_question_form(desk.look()))
        sent.offer()
        return desk.save(
            OPEN_QUESTION,
            sent,
            lambda edit: editing.add_open_question(
                desk.session, edit, sent.words(), int(sent.max_bytes.data)
            ),
        )

    @post("/open-questions/{question:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_open_question(
        self, desk: NamedDependency[Desk], question: FromPath[str]
    ) -> Response[str]:
        return desk.press(lambda edit: editing.remove_open_question(desk.session, edit, question))


def _blank_question(desk: Desk) -> QuestionForm:
    source = desk.look()
    form = desk.blank(question_form(source))
    form.offer(source, desk.language)
    return form


def _question(source: Source, desk: Desk) -> dict[str, Any]:
    stamp = seen_of(source)
    return {
        "formats": FormatForm.blank(desk.language, {"version": stamp, "low": 1, "high": 5}),
        "codes": tuple(source.content.texts),
    }
