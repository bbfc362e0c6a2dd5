"""Attackers play on the same stage as the tests of the survey."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baken.storage.keys import KeyStore
from baken.storage.session import Database
from tests.attacker.tenants import Town, build_town, copy_of, move_to_postgresql
from tests.databases import make_postgresql

_SURVEY = runpy.run_path(str(Path(__file__).parents[1] / "survey" / "conftest.py"))


@pytest.fixture
def fifty(database: Database, keys: KeyStore, organisation: Any, tmp_path: Path) -> Iterator[Any]:
    """Fifty people in six units, three of them below the smallest group."""
    made = _SURVEY["Stage"](database, keys, organisation, tmp_path / "installation" / "backups")
    made.add_units(
        {
            "Organisation": (None, 0),
            "Care": ("Organisation", None),
            "Team A": ("Care", 14),
            "Team B": ("Care", 12),
            "Team C": ("Care", 4),
            "Works": ("Organisation", None),
            "Workshop": ("Works", 12),
            "Office": ("Works", 5),
            "Kitchen": ("Works", 3),
        }
    )
    yield made
    made.writer.stop()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two organisations with a full life each; nobody changes them."""
    town = build_town(tmp_path_factory.mktemp("town"))
    yield town
    town.database.dispose()


@pytest.fixture(scope="session")
def walled(built: Town, postgresql_server: str) -> Iterator[Town]:
    """Both on PostgreSQL, seen by the role of the program; nobody changes them for good."""
    with make_postgresql(postgresql_server) as url:
        town = move_to_postgresql(built, url)
        yield town
        town.database.dispose()


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ]
)
def town(built: Town, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """Both organisations on each engine, to be changed."""
    own = copy_of(built, tmp_path)
    if request.param == "postgresql":
        own.database.dispose()
        own = move_to_postgresql(own, request.getfixturevalue("postgresql_url"))
    yield own
    own.database.dispose()
