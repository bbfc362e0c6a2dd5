"""One adviser follows another: no day without, no day with both unless somebody chose so."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.organisation.errors import Conflict, Denied, Invalid, NotFound
from baken.organisation.handovers.actions import (
    Incoming,
    get_handover,
    hand_over,
    list_advisers,
    list_followers,
    list_handovers,
)
from baken.organisation.models import Invitation, Person, RoleGrant
from baken.organisation.permissions import Actor, Role
from baken.organisation.roles import list_grants
from baken.storage.audit import AuditEntry
from baken.storage.session import Database
from tests.conftest import TODAY, Client, make_client

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW = Incoming(name="Nieuwe Adviseur", mail="nieuw@voorbeeld.invalid")
pytestmark = pytest.mark.sqlite


def hand(
    database: Database,
    client: Client,
    *,
    by: Actor | None = None,
    from_on: date = TODAY,
    overlap: int = 0,
    incoming: Incoming = NEW,
    outgoing: frozenset[UUID] | None = None,
) -> UUID:
    with database.session(client.id) as session:
        return hand_over(
            session,
            outgoing=frozenset({client.adviser.person_id}) if outgoing is None else outgoing,
            incoming=incoming,
            from_on=from_on,
            overlap_days=overlap,
            standing={"campaigns": []},
            by=by or client.people[Role.MAIN_CONTACT],
            today=TODAY,
            now=NOW,
        )


def advisers_on(database: Database, client: Client, day: date) -> list[str]:
    with database.read(client.id) as session:
        people = session.scalars(select(Person)).all()
        return sorted(
            person.name
            for person in people
            if any(g.role is Role.ADVISER for g in list_grants(session, person.id, today=day))
        )


@pytest.mark.parametrize(("ahead", "overlap"), [(0, 0), (0, 31), (1, 1), (30, 0)])
def test_on_every_day_there_is_one_adviser_or_both_as_chosen(
    sqlite: Database, ahead: int, overlap: int
) -> None:
    client = make_client(sqlite)
    start = TODAY + timedelta(days=ahead)
    hand(sqlite, client, from_on=start, overlap=overlap)
    for offset in range(-ahead, overlap + 3):
        expected = ["Nieuwe Adviseur"] if offset >= 0 else []
        if offset < overlap:
            expected.append("Persoon adviser")
        assert advisers_on(sqlite, client, start + timedelta(days=offset)) == expected


def test_the_new_one_is_invited_and_it_is_written_down(sqlite: Database) -> None:
    client = make_client(sqlite)
    by = client.people[Role.MAIN_CONTACT]
    handover_id = hand(sqlite, client, from_on=TODAY + timedelta(days=7))
    with sqlite.read(client.id) as session:
        row = get_handover(session, handover_id, by=by)
        assert (row.incoming, row.outgoing) == ("Nieuwe Adviseur", ("Persoon adviser",))
        assert row.until_on == TODAY + timedelta(days=6)
        assert session.scalars(select(Invitation)).one().used_at is None
        acts = [entry.action for entry in session.scalars(select(AuditEntry))]
        assert acts == ["organisation.handed_over", "invitation.sent"]
        assert len(list_handovers(session, by=by)) == 1
        assert len(list_advisers(session, by=by, today=TODAY)) == 2
        with pytest.raises(NotFound):
            get_handover(session, by.person_id, by=by)


def test_a_day_without_adviser_is_refused_and_nothing_changes(sqlite: Database) -> None:
    client = make_client(sqlite)
    with sqlite.session(client.id) as session:
        asked = select(RoleGrant).where(RoleGrant.person_id == client.adviser.person_id)
        session.scalars(asked).one().until_on = TODAY + timedelta(days=3)
    with pytest.raises(Invalid, match="nobody would be adviser"):
        hand(sqlite, client, from_on=TODAY + timedelta(days=5))
    assert advisers_on(sqlite, client, TODAY) == ["Persoon adviser"]
    hand(sqlite, client, from_on=TODAY + timedelta(days=4))


def test_who_may_not_and_what_makes_no_sense_is_refused(sqlite: Database) -> None:
    client = make_client(sqlite)
    for role in (Role.ADMINISTRATOR, Role.ADVISER, Role.EMPLOYER):
        with pytest.raises(Denied):
            hand(sqlite, client, by=client.people[role])
    with pytest.raises(Invalid, match="Choose who leaves"):
        hand(sqlite, client, outgoing=frozenset())
    with pytest.raises(NotFound):
        hand(sqlite, client, outgoing=frozenset({client.administrator.person_id}))
    with pytest.raises(Invalid, match="Choose somebody else"):
        hand(sqlite, client, incoming=Incoming(person_id=client.adviser.person_id))
    with pytest.raises(Invalid, match="name and mail address"):
        hand(sqlite, client, incoming=Incoming(name="Zonder adres"))
    with pytest.raises(Invalid, match="at most"):
        hand(sqlite, client, overlap=32)
    with pytest.raises(Invalid, match="today or later"):
        hand(sqlite, client, from_on=TODAY - timedelta(days=1))
    # Who administers the staff or hands out rights never opens envelopes.
    with pytest.raises(Conflict):
        hand(sqlite, client, incoming=Incoming(person_id=client.administrator.person_id))
    assert advisers_on(sqlite, client, TODAY) == ["Persoon adviser"]


def test_a_main_contact_does_not_follow_as_adviser(sqlite: Database) -> None:
    client = make_client(sqlite)
    own = client.people[Role.MAIN_CONTACT].person_id
    last = TODAY + timedelta(days=3)
    with sqlite.session(client.id) as session:
        asked = select(RoleGrant).where(RoleGrant.person_id == own)
        session.scalars(asked).one().until_on = last
    # The two roles would not overlap: only who decides stands in the way.
    with pytest.raises(Denied, match="to themselves"):
        hand(sqlite, client, incoming=Incoming(person_id=own), from_on=last + timedelta(days=1))
    assert advisers_on(sqlite, client, last + timedelta(days=1)) == ["Persoon adviser"]


def test_only_who_may_be_adviser_can_be_chosen_to_follow(sqlite: Database) -> None:
    client = make_client(sqlite)
    by = client.people[Role.MAIN_CONTACT]
    with sqlite.session(client.id) as session:
        session.add(Person(name="Niemand meer"))
    with sqlite.read(client.id) as session:
        names = {name for _, name in list_followers(session, by=by, today=TODAY)}
    apart = {Role.ADVISER, Role.ADMINISTRATOR, Role.MAIN_CONTACT, Role.EMPLOYER, Role.HR}
    roles = set(client.people) - apart - {Role.GUEST}
    assert names == {f"Persoon {role}" for role in roles}
