"""Bring a database to the newest form, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from baken.storage.engine import make_engine
from baken.storage.privileges import UnsafeRole, grant_privileges

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str, *, owner_url: str = "", keys: Path | None = None) -> None:
    """Run the migrations that have not run yet; one transaction each.

    Parameters
    ----------
    url : str
        Where the program works.
    owner_url : str
        The same database under the role that owns the tables. PostgreSQL needs it: the role of
        `url` gets what the program needs and cannot change a table.
    keys : Path, optional
        Folder of the key store, for a migration that seals what stood there in clear.

    Raises
    ------
    UnsafeRole
        On PostgreSQL without an owner, or with one role for both.
    """
    if make_url(url).get_backend_name() == "sqlite":
        command.upgrade(_config(url, keys), "head")
        return
    role = _role_beside_owner(url, owner_url)
    command.upgrade(_config(owner_url, keys), "head")
    grant_privileges(owner_url, role)


def _role_beside_owner(url: str, owner_url: str) -> str:
    role = make_url(url).username
    if not owner_url or not role or make_url(owner_url).username == role:
        raise UnsafeRole(
            "settings.no_owner",
            "On PostgreSQL the tables belong to another role than the one Baken works under: name "
            "both, in BAKEN_DATABASE_OWNER_URL and in BAKEN_DATABASE_URL, as "
            "docs/how-to/postgresql.md says. Nothing was changed.",
        )
    return role


def migrate_down(url: str, revision: str, *, keys: Path | None = None) -> None:
    """Undo migrations down to a revision (``base`` for none), as the owner of the tables."""
    command.downgrade(_config(url, keys), revision)


def is_current(url: str) -> bool:
    """Whether every migration has run on the database."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    finally:
        engine.dispose()
    return set(found) == set(ScriptDirectory.from_config(_config(url)).get_heads())


def _config(url: str, keys: Path | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    config.attributes["keys"] = keys
    return config
