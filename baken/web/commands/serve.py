"""`baken serve`: the server, on this machine only."""

import socket
from typing import Any

import uvicorn

from baken.storage.errors import BakenError
from baken.web.app import create_app
from baken.web.commands.worker import Companion
from baken.web.connections import server_options
from baken.web.logs import set_up_logs
from baken.web.settings import Settings

WAITING = 2_048


def serve() -> None:
    """Serve the pages on this machine, at the address that the settings give."""
    set_up_logs()
    settings = Settings.from_environment()
    app = create_app(settings)
    listener = listen(settings)
    print(f"Baken listens on {settings.origin} - stop with Ctrl+C.", flush=True)
    run(app, listener)


def run(app: Any, listener: socket.socket) -> None:
    """Serve an application on a port that was taken, until somebody stops it."""
    config = uvicorn.Config(app, **server_options())
    settings: Settings = app.state.settings
    companion = Companion(settings) if settings.has_worker else None
    if companion:
        companion.start()
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        if companion:
            companion.stop()


class PortTaken(BakenError):
    """Another program listens there."""

    kind = "conflict"


def listen(settings: Settings) -> socket.socket:
    """Take the port before anything else, so that a clash is one clear sentence.

    Raises
    ------
    PortTaken
        When the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            "serve.port_taken",
            "Port {port} on {host} is in use or not allowed ({reason}). Stop the other program, or "
            "choose another port: BAKEN_PORT=8001 baken serve",
            port=settings.port,
            host=settings.host,
            reason=error.strerror,
        ) from error
    listener.listen(WAITING)
    return listener
