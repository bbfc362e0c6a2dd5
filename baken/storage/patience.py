"""How long a page waits for one statement of PostgreSQL."""

from typing import Final

from sqlalchemy import Connection, event

from baken.storage.session import Database

PAGE_PATIENCE_MS: Final = 5_000


def limit_statements(database: Database, milliseconds: int = PAGE_PATIENCE_MS) -> None:
    """Stop every statement of this database handle that takes longer.

    For pages, where somebody waits and others wait behind; work in the background has its own
    handle. In each transaction anew, so that a pooler may hand the connection to somebody else.
    SQLite knows no such limit: there a statement is as long as the one file is large.
    """
    if database.is_sqlite:
        return

    @event.listens_for(database.engine, "begin")
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(milliseconds)}")
