"""Who may do what in PostgreSQL: one role owns the tables, another runs the program.

An owner walks past the second wall by taking it down, a superuser and a role with BYPASSRLS do not
even notice it. So the program runs as a role that is none of these, and refuses to run as one.
"""

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from baken.storage.audit import AuditEntry, InstallationEntry
from baken.storage.engine import make_engine
from baken.storage.errors import BakenError
from baken.storage.session import Database

_USUAL = "SELECT, INSERT, UPDATE, DELETE"
# Forgetting a salt is the one change that an audit chain allows.
_UNUSUAL = {
    AuditEntry.__tablename__: "SELECT, INSERT, UPDATE (salt)",
    InstallationEntry.__tablename__: "SELECT, INSERT, UPDATE (salt)",
    # An edition that was made is never changed; its model stands in another house.
    "pool_edition": "SELECT, INSERT",
    "alembic_version": "SELECT",
}
_OWN_TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()"
    "::regnamespace"
)
# What the owner does on behalf of the program.
_LENT = (
    "SELECT oid::regprocedure FROM pg_proc WHERE prosecdef "
    "AND pronamespace = current_schema()::regnamespace"
)
_STANDING = """
SELECT rolsuper, rolbypassrls,
    EXISTS (SELECT FROM pg_class WHERE relkind = 'r'
        AND relnamespace = current_schema()::regnamespace
        AND pg_has_role(current_user, relowner, 'MEMBER')) AS is_owner,
    has_schema_privilege(current_user, current_schema(), 'CREATE') AS makes_tables
FROM pg_roles WHERE rolname = current_user
"""
_OPEN = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    AND NOT (relrowsecurity AND relforcerowsecurity)
    AND EXISTS (SELECT FROM pg_attribute
        WHERE attrelid = pg_class.oid AND attname = 'organisation_id' AND NOT attisdropped)
ORDER BY relname
"""


class UnsafeRole(BakenError):
    """Baken will not work under this role of the database."""


def check_role(database: Database) -> None:
    """Raise `UnsafeRole` when the second wall would not stop the role of the program.

    On SQLite there are no roles and nothing to check.
    """
    if database.is_sqlite:
        return
    with database.transaction(None) as connection:
        standing = connection.exec_driver_sql(_STANDING).one()
        is_open = connection.exec_driver_sql(_OPEN).scalars().all()
    role = database.engine.url.username or ""
    if standing.rolsuper or standing.rolbypassrls:
        raise UnsafeRole(
            "settings.role_bypasses",
            "The role {role} of BAKEN_DATABASE_URL is a superuser or has BYPASSRLS, so PostgreSQL "
            "would not keep organisations apart; run: ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS",
            role=role,
        )
    if standing.is_owner or standing.makes_tables:
        raise UnsafeRole(
            "settings.role_owns",
            "The role {role} of BAKEN_DATABASE_URL owns the tables or may make some, so it could "
            "take the wall between organisations down; give BAKEN_DATABASE_URL a role of its own "
            "as docs/how-to/postgresql.md says, and run: baken migrate",
            role=role,
        )
    if is_open:
        raise UnsafeRole(
            "settings.no_wall",
            "PostgreSQL does not keep organisations apart in {tables}; run: baken migrate",
            tables=", ".join(is_open),
        )


def grant_privileges(owner_url: str, role: str) -> None:
    """Give the role of the program what it needs on the tables of the owner, and nothing more."""
    engine = make_engine(make_url(owner_url))
    try:
        with engine.begin() as connection:
            _grant(connection, connection.dialect.identifier_preparer.quote_identifier(role))
    finally:
        engine.dispose()


def _grant(connection: Connection, role: str) -> None:
    def run(statement: str) -> None:
        connection.exec_driver_sql(statement)

    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    tables = connection.exec_driver_sql(_OWN_TABLES).scalars().all()
    run(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}")
    run(f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM {role}")
    run(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
    for table in tables:
        run(f"GRANT {_UNUSUAL.get(table, _USUAL)} ON {schema}.{table} TO {role}")
    for function in connection.exec_driver_sql(_LENT).scalars().all():
        run(f"GRANT EXECUTE ON FUNCTION {function} TO {role}")
