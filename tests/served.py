"""Applications of the tests, and a server for them on a free port of loopback.

Registering the routes takes longer than most tests: an application that a test has left is
furnished anew for the next one with the same routes.
"""

import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import uvicorn
from litestar import Litestar

from baken.web.app import create_app, furnish
from baken.web.pages.access import utc_now
from baken.web.settings import Settings

_IDLE: dict[tuple[Any, ...], list[Litestar]] = defaultdict(list)


@contextmanager
def furnished(
    settings: Settings, clock: Callable[[], datetime] = utc_now, more: tuple[Any, ...] = ()
) -> Iterator[Litestar]:
    """An application with these settings, and with routes beside those of the house."""
    if _IDLE[more]:
        app = _IDLE[more].pop()
        kept = (
            app.state.database if app.state.settings.database_url == settings.database_url else None
        )
        app.state = furnish(settings, clock, kept)
    else:
        app = create_app(settings, clock=clock, more=more)
    yield app
    app.state.database.dispose()
    _IDLE[more].append(app)


@contextmanager
def served(
    settings: Settings, clock: Callable[[], datetime] = utc_now, more: tuple[Any, ...] = ()
) -> Iterator[int]:
    """The application on a free port, in a thread of this process; gives the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with furnished(replace(settings, port=port), clock, more) as app:
            config = uvicorn.Config(
                app, access_log=False, server_header=False, log_level="warning", lifespan="on"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(
                target=server.run, kwargs={"sockets": [listener]}, daemon=True
            )
            thread.start()
            try:
                yield port
            finally:
                server.should_exit = True
                thread.join(20)
