"""The databases of the tests under other roles than that of the program."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import Connection, event

import baken
from baken.storage.engine import make_engine
from baken.storage.session import Database


def as_role(url: str, role: str) -> str:
    """The address of a database of the tests under another role: baken, baken_owner, postgres."""
    return re.sub(r"(?<=://)[^:@]+(?=:@)", role, url)


_in_use: list[str] = []


@cache
def shared(url: str) -> Database:
    """The handle of every test on this address: what SQLAlchemy has compiled stays compiled."""
    return Database(url)


@contextmanager
def make_postgresql(server: str) -> Iterator[str]:
    """A migrated database on the server of the tests, under the role of the program."""
    name = next(name for n in count() if (name := f"test_{n}") not in _in_use)
    admin = server.format(name="postgres")
    run(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    run(admin, f"CREATE DATABASE {name} TEMPLATE empty OWNER baken_owner STRATEGY file_copy")
    _in_use.append(name)
    yield as_role(driver(server.format(name=name)), "baken")
    _in_use.remove(name)


def driver(url: str) -> str:
    """The address as SQLAlchemy wants it."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def run(url: str, statement: str) -> None:
    """Execute one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def listening(target: Any, name: str, function: Callable[..., None]) -> Iterator[None]:
    """Call a function at every event of this name, and no longer than the block lasts."""
    event.listen(target, name, function)
    try:
        yield
    finally:
        event.remove(target, name, function)


@contextmanager
def above_the_walls(database: Database) -> Iterator[Connection]:
    """A transaction of somebody whom nothing stops: who has the file, or PostgreSQL's superuser."""
    if database.is_sqlite:
        with database.engine.begin() as connection:
            yield connection
        return
    url = database.engine.url.render_as_string(hide_password=False)
    engine = make_engine(as_role(url, "postgres"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def load_every_model() -> None:
    """Import all rooms, so that the models are complete."""
    for module in pkgutil.walk_packages(baken.__path__, "baken."):
        if ".web" not in module.name:
            importlib.import_module(module.name)
