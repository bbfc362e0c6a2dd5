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


def test_migrations_can_be_undone_and_repeated(url: str) -> None:
    migrate_down(url, "base")
    engine = make_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    migrate(as_role(url, "baken"), owner_url=url)
    engine = make_engine(url)
    assert set(inspect(engine).get_table_names()) == {"alembic_version", *Base.metadata.tables}
    engine.dispose()
