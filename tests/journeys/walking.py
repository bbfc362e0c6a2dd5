"""A served application, a Chromium, and somebody who walks through it and looks at every page."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page
from sqlalchemy import select

from baken.organisation.accounts import totp
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.models import Person, RoleGrant
from baken.organisation.organisations import make_organisation
from baken.organisation.people import add_person, get_actor
from baken.organisation.permissions import Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.jobs.worker import Worker
from baken.web.languages import COOKIE
from baken.web.settings import Settings
from baken.web.texts import Catalogue, catalogue
from tests.accessibility import violations
from tests.accounts import open_account

PASSWORD = "drie groene lantaarns"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that stands still until a journey moves it."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    @property
    def today(self) -> date:
        return self.now.date()

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Site:
    """A served application with an organisation in it that has people and no units yet."""

    address: str
    organisation_id: UUID
    clock: Clock
    database: Database
    settings: Settings

    @property
    def root(self) -> str:
        return f"{self.address}/o/{self.organisation_id}"

    def work_off(self) -> int:
        """Do all background work that is due on the clock; answers how many jobs."""
        keys = KeyStore.open(self.settings.keys)
        return Worker(self.database, keys, self.settings, self.clock).work_off()

    def code_of(self, role: Role) -> str:
        """What the telephone of the person with a role shows; half a minute passes each time."""
        self.clock.move(seconds=totp.PERIOD_S)
        with self.database.read(self.organisation_id) as session:
            account_id = account_of(session, role)
            keys = KeyStore.open(self.settings.keys)
            return totp.show_code(session, keys, account_id, now=self.clock.now)


@dataclass
class Walker:
    """Somebody at a screen, who has axe look at every page; `faults` is what it found."""

    page: Page
    site: Site
    looked_at: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    t: Catalogue = field(default_factory=lambda: catalogue("nl"))

    def go(self, address: str) -> None:
        path = address if address.startswith("http") else self.site.root + address
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, (address, answer.status)
        self.look()

    def look(self) -> None:
        """Have axe look at the page as it stands."""
        self.looked_at.append(self.page.url)
        self.faults.extend(f"{self.page.url} {found}" for found in violations(self.page))

    def press(self, key: str, **values: Any) -> None:
        """Press the button with this text of the catalogue and look at what comes."""
        self.page.get_by_role("button", name=self.t(key, **values), exact=True).click()
        self.page.wait_for_load_state()
        self.look()

    @property
    def path(self) -> str:
        """Where we are, within the organisation."""
        return self.page.url.removeprefix(self.site.root).partition("?")[0]

    def send(self) -> None:
        """Press the one main button of the page and look at what comes."""
        before = self.page.url
        self.page.locator("main form button.primary").click()
        try:
            self.page.wait_for_url(lambda url: url != before)
        except PlaywrightError as error:
            raise AssertionError(self.page.locator("main").inner_text()[:600]) from error
        self.look()

    def follow(self, key: str, **values: Any) -> None:
        """Follow the link with this text of the catalogue and look at what comes."""
        link = self.page.locator("main").get_by_role("link", name=self.t(key, **values), exact=True)
        link.first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"]').first.fill(value)

    def choose(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f'main select[name="{name}"]').select_option(value)

    def reads(self, text: str) -> None:
        """Make sure that a text stands on the page."""
        self.page.locator("main").get_by_text(text).first.wait_for()

    def log_in(self, role: Role) -> None:
        self.page.context.clear_cookies()
        chosen = {"name": COOKIE, "value": self.t.language, "url": self.site.address}
        self.page.context.add_cookies([chosen])
        self.go(f"{self.site.address}/log-in")
        self.fill(mail=mail_of(role), password=PASSWORD)
        self.press("account.log_in")
        self.fill(code=self.site.code_of(role))
        self.press("account.factor_send")
        assert self.page.url.rstrip("/") == self.site.root


def mail_of(role: Role) -> str:
    return f"{role}@voorbeeld.invalid"


def people_of(database: Database, keys: KeyStore, clock: Clock) -> UUID:
    """Make an organisation with somebody who can log in for every role of a first cycle."""
    accounts = {}
    roles = (
        Role.ADMINISTRATOR,
        Role.MAIN_CONTACT,
        Role.ADVISER,
        Role.PREVENTION_ADVISER,
        Role.STEERING_MEMBER,
        Role.CPBW_MEMBER,
        Role.CONFIDENTIAL_COUNSELLOR,
    )
    with database.session(None) as session:
        for role in roles:
            account = open_account(
                session, mail_of(role), PASSWORD, name=f"Voorbeeld {role}", now=clock.now
            )
            set_up_invented(session, keys, account.id, now=clock.now)
            accounts[role] = account.id
    organisation_id = make_organisation(
        database,
        name="Huis De Proef (fictief)",
        language="nl",
        administrator_account_id=accounts[Role.ADMINISTRATOR],
        administrator_name="Voorbeeld beheerder",
        is_fictional=True,
        today=clock.today,
        now=clock.now,
    )
    with database.session(organisation_id) as session:
        by = get_actor(session, accounts[Role.ADMINISTRATOR], today=clock.today)
        for role in roles:
            if role is not Role.ADMINISTRATOR:
                add_person(
                    session,
                    name=f"Voorbeeld {role}",
                    mail=mail_of(role),
                    task="",
                    role=role,
                    account_id=accounts[role],
                    by=by,
                    today=clock.today,
                )
            if role is Role.MAIN_CONTACT:  # appointed first, hands out the others
                by = get_actor(session, accounts[role], today=clock.today)
    return organisation_id


def account_of(session: Session, role: Role) -> UUID:
    """The account of the person with a role."""
    asked = select(Person.account_id).join(RoleGrant, RoleGrant.person_id == Person.id)
    found = session.scalars(asked.where(RoleGrant.role == role)).one()
    assert found is not None
    return found
