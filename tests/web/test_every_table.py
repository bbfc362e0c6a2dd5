"""A worker knows every table, however little of the house it has loaded."""

import subprocess
import sys

from sqlalchemy import create_engine, inspect

PROGRAM = """
from baken.web.every_table import load_every_table
from baken.storage.base import Base
load_every_table()
print(*sorted(Base.metadata.tables))
"""


def test_a_process_of_its_own_knows_the_tables_of_the_migrations(sqlite_url: str) -> None:
    known = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    ).stdout.split()
    engine = create_engine(sqlite_url)
    assert set(inspect(engine).get_table_names()) - {"alembic_version"} == set(known)
    engine.dispose()
