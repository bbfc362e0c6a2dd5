"""Logging in and out, and choosing where to work."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from anyio import CapacityLimiter, to_thread
from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_403_FORBIDDEN, HTTP_429_TOO_MANY_REQUESTS
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from baken.organisation import accounts
from baken.organisation.accounts import LoggedIn
from baken.organisation.errors import Denied
from baken.organisation.organisations import list_of_account
from baken.storage.session import Database
from baken.web import origin
from baken.web.body import Form
from baken.web.failures import FailureBudget, TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.access import BEFORE_COOKIE, SESSION_COOKIE
from baken.web.pages.reply import PageRequest, page, see_page
from baken.web.settings import Settings

# Two at a time: checking a password is made to be slow, and respondents should not notice.
_PASSWORDS: Final = CapacityLimiter(2)
PER_ACCOUNT: Final = (10, timedelta(minutes=5))
PER_ADDRESS: Final = (30, timedelta(minutes=1))


class LogInForm(BackOfficeForm):
    """Address and password."""

    mail = StringField("account.mail", [InputRequired(), Length(max=254)])
    password = PasswordField(
        "account.password", [InputRequired(), Length(max=accounts.MAX_PASSWORD)]
    )


class AccountPages(Controller):
    """From nobody to somebody, and back."""

    @get("/", opt={"public": True}, sync_to_thread=False)
    def start(self) -> Response[str]:
        return see_page("/organisations")

    @get("/log-in", opt={"public": True}, sync_to_thread=True)
    def log_in_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return _log_in_page(request, LogInForm.blank(language))

    @post("/log-in", opt={"public": True})
    async def log_in(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        language: NamedDependency[str],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        cookie = request.cookies.get(BEFORE_COOKIE, "")
        origin.check_token(form.get("csrf"), origin.token_before_log_in(cookie))
        sent = LogInForm.read(form, language)
        if not sent.validate():
            return _log_in_page(request, sent, status=422)
        attempt = partial(_attempt, request, database, sent, now)
        try:
            token = await to_thread.run_sync(attempt, limiter=_PASSWORDS)
        except Denied as error:
            return _log_in_page(request, sent.refuse(error), status=HTTP_403_FORBIDDEN)
        except TooManyFailures as error:
            return _log_in_page(request, sent.refuse(error), status=HTTP_429_TOO_MANY_REQUESTS)
        answer = see_page(_local(request.query_params.get("next", "")))
        answer.cookies.append(_cookie(SESSION_COOKIE, token, settings))
        answer.delete_cookie(BEFORE_COOKIE)
        return answer

    @get("/organisations", opt={"account": True}, sync_to_thread=True)
    def organisations(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        today: NamedDependency[date],
    ) -> Response[str]:
        rows = list_of_account(database, account.account_id, today=today)
        if len(rows) == 1:
            return see_page(f"/o/{rows[0].id}")
        return page(request, "account/organisations.html", rows=tuple(rows))

    @post("/log-out", opt={"account": True}, sync_to_thread=True)
    def log_out(
        self,
        request: PageRequest,
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        with database.session(None) as session:
            accounts.log_out(session, request.cookies.get(SESSION_COOKIE, ""))
            accounts.forget_old_sessions(session, now=now)
        answer = see_page("/logged-out")
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        answer.delete_cookie(SESSION_COOKIE)
        return answer

    @get("/logged-out", opt={"public": True}, sync_to_thread=True)
    def logged_out(self, request: PageRequest) -> Response[str]:
        return page(request, "account/logged_out.html")


def _attempt(request: PageRequest, database: Database, sent: LogInForm, now: datetime) -> str:
    """Log in, within what the budget of failures allows; answers the token of the new session."""
    names = _names(request, str(sent.mail.data))
    budgets: tuple[FailureBudget, ...] = request.app.state.failures
    for budget, name in zip(budgets, names, strict=True):
        budget.check(name, now)
    try:
        return accounts.log_in(
            database,
            mail=str(sent.mail.data),
            password=str(sent.password.data),
            now=now,
            instead=request.cookies.get(SESSION_COOKIE, ""),
        )
    except Denied:
        for budget, name in zip(budgets, names, strict=True):
            budget.add(name, now)
        raise


def _names(request: PageRequest, mail: str) -> tuple[str, str]:
    """What failures are counted by: the account asked for, and the peer of the connection.

    The peer as the socket sees it: a header may say anything.
    """
    return mail.strip().casefold(), request.client.host if request.client else ""


def _log_in_page(request: PageRequest, form: LogInForm, status: int = 200) -> Response[str]:
    cookie = request.cookies.get(BEFORE_COOKIE) or origin.new_token()
    answer = page(
        request,
        "account/log_in.html",
        status=status,
        form=form,
        token=origin.token_before_log_in(cookie),
        next=_local(request.query_params.get("next", "")),
    )
    answer.cookies.append(_cookie(BEFORE_COOKIE, cookie, request.app.state.settings))
    return answer


def _cookie(name: str, value: str, settings: Settings) -> Cookie:
    # On loopback there is no HTTPS: neither Secure nor the __Host- prefix would work.
    return Cookie(
        key=name, value=value, path="/", httponly=True, samesite="lax", secure=settings.is_https
    )


def _local(target: str) -> str:
    """A path on this server, never somebody else's address."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and target.isprintable() else "/organisations"
