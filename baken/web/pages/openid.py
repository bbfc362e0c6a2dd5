"""Logging in by way of the organisation's identity provider."""

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from anyio import to_thread
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.organisation.accounts.challenges import Purpose
from baken.organisation.accounts.factors import has_factor
from baken.organisation.accounts.identities import use_identity
from baken.organisation.accounts.sessions import start_half, start_vouched
from baken.storage.errors import BakenError
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.openid.settings import OpenIdSettings
from baken.web.pages.access import local_path, session_token
from baken.web.pages.attempts import count_ceremony
from baken.web.pages.before_log_in import browser_before, browser_of, come_in, token_before
from baken.web.pages.openid_journey import Journey, arrival_page, refused_page
from baken.web.pages.reply import PageRequest

if TYPE_CHECKING:  # loaded only where there is a provider
    from baken.web.openid.proof import Proof

BACK: Final = "/log-in/openid/back"


class OpenIdDoor(Controller):
    """From the log-in page to the provider and back. Nobody gets an account by it."""

    @post("/log-in/openid", opt={"public": True}, status_code=200)
    async def leave(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        browser = browser_before(request, form)
        count_ceremony(request, now=now)
        target = local_path(request.query_params.get("next", ""))
        try:
            journey = Journey.of(request, Purpose.OPENID_LOG_IN, BACK, browser=browser, now=now)
            return await journey.leave(request, target=target)
        except BakenError as error:
            return refused_page(request, error, back=f"/log-in?{urlencode({'next': target})}")

    @get(BACK, opt={"public": True}, sync_to_thread=True)
    def arrival(self, request: PageRequest) -> Response[str]:
        return arrival_page(request, post_to=BACK, token=token_before(request))

    @post(BACK, opt={"public": True})
    async def back(
        self,
        request: PageRequest,
        *,
        form: NamedDependency[Form],
        now: NamedDependency[datetime],
        today: NamedDependency[date],
    ) -> Response[str]:
        browser = browser_before(request, form)
        count_ceremony(request, now=now)
        try:
            journey = Journey.of(request, Purpose.OPENID_LOG_IN, BACK, browser=browser, now=now)
            proof, target = await journey.arrive(form)
            begin = partial(
                _begin_session, request, journey.provider.settings, proof, now=now, today=today
            )
            token = await to_thread.run_sync(begin)
        except BakenError as error:
            return refused_page(request, error, back="/log-in")
        return come_in(request, token, local_path(target))


def _begin_session(
    request: PageRequest, provider: OpenIdSettings, proof: "Proof", *, now: datetime, today: date
) -> str:
    """Begin as far as the proof reaches: the second factor is asked unless the provider did that.

    Whoever has none of Baken's own sets one up first, for the acts that ask for it afresh.
    """
    database: Database = request.app.state.database
    with database.session(None) as session:
        account_id = use_identity(
            session, issuer=provider.issuer, subject=proof.subject, today=today
        )
        is_vouched = bool(proof.means.intersection(provider.second_factor))
        start = start_vouched if is_vouched and has_factor(session, account_id) else start_half
        return start(
            session,
            account_id,
            browser=browser_of(request),
            instead=session_token(request),
            now=now,
        )
