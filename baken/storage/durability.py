"""Whether the database keeps what it has acknowledged, also when the power fails."""

from typing import Final

from baken.storage.errors import BakenError
from baken.storage.session import Database

# In SQLite: 0 off, 1 normal, 2 full, 3 extra.
_FULL: Final = 2


class NotDurable(BakenError):
    """The database could lose what somebody was told is kept."""


def check_durability(database: Database) -> None:
    """Raise `NotDurable` when an acknowledged answer could be gone after a power cut."""
    if database.is_sqlite:
        _check_sqlite(database)
    else:
        _check_postgresql(database)


def _check_sqlite(database: Database) -> None:
    with database.engine.connect() as connection:
        level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
        journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar_one())
    if level < _FULL or journal.lower() in {"off", "memory"}:
        raise NotDurable(
            "settings.not_durable",
            "SQLite works with synchronous={level} and journal_mode={journal}, so it could lose "
            "answers that people were thanked for when the power fails. Put the database on a "
            "disk of this machine and take the settings that change this away.",
            level=level,
            journal=journal,
        )


def _check_postgresql(database: Database) -> None:
    with database.engine.connect() as connection:
        found = {
            name: str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        }
    off = sorted(name for name, value in found.items() if value == "off")
    if off:
        raise NotDurable(
            "settings.not_durable_server",
            "PostgreSQL works with {settings}, so it could lose answers that people were thanked "
            "for when the power fails. Put it on in postgresql.conf and restart the server.",
            settings=", ".join(f"{name}=off" for name in off),
        )
