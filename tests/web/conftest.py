"""A running application with an organisation in it, and browsers for its people."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Cookies
from litestar.testing import TestClient
from sqlalchemy import select

from baken.organisation.accounts import totp
from baken.organisation.accounts.sessions import start_full
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.models import Account, Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.jobs.worker import Worker
from baken.web.pages.access import SESSION_COOKIE
from baken.web.settings import Settings
from tests.accounts import open_account
from tests.demonstration import Demonstration, make_once
from tests.served import furnished

PASSWORD = "vier blauwe stoelen"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Browser:
    """Keeps its own cookies, sends form tokens, follows nothing by itself."""

    def __init__(self, client: TestClient[Any]) -> None:
        self._shared = client
        self._cookies = Cookies()
        self.token = ""

    @property
    def client(self) -> TestClient[Any]:
        """The one client of the website, with the cookies of this browser."""
        self._shared._cookies = self._cookies
        return self._shared

    def get(self, path: str, **more: Any) -> Any:
        answer = self.client.get(path, follow_redirects=False, **more)
        found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
        if found:
            self.token = found[1]
        return answer

    def post(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> Any:
        sent = {"csrf": self.token, **(fields or {})}
        return self.client.post(path, data=sent, follow_redirects=False, **more)


@dataclass(frozen=True)
class Staffed:
    """An organisation with one person for every role."""

    id: UUID
    people: dict[Role, UUID]


def add_organisation(database: Database, name: str = "Zorghuis De Wilg") -> Staffed:
    """Make an organisation with one person for every role."""
    with database.session(None) as session:
        row = Organisation(name=name, is_fictional=True)
        session.add(row)
        session.flush()
        organisation_id = row.id
    people = {role: uuid4() for role in Role}
    with database.session(organisation_id) as session:
        session.add_all(Person(id=people[role], name=f"Persoon {role}") for role in Role)
        session.flush()
        session.add_all(
            RoleGrant(person_id=people[role], role=role, from_on=date(2020, 1, 1)) for role in Role
        )
    return Staffed(organisation_id, people)


@dataclass
class Website:
    """The application as a test sees it."""

    settings: Settings
    database: Database
    organisation: Staffed
    clock: Clock = field(default_factory=Clock)
    more: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        self._open = ExitStack()
        self.app = self._open.enter_context(furnished(self.settings, self.clock, self.more))
        self.client: TestClient[Any] = TestClient(
            self.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False
        )
        self._open.enter_context(self.client)

    @property
    def root(self) -> str:
        return f"/o/{self.organisation.id}"

    def browser(self, role: Role | None = None) -> Browser:
        """A browser, logged in as the person with `role` where one is given."""
        browser = Browser(self.client)
        if role:
            browser.client.cookies.set(SESSION_COOKIE, self.session_of(role), domain="127.0.0.1")
            browser.get("/account")  # any page has the token, and few cost as little as this one
        return browser

    def session_of(self, role: Role) -> str:
        """Log the person in without the page; answers the token."""
        mail = self.account_of(role)
        with self.database.session(None) as session:
            return start_full(session, account_id_of(session, mail), now=self.clock.now)

    def code_of(self, role: Role) -> str:
        """The next code that the telephone of the person with `role` shows and that is unused."""
        with self.database.read(None) as session:
            account_id = account_id_of(session, self.account_of(role))
            keys = self.app.state.key_store
            return totp.show_code(session, keys, account_id, now=self.clock.now)

    def account_of(self, role: Role) -> str:
        """Make the account of the person with `role`; answers its mail address."""
        mail = f"{role}@voorbeeld.example"
        person_id = self.organisation.people[role]
        with self.database.read(self.organisation.id) as session:
            if session.get_one(Person, person_id).account_id:
                return mail
        with self.database.session(None) as session:
            account_id = open_account(session, mail, PASSWORD, now=START).id
            set_up_invented(session, self.app.state.key_store, account_id, now=START)
        with self.database.session(self.organisation.id) as session:
            session.get_one(Person, person_id).account_id = account_id
        return mail

    def work_off(self) -> int:
        """Do all background work that is due on the test's clock; answers how many jobs."""
        state = self.app.state
        return Worker(self.database, state.key_store, self.settings, self.clock).work_off()

    def add_organisation(self, name: str) -> Staffed:
        """Another client on the same installation."""
        return add_organisation(self.database, name)

    def close(self) -> None:
        self._open.close()


def account_id_of(session: Session, mail: str) -> UUID:
    return session.scalars(select(Account.id).where(Account.mail == mail)).one()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The organisation of the demonstration with everything in it, to be copied."""
    return make_once(tmp_path_factory)


@pytest.fixture
def make_website(
    sqlite_url: str, sqlite: Database, keys: KeyStore, tmp_path: Path
) -> Iterator[Any]:
    """Make a website, with routes beside those of the house where a test brings some."""
    made: list[Website] = []

    def make(*more: Any) -> Website:
        settings = Settings(
            database_url=sqlite_url,
            keys=keys.folder,
            backups=tmp_path / "backups",
            transfers=tmp_path / "transfers",
        )
        made.append(Website(settings, sqlite, add_organisation(sqlite), more=more))
        return made[-1]

    yield make
    for website in made:
        website.close()


@pytest.fixture
def website(make_website: Any) -> Website:
    """The application as it is."""
    site: Website = make_website()
    return site
