"""Ties the house together: settings in, an application out."""

import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler, Message, Scope

from baken.organisation.permissions import Action
from baken.storage.durability import check_durability
from baken.storage.keys import KeyStore
from baken.storage.patience import limit_statements
from baken.storage.privileges import check_role
from baken.storage.session import Database
from baken.web.assets import ensure_assets, load_static
from baken.web.body import FORM_LIMIT
from baken.web.errors import HANDLERS
from baken.web.headers import protected
from baken.web.openid.settings import OpenIdSettings
from baken.web.pages.access import DEPENDENCIES, access_guard, utc_now
from baken.web.pages.attempts import Attempts
from baken.web.pages.controllers import CONTROLLERS
from baken.web.pages.respondent_door import FrontDoor
from baken.web.pages.static import static_file
from baken.web.settings import Settings
from baken.web.texts import LANGUAGES, catalogue

log = logging.getLogger("baken.web")


class RouteWithoutPolicy(Exception):
    """A route does not say who may use it; Baken does not start with such a route."""


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    more: tuple[ControllerRouterHandler, ...] = (),
) -> Litestar:
    """Make the application.

    Parameters
    ----------
    settings : Settings
        Checked here once more: no application exists with unsafe ones.
    clock : Callable
        Gives the present instant, with a time zone.
    more : tuple
        Routes beside those of the house; they obey the same rules.

    Raises
    ------
    UnsafeSetting, UnsafeRole, NotDurable, KeyStoreError
        With the sentence to show.
    RouteWithoutPolicy
        A route names no action and is not public.
    """
    state = furnish(settings, clock)
    app = Litestar(
        route_handlers=[static_file, *CONTROLLERS, *more],
        dependencies=DEPENDENCIES,
        guards=[access_guard],
        exception_handlers=HANDLERS,
        before_send=[_protect],
        on_shutdown=[_close],
        request_max_body_size=FORM_LIMIT,
        state=state,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    check_policies(app)
    return app


def furnish(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    database: Database | None = None,
) -> State:
    """What the pages work with: checked settings, database, keys, built files, a clock.

    A handle on the database that is there already is used; else it is that of the settings.
    """
    settings.check()
    if ensure_assets():
        log.warning("Fonts, styles and scripts were not built yet; done now.")
    for language in LANGUAGES:
        catalogue(language)
    static = load_static()
    if database is None:  # else its statements have their limit already
        database = Database(settings.database_url)
        limit_statements(database)
    keys = KeyStore.open(settings.keys)
    check_role(database)
    check_durability(database)
    return State(
        {
            "settings": settings,
            "database": database,
            "key_store": keys,
            "front_door": FrontDoor(database, keys),
            "clock": clock,
            "static": static,
            "static_root": static.root,
            "provider": _provider(settings.openid) if settings.openid else None,
            "attempts": Attempts(),
        }
    )


def _provider(settings: OpenIdSettings) -> Any:
    """Load what speaks to another service only where there is one: it takes a tenth of a start."""
    return import_module("baken.web.openid.provider").Provider(settings)


def check_policies(app: Litestar) -> None:
    """Raise `RouteWithoutPolicy` for a route that does not say who may use it."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not _has_policy(handler, route.path):
                raise RouteWithoutPolicy(
                    f"{route.path} ({handler}) names no action: give it opt={{'action': Action.X}} "
                    f"or opt={{'public': True}}; an action needs an organisation in the path."
                )


def _has_policy(handler: HTTPRouteHandler, path: str) -> bool:
    if handler.http_methods == {"OPTIONS"}:
        return True  # answers with the list of methods and runs no code of ours
    opt: dict[str, Any] = dict(handler.opt)
    named = [name for name in ("action", "public", "account", "half") if opt.get(name)]
    if len(named) != 1:
        return False
    return named != ["action"] or (
        isinstance(opt["action"], Action) and "{organisation_id:uuid}" in path
    )


async def _protect(message: Message, scope: Scope) -> None:
    if message["type"] != "http.response.start":
        return
    handler: HTTPRouteHandler | None = scope.get("route_handler")  # type: ignore[assignment]
    settings: Settings = scope["litestar_app"].state.settings
    message["headers"] = protected(
        list(message.get("headers", [])),
        handler.opt if handler else {},
        is_https=settings.is_https,
    )


def _close(app: Litestar) -> None:
    app.state.front_door.stop()
    app.state.database.dispose()
