"""A campaign that people can answer, a server that serves it, and a browser-less respondent."""

import gzip
import http.client
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.models import Headcount, Organisation, Person, Unit, UnitKind
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.codes.actions import print_codes
from baken.web.settings import Settings
from tests.agreed import agree
from tests.served import served

OPENS, CLOSES = date(2026, 3, 2), date(2026, 4, 3)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
INSTRUMENT = load_instrument("vijf-a")
HEADCOUNTS = {
    "category": {"worker": 20, "clerk": 20, "executive": 20},
    "seniority": {"under_5": 20, "from_5_to_14": 20, "from_15": 20},
    "pattern": {"day": 30, "irregular": 30},
}
PLAN = CampaignPlan(
    title="Welzijn op het werk 2026",
    languages=("nl", "fr"),
    opens_on=OPENS,
    closes_on=CLOSES,
    background_headcounts=HEADCOUNTS,
    adviser_name="Lut Peeters van de externe dienst",
    key_holder="De externe preventieadviseur Lut Peeters, sinds 1 januari 2026",
    contact="Sam De Smet, vertrouwenspersoon, 09 000 00 00",
)


@dataclass
class Campaigning:
    """An installation with one running campaign."""

    url: str
    keys_folder: Path
    database: Database
    keys: KeyStore
    adviser: Actor
    campaign_id: UUID
    name: str
    codes: list[str]

    @property
    def organisation_id(self) -> UUID:
        return self.adviser.organisation_id

    def settings(self, port: int) -> Settings:
        return Settings(
            database_url=self.url,
            keys=self.keys_folder,
            backups=self.keys_folder.parent / "backups",
            port=port,
        )

    def close(self, today: date = CLOSES) -> None:
        with self.database.session(self.organisation_id) as session:
            close_campaign(session, self.campaign_id, by=self.adviser, today=today)


def prepare(
    url: str,
    folder: Path,
    *,
    people: int = 30,
    name: str = "welzijn-2026",
    launched: bool = True,
    opens_on: date = OPENS,
    closes_on: date = CLOSES,
    languages: tuple[str, ...] = PLAN.languages,
    find: Callable[[Session, Actor], Instrument] = lambda *_: INSTRUMENT,
) -> Campaigning:
    """Make an organisation of one team and launch a questionnaire in it, the shipped one."""
    database = Database(url)
    keys = KeyStore.create(folder / "keys")
    adviser = _people(database, people)
    plan = replace(PLAN, opens_on=opens_on, closes_on=closes_on, languages=languages)
    with database.session(adviser.organisation_id) as session:
        instrument = find(session, adviser)
        campaign = create_campaign(session, instrument, plan, by=adviser, public_name=name)
        campaign_id = campaign.id
        agree(session, campaign_id, by=adviser)
    codes: list[str] = []
    if launched:
        with database.session(adviser.organisation_id) as session:
            launch_campaign(session, keys, campaign_id, instrument, by=adviser, today=opens_on)
        with database.session(adviser.organisation_id) as session:
            cards = print_codes(session, keys, campaign_id, by=adviser)
        codes = [code for card in cards for code in card.codes]
    return Campaigning(url, folder / "keys", database, keys, adviser, campaign_id, name, codes)


def _people(database: Database, people: int) -> Actor:
    with database.session(None) as session:
        row = Organisation(name="Zorghuis De Wilg (fictief)", is_fictional=True)
        session.add(row)
        session.flush()
        organisation_id = row.id
    with database.session(organisation_id) as session:
        person = Person(name="Lut Peeters", mail="lut@voorbeeld.invalid")
        unit = Unit(
            kind=UnitKind.TEAM, number="1", name="Zorgteam", position=0, from_on=date(2020, 1, 1)
        )
        session.add_all([person, unit])
        session.flush()
        session.add(Headcount(unit_id=unit.id, from_on=date(2020, 1, 1), people=people))
        return Actor(
            person_id=person.id,
            organisation_id=organisation_id,
            name=person.name,
            grants=frozenset({Grant(Role.ADVISER), Grant(Role.PREVENTION_ADVISER)}),
        )


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    text: str
    n_sent: int = 0  # bytes on the way, as they were packed

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def receipt(self) -> str:
        found = re.search(r'data-receipt="([^"]*)"', self.text)
        return found[1] if found else ""

    @property
    def n_bytes(self) -> int:
        return len(self.text.encode())

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.text)
        return found[1] if found else ""

    def checked(self, field: str) -> str:
        """The value of the answer that stands chosen on the page."""
        found = re.search(rf'name="{field}" value="([^"]*)" checked', self.text)
        return found[1] if found else ""


@dataclass
class Respondent:
    """Sends requests over real connections, one each, as a browser without script would."""

    port: int
    name: str
    language: str = "nl"

    def get(self, path: str = "", **headers: str) -> Answer:
        return self.ask("GET", f"/s/{self.name}{path}", None, headers)

    def post(self, path: str, fields: Mapping[str, object], **headers: str) -> Answer:
        return self.ask("POST", f"/s/{self.name}{path}", urlencode(fields, doseq=True), headers)

    def ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Accept-Language": self.language, "Origin": "null", **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            sent = response.read()
            is_packed = response.getheader("content-encoding") == "gzip"
            text = (gzip.decompress(sent) if is_packed else sent).decode("utf-8", "replace")
            return Answer(response.status, response.getheaders(), text, len(sent))
        finally:
            connection.close()


@contextmanager
def serving(
    campaigning: Campaigning, now: datetime = NOON, more: tuple[Any, ...] = ()
) -> Iterator[Respondent]:
    """A real server on a free port of this machine; `now` is what its clock says."""
    with served(campaigning.settings(8000), lambda: now, more) as port:
        yield Respondent(port, campaigning.name)


def all_answers(number: int = 0) -> dict[str, str]:
    """One answer to every closed question, the lowest plus something that differs by `number`."""
    fields = {}
    for place, item in enumerate(INSTRUMENT.items):
        fields[item.code] = str(item.format.low + (number >> place) % 2)
    for question in INSTRUMENT.backgrounds:
        fields[question.key] = question.bands[number % len(question.bands)]
    return fields
