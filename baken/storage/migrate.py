"""Bring a database to the newest form, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, revision: str = "head") -> None:
    """Run the migrations up to a revision; one transaction each."""
    command.upgrade(_config(url), revision)


def migrate_down(url: str, revision: str) -> None:
    """Undo migrations down to a revision (``base`` for none)."""
    command.downgrade(_config(url), revision)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
