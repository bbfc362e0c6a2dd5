"""Showing a passkey: instead of a password, as second factor, or once more before an act."""

from datetime import date, datetime
from urllib.parse import urlencode

from litestar import Controller, Response, post
from litestar.di import NamedDependency

from baken.organisation.accounts import passkey_acts
from baken.organisation.accounts.sessions import LoggedIn, confirm_factor, start_full
from baken.storage.errors import BakenError
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.pages.access import local_path, session_token
from baken.web.pages.attempts import count_ceremony
from baken.web.pages.before_log_in import browser_before, browser_of, come_in
from baken.web.pages.passkey_ceremony import options_answer, refused_page, visit_of
from baken.web.pages.reply import PageRequest


class PasskeyDoor(Controller):
    """Where a passkey opens."""

    @post("/log-in/passkey/challenge", opt={"public": True}, status_code=200, sync_to_thread=True)
    def log_in_challenge(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        count_ceremony(request, now=now)
        visit = visit_of(request, browser_before(request, form), now=now, today=today)
        return options_answer(passkey_acts.begin_log_in(session, visit))

    @post("/log-in/passkey", opt={"public": True}, sync_to_thread=True)
    def log_in(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        """A passkey that was unlocked (finger, face, PIN) is something one has and is or knows."""
        browser = browser_before(request, form)
        target = local_path(request.query_params.get("next", ""))
        try:
            visit = visit_of(request, browser, now=now, today=today)
            account_id = passkey_acts.prove_log_in(
                database, answer=form.get("credential"), visit=visit
            )
        except BakenError as error:
            return refused_page(request, error, back=f"/log-in?{urlencode({'next': target})}")
        with database.session(None) as session:
            token = start_full(
                session,
                account_id,
                browser=browser_of(request),
                instead=session_token(request),
                now=now,
            )
        return come_in(request, token, target)

    @post(
        "/account/confirm/passkey/challenge",
        opt={"half": True},
        status_code=200,
        sync_to_thread=True,
    )
    def factor_challenge(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        visit = visit_of(request, account.session_id.bytes, now=now, today=today)
        return options_answer(passkey_acts.begin_factor(session, account.account_id, visit))

    @post("/account/confirm/passkey", opt={"half": True}, sync_to_thread=True)
    def show_factor(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        form: NamedDependency[Form],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        target = local_path(request.query_params.get("next", ""))
        try:
            visit = visit_of(request, account.session_id.bytes, now=now, today=today)
            passkey_acts.prove_factor(
                database, account.account_id, answer=form.get("credential"), visit=visit
            )
        except BakenError as error:
            way = "/account/confirm" if account.is_full else "/log-in/factor"
            return refused_page(request, error, back=f"{way}?{urlencode({'next': target})}")
        with database.session(None) as session:
            token = confirm_factor(session, session_token(request), now=now)
        return come_in(request, token, target)
