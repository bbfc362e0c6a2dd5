"""Engines: SQLite on one machine, PostgreSQL for more."""

import json
import sqlite3
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

BUSY_TIMEOUT_MS = 10_000

# Durability first: in WAL mode anything below FULL may lose an acknowledged commit at power loss.
# secure_delete overwrites what is deleted; trusted_schema keeps functions out of a tampered schema.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)


_OPTIONS: Final[dict[str, Any]] = {
    # keeps values out of logs and tracebacks
    "hide_parameters": True,
    # What is no JSON is refused when it is written: infinity would come back as nothing.
    "json_serializer": partial(json.dumps, allow_nan=False),
    # The results of a large campaign are megabytes, read with every page: ten times faster.
    "json_deserializer": msgspec.json.decode,
}


def make_engine(url: str | URL) -> Engine:
    """Return an engine with the settings that durability and privacy need."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return _make_sqlite_engine(target)
    # A pooler between us and the server may hand us another connection each transaction.
    return create_engine(
        target,
        **_OPTIONS,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None},
    )


def _make_sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, **_OPTIONS, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: a reader that turns writer half-way can only fail.
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
