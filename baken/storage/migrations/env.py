"""How migrations run: on the engine that the program uses, with its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from sqlalchemy import Engine

from baken.storage.base import Base
from baken.storage.engine import make_engine
from baken.storage.types import Instant, Name


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types into migrations as what the database sees."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Name):
        return "sa.String(length=40)"
    return False


@contextmanager
def _engine() -> Iterator[Engine]:
    """The engine, with no connection left behind when a migration fails."""
    made = make_engine(context.config.attributes["url"])
    try:
        yield made
    finally:
        made.dispose()


with _engine() as engine, engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        # A migration that reads rows behind the wall stops; by itself it would find none.
        connection.exec_driver_sql("SET row_security = off")
        connection.commit()
    if connection.dialect.name == "sqlite":
        # A table that is made anew is dropped first; what points at it finds it again afterwards.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        render_item=render_type,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if loose:
            raise RuntimeError(f"After the migrations {len(loose)} rows point at nothing.")
