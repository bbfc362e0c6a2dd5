"""Migrations go up and down, and lead to what the models say."""

import importlib
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import baken
from baken.storage.base import Base
from baken.storage.engine import make_engine
from baken.storage.migrate import migrate, migrate_down
from tests.databases import as_role

for module in pkgutil.walk_packages(baken.__path__, "baken."):
    if ".web" not in module.name:
        importlib.import_module(module.name)


@pytest.fixture(
    params=[
        pytest.param("sqlite_url", marks=pytest.mark.sqlite),
        pytest.param("postgresql_url", marks=pytest.mark.postgresql),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    """The database under the role that owns the tables."""
    return as_role(request.getfixturevalue(request.param), "baken_owner")


def test_migrations_lead_to_the_models(url: str) -> None:
    engine = make_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


@pytest.mark.postgresql
def test_no_table_lost_the_trigger_that_keeps_its_rows(
    sqlite_url: str, postgresql_url: str
) -> None:
    """SQLite forgets the triggers of a table that a migration makes anew; PostgreSQL does not."""
    asked = {
        sqlite_url: "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        postgresql_url: (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal"
        ),
    }
    found = []
    for address, statement in asked.items():
        engine = make_engine(as_role(address, "baken_owner"))
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(statement).all()
        engine.dispose()
        found.append({tuple(row) for row in rows})
    on_sqlite, on_postgresql = found
    assert ("agenda_pack", "agenda_pack_kept") in on_postgresql
    assert on_postgresql - on_sqlite == set()


def test_migrations_can_be_undone_and_repeated(url: str) -> None:
    migrate_down(url, "base")
    engine = make_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    migrate(as_role(url, "baken"), owner_url=url)
    engine = make_engine(url)
    assert set(inspect(engine).get_table_names()) == {"alembic_version", *Base.metadata.tables}
    engine.dispose()
