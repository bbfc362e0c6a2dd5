"""The public address of a register: tell what happened, come back with the receipt.

No cookie, no log-in, nothing secret in an address. The access word keeps strangers out, the receipt
says whose entry it is; wrong ones wait their turn with those of every other public page.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_403_FORBIDDEN,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
)

from baken.actionplan.register import authors
from baken.actionplan.register.errors import AboutColleague, TooMany, WrongWord
from baken.actionplan.register.models import Register
from baken.actionplan.register.receipts import check_word, print_receipt
from baken.actionplan.register.setting_up import get_register
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import EMPTY, Form
from baken.web.errors import STATUS
from baken.web.pages.register_forms import TellForm
from baken.web.pages.register_views import OwnView
from baken.web.pages.register_visit import Visit, look, take
from baken.web.pages.reply import PageRequest

OPEN: Final = {"public": True}
DOOR: Final = "register/door.html"
FORM: Final = "register/tell.html"
OWN: Final = "register/own.html"
RECEIPT: Final = "register/receipt.html"


class RegisterDoor(Controller):
    """What a worker sees who comes from the poster."""

    path = "/s/{register:str}/register"

    @get("/", opt=OPEN, sync_to_thread=True)
    def door(
        self, request: PageRequest, today: NamedDependency[date], register: FromPath[str]
    ) -> Response[str]:
        return look(request, EMPTY, today, register, _show_door)

    @get("/receipt", opt=OPEN, sync_to_thread=True)
    def receipt_page(
        self, request: PageRequest, today: NamedDependency[date], register: FromPath[str]
    ) -> Response[str]:
        return look(request, EMPTY, today, register, _show_receipt)

    @post("/", opt=OPEN, status_code=200)
    async def begin(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await take(request, form, today, register, _show_form)

    # No larger body than elsewhere: nobody has shown the word yet.
    @post("/entry", opt=OPEN, status_code=200)
    async def tell(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await take(request, form, today, register, _tell)

    @post("/receipt", opt=OPEN, status_code=200)
    async def own(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await take(request, form, today, register, _show_own)

    @post("/supplement", opt=OPEN, status_code=200)
    async def supplement(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await take(request, form, today, register, _add)

    @post("/name", opt=OPEN, status_code=200)
    async def withdraw(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        return await take(request, form, today, register, _withdraw)


def _show_door(visit: Visit) -> Response[str]:
    return visit.page(DOOR, refusal="", word="")


def _show_receipt(visit: Visit) -> Response[str]:
    return visit.page(RECEIPT, refusal="", receipt="")


def _show_form(visit: Visit) -> Response[str]:
    word = visit.body.get("word")
    try:
        check_word(visit.keys, visit.register, word)
    except WrongWord as error:
        return visit.page(DOOR, HTTP_403_FORBIDDEN, refusal=visit.say(error), word=word)
    form = TellForm.fresh(visit.language)
    return visit.page(FORM, form=form, word=word, is_colleague=False, is_wrong_word=False)


def _tell(visit: Visit) -> Response[str]:
    """Take an entry; whatever is wrong, the form comes back as it was filled in."""
    form, word = TellForm.sent(visit.body, visit.language), visit.body.get("word")
    status = HTTP_422_UNPROCESSABLE_ENTITY
    error: BakenError | None = None
    try:
        # Before anything else: without the word nobody learns what a form has to hold.
        check_word(visit.keys, visit.register, word)
        if form.validate():
            return _told(visit, form, word)
    except BakenError as refusal:
        error = refusal
        too_many = isinstance(refusal, TooMany)
        status = HTTP_429_TOO_MANY_REQUESTS if too_many else STATUS[refusal.kind]
        form.refuse(refusal)
    return visit.page(
        FORM,
        status,
        form=form,
        word=word,
        is_colleague=isinstance(error, AboutColleague),
        is_wrong_word=isinstance(error, WrongWord),
    )


def _told(visit: Visit, form: TellForm, word: str) -> Response[str]:
    with visit.database.session(visit.owner) as session:
        register = get_register(session)
        made = authors.tell(session, visit.keys, register, form.told, word=word, today=visit.today)
    return visit.page("register/thanks.html", receipt=print_receipt(made.receipt))


def _show_own(visit: Visit) -> Response[str]:
    return show_own(visit, "")


def _add(visit: Visit) -> Response[str]:
    text = visit.body.get("text").replace("\r\n", "\n").replace("\0", " ")

    def write(session: Session, register: Register, receipt: str) -> None:
        authors.add_supplement(session, visit.keys, register, receipt, text, today=visit.today)

    return _change(visit, write, "register.said_added", text)


def _withdraw(visit: Visit) -> Response[str]:
    def write(session: Session, register: Register, receipt: str) -> None:
        authors.withdraw_name(session, visit.keys, register, receipt, today=visit.today)

    return _change(visit, write, "register.said_withdrawn", "")


def _change(
    visit: Visit, write: Callable[[Session, Register, str], None], said: str, text: str
) -> Response[str]:
    try:
        with visit.database.session(visit.owner) as session:
            write(session, get_register(session), visit.body.get("receipt"))
    except WrongWord as error:
        return unknown(visit, error)
    except BakenError as error:
        return show_own(visit, "", refusal=visit.say(error), text=text, status=STATUS[error.kind])
    return show_own(visit, said)


def show_own(
    visit: Visit, said: str, *, refusal: str = "", text: str = "", status: int = HTTP_200_OK
) -> Response[str]:
    """The entry of a receipt, as its author sees it."""
    receipt = visit.body.get("receipt")
    try:
        with visit.database.read(visit.owner) as session:
            own = authors.look_up(session, visit.keys, get_register(session), receipt)
    except WrongWord as error:
        return unknown(visit, error)
    view = OwnView.of(own, visit.language)
    return visit.page(OWN, status, own=view, receipt=receipt, said=said, refusal=refusal, text=text)


def unknown(visit: Visit, error: WrongWord) -> Response[str]:
    """The question for the receipt again."""
    receipt = visit.body.get("receipt")
    return visit.page(RECEIPT, HTTP_403_FORBIDDEN, refusal=visit.say(error), receipt=receipt)
