"""The end of an organisation: two people, fourteen days, nothing left but a protocol."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text

from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.rules import BodyKind
from baken.actionplan.meetings.models import AgendaPack, Meeting
from baken.actionplan.plans.models import GlobalPlan
from baken.analysis.leaving import check_can_remove
from baken.organisation.errors import Denied, OrganisationError
from baken.organisation.models import (
    Account,
    Invitation,
    Organisation,
    Person,
    RoleGrant,
    Unit,
    UnitKind,
)
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.removals import actions, carrying_out, holds
from baken.organisation.removals.carrying_out import Ground, remove_organisation
from baken.organisation.removals.errors import BeingRemoved, CannotRemove, NoRemoval
from baken.organisation.removals.models import Removal, RemovalProtocol, RemovalReason
from baken.storage.audit import AuditEntry, record, verify
from baken.storage.base import Base
from baken.storage.guard import owned_tables
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.scrubbing import scrub_files
from tests.accounts import open_account
from tests.conftest import TODAY, Client, make_client
from tests.storage.portable import export, silent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CANARY = "Kanarie-Zonnebloem"
DUE = TODAY + timedelta(days=14)


def furnish(database: Database, keys: KeyStore, client: Client, *, canary: str) -> UUID:
    """Rows that point at each other, a key, an account; everything says the canary."""
    with database.session(None) as session:
        mail = f"{canary.lower()}@voorbeeld.invalid"
        account_id = open_account(session, mail, "vier blauwe stoelen", name=canary, now=NOW).id
    with database.session(client.id) as session:
        top = Unit(kind=UnitKind.EMPLOYER, number="1", name=canary, from_on=TODAY)
        session.add(top)
        session.flush()
        for number in range(2, 20):
            session.add(
                Unit(
                    kind=UnitKind.TEAM,
                    number=str(number),
                    name=f"{canary} {number}",
                    from_on=TODAY,
                    parent_id=top.id,
                )
            )
        session.add(GlobalPlan(title=canary, from_on=TODAY, until_on=TODAY + timedelta(days=1800)))
        person = Person(
            name=canary, mail=f"{canary.lower()}@voorbeeld.invalid", account_id=account_id
        )
        session.add(person)
        session.flush()
        _send_papers(session, person.id, canary)
        record(session, "unit.added", by=None, subject="unit:x", private={"name": canary}, at=NOW)
    keys.put(client.id, "answers", f"tally:{uuid4()}", b"k" * 32)
    return account_id


def _send_papers(session: Session, person_id: UUID, canary: str) -> None:
    """Papers as they went out: the database lets nobody delete them but a removal."""
    body = Body(kind=BodyKind.COMMITTEE, name=canary, from_on=TODAY)
    session.add(body)
    session.flush()
    meeting = Meeting(
        body_id=body.id, on=TODAY, starts=time(9), ends=time(10), place=canary, language="nl"
    )
    session.add(meeting)
    session.flush()
    session.add(
        AgendaPack(
            meeting_id=meeting.id, number=1, made_on=TODAY, made_by=person_id,
            content=canary.encode(), sha256="0" * 64, parts=[], left_out=[], changes=[],
        )
    )  # fmt: skip


def ground(database: Database, keys: KeyStore, client: Client, tmp_path: Path) -> Ground:
    return Ground(database, keys, tmp_path / "transfers", client.id)


def agree(database: Database, client: Client) -> None:
    with database.session(client.id) as session:
        actions.ask_removal(
            session,
            RemovalReason.MOVED,
            check=check_can_remove,
            by=client.administrator,
            today=TODAY,
            now=NOW,
        )
    with database.session(client.id) as session:
        due = actions.confirm_removal(
            session,
            check=check_can_remove,
            by=client.people[Role.MAIN_CONTACT],
            today=TODAY,
            now=NOW,
        )
    assert due == DUE


def remove(where: Ground, today: date = DUE) -> None:
    remove_organisation(where, check=check_can_remove, now=NOW, today=today, progress=silent)


def bytes_of(database: Database, organisation_id: UUID) -> bytes:
    """Everything the installation keeps of anybody, as far as the engine lets us look."""
    if database.is_sqlite:
        scrub_files(database)
        main = Path(str(database.engine.url.database))
        return b"".join(file.read_bytes() for file in main.parent.glob(f"{main.name}*"))
    found = ""
    for chosen in (None, organisation_id):
        with database.transaction(chosen, read_only=True) as connection:
            for name in Base.metadata.tables:
                rows = connection.execute(text(f'SELECT t::text FROM "{name}" t')).scalars()
                found += "".join(map(str, rows))
    return found.encode()


def test_nothing_is_left_but_a_protocol_and_the_neighbour_is_untouched(
    database: Database, keys: KeyStore, organisation: Client, tmp_path: Path
) -> None:
    neighbour = make_client(database, "Buren (fictief)")
    furnish(database, keys, neighbour, canary="Andere-Kanarie")
    before = export(database, neighbour.id)[1]
    account_id = furnish(database, keys, organisation, canary=CANARY)
    with database.read(organisation.id) as session:
        head = verify(session).head
    agree(database, organisation)
    remove(ground(database, keys, organisation, tmp_path))

    assert keys.names(organisation.id) == []
    with database.read(organisation.id) as session:
        kept = {
            mapper.class_.__tablename__
            for mapper in AuditEntry.registry.mappers
            if mapper.local_table in owned_tables()
            and session.scalar(select(func.count()).select_from(mapper.class_))
        }
        assert kept == {"audit_entry"}
        assert verify(session, head=head).first_bad is None
        assert not session.scalars(select(AuditEntry).where(AuditEntry.salt.is_not(None))).all()
        tombstone = session.get_one(Organisation, organisation.id)
        assert (tombstone.name, tombstone.removed_on) == ("", DUE)
        assert session.get(Account, account_id) is None
        protocol = session.scalars(select(RemovalProtocol)).one()
        assert protocol.audit_head == verify(session).head
    assert protocol.n_rows["unit"] == 19
    assert protocol.n_rows["person"] == len(Role) + 1
    assert (protocol.n_keys, protocol.n_accounts) == (1, 1)
    assert protocol.keys_gone_on == DUE + timedelta(days=8)
    assert protocol.backups_gone_on == DUE + timedelta(days=36)
    left = bytes_of(database, organisation.id).lower()
    assert CANARY.lower().encode() not in left
    after = export(database, neighbour.id)[1]
    assert (after.content_sha256, after.audit_head) == (before.content_sha256, before.audit_head)
    remove(ground(database, keys, organisation, tmp_path))  # once more does nothing


def test_before_the_removal_the_canary_can_be_found(
    database: Database, keys: KeyStore, organisation: Client
) -> None:
    """So that the search above would find it."""
    furnish(database, keys, organisation, canary=CANARY)
    assert CANARY.encode() in bytes_of(database, organisation.id)


def test_an_account_with_another_task_lives_on(
    database: Database, keys: KeyStore, organisation: Client, tmp_path: Path
) -> None:
    account_id = furnish(database, keys, organisation, canary=CANARY)
    neighbour = make_client(database, "Buren (fictief)")
    with database.session(neighbour.id) as session:
        session.add(Person(name="Ook hier", account_id=account_id))
    agree(database, organisation)
    remove(ground(database, keys, organisation, tmp_path))
    with database.read(None) as session:
        assert session.get(Account, account_id) is not None
        assert session.scalars(select(RemovalProtocol)).one().n_accounts == 0


class Died(Exception):
    """The worker was killed here."""


@pytest.mark.sqlite
@pytest.mark.parametrize("step", range(4))
def test_it_goes_on_where_it_was_cut_off(
    sqlite: Database, keys: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    client = make_client(sqlite)
    furnish(sqlite, keys, client, canary=CANARY)
    agree(sqlite, client)
    where = ground(sqlite, keys, client, tmp_path)
    passed: list[str] = []

    def die(name: str) -> None:
        passed.append(name)
        if len(passed) == 1 + 6 * step:
            raise Died

    with monkeypatch.context() as patched:
        patched.setattr("baken.organisation.removals.carrying_out.crash_point", die)
        try:
            remove(where)
        except Died:
            with sqlite.read(client.id) as session:
                removal = session.scalars(select(Removal)).first()
                assert removal is None or removal.started_at is not None
    remove(where)
    with sqlite.read(None) as session:
        protocol = session.scalars(select(RemovalProtocol)).one()
    assert (protocol.n_rows["unit"], protocol.n_rows["person"]) == (19, len(Role) + 1)
    assert (protocol.n_keys, protocol.n_accounts) == (1, 1)


@pytest.mark.sqlite
def test_two_different_people_and_a_waiting_period_are_needed(
    sqlite: Database, keys: KeyStore, tmp_path: Path
) -> None:
    client = make_client(sqlite)
    where = ground(sqlite, keys, client, tmp_path)

    def ask(by: Actor) -> None:
        with sqlite.session(client.id) as session:
            actions.ask_removal(
                session, RemovalReason.CEASED, check=check_can_remove, by=by, today=TODAY, now=NOW
            )

    def confirm(by: Actor) -> None:
        with sqlite.session(client.id) as session:
            actions.confirm_removal(session, check=check_can_remove, by=by, today=TODAY, now=NOW)

    with pytest.raises(Denied):
        ask(client.adviser)
    with pytest.raises(NoRemoval):
        confirm(client.administrator)
    ask(client.administrator)
    with pytest.raises(CannotRemove, match="asked already"):
        ask(client.people[Role.MAIN_CONTACT])
    with pytest.raises(CannotRemove, match="Another administrator or main contact"):
        confirm(client.administrator)
    with pytest.raises(CannotRemove, match="not over yet"):
        remove(where)
    confirm(client.people[Role.MAIN_CONTACT])
    with pytest.raises(CannotRemove, match="confirmed already"):
        confirm(client.people[Role.MAIN_CONTACT])
    with pytest.raises(CannotRemove, match="not over yet"):
        remove(where, DUE - timedelta(days=1))
    with sqlite.session(client.id) as session:
        actions.cancel_removal(session, by=client.people[Role.MAIN_CONTACT], now=NOW)
    with pytest.raises(OrganisationError, match="called off"):
        remove(where)
    with sqlite.read(client.id) as session:
        assert actions.find_removal(session) is None
    agree(sqlite, client)
    remove(where)


def test_who_got_the_right_only_just_neither_asks_nor_confirms(
    database: Database, organisation: Client
) -> None:
    """One person with a second one of their own making does not end an organisation."""
    puppet = replace(organisation.people[Role.HR], grants=frozenset({Grant(Role.ADMINISTRATOR)}))
    with database.session(organisation.id) as session:
        session.add(
            RoleGrant(
                person_id=puppet.person_id,
                role=Role.ADMINISTRATOR,
                from_on=TODAY - timedelta(days=13),
            )
        )
    ask = {"check": check_can_remove, "today": TODAY, "now": NOW}
    with database.session(organisation.id) as session:
        with pytest.raises(CannotRemove, match="for 14 days"):
            actions.ask_removal(session, RemovalReason.CEASED, by=puppet, **ask)
        actions.ask_removal(session, RemovalReason.CEASED, by=organisation.administrator, **ask)
    for later in (TODAY, TODAY + timedelta(days=30)):
        # Waiting does not help: what counts is who was there when it was asked.
        with (
            database.session(organisation.id) as session,
            pytest.raises(CannotRemove, match="for 14 days"),
        ):
            actions.confirm_removal(session, **ask | {"today": later}, by=puppet)
    with database.session(organisation.id) as session:
        actions.confirm_removal(session, **ask, by=organisation.people[Role.MAIN_CONTACT])


def test_a_role_that_is_older_than_whoever_holds_it_does_not_remove(
    database: Database, organisation: Client
) -> None:
    """An old administrator whose place somebody took by an invitation last week."""
    with database.session(organisation.id) as session:
        session.add(
            Invitation(
                person_id=organisation.administrator.person_id,
                invited_by=organisation.people[Role.MAIN_CONTACT].person_id,
                invited_at=NOW - timedelta(days=14),
                used_at=NOW - timedelta(days=13),
            )
        )
    with (
        database.session(organisation.id) as session,
        pytest.raises(CannotRemove, match="for 14 days"),
    ):
        actions.ask_removal(
            session,
            RemovalReason.CEASED,
            by=organisation.administrator,
            check=check_can_remove,
            today=TODAY,
            now=NOW,
        )


def test_what_is_written_at_the_last_moment_goes_too(
    database: Database,
    keys: KeyStore,
    organisation: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody was still saving when everything seemed deleted."""
    agree(database, organisation)
    late = iter([True])

    def write(_ground: Ground, _progress: object, *, delete=carrying_out._delete_rows) -> None:
        delete(_ground, _progress)
        if next(late, False):
            with database.session(organisation.id) as session:
                session.add(Person(name=CANARY))
            keys.ensure(organisation.id, "jobs", "faults")

    monkeypatch.setattr(carrying_out, "_delete_rows", write)
    remove(ground(database, keys, organisation, tmp_path))
    with database.read(organisation.id) as session:
        assert session.scalars(select(Person)).all() == []
    assert keys.names(organisation.id) == []
    with (
        database.read(organisation.id) as session,
        pytest.raises(BeingRemoved, match="has started"),
    ):
        actions.check_not_started(session)


@pytest.mark.sqlite
def test_a_hold_stops_the_removal_at_every_step(
    sqlite: Database, keys: KeyStore, tmp_path: Path
) -> None:
    client = make_client(sqlite)
    agree(sqlite, client)
    with sqlite.session(client.id) as session:
        with pytest.raises(Denied):
            holds.set_hold(session, "x", by=client.administrator, today=TODAY, now=NOW)
        with pytest.raises(OrganisationError, match="Write down why"):
            holds.set_hold(session, " ", by=client.adviser, today=TODAY, now=NOW)
        hold_id = holds.set_hold(session, "Geding", by=client.adviser, today=TODAY, now=NOW)
    with pytest.raises(CannotRemove, match="a hold"):
        remove(ground(sqlite, keys, client, tmp_path))
    with sqlite.session(client.id) as session:
        [row] = holds.list_holds(session)
        assert (row.reason, row.review_on) == ("Geding", TODAY + timedelta(days=183))
        holds.lift_hold(
            session, hold_id, version=row.version, by=client.adviser, today=TODAY, now=NOW
        )
        with pytest.raises(OrganisationError, match="lifted already"):
            holds.lift_hold(session, hold_id, version=2, by=client.adviser, today=TODAY, now=NOW)
    remove(ground(sqlite, keys, client, tmp_path))
