"""The databases of the tests under other roles than that of the program."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from sqlalchemy import Connection

import baken
from baken.storage.engine import make_engine
from baken.storage.session import Database


def as_role(url: str, role: str) -> str:
    """The address of a database of the tests under another role: baken, baken_owner, postgres."""
    return re.sub(r"(?<=://)[^:@]+(?=:@)", role, url)


@contextmanager
def make_postgresql(server: str) -> Iterator[str]:
    """A migrated database on the server of the tests, under the role of the program."""
    name = f"test_{uuid4().hex}"
    admin = server.format(name="postgres")
    run(admin, f"CREATE DATABASE {name} TEMPLATE empty OWNER baken_owner")
    yield as_role(driver(server.format(name=name)), "baken")
    run(admin, f"DROP DATABASE {name} WITH (FORCE)")


def driver(url: str) -> str:
    """The address as SQLAlchemy wants it."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def run(url: str, statement: str) -> None:
    """Execute one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


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
