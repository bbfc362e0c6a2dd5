"""Export and import of a whole organisation: the demonstration there and back, on both engines."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from baken.analysis.errors import NotCounted
from baken.analysis.leaving import check_arrived, check_can_export
from baken.analysis.releases.actions import has_intact_results
from baken.analysis.releases.models import Release
from baken.analysis.tallies.actions import count_campaign
from baken.organisation.errors import Invalid
from baken.organisation.models import Account, Invitation, Organisation, Person, RoleGrant
from baken.organisation.people import list_names
from baken.organisation.permissions import Role
from baken.organisation.transfers.exports import write_organisation
from baken.organisation.transfers.imports import Contact, bring_in
from baken.storage.audit import AuditEntry, verify
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate
from baken.storage.portability.errors import AlreadyHere
from baken.storage.portability.manifest import Manifest
from baken.storage.portability.packing import write_export
from baken.storage.portability.reading import Parcel
from baken.storage.portability.sealing import FileKey
from baken.storage.portability.tables import AUDIT, GUARDED
from baken.storage.session import Database, Session
from baken.survey.answers import AnswerBlock
from baken.survey.campaigns.models import Campaign, hash_tree
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code
from baken.survey.comments import Comment
from baken.web.commands.main import main
from baken.web.demo.campaigns import hold_first
from baken.web.demo.days import Days
from baken.web.demo.findings import find_risks
from baken.web.demo.indicators import count_everything
from baken.web.demo.making import settings_of
from baken.web.demo.organisation import found_house
from baken.web.demo.plans import Planning
from baken.web.demo.stories import read_story
from baken.web.demo.submitting import Installation
from baken.web.demo.weighing import weigh
from tests.conftest import make_client
from tests.storage.portable import KEY, PASSPHRASE, silent

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CONTACT = Contact("Nieuw Contact", "contact@voorbeeld.invalid")


@dataclass(frozen=True)
class Place:
    database: Database
    keys: KeyStore
    folder: Path
    arrived: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, UUID]]:
    """The organisation of the demonstration, without the survey that runs."""
    folder = tmp_path_factory.mktemp("portable")
    settings = settings_of(folder)
    migrate(settings.database_url)
    place = Place(Database(settings.database_url), KeyStore.create(settings.keys), folder)
    days = Days(date(2026, 11, 22))
    house = found_house(place.database, place.keys, days)
    where = Installation(place.database, place.keys, settings.backups)
    release_id = hold_first(where, house, days)
    count_everything(place.database, house, days)
    planning = Planning(place.database, house, days)
    known = find_risks(place.database, house, release_id, days)
    weigh(place.database, house, known, days)
    agreed = planning.draft(known)
    for year in read_story("plans")["years"]:
        planning.plan_year(agreed, year)
    yield place, house.id
    place.database.dispose()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    yield opened
    opened.dispose()


def pack(place: Place, organisation_id: UUID) -> tuple[bytes, Manifest]:
    out = io.BytesIO()
    manifest = write_organisation(
        place.database,
        out,
        KEY,
        organisation_id=organisation_id,
        parts=GUARDED,
        check=check_can_export,
        software_version="0.1.0",
        now=NOW,
        progress=silent,
    )
    return out.getvalue(), manifest


def unpack(place: Place, content: bytes, contact: Contact = CONTACT) -> UUID:
    return bring_in(
        place.database,
        Parcel(io.BytesIO(content), KEY),
        check=check_arrived,
        contact=contact,
        by=None,
        now=NOW,
        today=NOW.date(),
        progress=silent,
    )


def contact_in(place: Place, organisation_id: UUID) -> Contact:
    """Somebody who hands out rights already: nobody has to be added."""
    with place.database.read(organisation_id) as session:
        row = session.scalars(select(Person).where(Person.mail != "").order_by(Person.name)).all()
        holders = {
            grant.person_id
            for grant in session.scalars(select(RoleGrant))
            if grant.role in {Role.ADMINISTRATOR, Role.MAIN_CONTACT}
        }
        [chosen, *_] = [one for one in row if one.id in holders]
        return Contact(chosen.name, chosen.mail.upper())


def differing(one: Manifest, other: Manifest) -> set[str]:
    return {
        name for name in one.members if one.members[name].content != other.members[name].content
    }


def test_the_demonstration_there_and_back_on_both_engines(
    demo: tuple[Place, UUID], postgresql: Database, sqlite: Database, tmp_path: Path
) -> None:
    home, organisation_id = demo
    content, manifest = pack(home, organisation_id)
    away = Place(postgresql, KeyStore.create(tmp_path / "away"), tmp_path)
    contact = contact_in(home, organisation_id)
    assert unpack(away, content, contact) == organisation_id
    back, second = pack(away, organisation_id)
    assert differing(manifest, second) == {AUDIT}
    assert second.content_sha256 == manifest.content_sha256
    last = Place(sqlite, KeyStore.create(tmp_path / "last"), tmp_path)
    unpack(last, back, contact)
    third = pack(last, organisation_id)[1]
    assert third.content_sha256 == manifest.content_sha256
    for place in (away, last):
        with place.database.read(organisation_id) as session:
            assert verify(session, head=manifest.audit_head).first_bad is None
            acts = [row.action for row in session.scalars(select(AuditEntry))]
            assert acts.count("organisation.imported") == (1 if place is away else 2)
            release = session.scalars(select(Release)).one()
            assert has_intact_results(release)
            # What was released stands; nobody makes anything else of it here.
            with pytest.raises(NotCounted, match="new results of it cannot be made"):
                count_campaign(session, place.keys, release.campaign_id)
            assert place.keys.names(organisation_id) == []
            for model in (AnswerBlock, Code, Comment):
                assert not session.scalar(select(func.count()).select_from(model))
            assert session.scalars(select(Invitation)).one().used_at is None
            assert not session.scalars(select(Person).where(Person.account_id.is_not(None))).all()
        with place.database.read(None) as session:
            assert not session.scalars(select(Account)).all()
    with pytest.raises(AlreadyHere):
        unpack(away, content)


def test_nothing_personal_stands_in_the_record_for_ever(demo: tuple[Place, UUID]) -> None:
    """Facts stay when an organisation is removed: identifiers, counts, days, states."""
    home, organisation_id = demo
    plain = re.compile(r"[a-z0-9_.:+-]{0,80}|vijf-a \d+", re.IGNORECASE)
    with home.database.read(organisation_id) as session:
        names = {name for _, name in list_names(session)}
        for entry in session.scalars(select(AuditEntry)):
            for value in _leaves(entry.facts):
                assert isinstance(value, int | float | None) or plain.fullmatch(str(value)), (
                    entry.action,
                    value,
                )
                assert value not in names
            assert plain.fullmatch(entry.subject), entry.subject
            assert "@" not in str(entry.facts)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


@pytest.mark.sqlite
def test_somebody_new_becomes_administrator_and_is_invited(
    demo: tuple[Place, UUID], sqlite: Database, tmp_path: Path
) -> None:
    home, organisation_id = demo
    place = Place(sqlite, KeyStore.create(tmp_path / "away"), tmp_path)
    unpack(place, pack(home, organisation_id)[0])
    with sqlite.read(organisation_id) as session:
        invitation = session.scalars(select(Invitation)).one()
        assert session.get_one(Person, invitation.person_id).mail == CONTACT.mail
    with pytest.raises(Invalid, match="main contact"):
        Contact.named("", "x@y")
    with pytest.raises(Invalid, match="main contact"):
        Contact.named("x", "nowhere")


def arrive(place: Place, change: Callable[[Session], None], contact: Contact = CONTACT) -> int:
    """Take a small organisation with one change to an empty installation; how many are there."""
    client = make_client(place.database, "Vervalst (fictief)")
    with place.database.session(client.id) as session:
        odd = delete(RoleGrant).where(RoleGrant.role.in_({Role.UNIT_HEAD, Role.GUEST}))
        session.execute(odd)  # of no unit, for ever
        change(session)
    out = io.BytesIO()
    with place.database.snapshot(client.id) as session:
        write_export(
            session, out, KEY, parts=GUARDED, software_version="0.1.0", now=NOW, progress=silent
        )
    path = place.folder / f"{client.id}.sqlite"
    shutil.copy(place.folder / "empty.sqlite", path)
    away = Place(Database(f"sqlite:///{path}"), place.keys, place.folder)
    try:
        unpack(away, out.getvalue(), contact)
    finally:
        with away.database.read(None) as session:
            n_there = len(session.scalars(select(Organisation)).all())
        away.database.dispose()
        place.arrived.append(n_there)
    return n_there


def refused(
    place: Place, change: Callable[[Session], None], *, match: str, contact: Contact = CONTACT
) -> None:
    with pytest.raises(BakenError, match=match):
        arrive(place, change, contact)
    assert place.arrived[-1] == 0


def survey(**values: Any) -> Callable[[Session], None]:
    shape = {
        "title": "Bevraging",
        "instrument_key": "vijf-a",
        "instrument_version": "1",
        "instrument_fingerprint": "0" * 64,
        "languages": ["nl"],
        "opens_on": NOW.date(),
        "closes_on": NOW.date(),
        "background_headcounts": {},
        "answers_until_on": NOW.date(),
        "comments_until_on": NOW.date(),
    }
    return lambda session: session.add(Campaign(**(shape | values)))


def roles(*held: tuple[Role, date | None]) -> Callable[[Session], None]:
    def add(session: Session) -> None:
        person = Person(name="Nieuw", mail="nieuw@voorbeeld.invalid")
        session.add(person)
        session.flush()
        for role, until_on in held:
            session.add(
                RoleGrant(person_id=person.id, role=role, from_on=NOW.date(), until_on=until_on)
            )

    return add


@pytest.mark.sqlite
def test_what_no_export_of_ours_holds_does_not_arrive(
    sqlite: Database, keys: KeyStore, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "empty.sqlite")
    place = Place(sqlite, keys, tmp_path)
    assert arrive(place, lambda _session: None) == 1  # so that what follows is about the change
    over = {"state": CampaignState.SCRUBBED, "unit_tree": [], "launched_on": NOW.date()}
    intact = {"min_group_at_launch": 10, "tree_sha256": hash_tree([], 10)}
    assert arrive(place, survey(**over, **intact)) == 1
    for state in set(CampaignState) - {CampaignState.DRAFT, CampaignState.SCRUBBED}:
        refused(place, survey(state=state), match="under way")
    refused(place, survey(launched_on=NOW.date()), match="a draft that was launched")
    refused(place, survey(**over), match="units or smallest group")
    refused(place, survey(**over, **intact, min_group=9), match="units or smallest group")
    low = {"min_group_at_launch": 2, "tree_sha256": hash_tree([], 2)}
    refused(place, survey(**over, **low), match="units or smallest group")
    refused(place, roles((Role.GUEST, None)), match="a role that nobody could have got")
    refused(place, roles((Role.ADVISER, None), (Role.HR, None)), match="a role that nobody")
    refused(place, roles((Role.UNIT_HEAD, None)), match="a role that nobody")


@pytest.mark.sqlite
def test_an_adviser_does_not_become_administrator_by_an_import(
    sqlite: Database, keys: KeyStore, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "empty.sqlite")
    place = Place(sqlite, keys, tmp_path)
    contact = Contact("Nieuw", "nieuw@voorbeeld.invalid")
    adviser = roles((Role.ADVISER, None))
    refused(place, adviser, match="does not go with handing out rights", contact=contact)


@pytest.mark.sqlite
def test_the_command_line_does_the_same(
    demo: tuple[Place, UUID],
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home, organisation_id = demo
    monkeypatch.setattr(FileKey.new.__func__, "__kwdefaults__", {"log_n": 4})

    def run(*arguments: str, said: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        with pytest.raises(SystemExit) as end:
            main(["organisation", *arguments])
        if end.value.code:
            raise AssertionError(capsys.readouterr().err)
        return capsys.readouterr().out

    def live_at(folder: Path) -> None:
        monkeypatch.setenv("BAKEN_DATABASE_URL", f"sqlite:///{folder / 'baken.sqlite'}")
        monkeypatch.setenv("BAKEN_KEYS", str(folder / "keys"))
        monkeypatch.setenv("BAKEN_TRANSFERS", str(folder / "transfers"))

    live_at(home.folder)
    assert str(organisation_id) in run("list")
    file = tmp_path / "out.baken"
    said = run("export", str(organisation_id), "--out", str(file), said=PASSPHRASE + "\n")
    checksum = re.search(r"\b[0-9a-f]{64}\b", said)
    assert checksum
    with pytest.raises(AssertionError, match="exists already"):
        run("export", str(organisation_id), "--out", str(file), said=PASSPHRASE + "\n")
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(sqlite_template, away / "baken.sqlite")
    KeyStore.create(away / "keys")
    live_at(away)
    who = ("--name", "Nieuw Contact", "--mail", "contact@voorbeeld.invalid")
    with pytest.raises(AssertionError, match="Type the passphrase again"):
        run("import", str(file), *who, said="something else entirely\n")
    assert str(organisation_id) in run("import", str(file), *who, said=PASSPHRASE + "\n")
    with pytest.raises(AssertionError, match="exists on this installation already"):
        run("import", str(file), *who, said=PASSPHRASE + "\n")
    assert f'"{organisation_id}"' in run("list", "--json")
    with pytest.raises(AssertionError, match="no removal"):
        run("remove", str(organisation_id))
    made = run("export", str(organisation_id), "--out", str(tmp_path / "again.baken"), said="\n")
    assert "shown this once" in made
    assert checksum[0] not in made  # the contact was added
    arrived = Database(f"sqlite:///{away / 'baken.sqlite'}")
    with arrived.read(organisation_id) as session:
        assert session.get_one(Organisation, organisation_id).name
        assert session.scalars(select(Campaign)).one().scrubbed_on
    arrived.dispose()
