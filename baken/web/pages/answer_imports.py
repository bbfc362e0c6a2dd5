"""Answers from elsewhere: a file, its columns, a look at what would be missing, then the import.

Between the steps the file is in the browser, sealed; each step reads it anew, in memory. No step
holds the turn of writing while it reads.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.jobs import enqueue
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.importing.actions import (
    check_import,
    get_kept_columns,
    import_answers,
    keep_columns,
)
from baken.survey.box.importing.checking import Asked, Check, check_told
from baken.survey.box.importing.columns import Columns, in_order, suggest
from baken.survey.errors import CannotImport
from baken.web.body import Form, Upload
from baken.web.errors import NotFresh
from baken.web.pages.access import check_fresh
from baken.web.pages.answer_import_forms import (
    LOWEST,
    Choices,
    ImportForm,
    chosen_fields,
    first_place,
    heads_of,
    read_columns,
)
from baken.web.pages.campaign_forms import questionnaires, texts_of
from baken.web.pages.campaign_steps import OPENING
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.sealed_upload import SEALED_LIMIT, open_upload, seal_upload

FORM: Final = "survey/import.html"
COLUMNS: Final = "survey/import_columns.html"
CHECK: Final = "survey/import_check.html"
SHOWN: Final = 200
"""Of a list no more lines are shown; all of them are counted."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What a step works with: the form as it came in, and who sent it."""

    request: PageRequest
    database: Database
    body: Form
    sent: ImportForm
    language: str
    by: Actor
    today: date
    fault: BakenError | None = None

    def holds(self) -> bool:
        """Whether the form can be worked with, the file included."""
        return bool(self.sent.validate()) and self.fault is None

    @property
    def is_accepted(self) -> bool:
        return self.body.get("accepted") == "y"

    @property
    def content(self) -> bytes:
        return self.sent.chosen.content if isinstance(self.sent.chosen, Upload) else b""

    def asked(self, columns: Columns | None = None) -> Asked:
        chosen = columns or read_columns(self.body, self.sent.questionnaire)
        return self.sent.asked(self.content, self.body, chosen)

    def look(self, asked: Asked) -> Check:
        with self.database.read(self.by.organisation_id) as session:
            return check_import(session, asked, by=self.by, today=self.today)

    def first_page(
        self, error: BakenError | None = None, *, status: int = 422, is_stale: bool = False
    ) -> Response[str]:
        """The first form again, with everything that was typed: a file has to be chosen anew."""
        error = error or self.fault
        form = self.sent.refuse(error) if error else self.sent
        return page(
            self.request,
            FORM,
            status=status,
            form=form,
            carried=self.carried,
            is_stale=is_stale,
        )

    @property
    def carried(self) -> dict[str, str]:
        """What was chosen about the columns: it stays good for a file with the same heads."""
        if not self.body.get("heads") or self.sent.instrument.data not in self.sent.known:
            return {}
        instrument = self.sent.questionnaire
        told = {name: self.body.get(name) for name in ("sheet", "head_row", "heads")}
        return chosen_fields(read_columns(self.body, instrument), instrument) | told


def _read_step(
    request: PageRequest,
    *,
    database: NamedDependency[Database],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    form: NamedDependency[Form],
    language: NamedDependency[str],
) -> _Step:
    with database.read(actor.organisation_id) as session:
        sent = ImportForm.sent(form, questionnaires(session), language)
    sent.chosen, fault = form.upload("file"), None
    if sent.chosen is None and form.get("content"):
        try:
            sent.chosen = Upload("", open_upload(request, form.get("content")))
        except CannotImport as error:
            fault = error
    return _Step(request, database, form, sent, language, actor, today, fault)


class AnswerImports(Controller):
    """A file with one row per person becomes a campaign whose answers were opened."""

    path = "/o/{organisation_id:uuid}/campaigns/import"
    dependencies = {"step": Provide(_read_step, sync_to_thread=True)}

    @get("/", opt={"action": Action.IMPORT_ANSWERS, "fresh": True}, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        today: NamedDependency[date],
    ) -> Response[str]:
        form = ImportForm.empty(questionnaires(session), language, today)
        return page(request, FORM, form=form, carried={}, is_stale=False)

    @post(
        "/columns",
        opt={"action": Action.IMPORT_ANSWERS},
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def columns(self, step: NamedDependency[_Step]) -> Response[str]:
        """Read the head of the file and ask which column is which."""
        if not step.holds():
            return step.first_page()
        try:
            # What no column can put right is said here: days and units stand on this first form.
            with step.database.read(step.by.organisation_id) as session:
                check_told(session, step.asked(Columns()), today=step.today)
            return _columns_page(step, _suggested(step))
        except BakenError as error:
            return step.first_page(error)

    @post(
        "/check",
        opt={"action": Action.IMPORT_ANSWERS},
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def check(self, step: NamedDependency[_Step]) -> Response[str]:
        """Say what would come in and what would be missing; keep nothing of it."""
        if not step.holds():
            return step.first_page()
        asked = step.asked()
        try:
            found = step.look(asked)
        except BakenError as error:
            return _columns_page(step, asked.columns, error)
        return _check_page(step, asked, found)

    @post(
        "/confirm",
        opt={"action": Action.IMPORT_ANSWERS, "fresh": True, "asks_itself": True},
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def confirm(
        self,
        step: NamedDependency[_Step],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        """Import, keep how the columns were read, and have the rest done in the background."""
        if not _is_fresh(step.request):
            # Showing a factor makes a new session token, with which the file opens no more.
            return step.first_page(status=403, is_stale=True)
        if not step.holds():
            return step.first_page()
        asked = step.asked()
        try:
            found = step.look(asked)
        except BakenError as error:
            return _columns_page(step, asked.columns, error)
        if found.loses and not step.is_accepted:
            return _check_page(step, asked, found, is_unaccepted=True)
        try:
            campaign_id = import_answers(
                step.database,
                keys,
                asked,
                accepted=step.body.get("digest"),
                by=step.by,
                today=step.today,
            )
        except BakenError as error:
            return _check_page(step, asked, found, error=error)
        with step.database.session(step.by.organisation_id) as session:
            enqueue(session, OPENING, subject_id=campaign_id, by=step.by.person_id, now=now)
        # After it and by itself: of two imports at once one may find the columns kept already.
        with step.database.session(step.by.organisation_id) as session:
            keep_columns(session, asked, by=step.by)
        see = frame_of(step.request).url(f"/campaigns/{campaign_id}/import")
        return done(step.request, see=see)


def _is_fresh(request: PageRequest) -> bool:
    try:
        check_fresh(request)
    except NotFresh:
        return False
    return True


def _suggested(step: _Step) -> Columns:
    """What was chosen already; else the columns of an earlier file, by name, or in order."""
    instrument = step.sent.questionnaire
    with step.database.read(step.by.organisation_id) as session:
        kept = get_kept_columns(session, instrument.key, instrument.version)
    table = step.asked(Columns()).table()
    first = first_place(step.body, table)
    if first is not None:
        return in_order(read_columns(step.body, instrument), table, instrument, first=first)
    if step.body.get("heads") == heads_of(table):
        return read_columns(step.body, instrument)
    return suggest(table, instrument, kept)


def _columns_page(step: _Step, columns: Columns, error: BakenError | None = None) -> Response[str]:
    try:
        table = step.asked(columns).table()
    except BakenError as unreadable:
        return step.first_page(unreadable)
    form = step.sent.refuse(error) if error else step.sent
    return page(
        step.request,
        COLUMNS,
        status=422 if error else 200,
        form=form,
        columns=table.columns,
        repeated=table.repeated,
        sheets=table.sheets,
        sheet=table.sheet,
        head_row=table.head_row,
        n_rows=len(table.lines) + len(table.shifted),
        heads=heads_of(table),
        encoding=table.encoding,
        choices=Choices.of(columns, step.sent.questionnaire, step.language),
        lowest=LOWEST,
        content=seal_upload(step.request, step.content),
    )


def _check_page(
    step: _Step,
    asked: Asked,
    found: Check,
    *,
    error: BakenError | None = None,
    is_unaccepted: bool = False,
) -> Response[str]:
    form = step.sent.refuse(error) if error else step.sent
    texts = texts_of(step.sent.questionnaire, step.language)
    words = {**texts.items, **texts.backgrounds, **texts.open_questions}
    fields: dict[str, Any] = {
        **form.hidden,
        **chosen_fields(asked.columns, step.sent.questionnaire),
        "sheet": asked.sheet,
        "head_row": asked.head_row or "",
        "heads": step.body.get("heads"),
    }
    return page(
        step.request,
        CHECK,
        status=409 if error else 422 if is_unaccepted else 200,
        form=form,
        check=found,
        no_column=[(words.get(code, code), code) for code in found.no_column],
        no_column_aside=[(words.get(key, key), key) for key in found.no_column_aside],
        accepted=step.is_accepted,
        shown=SHOWN,
        fields=fields,
        is_unaccepted=is_unaccepted,
        content=seal_upload(step.request, step.content),
    )
