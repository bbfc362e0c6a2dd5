"""Attackers play on the same stage as the tests of the survey."""

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baken.storage.keys import KeyStore
from baken.storage.session import Database

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
