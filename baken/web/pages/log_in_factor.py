"""The second step of logging in, and the same step again before a sensitive act."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_403_FORBIDDEN, HTTP_429_TOO_MANY_REQUESTS
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from baken.organisation.accounts import factors, recovery_codes, totp
from baken.organisation.accounts.sessions import LoggedIn, confirm_factor
from baken.organisation.errors import Denied
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web import numerals
from baken.web.body import Form
from baken.web.errors import HalfLoggedIn
from baken.web.failures import TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.access import local_path, session_token
from baken.web.pages.attempts import try_factor
from baken.web.pages.before_log_in import keep_token
from baken.web.pages.reply import PageRequest, page, see_page
from baken.web.settings import Settings

Spend = Callable[[Session], Any]


class CodeForm(BackOfficeForm):
    """Six digits of an authenticator app."""

    code = StringField(
        "account.code", [InputRequired(), Length(max=20)], description="account.code_hint"
    )


class RecoveryForm(BackOfficeForm):
    """One of ten codes on paper."""

    code = StringField(
        "account.recovery_code",
        [InputRequired(), Length(max=40)],
        description="account.recovery_code_hint",
    )


class FactorPages(Controller):
    """Something the person has, after the password or before a sensitive act."""

    @get("/log-in/factor", opt={"half": True}, sync_to_thread=True)
    def log_in_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        language: NamedDependency[str],
    ) -> Response[str]:
        if account.is_full:
            return see_page(_next(request))
        if not account.has_factor:
            raise HalfLoggedIn(has_factor=False)
        return _code_page(request, session, account, CodeForm.blank(language))

    @post("/log-in/factor", opt={"half": True}, sync_to_thread=True)
    def log_in(self, request: PageRequest, form: NamedDependency[Form]) -> Response[str]:
        return _take_code(request, form)

    @get("/log-in/recovery-code", opt={"half": True}, sync_to_thread=True)
    def recovery_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return _recovery_page(request, RecoveryForm.blank(language))

    @post("/log-in/recovery-code", opt={"half": True}, sync_to_thread=True)
    def recover(self, request: PageRequest, form: NamedDependency[Form]) -> Response[str]:
        return _take_recovery_code(request, form)

    @get("/account/confirm", opt={"account": True}, sync_to_thread=True)
    def confirm_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        language: NamedDependency[str],
    ) -> Response[str]:
        return _code_page(request, session, account, CodeForm.blank(language))

    @post("/account/confirm", opt={"account": True}, sync_to_thread=True)
    def confirm(self, request: PageRequest, form: NamedDependency[Form]) -> Response[str]:
        return _take_code(request, form)

    @get("/account/confirm/recovery-code", opt={"account": True}, sync_to_thread=True)
    def confirm_recovery_page(
        self, request: PageRequest, language: NamedDependency[str]
    ) -> Response[str]:
        return _recovery_page(request, RecoveryForm.blank(language))

    @post("/account/confirm/recovery-code", opt={"account": True}, sync_to_thread=True)
    def confirm_by_recovery(
        self, request: PageRequest, form: NamedDependency[Form]
    ) -> Response[str]:
        return _take_recovery_code(request, form)


def factor_path(target: str) -> str:
    """Where the second step is, on the way to a page."""
    return f"/log-in/factor?{urlencode({'next': local_path(target)})}"


def step_texts(request: PageRequest, account: LoggedIn) -> dict[str, Any]:
    """What the templates of both steps need: where they lead and what they are called."""
    here = "confirm" if account.is_full else "factor"
    root = "/account/confirm" if account.is_full else "/log-in"
    return {
        "here": here,
        "code_path": root if account.is_full else f"{root}/factor",
        "recovery_path": f"{root}/recovery-code",
        "next": _next(request),
    }


def _take_code(request: PageRequest, form: Form) -> Response[str]:
    account: LoggedIn = request.state.entry.visitor
    keys: KeyStore = request.app.state.key_store
    now: datetime = request.state.now
    sent = CodeForm.read(form, request.state.frame.language)
    database: Database = request.app.state.database

    def refused(status: int) -> Response[str]:
        with database.read(None) as session:
            return _code_page(request, session, account, sent, status=status)

    def spend(session: Session) -> None:
        totp.spend_code(session, keys, account.account_id, code=str(sent.code.data), now=now)

    return _take(request, sent, spend, refused)


def _take_recovery_code(request: PageRequest, form: Form) -> Response[str]:
    account: LoggedIn = request.state.entry.visitor
    keys: KeyStore = request.app.state.key_store
    now: datetime = request.state.now
    sent = RecoveryForm.read(form, request.state.frame.language)

    def refused(status: int) -> Response[str]:
        return _recovery_page(request, sent, status=status)

    def spend(session: Session) -> None:
        recovery_codes.spend_recovery_code(
            session, keys, account.account_id, code=str(sent.code.data), now=now
        )

    return _take(request, sent, spend, refused)


def _take(
    request: PageRequest,
    sent: BackOfficeForm,
    spend: Spend,
    refused: Callable[[int], Response[str]],
) -> Response[str]:
    """Spend what was shown and raise the session, in one transaction; or show the form again."""
    if not sent.validate():
        return refused(422)
    account: LoggedIn = request.state.entry.visitor
    database: Database = request.app.state.database
    now: datetime = request.state.now

    def act() -> str:
        with database.session(None) as session:
            spend(session)
            return confirm_factor(session, session_token(request), now=now)

    try:
        token = try_factor(request, account.account_id, act, now=now)
    except (Denied, TooManyFailures) as error:
        sent.refuse(error)
        return refused(_status(error))
    return keep_token(request, see_page(_next(request)), token)


def _status(error: BakenError) -> int:
    is_waiting = isinstance(error, TooManyFailures)
    return HTTP_429_TOO_MANY_REQUESTS if is_waiting else HTTP_403_FORBIDDEN


def _code_page(
    request: PageRequest,
    session: Session,
    account: LoggedIn,
    form: CodeForm,
    *,
    status: int = 200,
) -> Response[str]:
    settings: Settings = request.app.state.settings
    keys: KeyStore = request.app.state.key_store
    now: datetime = request.state.now
    shown = totp.show_code(session, keys, account.account_id, now=now) if settings.is_demo else ""
    kinds = {kind.key: kind.count(session, account.account_id) for kind in factors.KINDS}
    return page(
        request,
        "account/factor.html",
        status=status,
        form=form,
        demo_code=f"{shown[:3]}{numerals.NO_BREAK}{shown[3:]}".strip(),
        kinds=kinds,
        **step_texts(request, account),
    )


def _recovery_page(request: PageRequest, form: RecoveryForm, *, status: int = 200) -> Response[str]:
    account: LoggedIn = request.state.entry.visitor
    if not account.has_factor:
        raise HalfLoggedIn(has_factor=False)
    return page(
        request,
        "account/recovery_code.html",
        status=status,
        form=form,
        **step_texts(request, account),
    )


def _next(request: PageRequest) -> str:
    return local_path(request.query_params.get("next", ""))
