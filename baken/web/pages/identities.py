"""Linking one's own account to an identity at the organisation's provider, and undoing that."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from anyio import to_thread
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.accounts import identities
from baken.organisation.accounts.challenges import Purpose
from baken.organisation.accounts.sessions import LoggedIn
from baken.storage.errors import BakenError
from baken.storage.session import Database, Session
from baken.web.body import Form
from baken.web.pages.openid_journey import (
    Journey,
    arrival_page,
    name_of_provider,
    provider_of,
    refused_page,
)
from baken.web.pages.reply import PageRequest, done, page

BACK: Final = "/account/identities/back"
ACCOUNT: Final = "/account"
FRESH: Final = {"account": True, "fresh": True}


class IdentityPages(Controller):
    """The links of one's own account."""

    @get("/account/identities/new", opt=FRESH, sync_to_thread=True)
    def new(self, request: PageRequest) -> Response[str]:
        provider = provider_of(request)
        return page(request, "account/identity_new.html", name=provider.settings.name)

    @post("/account/identities/new", opt=FRESH, status_code=200)
    async def leave(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        try:
            return await _journey(request, account, now).leave(request)
        except BakenError as error:
            return refused_page(request, error, back=ACCOUNT)

    @get(BACK, opt={"account": True}, sync_to_thread=True)
    def arrival(self, request: PageRequest, account: NamedDependency[LoggedIn]) -> Response[str]:
        return arrival_page(request, post_to=BACK, token=account.csrf_token)

    @post(BACK, opt=FRESH)
    async def back(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        form: NamedDependency[Form],
        database: NamedDependency[Database],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        try:
            journey = _journey(request, account, now)
            proof, _ = await journey.arrive(form)
            issuer = journey.provider.settings.issuer
            link = partial(
                identities.link_identity,
                account_id=account.account_id,
                issuer=issuer,
                subject=proof.subject,
                now=now,
                today=today,
            )
            await to_thread.run_sync(_in_session, database, link)
        except BakenError as error:
            return refused_page(request, error, back=ACCOUNT)
        return done(request, see=ACCOUNT, said="openid.done_linked")

    @get("/account/identities/{identity_id:uuid}/remove", opt=FRESH, sync_to_thread=True)
    def removing(
        self,
        request: PageRequest,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        identity_id: FromPath[UUID],
    ) -> Response[str]:
        row = identities.get_identity(session, account.account_id, identity_id)
        name = name_of_provider(request) or row.issuer
        return page(request, "account/identity_remove.html", identity=row, name=name)

    @post("/account/identities/{identity_id:uuid}/remove", opt=FRESH, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        session: NamedDependency[Session],
        now: NamedDependency[datetime],
        identity_id: FromPath[UUID],
    ) -> Response[str]:
        identities.unlink_identity(session, account.account_id, identity_id, now=now)
        return done(request, see=ACCOUNT, said="openid.done_unlinked")


def _journey(request: PageRequest, account: LoggedIn, now: datetime) -> Journey:
    return Journey.of(
        request,
        Purpose.OPENID_LINK,
        BACK,
        browser=account.session_id.bytes,
        now=now,
        account_id=account.account_id,
    )


def _in_session(database: Database, act: Callable[[Session], UUID]) -> UUID:
    with database.session(None) as session:
        return act(session)
