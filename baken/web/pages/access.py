"""Who may come in: one guard before every route, and what handlers can ask for."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from baken.actionplan.plans.choices import get_variant
from baken.organisation.accounts.sessions import LoggedIn, get_logged_in, keep_alive
from baken.organisation.organisations import get_organisation
from baken.organisation.people import get_actor
from baken.organisation.permissions import Action, Actor, require
from baken.organisation.removals.actions import check_not_started
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web import languages, numerals, origin
from baken.web.arriving import Arrival
from baken.web.body import Form, read
from baken.web.errors import HalfLoggedIn, NotFresh, NotLoggedIn, UnknownHost
from baken.web.frame import RESPONDENTS, Frame, Place
from baken.web.machine import is_loopback
from baken.web.pages.reply import PageRequest
from baken.web.settings import Settings
from baken.web.texts import LANGUAGES

BEFORE_COOKIE: Final = "baken_before"
SESSION_COOKIE: Final = "baken_session"
SEEN_EVERY: Final = timedelta(minutes=2)

# A request that waits for its turn to write holds no thread that the writer needs to finish.
_ENTERING: Final = CapacityLimiter(40)
_LEAVING: Final = CapacityLimiter(10)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Who came in, and where."""

    visitor: LoggedIn
    place: Place | None
    actor: Actor | None


async def access_guard(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse what the route does not allow; otherwise note who asks and in which language."""
    if handler.opt.get("static"):
        return
    request: PageRequest = connection  # type: ignore[assignment]  # there are no websockets here
    settings: Settings = request.app.state.settings
    request.state.now = request.app.state.clock()
    request.state.request_id = secrets.token_hex(4)
    _check_host(request, settings)
    if request.method not in origin.SAFE_METHODS:
        origin.check_origin(request.headers, _own_origins(request, settings))
        request.state.form = await _read_form(request, handler)
    entry = None
    if not handler.opt.get("public"):
        # Noting that somebody is still there waits for a turn to write too.
        entry = await to_thread.run_sync(_enter, request, handler, limiter=_ENTERING)
    request.state.entry = entry
    request.state.frame = make_frame(request, entry)
    if entry is None:
        return
    if request.method not in origin.SAFE_METHODS:
        sent = request.headers.get("x-csrf") or request.state.form.get("csrf")
        origin.check_token(sent, entry.visitor.csrf_token)
    # A handler that shows the form again asks by itself, so that nothing typed is lost.
    if handler.opt.get("fresh") and not handler.opt.get("asks_itself"):
        check_fresh(request)


async def _read_form(request: PageRequest, handler: BaseRouteHandler) -> Form:
    """Read what was sent; of a route that streams, the fields before the file."""
    kind = request.headers.get("content-type", "")
    if not handler.opt.get("streams"):
        return read(await request.body(), kind)
    arrival = request.state.arrival = await Arrival.begin(request.stream(), kind)
    return arrival.form


def arrival_of(request: PageRequest) -> Arrival:
    """The form of a route that streams, with its file still on its way."""
    arrival: Arrival = request.state.arrival
    return arrival


def check_fresh(request: PageRequest) -> None:
    """Raise `NotFresh` unless a second factor was shown a moment ago."""
    entry: _Entry = request.state.entry
    if not entry.visitor.is_fresh(request.state.now):
        raise NotFresh(_page_of(request))


def make_frame(request: PageRequest, entry: _Entry | None) -> Frame:
    """What surrounds the page for this reader."""
    visitor = entry.visitor if entry else None
    return Frame(
        language=_language(request, visitor),
        path=request.url.path,
        csrf=visitor.csrf_token if visitor else "",
        place=entry.place if entry else None,
        account_name=visitor.name if visitor else "",
        has_account_page=visitor is not None and visitor.is_full,
        actor=entry.actor if entry else None,
        loopback=request.app.state.settings.is_local,
        is_demo=request.app.state.settings.is_demo,
        request_id=request.state.request_id,
        languages=LANGUAGES,
    )


def _enter(request: PageRequest, handler: BaseRouteHandler) -> _Entry:
    database: Database = request.app.state.database
    now: datetime = request.state.now
    token = session_token(request)
    with database.read(None) as session:
        visitor = get_logged_in(session, token, now=now)
    if visitor is None:
        raise NotLoggedIn
    request.state.reads = visitor.language  # for the page that refuses, too
    if now - visitor.seen_at > SEEN_EVERY:
        with database.session(None) as session:
            keep_alive(session, token, now=now)
    if handler.opt.get("half"):
        return _Entry(visitor, None, None)
    if not visitor.is_full:
        raise HalfLoggedIn(has_factor=visitor.has_factor)
    if handler.opt.get("account"):
        return _Entry(visitor, None, None)
    organisation_id: UUID = request.path_params["organisation_id"]
    today = now.astimezone(numerals.ZONE).date()
    with database.read(organisation_id) as session:
        # In this order: whoever has no person here learns nothing, not even that it exists.
        actor = get_actor(session, visitor.account_id, today=today)
        row = get_organisation(session, organisation_id)
        if request.method not in origin.SAFE_METHODS:
            check_not_started(session)
        country = get_variant(session).value
    require(actor, Action(handler.opt["action"]))
    return _Entry(visitor, Place(row.id, row.name, row.is_fictional, country), actor)


def session_token(request: PageRequest) -> str:
    """The token that the browser came with; empty when it has none."""
    return request.cookies.get(cookie_name(SESSION_COOKIE, request.app.state.settings), "")


def cookie_name(name: str, settings: Settings) -> str:
    """The name of a cookie here: with HTTPS browsers hold ``__Host-`` ones to this one server."""
    return f"__Host-{name}" if settings.is_https else name


def make_cookie(name: str, value: str, settings: Settings) -> Cookie:
    """A cookie of ours: out of reach of scripts and of other sites."""
    return Cookie(
        key=cookie_name(name, settings),
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        # on loopback there is no HTTPS: Secure would keep the cookie from coming back
        secure=settings.is_https,
    )


def local_path(target: str) -> str:
    """A path on this server, never somebody else's address."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    # Ours are plain ASCII, and a header holds nothing else.
    is_plain = target.isascii() and target.isprintable()
    return target if is_path and is_plain else "/organisations"


def _page_of(request: PageRequest) -> str:
    """Where to go on after the second factor: the page itself, or the one that its form is on."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    readable = {
        route.path_format for route in request.app.routes if "GET" in getattr(route, "methods", ())
    }
    here, path = request.scope["path_template"], request.url.path
    while here:
        if here in readable:
            return path
        here, path = here.rpartition("/")[0], path.rpartition("/")[0]
    entry: _Entry = request.state.entry
    return entry.place.root if entry.place else "/account"


def _check_host(request: PageRequest, settings: Settings) -> None:
    """A page on another name that resolves to this machine is not us."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if host != urlsplit(settings.origin).hostname and not is_loopback(host):
        raise UnknownHost


def _own_origins(request: PageRequest, settings: Settings) -> tuple[str, ...]:
    if not settings.is_local:
        return (settings.origin,)
    return (settings.origin, f"http://{request.headers.get('host', '')}")


def _language(request: PageRequest, visitor: LoggedIn | None) -> str:
    is_respondent = request.url.path.startswith(RESPONDENTS)
    return languages.choose(
        request.query_params.get("lang"),
        None if is_respondent else request.cookies.get(languages.COOKIE),
        visitor.language if visitor else None,
        accept=request.headers.get("accept-language", ""),
    )


async def provide_session(request: PageRequest) -> AsyncGenerator[Session, None]:
    """One transaction, committed when the handler has returned, rolled back when it raised."""
    database: Database = request.app.state.database
    organisation_id: UUID | None = request.path_params.get("organisation_id")
    is_read = request.method in origin.SAFE_METHODS
    opened = database.read(organisation_id) if is_read else database.session(organisation_id)
    session = await to_thread.run_sync(opened.__enter__, limiter=_ENTERING)
    try:
        yield session
    except BaseException as error:
        await _leave(opened, error)
        raise
    await _leave(opened, None)


async def _leave(opened: AbstractContextManager[Session], error: BaseException | None) -> None:
    kind = type(error) if error else None
    trace: TracebackType | None = error.__traceback__ if error else None
    await to_thread.run_sync(partial(_exit, opened, kind, error, trace), limiter=_LEAVING)


def _exit(
    opened: AbstractContextManager[Session],
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    try:
        opened.__exit__(kind, error, trace)
    except BaseException as raised:
        if raised is not error:
            raise


def _actor(request: PageRequest) -> Actor:
    actor: Actor = request.state.entry.actor
    return actor


def _account(request: PageRequest) -> LoggedIn:
    visitor: LoggedIn = request.state.entry.visitor
    return visitor


def _form(request: PageRequest) -> Form:
    form: Form = request.state.form
    return form


def _now(request: PageRequest) -> datetime:
    now: datetime = request.state.now
    return now


def _today(request: PageRequest) -> date:
    return _now(request).astimezone(numerals.ZONE).date()


def _language_of(request: PageRequest) -> str:
    frame: Frame = request.state.frame
    return frame.language


def _settings(request: PageRequest) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _database(request: PageRequest) -> Database:
    database: Database = request.app.state.database
    return database


def _keys(request: PageRequest) -> KeyStore:
    keys: KeyStore = request.app.state.key_store
    return keys


# By name of the handler's parameter. Only `session` can fail: a failure of another would leave an
# open session behind.
DEPENDENCIES: Final = {
    "session": Provide(provide_session),
    "actor": Provide(_actor, sync_to_thread=False),
    "account": Provide(_account, sync_to_thread=False),
    "form": Provide(_form, sync_to_thread=False),
    "now": Provide(_now, sync_to_thread=False),
    "today": Provide(_today, sync_to_thread=False),
    "language": Provide(_language_of, sync_to_thread=False),
    "settings": Provide(_settings, sync_to_thread=False),
    "database": Provide(_database, sync_to_thread=False),
    "keys": Provide(_keys, sync_to_thread=False),
}


def utc_now() -> datetime:
    """The clock of a running server; tests set another."""
    return datetime.now(UTC)
