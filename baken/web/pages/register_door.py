"""The public address of a register: tell what happened, come back with the receipt.

No cookie, no log-in, nothing secret in an address. The access word keeps strangers out, the receipt
says whose entry it is; wrong ones wait their turn with those of every other public page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import monotonic
from typing import Any, Final
from uuid import UUID

from anyio import CapacityLimiter, sleep, to_thread
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)

from baken.actionplan.register import authors
from baken.actionplan.register.errors import AboutColleague, NoRegister, TooMany, WrongWord
from baken.actionplan.register.lists import lists
from baken.actionplan.register.models import Register
from baken.actionplan.register.receipts import check_word, print_receipt
from baken.actionplan.register.rules import MOST_CHARACTERS
from baken.actionplan.register.setting_up import find_owner, get_register
from baken.organisation.organisations import get_organisation
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import EMPTY, Form
from baken.web.errors import STATUS
from baken.web.pages.register_entries import ENTRY_LIMIT
from baken.web.pages.register_forms import TellForm
from baken.web.pages.register_views import OwnView
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.respondent_door import FrontDoor
from baken.web.rendering import render
from baken.web.texts import LANGUAGES, catalogue

OPEN: Final = {"public": True}
DOOR: Final = "register/door.html"
FORM: Final = "register/tell.html"
OWN: Final = "register/own.html"
RECEIPT: Final = "register/receipt.html"
# Whoever waits for the writer holds no thread that the pages of others need.
_TELLING: Final = CapacityLimiter(16)


@dataclass(frozen=True)
class _Visit:
    """Somebody at the public address of a register."""

    request: PageRequest
    name: str
    body: Form
    today: date
    owner: UUID
    organisation: str
    register: Register

    @property
    def database(self) -> Database:
        database: Database = self.request.app.state.database
        return database

    @property
    def keys(self) -> KeyStore:
        keys: KeyStore = self.request.app.state.key_store
        return keys

    @property
    def language(self) -> str:
        return frame_of(self.request).language

    def page(self, template: str, status: int = HTTP_200_OK, **context: Any) -> Response[str]:
        text = render(
            template,
            self.request.app.state.static_root,
            frame=frame_of(self.request),
            language=self.language,
            languages=LANGUAGES,
            home=f"/s/{self.name}/register",
            organisation=self.organisation,
            contact=self.register.contact,
            other_route=self.register.other_route,
            takes_public=self.register.takes_public,
            preset=self.register.preset,
            most=MOST_CHARACTERS,
            years=lists().retention.years,
            **context,
        )
        return Response(text, status_code=status, media_type=MediaType.HTML)

    def say(self, error: BakenError) -> str:
        return catalogue(self.language).refusal(error)


class RegisterDoor(Controller):
    """What a worker sees who comes from the poster."""

    path = "/s/{register:str}/register"

    @get("/", opt=OPEN, sync_to_thread=True)
    def door(
        self, request: PageRequest, today: NamedDependency[date], register: FromPath[str]
    ) -> Response[str]:
        return _read(request, EMPTY, today, register, _show_door)

    @get("/receipt", opt=OPEN, sync_to_thread=True)
    def receipt_page(
        self, request: PageRequest, today: NamedDependency[date], register: FromPath[str]
    ) -> Response[str]:
        return _read(request, EMPTY, today, register, _show_receipt)

    @post("/", opt=OPEN, status_code=200)
    async def begin(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await _take(request, form, today, register, _show_form)

    @post("/entry", opt=OPEN, status_code=200, request_max_body_size=ENTRY_LIMIT)
    async def tell(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await _take(request, form, today, register, _tell)

    @post("/receipt", opt=OPEN, status_code=200)
    async def own(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await _take(request, form, today, register, _show_own)

    @post("/supplement", opt=OPEN, status_code=200)
    async def supplement(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await _take(request, form, today, register, _add)

    @post("/name", opt=OPEN, status_code=200)
    async def withdraw(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await _take(request, form, today, register, _withdraw)


Step = Callable[[_Visit], Response[str]]


async def _take(
    request: PageRequest, form: Form, today: date, name: str, step: Step
) -> Response[str]:
    work = partial(_read, request, form, today, name, step)
    answer = await to_thread.run_sync(work, limiter=_TELLING)
    if answer.status_code == HTTP_403_FORBIDDEN:
        door: FrontDoor = request.app.state.front_door
        await sleep(door.brake.delay(monotonic()))
    return answer


def _read(request: PageRequest, body: Form, today: date, name: str, step: Step) -> Response[str]:
    database: Database = request.app.state.database
    try:
        with database.read(None) as session:
            owner = find_owner(session, name)
    except NoRegister:
        frame = frame_of(request)
        root = request.app.state.static_root
        text = render("register/unknown.html", root, frame=frame, language=frame.language)
        return Response(text, status_code=HTTP_404_NOT_FOUND, media_type=MediaType.HTML)
    with database.read(owner) as session:
        organisation = get_organisation(session, owner).name
        register = get_register(session)
    return step(_Visit(request, name, body, today, owner, organisation, register))


def _show_door(visit: _Visit) -> Response[str]:
    return visit.page(DOOR, refusal="", word="")


def _show_receipt(visit: _Visit) -> Response[str]:
    return visit.page(RECEIPT, refusal="", receipt="")


def _show_form(visit: _Visit) -> Response[str]:
    word = visit.body.get("word")
    try:
        check_word(visit.keys, visit.register, word)
    except WrongWord as error:
        return visit.page(DOOR, HTTP_403_FORBIDDEN, refusal=visit.say(error), word=word)
    form = TellForm.fresh(visit.language)
    return visit.page(FORM, form=form, word=word, is_colleague=False, is_wrong_word=False)


def _tell(visit: _Visit) -> Response[str]:
    """Take an entry; whatever is wrong, the form comes back as it was filled in."""
    form, word = TellForm.sent(visit.body, visit.language), visit.body.get("word")
    status, wrong = HTTP_422_UNPROCESSABLE_ENTITY, False
    error: BakenError | None = None
    if form.validate():
        try:
            with visit.database.session(visit.owner) as session:
                register = get_register(session)
                made = authors.tell(
                    session, visit.keys, register, form.told, word=word, today=visit.today
                )
            return visit.page("register/thanks.html", receipt=print_receipt(made.receipt))
        except BakenError as refusal:
            error, wrong = refusal, isinstance(refusal, WrongWord)
            too_many = isinstance(refusal, TooMany)
            status = HTTP_429_TOO_MANY_REQUESTS if too_many else STATUS[refusal.kind]
            form.refuse(refusal)
    is_colleague = isinstance(error, AboutColleague)
    return visit.page(
        FORM, status, form=form, word=word, is_colleague=is_colleague, is_wrong_word=wrong
    )


def _show_own(visit: _Visit) -> Response[str]:
    return _own(visit, "")


def _add(visit: _Visit) -> Response[str]:
    text = visit.body.get("text").replace("\r\n", "\n").replace("\0", " ")

    def write(session: Session, register: Register, receipt: str) -> None:
        authors.add_supplement(session, visit.keys, register, receipt, text, today=visit.today)

    return _change(visit, write, "register.said_added", text)


def _withdraw(visit: _Visit) -> Response[str]:
    def write(session: Session, register: Register, receipt: str) -> None:
        authors.withdraw_name(session, visit.keys, register, receipt, today=visit.today)

    return _change(visit, write, "register.said_withdrawn", "")


def _change(
    visit: _Visit, write: Callable[[Session, Register, str], None], said: str, text: str
) -> Response[str]:
    try:
        with visit.database.session(visit.owner) as session:
            write(session, get_register(session), visit.body.get("receipt"))
    except WrongWord as error:
        return _unknown(visit, error)
    except BakenError as error:
        return _own(visit, "", refusal=visit.say(error), text=text, status=STATUS[error.kind])
    return _own(visit, said)


def _own(
    visit: _Visit, said: str, *, refusal: str = "", text: str = "", status: int = HTTP_200_OK
) -> Response[str]:
    receipt = visit.body.get("receipt")
    try:
        with visit.database.read(visit.owner) as session:
            own = authors.look_up(session, visit.keys, get_register(session), receipt)
    except WrongWord as error:
        return _unknown(visit, error)
    view = OwnView.of(own, visit.language)
    return visit.page(OWN, status, own=view, receipt=receipt, said=said, refusal=refusal, text=text)


def _unknown(visit: _Visit, error: WrongWord) -> Response[str]:
    receipt = visit.body.get("receipt")
    return visit.page(RECEIPT, HTTP_403_FORBIDDEN, refusal=visit.say(error), receipt=receipt)
