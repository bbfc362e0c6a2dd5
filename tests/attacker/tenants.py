"""Two organisations on one installation, each filled with a life of its own and a word of its own.

The life is that of the demonstration: surveys that were drafted, run, closed, opened and released,
findings, plans, advice, measures and what became of them, all through the real actions. Every text
of the story carries the word of its organisation, the canary.
"""

import shutil
import sqlite3
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Uuid, insert, select

from baken.actionplan.register.emergency import ask_emergency
from baken.analysis.benchmarks.contributing import bring_contributions
from baken.analysis.benchmarks.membership import agree as join
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.references.actions import Described, enter_references
from baken.analysis.references.reference import ScaleReference, answers_of
from baken.instruments.library import load_instrument
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.organisation.invitations import invite
from baken.organisation.models import Account, Person, UnitKind
from baken.organisation.people import add_person, get_actor
from baken.organisation.permissions import Actor, Role
from baken.organisation.structure.actions import change_units
from baken.organisation.structure.changes import Edit, Part, Split, UnitFields
from baken.organisation.structure.rules import NOTHING_FROZEN
from baken.organisation.units import list_units
from baken.storage.base import Base
from baken.storage.guard import owned_tables
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate
from baken.storage.session import Database
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.importing.actions import keep_columns
from baken.survey.box.importing.columns import suggest
from baken.survey.box.importing.files import read_table
from baken.survey.box.writer import Writer
from baken.survey.campaigns.actions import create_campaign
from baken.survey.campaigns.models import Band
from baken.survey.campaigns.queries import find_public_name, get_campaign
from baken.survey.codes.actions import print_codes
from baken.survey.codes.symbols import read_code
from baken.survey.codes.taken_pages import add_taken, mark_pages
from baken.survey.invitations.actions import add_recipient
from baken.survey.invitations.rules import Entry
from baken.survey.monitoring.actions import publish_counts
from baken.survey.paper import spool
from baken.survey.paper.content import Reading, SheetContent
from baken.survey.paper.forms import Wanted, make_forms
from baken.survey.paper.models import PaperBatch, PaperDestruction
from baken.survey.paper.rules import Way
from baken.survey.paper.sittings.actions import SittingPlan, plan_sitting
from baken.survey.paper.sittings.models import Kind
from baken.survey.screening.wording import change_bands
from baken.web.demo import campaigns as demo_campaigns
from baken.web.demo import stories
from baken.web.demo.days import Days
from baken.web.demo.making import tell
from baken.web.demo.one_survey import plan_of
from baken.web.demo.organisation import House
from baken.web.demo.respondents import Crowd
from baken.web.demo.submitting import Answering, Installation, submit
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from tests.agreed import agree
from tests.databases import above_the_walls
from tests.elsewhere import INSTRUMENT, asked_of, write_file

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PEOPLE, ANSWERED = 28, 26
# Keys of the story whose values are words for the program, not for people.
WORDS = {"key", "number", "parent", "role", "kind", "unit", "scale", "factor", "language"}


@dataclass(frozen=True)
class Tenant:
    """One organisation: its canary, its people and the identifiers of everything it has."""

    id: UUID
    canary: str
    accounts: Mapping[Role, UUID]
    identifiers: Mapping[str, tuple[UUID, ...]]

    def __str__(self) -> str:
        return self.canary

    @property
    def all_identifiers(self) -> frozenset[UUID]:
        return frozenset(one for found in self.identifiers.values() for one in found)


@dataclass(frozen=True)
class Town:
    """The installation with both."""

    database: Database
    keys: KeyStore
    folder: Path
    own: Tenant
    other: Tenant


def build_town(folder: Path) -> Town:
    """Make both organisations on SQLite."""
    url = f"sqlite:///{folder / 'town.sqlite'}"
    migrate(url)
    database, keys = Database(url), KeyStore.create(folder / "keys")
    place = Installation(database, keys, folder / "backups")
    own = _settle(place, "kanarieroodborst", folder)
    other = _settle(place, "kanariezwartkop", folder)
    return Town(database, keys, folder, own, other)


def move_to_postgresql(town: Town, url: str) -> Town:
    """Carry every row over; the keys stay where they are."""
    database = Database(url)
    with town.database.transaction(None, read_only=True) as source, above_the_walls(database) as to:
        to.exec_driver_sql("SET LOCAL session_replication_role = replica")  # foreign keys wait
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            if rows:
                to.execute(insert(table), rows)
    return replace(town, database=database)


def copy_of(town: Town, folder: Path) -> Town:
    """The same town in a file of its own, to be changed."""
    path = folder / "town.sqlite"
    kept = str(town.database.engine.url.database)
    # Not the file alone: the last rows still stand in the log beside it.
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(path)) as to:
        source.backup(to)
    shutil.copytree(town.keys.folder, folder / "keys")
    return replace(
        town,
        database=Database(f"sqlite:///{path}"),
        keys=KeyStore.open(folder / "keys"),
        folder=folder,
    )


def _settle(place: Installation, canary: str, folder: Path) -> Tenant:
    with _told(canary, folder / canary):
        days = Days(TODAY)
        house, left = tell(place, days)
        adviser = house.people[Role.PREVENTION_ADVISER]
        _begin_answering(place, house.id, canary, left.codes[0])
        _add_surveys(place, house.id, adviser, canary, days)
        _invite_by_mail(place, house, canary, days)
        _word_lights(place.database, adviser, days)
        _read_columns(place.database, house.people[Role.ADVISER], canary, days)
        _compare(place.database, house, canary, days)
        _change_units(place.database, house, canary, days)
        _invite(place.database, house, canary, days)
        with place.database.session(house.id) as session:
            ask_emergency(session, place.keys, f"Nood {canary}", by=adviser, now=NOW)
        accounts = _add_missing_roles(place, house.id, house.people, canary, days)
    return Tenant(house.id, canary, accounts, _identifiers(place.database, house.id))


def _begin_answering(place: Installation, organisation_id: UUID, canary: str, code: str) -> None:
    """Somebody keeps half a sheet for later."""
    instrument = load_instrument(*demo_campaigns.SECOND)
    sheet = Crowd(instrument, np.random.default_rng(1)).draw("WZ-2", 1)[0]
    box = Writer(place.database, place.keys)
    with place.database.read(None) as session:
        address = find_public_name(session, canary)
    box.save_draft(organisation_id, address.subject_id, read_code(code), sheet, today=TODAY)
    box.stop()


def _compare(database: Database, house: House, canary: str, days: Days) -> None:
    """A publication to compare with, and figures for the benchmarks of the installation."""
    instrument = load_instrument(*demo_campaigns.FIRST)
    scale = instrument.scales[0].key
    figures = Reference(50.0, 20.0, 500)
    reference = ScaleReference(
        scale, figures, f"Bron {canary}", 2024, f"Mensen {canary}", answers_of(instrument, scale)
    )
    people = Described(f"Land {canary}", "", is_other_country=False, is_other_sector=False)
    by, contact = house.people[Role.PREVENTION_ADVISER], house.people[Role.MAIN_CONTACT]
    with database.session(house.id) as session:
        enter_references(session, instrument, [reference], people, by=by, today=days.today)
    with database.session(house.id) as session:
        join(session, by=contact, today=days.today)
    with database.session(house.id) as session:
        bring_contributions(session, today=days.today)


def _change_units(database: Database, house: House, canary: str, days: Days) -> None:
    """A unit gets another name, another one is divided."""
    by, tomorrow = house.people[Role.ADMINISTRATOR], days.today + timedelta(days=1)
    fields = UnitFields(number="TD-2", name=f"Dagopvang {canary}", kind=UnitKind.TEAM)
    parts = (Part("HK-31", f"Hout {canary}", 10), Part("HK-32", f"Ijzer {canary}", 10))
    for change in (
        Edit(on=tomorrow, unit_id=house.units["TD-2"], fields=fields),
        Split(on=tomorrow, unit_id=house.units["HK-3"], parts=parts),
    ):
        with database.session(house.id) as session:
            change_units(session, change, by=by, today=days.today, now=NOW, frozen=NOTHING_FROZEN)


def _invite(database: Database, house: House, canary: str, days: Days) -> None:
    """Somebody without an account is invited; the letter waits among the jobs."""
    by = house.people[Role.MAIN_CONTACT]
    with database.session(house.id) as session:
        person = add_person(
            session,
            name=f"Genodigde {canary}",
            mail=f"genodigd@{canary}.invalid",
            task=f"Taak {canary}",
            role=Role.STEERING_MEMBER,
            by=by,
            today=days.today,
        )
        invite(session, person.id, by=by, today=days.today, now=NOW)


def _add_surveys(
    place: Installation, organisation_id: UUID, by: Actor, canary: str, days: Days
) -> None:
    """One survey that is still a draft, and one that was closed and not opened."""
    instrument = load_instrument(*demo_campaigns.FIRST)
    opens_on = days.today - timedelta(days=60)
    plan = plan_of(instrument, opens_on, opens_on + timedelta(days=30))
    for title, is_draft in ((f"Ontwerp {canary}", True), (f"Gesloten {canary}", False)):
        with place.database.session(organisation_id) as session:
            named = replace(plan, title=title)
            campaign_id = create_campaign(session, instrument, named, by=by).id
            agree(session, campaign_id, by=by)
        if is_draft:
            continue
        with place.database.session(organisation_id) as session:
            launch_campaign(session, place.keys, campaign_id, instrument, by=by, today=opens_on)
        with place.database.session(organisation_id) as session:
            close_campaign(session, campaign_id, by=by, today=days.today)


def _invite_by_mail(place: Installation, house: House, canary: str, days: Days) -> None:
    """A survey that runs, with addresses, codes of two groups, a newcomer, and counts of a day."""
    instrument = load_instrument(*demo_campaigns.SECOND)
    by, opens_on = house.people[Role.PREVENTION_ADVISER], days.today - timedelta(days=5)
    with place.database.read(house.id) as session:
        people = {str(unit.id): unit.headcount or 0 for unit in list_units(session, on=opens_on)}
    invited, answering = str(house.units["WZ-1"]), str(house.units["WZ-2"])
    bands: list[Band] = [{"key": key, "names": _said(f"{key} {canary}")} for key in ("een", "twee")]
    plan = replace(
        plan_of(instrument, opens_on, days.today + timedelta(days=20)),
        title=f"Uitgenodigd {canary}",
        stratum={
            "title": _said(f"Statuut {canary}"),
            "bands": bands,
            "people": {unit: {"een": n - n // 2, "twee": n // 2} for unit, n in people.items()},
        },
        channels={invited: ["mail", "cards"]},
        invitation={
            language: {"subject": f"Vraag {canary}", "body": f"{canary} {{code}} {{link}}"}
            for language in ("nl", "fr", "en", "de")
        },
        employer_signatory=f"Werkgever {canary}",
        committee_signatory=f"Comité {canary}",
    )
    with place.database.session(house.id) as session:
        campaign_id = create_campaign(session, instrument, plan, by=by).id
        agree(session, campaign_id, by=by)
    told = [f"genodigd-{n}@{canary}.invalid" for n in range(4)]
    entries = [Entry(n, f"Iemand {canary}", mail, "WZ-1", "", "een") for n, mail in enumerate(told)]
    for entry in entries[:-1]:
        with place.database.session(house.id) as session:
            add_recipient(session, place.keys, campaign_id, entry, by=by, today=opens_on)
    with place.database.session(house.id) as session:
        launch_campaign(session, place.keys, campaign_id, instrument, by=by, today=opens_on)
    with place.database.session(house.id) as session:
        add_recipient(
            session, place.keys, campaign_id, entries[-1], is_newcomer=True, by=by, today=opens_on
        )
        cards = print_codes(session, place.keys, campaign_id, unit=answering, by=by)
    crowd = Crowd(instrument, np.random.default_rng(2))
    submit(
        place,
        house,
        campaign_id,
        [
            Answering(code, sheet, opens_on)
            for card in cards
            for code, sheet in zip(card.codes[:12], crowd.draw("WZ-2", 12), strict=False)
        ],
    )
    with place.database.session(house.id) as session:
        publish_counts(session, campaign_id, days.today)
    words = words_of(About(f"Formulier {canary}", canary), "nl")
    sitting = SittingPlan(
        kind=Kind.URN,
        held_on=days.today,
        place=f"Refter {canary}",
        leader=f"Leider {canary}",
        units=(answering,),
        languages=("nl",),
    )
    with place.database.session(house.id) as session:
        plan_sitting(session, campaign_id, sitting, by=by)
    wanted = Wanted("nl", large=False, forms={answering: 3})
    with place.database.session(house.id) as session:
        make_forms(session, campaign_id, wanted, words=words, measure=measure, by=by)
    _stack_forms(place, house, campaign_id, answering, canary=canary, days=days)


def _stack_forms(
    place: Installation, house: House, campaign_id: UUID, unit: str, *, canary: str, days: Days
) -> None:
    """A stack of forms that is being read, and the destruction of others."""
    by = house.people[Role.PREVENTION_ADVISER].person_id
    with place.database.session(house.id) as session:
        batch = PaperBatch(
            campaign_id=campaign_id,
            unit=unit,
            language="nl",
            way=Way.SCANNED,
            counted=10,
            opened_on=days.today,
            first_by=by,
            waiting={},
        )
        session.add(batch)
        session.flush()
        key = spool.make_batch_key(place.keys, batch)
        content = SheetContent(1, Reading(unit), Reading("nl"), comments={"o": Reading(canary)})
        spool.put_sheet(session, key, batch.id, content)
        spool.put_image(session, key, batch.id, canary.encode())
        campaign = get_campaign(session, campaign_id)
        marks = mark_pages(place.keys, campaign, {canary.encode()})
        add_taken(session, campaign, batch.id, marks.values())
        session.add(
            PaperDestruction(
                campaign_id=campaign_id,
                destroyed_on=days.today,
                how=f"Versnipperd {canary}",
                witness=f"Getuige {canary}",
                logged_by=by,
                logged_on=days.today,
            )
        )


def _said(text: str) -> dict[str, str]:
    return dict.fromkeys(("nl", "fr", "en", "de"), text)


def _word_lights(database: Database, by: Actor, days: Days) -> None:
    """The organisation draws its own limits for the alert lights."""
    with database.session(by.organisation_id) as session:
        change_bands(session, (5, 9), {}, seen=0, by=by, today=days.today)


def _read_columns(database: Database, by: Actor, canary: str, days: Days) -> None:
    """How the columns of a file from elsewhere were read is kept for the next one."""
    content = write_file([("WZ-1", 1)]).replace(b"opmerking", f"opmerking {canary}".encode(), 1)
    table = read_table(content)
    columns = suggest(table, INSTRUMENT, {"comments": {"improve": f"opmerking {canary}"}})
    asked = asked_of(content, today=days.today, columns=columns)
    with database.session(by.organisation_id) as session:
        keep_columns(session, asked, by=by)


def _add_missing_roles(
    place: Installation,
    organisation_id: UUID,
    people: Mapping[Role, Actor],
    canary: str,
    days: Days,
) -> dict[Role, UUID]:
    """Let somebody hold every role that the story gives to nobody."""
    database = place.database
    with database.read(organisation_id) as session:
        accounts = {
            role: session.get_one(Person, actor.person_id).account_id
            for role, actor in people.items()
        }
    giver = accounts[Role.MAIN_CONTACT]
    for role in (role for role in Role if role not in accounts):
        with database.session(None) as session:
            accounts[role] = _account(session, role, canary).id
            set_up_invented(session, place.keys, accounts[role], now=NOW)
        with database.session(organisation_id) as session:
            add_person(
                session,
                name=f"Iemand {canary}",
                mail=f"{role}@{canary}.invalid",
                task=f"Taak {canary}",
                role=role,
                unit_id=None,
                account_id=accounts[role],
                by=get_actor(session, giver, today=days.today),
                today=days.today,
                until_on=days.today + timedelta(days=30) if role is Role.GUEST else None,
            )
    return accounts


def _account(session: Any, role: Role, canary: str) -> Account:
    """An account that nobody logs in to by its password: computing one takes its time."""
    row = Account(mail=f"{role}@{canary}.invalid", name=f"Iemand {canary}", password_hash="")
    session.add(row)
    session.flush()
    return row


@contextmanager
def _told(canary: str, folder: Path) -> Iterator[None]:
    """Tell the demonstration the same story, smaller, with the canary in every text."""
    folder.mkdir()
    told = {
        file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
        for file in stories._FOLDER.glob("*.toml")
        if not file.stem.startswith("words_")
    }
    _shrink(told["organisation"])
    marked = {name: _mark(content, canary) for name, content in told.items()}
    with pytest.MonkeyPatch.context() as patch:
        for module in _tellers():
            patch.setattr(module, "read_story", lambda name: marked[name])
        patch.setattr(stories, "read_story", lambda name: marked[name])
        patch.setattr(demo_campaigns, "PUBLIC_NAME", canary)
        yield


def _tellers() -> list[Any]:
    return [
        module
        for name, module in sys.modules.items()
        if name.startswith("baken.web.demo.") and hasattr(module, "read_story")
    ]


def _mark(content: Any, canary: str, key: str = "") -> Any:
    match content:
        case dict():
            return {name: _mark(value, canary, name) for name, value in content.items()}
        case list():
            return [_mark(value, canary, key) for value in content]
        case str() if key == "mail":
            return content.replace("@", f"@{canary}.")
        case str() if key not in WORDS and (" " in content or key in {"name", "owner"}):
            return f"{content} {canary}"
        case _:
            return content


def _shrink(organisation: dict[str, Any]) -> None:
    """Fewer people, as many units: each stays just large enough to be shown."""
    for unit in organisation["units"]:
        if unit["people"]:
            unit |= {"people": PEOPLE, "answered": ANSWERED}
    total = sum(unit["people"] for unit in organisation["units"])
    for name, bands in organisation["bands"].items():
        share = total // len(bands)
        sizes = dict.fromkeys(bands, share)
        sizes[next(iter(bands))] += total - share * len(bands)
        organisation["bands"][name] = sizes


def _identifiers(database: Database, organisation_id: UUID) -> dict[str, tuple[UUID, ...]]:
    """The identifiers of all rows of an organisation, by table."""
    found: dict[str, tuple[UUID, ...]] = {"organisation": (organisation_id,)}
    with database.transaction(organisation_id, read_only=True) as connection:
        for table in sorted(owned_tables(), key=str):
            names = [
                column.name
                for column in table.primary_key
                if isinstance(column.type, Uuid) and not column.foreign_keys
            ]
            if names:
                asked = select(table.c[names[0]]).where(table.c.organisation_id == organisation_id)
                found[table.name] = tuple(
                    connection.execute(asked.order_by(table.c[names[0]])).scalars()
                )
    return found
