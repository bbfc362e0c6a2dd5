"""An installation on PostgreSQL as docs/how-to/postgresql.md tells to make one."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.databases import as_role, driver
from tests.databases import run as run_sql

BAKEN = Path(sys.executable).with_name("baken")
HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "postgresql.md"


@pytest.fixture
def place(postgresql_server: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Roles and a database made by the statements of the page, under names of this test."""
    name = f"guide_{uuid4().hex}"
    found = re.search(r"```sql\n(.+?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    admin = postgresql_server.format(name="postgres")
    made = found[1].replace("baken", name)
    for statement in (line for line in made.split(";\n") if line.strip()):
        run_sql(
            admin if "SCHEMA" not in statement else postgresql_server.format(name=name), statement
        )
    url = driver(postgresql_server.format(name=name))
    yield {
        "PATH": os.environ["PATH"],
        "BAKEN_DATABASE_URL": as_role(url, name),
        "BAKEN_DATABASE_OWNER_URL": as_role(url, f"{name}_owner"),
        "BAKEN_KEYS": str(tmp_path / "keys"),
        "BAKEN_BACKUPS": str(tmp_path / "backups"),
        "BAKEN_TRANSFERS": str(tmp_path / "transfers"),
    }
    run_sql(admin, f"DROP DATABASE {name} WITH (FORCE)")
    run_sql(admin, f"DROP ROLE {name}")
    run_sql(admin, f"DROP ROLE {name}_owner")


def baken(place: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BAKEN, *arguments],
        env=place, input="vier woorden op een rij\n", capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


@pytest.mark.postgresql
def test_the_page_leads_to_an_installation_that_is_fit(place: dict[str, str]) -> None:
    owner_url = place.pop("BAKEN_DATABASE_OWNER_URL")
    asked = ("init", "--organisation", "Proefhuis", "--mail", "an@proef.invalid", "--name", "An")
    done = baken(place | {"BAKEN_DATABASE_OWNER_URL": owner_url}, *asked)
    assert done.returncode == 0, done.stderr
    checked = baken(place, "check", "--json")
    assert json.loads(checked.stdout)["database"] == {"ok": True, "says": ""}
    assert json.loads(checked.stdout)["separation"]["says"] == ""
    as_owner = place | {"BAKEN_DATABASE_URL": owner_url}
    separation = json.loads(baken(as_owner, "check", "--json").stdout)["separation"]
    assert separation["ok"] is False
    assert "owns the tables" in separation["says"]
