"""How migrations run: on the engine that the program uses, with its settings."""

from typing import Any, Literal

from alembic import context

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


engine = make_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        render_item=render_type,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
