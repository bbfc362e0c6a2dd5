"""A filled organisation - the demonstration - with somebody in it who holds every role."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import Cookies
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select

from baken.actionplan.register.setting_up import get_name, get_register
from baken.organisation.accounts.sessions import start_full, start_half
from baken.organisation.models import Account, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.storage.patience import limit_statements
from baken.storage.session import Database
from baken.web.app import create_app, furnish
from baken.web.demo.making import Demo, settings_of
from baken.web.pages.access import SESSION_COOKIE
from tests.accounts import open_account
from tests.demonstration import NOW, Demonstration
from tests.web.hardening.walking_routes import Map, Route, fill, list_routes, values_of, walk

PASSWORD = "zeven gele vensters open"
EVERYTHING = "alles@voorbeeld.example"
LOCAL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Filled:
    """The demonstration as it was made once, to copy."""

    folder: Path
    demo: Demo


class Visitor:
    """A browser of its own beside others on the same application."""

    def __init__(self, town: "Town", token: str = "") -> None:
        self._town = town
        self.cookies = Cookies()
        if token:
            self.cookies.set(SESSION_COOKIE, token)
        self.csrf = ""

    def request(self, method: str, path: str, **more: Any) -> Any:
        self._town.client._cookies = self.cookies
        return self._town.client.request(method, path, follow_redirects=False, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.request("GET", path, **more)

    def post(self, path: str, fields: Any = None, **more: Any) -> Any:
        return self.request("POST", path, data=fields, **more)


@dataclass
class Town:
    """The application over a copy of the filled organisation."""

    folder: Path
    demo: Demo
    app: Litestar
    client: TestClient[Any]

    @property
    def database(self) -> Database:
        found: Database = self.app.state.database
        return found

    @property
    def organisation_id(self) -> UUID:
        return self.demo.organisation_id

    @property
    def root(self) -> str:
        return f"/o/{self.organisation_id}"

    @property
    def routes(self) -> tuple[Route, ...]:
        return list_routes(self.app)

    @property
    def values(self) -> dict[str, str]:
        """What stands for the parameters of addresses here."""
        known = values_of(self.database, self.organisation_id)
        return {**known, "name": self.demo.campaign, "register": self.register}

    @property
    def register(self) -> str:
        """The public name of the register of acts by third parties."""
        with self.database.read(self.organisation_id) as session:
            return get_name(session, get_register(session))

    @property
    def starts(self) -> list[str]:
        """Every page that can be opened without knowing anything but organisation and survey."""
        known = {
            "organisation_id": str(self.organisation_id),
            "name": self.demo.campaign,
            "register": self.register,
        }
        return [
            fill(route, known)
            for route in self.routes
            if not route.changes and not route.is_static and {*route.parameters} <= {*known}
        ]

    def visitor(self, mail: str = "") -> Visitor:
        """Somebody at a screen; with `mail` logged in, a second factor having just been shown."""
        if not mail:
            return Visitor(self)
        with self.database.session(None) as session:
            account = session.scalars(select(Account.id).where(Account.mail == mail)).one()
            token = start_full(session, account, now=NOW)
        return self._with_token(Visitor(self, token), "/account")

    def powerful(self) -> Visitor:
        """Somebody who holds every role."""
        return self.visitor(EVERYTHING)

    def half(self, mail: str = EVERYTHING) -> Visitor:
        """Somebody whose password was right, before the second factor."""
        with self.database.session(None) as session:
            account = session.scalars(select(Account.id).where(Account.mail == mail)).one()
            token = start_half(session, account, now=NOW)
        return self._with_token(Visitor(self, token), "/account")

    def stranger(self) -> Visitor:
        """Somebody with the log-in page open."""
        return self._with_token(Visitor(self), "/log-in")

    def _with_token(self, visitor: Visitor, path: str) -> Visitor:
        page = visitor.get(path)
        for _ in range(3):
            visitor.cookies.update(page.cookies)
            if page.status_code != 303:
                break
            page = visitor.get(page.headers["location"])
        visitor.csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        return visitor

    def map(self, *, per: int = 1) -> Map:
        """Every page that can be reached: with every role, half inside, and from outside."""
        made = walk(self.powerful(), self.routes, self.values, self.starts, per=per)
        for visitor in (self.half(), self.stranger()):
            more = walk(visitor, self.routes, self.values, self.starts, per=1)
            for found, kept in ((more.addresses, made.addresses), (more.forms, made.forms)):
                for key, values in found.items():
                    kept.setdefault(key, []).extend(values)
            made.pages.update({k: v for k, v in more.pages.items() if k not in made.pages})
        return made


def mail_of(role: Role) -> str:
    return f"{role}@hardening.example"


def _add_people(folder: Path, demo: Demo) -> None:
    database = Database(settings_of(folder).database_url)
    everybody = {mail_of(role): (role,) for role in Role} | {EVERYTHING: tuple(Role)}
    for mail, roles in everybody.items():
        with database.session(None) as session:
            made = open_account(
                session,
                mail,
                PASSWORD,
                name=f"Gast {mail}",
                is_installer=mail == EVERYTHING,
                now=NOW,
            )
            account_id = made.id
        with database.session(demo.organisation_id) as session:
            person = Person(name=f"Persoon {mail}", account_id=account_id)
            session.add(person)
            session.flush()
            for role in roles:
                session.add(RoleGrant(person_id=person.id, role=role, from_on=date(2020, 1, 1)))
    database.dispose()


@pytest.fixture(scope="session")
def filled(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("filled") / "demo"
    demo = demonstration.copy_to(folder)
    _add_people(folder, demo)
    return Filled(folder, demo)


@pytest.fixture(scope="session")
def house(filled: Filled) -> Litestar:
    """The application; registering its routes takes longer than most tests."""
    return create_app(settings_of(filled.folder), clock=lambda: NOW)


@pytest.fixture(scope="session")
def chart(filled: Filled, house: Litestar) -> Map:
    """What all pages of the filled organisation lead to; it holds for every copy of it."""
    house.state = furnish(settings_of(filled.folder), lambda: NOW)
    with TestClient(house, base_url=LOCAL, raise_server_exceptions=False) as client:
        return Town(filled.folder, filled.demo, house, client).map(per=2)


@pytest.fixture(scope="session")
def ground(filled: Filled) -> tuple[Path, Database]:
    """Where every test puts its copy: at one address what SQLAlchemy has compiled stays so."""
    folder = filled.folder.with_name("town")
    database = Database(settings_of(folder).database_url)
    limit_statements(database)
    return folder, database


@pytest.fixture
def town(filled: Filled, house: Litestar, ground: tuple[Path, Database]) -> Iterator[Town]:
    folder, database = ground
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(filled.folder, folder)
    house.state = furnish(settings_of(folder), lambda: NOW, database)
    with TestClient(house, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield Town(folder, filled.demo, house, client)
    database.dispose()
