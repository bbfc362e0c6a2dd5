"""Bring a database to the newest form, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from baken.storage.engine import make_engine

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Run the migrations up to a revision; one transaction each."""
    command.upgrade(_config(url), revision)


def migrate_down(url: str, revision: str) -> None:
    """Undo migrations down to a revision (``base`` for none)."""
    command.downgrade(_config(url), revision)


def is_current(url: str) -> bool:
    """Whether every migration has run on the database."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return set(found) == set(ScriptDirectory.from_config(_config(url)).get_heads())


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
