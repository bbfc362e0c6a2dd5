"""Answers from elsewhere: a file, its columns, a look at what would be missing, then the import.

Between the steps the file is in the browser, sealed; each step reads it anew, in memory. No step
holds the turn of writing while it reads.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

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
    withdraw_import,
)
from baken.survey.box.importing.checking import Asked, Check
from baken.survey.box.importing.columns import Columns, in_order, suggest
from baken.web.body import Form, Upload
from baken.web.pages.answer_import_forms import (
    LOWEST,
    Choices,
    ImportForm,
    chosen_fields,
    first_place,
    read_columns,
)
from baken.web.pages.campaign_forms import questionnaires
from baken.web.pages.campaign_steps import OPENING
from baken.web.pages.jobs import see_job
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

    @classmethod
    def read(
        cls,
        request: PageRequest,
        database: Database,
        body: Form,
        *,
        language: str,
        by: Actor,
        today: date,
    ) -> "_Step":
        with database.read(by.organisation_id) as session:
            sent = ImportForm.sent(body, questionnaires(session), language)
        upload = body.upload("file")
        if upload is None and body.get("content"):
            upload = Upload("", open_upload(request, body.get("content")))
        sent.chosen = upload
        return cls(request, database, body, sent, language, by, today)

    @property
    def content(self) -> bytes:
        return self.sent.chosen.content if isinstance(self.sent.chosen, Upload) else b""

    def asked(self, columns: Columns | None = None) -> Asked:
        chosen = columns or read_columns(self.body, self.sent.questionnaire)
        return self.sent.asked(self.content, self.body, chosen)

    def look(self, asked: Asked) -> Check:
        with self.database.read(self.by.organisation_id) as session:
            return check_import(session, asked, by=self.by, today=self.today)

    def first_page(self, error: BakenError | None = None) -> Response[str]:
        """The first form again: a file has to be chosen anew."""
        form = self.sent.refuse(error) if error else self.sent
        return page(self.request, FORM, status=422, form=form)


class AnswerImports(Controller):
    """A file with one row per person becomes a campaign whose answers were opened."""

    path = "/o/{organisation_id:uuid}/campaigns/import"

    @get("/", opt={"action": Action.IMPORT_ANSWERS, "fresh": True}, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        today: NamedDependency[date],
    ) -> Response[str]:
        form = ImportForm.empty(questionnaires(session), language, today)
        return page(request, FORM, form=form)

    @post(
        "/columns",
        opt={"action": Action.IMPORT_ANSWERS},
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def columns(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        """Read the head of the file and ask which column is which."""
        step = _Step.read(request, database, form, language=language, by=actor, today=today)
        if not step.sent.validate():
            return step.first_page()
        try:
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
    def check(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        """Say what would come in and what would be missing; keep the columns for the next file."""
        step = _Step.read(request, database, form, language=language, by=actor, today=today)
        if not step.sent.validate():
            return step.first_page()
        asked = step.asked()
        try:
            found = step.look(asked)
        except BakenError as error:
            return _columns_page(step, asked.columns, error)
        with database.session(actor.organisation_id) as session:
            keep_columns(session, asked, by=actor)
        return _check_page(step, asked, found)

    @post(
        "/confirm",
        opt={"action": Action.IMPORT_ANSWERS, "fresh": True},
        sync_to_thread=True,
        request_max_body_size=SEALED_LIMIT,
        status_code=200,
    )
    def confirm(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        """Import; the steps after it are taken in the background."""
        step = _Step.read(request, database, form, language=language, by=actor, today=today)
        if not step.sent.validate():
            return step.first_page()
        asked = step.asked()
        try:
            found = step.look(asked)
        except BakenError as error:
            return _columns_page(step, asked.columns, error)
        if found.loses and form.get("accepted") != "y":
            return _check_page(step, asked, found, is_unaccepted=True)
        try:
            campaign_id = import_answers(
                database, keys, asked, accepted=form.get("digest"), by=actor, today=today
            )
        except BakenError as error:
            return _check_page(step, asked, found, error=error)
        with database.session(actor.organisation_id) as session:
            job = enqueue(session, OPENING, subject_id=campaign_id, by=actor.person_id, now=now)
            return see_job(request, job)


class ImportWithdrawals(Controller):
    """An import that was a mistake, as long as no results were made of it."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/withdraw"

    @post("/", opt={"action": Action.IMPORT_ANSWERS, "fresh": True}, sync_to_thread=True)
    def withdraw(
        self,
        request: PageRequest,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        withdraw_import(database, keys, campaign_id, by=actor)
        see = frame_of(request).url("/campaigns")
        return done(request, see=see, said="imports.done_withdrawn")


def _suggested(step: _Step) -> Columns:
    """The columns of an earlier file, by name, or the rest of the file in order where asked."""
    instrument = step.sent.questionnaire
    with step.database.read(step.by.organisation_id) as session:
        kept = get_kept_columns(session, instrument.key, instrument.version)
    table = step.asked(Columns()).table()
    first = first_place(step.body, table)
    if first is None:
        return suggest(table, instrument, kept)
    return in_order(read_columns(step.body, instrument), table, instrument, first=first)


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
    fields: dict[str, Any] = {
        **form.hidden,
        **chosen_fields(asked.columns, step.sent.questionnaire),
        "sheet": asked.sheet,
        "head_row": asked.head_row or "",
    }
    return page(
        step.request,
        CHECK,
        status=409 if error else 422 if is_unaccepted else 200,
        form=form,
        check=found,
        shown=SHOWN,
        fields=fields,
        is_unaccepted=is_unaccepted,
        content=seal_upload(step.request, step.content),
    )
