"""The second wall between organisations: row-level security of PostgreSQL.

The first wall stands in the session and holds on every engine. This one stands in the database:
whatever statement arrives, a connection that named no organisation finds no rows, and one that
named an organisation finds and writes the rows of that organisation only.

A migration that makes a table of an organisation ends with one call of `raise_wall`.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, func, select

SETTING = "app.organisation"

# Empty, not missing, once a transaction that named an organisation has ended on the connection.
_CURRENT = f"nullif(current_setting('{SETTING}', true), '')::uuid"


def enter(connection: Connection, organisation_id: UUID | None) -> None:
    """Say for which organisation the rest of this transaction works; None for no organisation.

    It ends with the transaction, so that a pooler may hand the connection to somebody else.
    """
    if connection.dialect.name == "postgresql":
        name = str(organisation_id) if organisation_id else ""
        connection.execute(select(func.set_config(SETTING, name, True)))


def raise_wall(
    connection: Connection, table: str, references: Mapping[str, str] | None = None
) -> None:
    """Show and accept rows of a table only to whoever works for their organisation.

    Parameters
    ----------
    references : mapping, optional
        Column to the table of an organisation whose `id` it holds. A foreign key alone would accept
        the row of any organisation, because the database checks it behind the wall.
    """
    own = f"organisation_id = {_CURRENT}"
    _close(connection, table, [f"CREATE POLICY own_rows ON {table} USING ({own})"])
    if not references or connection.dialect.name != "postgresql":
        return
    are_own = " AND ".join(
        f"({table}.{column} IS NULL OR EXISTS "
        f"(SELECT FROM {target} AS own WHERE own.id = {table}.{column}))"
        for column, target in references.items()
    )
    for kind, reads in (("INSERT", ""), ("UPDATE", "USING (true) ")):
        connection.exec_driver_sql(
            f"CREATE POLICY own_references_{kind.lower()} ON {table} AS RESTRICTIVE "
            f"FOR {kind} {reads}WITH CHECK ({are_own})"
        )


def raise_wall_around(connection: Connection, table: str, column: str) -> None:
    """Close a table of the installation to other organisations; outside all of them it is open.

    For what has to be known before an organisation is: which there are, and the work that waits.
    """
    own = f"{_CURRENT} IS NULL OR {column} = {_CURRENT}"
    _close(connection, table, [f"CREATE POLICY own_rows ON {table} USING ({own})"])


def raise_wall_for_writing(connection: Connection, table: str) -> None:
    """Let everybody read a table that is public, and write rows of their own organisation only."""
    own = f"{_CURRENT} IS NULL OR organisation_id = {_CURRENT}"
    everybody = f"CREATE POLICY public_rows ON {table} FOR SELECT USING (true)"
    _close(connection, table, [everybody, f"CREATE POLICY own_rows ON {table} USING ({own})"])


def raise_wall_for_the_installation(connection: Connection, table: str) -> None:
    """Let everybody read a table of the installation, and write whoever works for nobody's own."""
    everybody = f"CREATE POLICY public_rows ON {table} FOR SELECT USING (true)"
    outside = f"CREATE POLICY own_rows ON {table} USING ({_CURRENT} IS NULL)"
    _close(connection, table, [everybody, outside])


def lower_wall(connection: Connection, table: str) -> None:
    """Take the policies of a table away and let everybody in who may use it."""
    if connection.dialect.name != "postgresql":
        return
    asked = "SELECT policyname FROM pg_policies WHERE schemaname = current_schema()"
    names = connection.exec_driver_sql(f"{asked} AND tablename = '{table}'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f"DROP POLICY {name} ON {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def open_to_owner(connection: Connection, *tables: str, is_open: bool) -> None:
    """Let the owner of the tables pass, for a migration that has to read or change their rows.

    Without it such a migration stops with an error: it would have found no rows.
    """
    if connection.dialect.name == "postgresql":
        for table in tables:
            force = "NO FORCE" if is_open else "FORCE"
            connection.exec_driver_sql(f"ALTER TABLE {table} {force} ROW LEVEL SECURITY")


def _close(connection: Connection, table: str, policies: list[str]) -> None:
    if connection.dialect.name != "postgresql":
        return
    for policy in policies:
        connection.exec_driver_sql(policy)
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # The owner obeys too: whoever runs Baken under that role by mistake finds nothing.
    connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
