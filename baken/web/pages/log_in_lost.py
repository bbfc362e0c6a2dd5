"""Whoever lost the second factor: asking for a new one, and starting anew when that is allowed."""

from datetime import date, datetime

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.organisation.accounts import lost_factor_lists, lost_factors
from baken.organisation.accounts.models import LostFactorState
from baken.organisation.accounts.sessions import LoggedIn
from baken.storage.session import Database, Session
from baken.web.errors import HalfLoggedIn
from baken.web.pages.reply import PageRequest, page, see_page
from baken.web.settings import Settings


class LogInLostPages(Controller):
    """With the password alone one can ask, and no more than that."""

    path = "/log-in/lost"

    @get("/", opt={"half": True}, sync_to_thread=True)
    def lost_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        account: NamedDependency[LoggedIn],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        if account.is_full:
            return see_page("/account")
        _check_has_factor(account)
        found = lost_factor_lists.find_own(session, account.account_id, now=now)
        is_ready = (
            found is not None
            and found.state is LostFactorState.APPROVED
            and found.from_at is not None
            and found.from_at <= now
        )
        has_mail = settings.mail is not None
        return page(
            request, "account/lost.html", request=found, is_ready=is_ready, has_mail=has_mail
        )

    @post("/", opt={"half": True}, sync_to_thread=True)
    def ask(
        self,
        *,
        database: NamedDependency[Database],
        account: NamedDependency[LoggedIn],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        _check_has_factor(account)
        own = account.account_id
        is_by_mail = settings.mail is not None
        lost_factors.ask(database, own, is_by_mail=is_by_mail, by=own, now=now, today=today)
        return see_page("/log-in/lost")

    @post("/anew", opt={"half": True}, sync_to_thread=True)
    def start_anew(
        self,
        *,
        database: NamedDependency[Database],
        account: NamedDependency[LoggedIn],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        lost_factors.start_anew(
            database,
            account.account_id,
            is_by_mail=settings.mail is not None,
            this_session=account.session_id,
            now=now,
            today=today,
        )
        return see_page("/log-in/set-up")


def _check_has_factor(account: LoggedIn) -> None:
    """Whoever has none cannot have lost it."""
    if not account.has_factor:
        raise HalfLoggedIn(has_factor=False)
