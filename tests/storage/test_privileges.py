"""The roles of PostgreSQL: who owns the tables, who works with them, who is refused."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from baken.storage.base import Base
from baken.storage.migrate import migrate
from baken.storage.privileges import UnsafeRole, check_role, grant_privileges
from baken.storage.session import Database
from baken.storage.walls import open_to_owner
from baken.survey.box.scrubbing import scrub_files
from tests.databases import above_the_walls, as_role, load_every_model

load_every_model()


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("weaken", "said"),
    [
        ("ALTER ROLE baken BYPASSRLS", "BYPASSRLS"),
        ("ALTER ROLE baken SUPERUSER", "superuser"),
        ("GRANT baken_owner TO baken", "owns the tables"),
        ("GRANT CREATE ON SCHEMA public TO baken", "may make some"),
        ("ALTER TABLE unit OWNER TO baken", "owns the tables"),
        ("ALTER TABLE unit NO FORCE ROW LEVEL SECURITY", "in unit"),
        ("ALTER TABLE job DISABLE ROW LEVEL SECURITY", "in job"),
    ],
)
def test_the_program_refuses_a_role_that_walks_past(
    postgresql_url: str, weaken: str, said: str
) -> None:
    database = Database(postgresql_url)
    check_role(database)
    run_as_root(database, weaken)
    try:
        with pytest.raises(UnsafeRole, match=said):
            check_role(database)
    finally:
        run_as_root(database, "ALTER ROLE baken NOSUPERUSER NOBYPASSRLS")
        run_as_root(database, "REVOKE baken_owner FROM baken")
        database.dispose()


def test_sqlite_has_no_roles_to_refuse(sqlite: Database) -> None:
    check_role(sqlite)


@pytest.mark.postgresql
def test_migrating_postgresql_asks_for_another_role_as_owner(postgresql_url: str) -> None:
    for owner_url in ("", postgresql_url):
        with pytest.raises(UnsafeRole, match="BAKEN_DATABASE_OWNER_URL"):
            migrate(postgresql_url, owner_url=owner_url)


@pytest.mark.postgresql
def test_rights_are_handed_out_anew_with_every_migration(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    run_as_root(database, "GRANT ALL ON ALL TABLES IN SCHEMA public TO baken")
    grant_privileges(as_role(postgresql_url, "baken_owner"), "baken")
    asked = (
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'baken'"
    )
    with above_the_walls(database) as connection:
        held = connection.execute(text(asked)).all()
    database.dispose()
    rights = {name: {right for table, right in held if table == name} for name, _ in held}
    assert rights.pop("alembic_version") == {"SELECT"}
    kept = {"audit_entry", "installation_entry", "pool_edition"}
    assert [rights.pop(name) for name in kept] == [{"SELECT", "INSERT"}] * len(kept)
    assert set(rights) == set(Base.metadata.tables) - kept
    assert all(each == {"SELECT", "INSERT", "UPDATE", "DELETE"} for each in rights.values())


@pytest.mark.postgresql
def test_a_migration_that_reads_behind_the_wall_stops(postgresql_url: str) -> None:
    """It would have found no rows; `open_to_owner` lets it pass, for its own transaction."""
    owner = Database(as_role(postgresql_url, "baken_owner"))
    with owner.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL row_security = off")
        with pytest.raises(DBAPIError, match="row-level security"), connection.begin_nested():
            connection.exec_driver_sql("UPDATE unit SET name = 'x'")
        open_to_owner(connection, "unit", is_open=True)
        connection.exec_driver_sql("UPDATE unit SET name = 'x'")
        open_to_owner(connection, "unit", is_open=False)
    owner.dispose()
    program = Database(postgresql_url)
    check_role(program)
    program.dispose()


def test_scrubbing_writes_the_tables_anew_without_owning_them(
    database: Database, organisation: Any
) -> None:
    if database.is_sqlite:
        return
    asked = "SELECT relfilenode FROM pg_class WHERE relname IN ('envelope', 'draft') ORDER BY 1"
    with above_the_walls(database) as connection:
        before = connection.execute(text(asked)).scalars().all()
    scrub_files(database)
    with above_the_walls(database) as connection:
        assert not set(before) & set(connection.execute(text(asked)).scalars())


def run_as_root(database: Database, statement: str) -> None:
    with above_the_walls(database) as connection:
        connection.exec_driver_sql(statement)
