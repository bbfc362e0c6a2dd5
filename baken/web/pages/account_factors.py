"""One's own authenticator app, recovery codes and browsers."""

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.accounts import recovery_codes, totp, totp_acts
from baken.organisation.accounts.factors import check_may_remove
from baken.organisation.accounts.sessions import (
    LoggedIn,
    end_other_sessions,
    end_session,
    list_sessions,
)
from baken.organisation.errors import OrganisationError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.pages.log_in_factor import CodeForm
from baken.web.pages.log_in_set_up import show_codes, totp_page
from baken.web.pages.reply import PageRequest, done, page


class AccountFactorPages(Controller):
    """Change what one logs in with: only with a factor that was shown a moment ago."""

    path = "/account"

    @get("/totp", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def totp_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        keys: NamedDependency[KeyStore],
        language: NamedDependency[str],
    ) -> Response[str]:
        return totp_page(request, session, keys, account, CodeForm.blank(language))

    @post("/totp", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def set_up_totp(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        account: NamedDependency[LoggedIn],
        keys: NamedDependency[KeyStore],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        sent = CodeForm.read(form, language)
        is_valid = sent.validate()
        try:
            with database.session(None) as session:
                if not is_valid:
                    return totp_page(request, session, keys, account, sent, is_refused=True)
                own = account.account_id
                secret = totp.propose_secret(session, keys, own, account.session_id)
                totp_acts.replace(
                    session,
                    keys,
                    own,
                    secret=secret,
                    code=str(sent.code.data),
                    this_session=account.session_id,
                    now=now,
                )
        except OrganisationError as error:
            sent.refuse(error)
            with database.read(None) as session:
                return totp_page(request, session, keys, account, sent, is_refused=True)
        return done(request, see="/account", said="account.done_totp")

    @get("/totp/remove", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def remove_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
    ) -> Response[str]:
        check_may_remove(session, account.account_id)
        return page(request, "account/totp_remove.html")

    @post("/totp/remove", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def remove_totp(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        totp_acts.remove(session, account.account_id, now=now)
        return done(request, see="/account", said="account.done_totp_removed")

    @get("/recovery-codes", opt={"account": True, "fresh": True}, sync_to_thread=True)
    def codes_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
    ) -> Response[str]:
        n_left = recovery_codes.count_left(session, account.account_id)
        return page(request, "account/recovery_codes.html", n_left=n_left)

    @post(
        "/recovery-codes",
        opt={"account": True, "fresh": True},
        sync_to_thread=True,
        status_code=200,
    )
    def make_codes(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        codes = recovery_codes.make_codes(session, keys, account.account_id, now=now)
        return show_codes(request, codes, onward="/account")

    @get("/sessions", opt={"account": True}, sync_to_thread=True)
    def sessions_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        rows = list_sessions(session, account.account_id, this=account.session_id, now=now)
        return page(request, "account/sessions.html", rows=tuple(rows))

    @post("/sessions/{session_id:uuid}/end", opt={"account": True}, sync_to_thread=True)
    def end_one(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
        session_id: FromPath[UUID],
    ) -> Response[str]:
        end_session(session, account.account_id, session_id, now=now)
        return done(request, see="/account/sessions", said="account.done_session_ended")

    @post("/sessions/end-others", opt={"account": True}, sync_to_thread=True)
    def end_others(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        end_other_sessions(session, account.account_id, this=account.session_id, now=now)
        return done(request, see="/account/sessions", said="account.done_sessions_ended")
