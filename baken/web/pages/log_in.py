"""Logging in with a password, logging out, and choosing where to work."""

from datetime import date, datetime
from functools import partial

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_403_FORBIDDEN, HTTP_429_TOO_MANY_REQUESTS
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from baken.organisation.accounts import sessions
from baken.organisation.accounts.log_in import log_in, normal_mail
from baken.organisation.accounts.passwords import MAX_PASSWORD
from baken.organisation.accounts.sessions import LoggedIn
from baken.organisation.errors import Denied
from baken.organisation.organisations import list_of_account
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.failures import TooManyFailures
from baken.web.forms import BackOfficeForm
from baken.web.pages.access import SESSION_COOKIE, cookie_name, local_path, session_token
from baken.web.pages.attempts import try_password
from baken.web.pages.before_log_in import (
    browser_of,
    check_before,
    come_in,
    page_before,
    slowly,
)
from baken.web.pages.log_in_factor import factor_path
from baken.web.pages.openid_journey import name_of_provider
from baken.web.pages.reply import PageRequest, page, see_page


class LogInForm(BackOfficeForm):
    """Address and password."""

    mail = StringField("account.mail", [InputRequired(), Length(max=254)])
    password = PasswordField("account.password", [InputRequired(), Length(max=MAX_PASSWORD)])


class LogInPages(Controller):
    """From nobody to somebody, and back."""

    @get("/", opt={"public": True}, sync_to_thread=False)
    def start(self) -> Response[str]:
        return see_page("/organisations")

    @get("/log-in", opt={"public": True, "fetches": True}, sync_to_thread=True)
    def log_in_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        return _log_in_page(request, LogInForm.blank(language))

    @post("/log-in", opt={"public": True, "fetches": True})
    async def log_in(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        language: NamedDependency[str],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        check_before(request, form)
        sent = LogInForm.read(form, language)
        if not sent.validate():
            return _log_in_page(request, sent, status=422)
        mail = str(sent.mail.data)
        check = partial(
            log_in,
            database,
            mail=mail,
            password=str(sent.password.data),
            browser=browser_of(request),
            instead=session_token(request),
            now=now,
        )
        try:
            token = await slowly(partial(try_password, request, normal_mail(mail), check, now=now))
        except Denied as error:
            return _log_in_page(request, sent.refuse(error), status=HTTP_403_FORBIDDEN)
        except TooManyFailures as error:
            return _log_in_page(request, sent.refuse(error), status=HTTP_429_TOO_MANY_REQUESTS)
        return come_in(request, token, factor_path(request.query_params.get("next", "")))

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
        if rows:
            return see_page("/clients")
        return page(request, "account/organisations.html")

    @post("/log-out", opt={"half": True}, sync_to_thread=True)
    def log_out(
        self,
        request: PageRequest,
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        with database.session(None) as session:
            sessions.log_out(session, session_token(request))
            sessions.forget_old_sessions(session, now=now)
        answer = see_page("/logged-out")
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        answer.delete_cookie(cookie_name(SESSION_COOKIE, request.app.state.settings))
        return answer

    @get("/logged-out", opt={"public": True}, sync_to_thread=True)
    def logged_out(self, request: PageRequest) -> Response[str]:
        return page(request, "account/logged_out.html", provider=name_of_provider(request))


def _log_in_page(request: PageRequest, form: LogInForm, status: int = 200) -> Response[str]:
    return page_before(
        request,
        "account/log_in.html",
        status=status,
        form=form,
        provider=name_of_provider(request),
        next=local_path(request.query_params.get("next", "")),
    )
