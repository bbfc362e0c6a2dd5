"""Invitations and links of mails: once, in time, for the one they were made for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from baken.organisation import invitations
from baken.organisation.accounts import resets
from baken.organisation.accounts.actions import close_account
from baken.organisation.accounts.links import LinkKind, LinkOver, make_token, read_token
from baken.organisation.accounts.log_in import log_in
from baken.organisation.accounts.models import PasswordReset
from baken.organisation.accounts.sessions import get_logged_in, start_full
from baken.organisation.errors import Conflict, Denied, Invalid, NotFound
from baken.organisation.models import Person, RoleGrant
from baken.organisation.open_invitations import list_open
from baken.organisation.people import edit_person
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.storage.jobs import Job
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from tests.accounts import open_account

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "vier woorden op een rij"
MAIL = "an@voorbeeld.invalid"
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)


def invite(database: Database, organisation, now: datetime = NOW, role: Role = Role.HR) -> str:
    """Invite the person with a role; answers what identifies the invitation."""
    with database.session(organisation.id) as session:
        return invitations.invite(
            session,
            organisation.people[role].person_id,
            by=organisation.people[Role.MAIN_CONTACT],
            today=TODAY,
            now=now,
        )


def link_of(keys: KeyStore, organisation, invitation_id: UUID) -> str:
    return invitations.get_token(keys, organisation.id, invitation_id)


def account(database: Database, mail: str = MAIL) -> UUID:
    with database.session(None) as session:
        return open_account(session, mail, PASSWORD, name="An", now=NOW).id


def accept(database: Database, organisation, invitation_id: UUID, account_id: UUID) -> None:
    with database.session(organisation.id) as session:
        invitations.accept(session, invitation_id, account_id, now=NOW)


def test_an_invitation_says_who_invites_and_joins_once(
    database: Database, keys: KeyStore, organisation
) -> None:
    invitation_id = invite(database, organisation)
    link = link_of(keys, organisation, invitation_id)
    invited = invitations.find_invited(database, keys, link, now=NOW)
    assert (invited.mail, invited.organisation_id) == ("hr@voorbeeld.invalid", organisation.id)
    assert invited.invited_by == "Persoon main_contact"
    accept(database, organisation, invitation_id, account(database))
    with pytest.raises(LinkOver):
        invitations.find_invited(database, keys, link, now=NOW)
    with pytest.raises(LinkOver):
        accept(database, organisation, invitation_id, account(database, "bo@voorbeeld.invalid"))
    with pytest.raises(Conflict, match="account already"):
        invite(database, organisation)


@pytest.mark.parametrize(
    ("later", "works"),
    [
        (timedelta(0), True),
        (WEEK, True),
        (WEEK + SECOND, False),
        (timedelta(hours=2), True),
        (timedelta(hours=-2), False),
    ],
)
def test_a_link_works_for_a_week(
    database: Database, keys: KeyStore, organisation, later: timedelta, works: bool
) -> None:
    link = link_of(keys, organisation, invite(database, organisation))
    try:
        invitations.find_invited(database, keys, link, now=NOW + later)
    except LinkOver:
        assert not works
    else:
        assert works


def test_a_newer_invitation_ends_the_older_one(
    database: Database, keys: KeyStore, organisation
) -> None:
    old, new = (link_of(keys, organisation, invite(database, organisation)) for _ in range(2))
    with pytest.raises(LinkOver):
        invitations.find_invited(database, keys, old, now=NOW)
    assert invitations.find_invited(database, keys, new, now=NOW).name == "Persoon hr"


def test_a_withdrawn_invitation_opens_nothing(
    database: Database, keys: KeyStore, organisation
) -> None:
    by = organisation.people[Role.MAIN_CONTACT]
    person_id = organisation.people[Role.HR].person_id
    link = link_of(keys, organisation, invite(database, organisation))
    with database.session(organisation.id) as session:
        assert list_open(session, now=NOW) == {person_id: NOW + WEEK}
        invitations.withdraw(session, person_id, by=by, now=NOW)
        assert list_open(session, now=NOW) == {}
    with pytest.raises(LinkOver):
        invitations.find_invited(database, keys, link, now=NOW)
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        invitations.withdraw(session, person_id, by=by, now=NOW)


def test_only_who_hands_out_rights_invites_and_only_to_an_address(
    database: Database, organisation
) -> None:
    hr = organisation.people[Role.HR]
    for role in (Role.ADVISER, Role.HR, Role.GUEST):
        with pytest.raises(Denied), database.session(organisation.id) as session:
            by = organisation.people[role]
            invitations.invite(session, hr.person_id, by=by, today=TODAY, now=NOW)
    by = organisation.people[Role.MAIN_CONTACT]
    with database.session(organisation.id) as session:
        session.get_one(Person, hr.person_id).mail = ""
    with pytest.raises(Invalid, match="mail address"):
        invite(database, organisation)
    with pytest.raises(NotFound), database.session(organisation.id) as session:
        invitations.invite(session, uuid4(), by=by, today=TODAY, now=NOW)


def test_of_two_who_accept_at_once_one_is_refused(database: Database, organisation) -> None:
    invitation_id = invite(database, organisation)
    accounts = [account(database, f"{n}@voorbeeld.invalid") for n in range(8)]

    def try_it(account_id: UUID) -> bool:
        try:
            accept(database, organisation, invitation_id, account_id)
        except (LinkOver, Conflict):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(try_it, accounts)).count(True) == 1


def test_one_account_is_one_person_in_an_organisation(database: Database, organisation) -> None:
    mine = account(database)
    accept(database, organisation, invite(database, organisation), mine)
    second = invite(database, organisation, role=Role.CLERK)
    with pytest.raises(Invalid, match="another person"):
        accept(database, organisation, second, mine)


def test_what_is_stored_and_recorded_holds_no_link(
    database: Database, keys: KeyStore, organisation
) -> None:
    invitation_id = invite(database, organisation)
    link = link_of(keys, organisation, invitation_id)
    with database.read(organisation.id) as session:
        jobs = session.scalars(select(Job)).all()
        assert [(job.name, job.subject_id) for job in jobs] == [("mail.invitation", invitation_id)]
        actions = session.scalars(select(AuditEntry.action)).all()
        assert actions.count("invitation.sent") == 1
    if database.is_sqlite:
        path = str(database.engine.url.database)
        content = Path(path).read_bytes() + Path(f"{path}-wal").read_bytes()
        assert link.encode() not in content
        assert link[-20:].encode() not in content


@pytest.mark.sqlite
@given(st.text(max_size=120))
def test_a_link_that_we_did_not_make_opens_nothing(keys_of_session: KeyStore, link: str) -> None:
    for kind in LinkKind:
        with pytest.raises(LinkOver):
            read_token(keys_of_session, kind, link)


@pytest.fixture(scope="session")
def keys_of_session(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return KeyStore.create(tmp_path_factory.mktemp("links") / "keys")


def test_a_link_serves_one_purpose_and_cannot_be_bent(keys_of_session: KeyStore) -> None:
    keys, one, other = keys_of_session, uuid4(), uuid4()
    link = make_token(keys, LinkKind.INVITATION, one, other)
    assert read_token(keys, LinkKind.INVITATION, link) == (one, other)
    with pytest.raises(LinkOver):
        read_token(keys, LinkKind.PASSWORD_RESET, link)
    for at in range(0, len(link), 5):
        bent = link[:at] + ("A" if link[at] != "A" else "B") + link[at + 1 :]
        with pytest.raises(LinkOver):
            read_token(keys, LinkKind.INVITATION, bent)


def ask_reset(database: Database, keys: KeyStore, mail: str = MAIL, now: datetime = NOW) -> str:
    with database.session(None) as session:
        resets.ask_reset(session, mail=mail, now=now)
        row = session.scalars(select(PasswordReset).order_by(PasswordReset.asked_at.desc())).first()
        assert row is not None
        return resets.get_token(keys, row.id)


def test_a_reset_ends_every_session_and_works_once(database: Database, keys: KeyStore) -> None:
    account_id = account(database)
    with database.session(None) as session:
        token = start_full(session, account_id, now=NOW)
    earlier = ask_reset(database, keys, now=NOW - SECOND)
    link = ask_reset(database, keys, mail=" AN@voorbeeld.invalid")
    new = "zes gele ballonnen"
    with pytest.raises(Invalid):
        resets.reset_password(database, keys, link, new="kort", now=NOW)
    resets.reset_password(database, keys, link, new=new, now=NOW)
    with database.read(None) as session:
        assert get_logged_in(session, token, now=NOW) is None
    for used in (link, earlier):
        with pytest.raises(LinkOver):
            resets.reset_password(database, keys, used, new=new, now=NOW)
    half = log_in(database, mail=MAIL, password=new, now=NOW)
    with database.read(None) as session:
        found = get_logged_in(session, half, now=NOW)
        assert found is not None
        assert not found.is_full


@pytest.mark.parametrize("minutes", [-120, 31, 120])
def test_a_reset_works_for_half_an_hour(database: Database, keys: KeyStore, minutes: int) -> None:
    account(database)
    link = ask_reset(database, keys)
    with database.read(None) as session:
        assert resets.get_open(session, keys, link, now=NOW + timedelta(minutes=30))
        with pytest.raises(LinkOver):
            resets.get_open(session, keys, link, now=NOW + timedelta(minutes=minutes))


def test_asking_for_nobody_writes_the_same_rows_and_opens_nothing(
    database: Database, keys: KeyStore
) -> None:
    account(database)
    link = ask_reset(database, keys, mail="niemand@voorbeeld.invalid")
    with database.read(None) as session:
        assert [job.name for job in session.scalars(select(Job))] == ["mail.password_reset"]
        with pytest.raises(LinkOver):
            resets.get_open(session, keys, link, now=NOW)


def test_a_closed_account_gets_no_new_password(database: Database, keys: KeyStore) -> None:
    account_id = account(database)
    link = ask_reset(database, keys)
    with database.session(None) as session:
        close_account(session, account_id, by=None, now=NOW)
    with pytest.raises(LinkOver):
        resets.reset_password(database, keys, link, new="zes gele ballonnen", now=NOW)


def test_of_many_who_use_a_reset_at_once_one_succeeds(database: Database, keys: KeyStore) -> None:
    account(database)
    link = ask_reset(database, keys)

    def try_it(number: int) -> bool:
        try:
            resets.reset_password(database, keys, link, new=f"{number} gele ballonnen", now=NOW)
        except LinkOver:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(try_it, range(10, 16))).count(True) == 1


def test_old_resets_are_forgotten(database: Database, keys: KeyStore) -> None:
    account(database)
    ask_reset(database, keys)
    with database.session(None) as session:
        resets.forget_old_resets(session, now=NOW + timedelta(minutes=31))
        assert session.scalars(select(PasswordReset)).all() == []


def test_whoever_may_not_give_a_role_does_not_become_its_holder_by_an_address(
    database: Database, keys: KeyStore, organisation
) -> None:
    adviser = organisation.people[Role.ADVISER].person_id
    administrator = organisation.people[Role.ADMINISTRATOR]
    link = link_of(keys, organisation, invite(database, organisation, role=Role.ADVISER))

    def invite_by_administrator(person_id: UUID) -> None:
        with database.session(organisation.id) as session:
            invitations.invite(session, person_id, by=administrator, today=TODAY, now=NOW)

    def change(mail: str, name: str = "Persoon adviser") -> None:
        with database.session(organisation.id) as session:
            edit_person(
                session, adviser, name=name, mail=mail, task="",
                version=session.get_one(Person, adviser).version,
                by=administrator, today=TODAY, now=NOW,
            )  # fmt: skip

    for act in (
        partial(change, "eigen@voorbeeld.invalid"),
        partial(invite_by_administrator, adviser),
    ):
        with pytest.raises(Denied, match="where the invitation goes"):
            act()
    change("adviser@voorbeeld.invalid", name="Juist gespeld")
    assert invitations.find_invited(database, keys, link, now=NOW).mail.startswith("adviser@")
    # A role that begins tomorrow counts, one that the administrator hands out does not stand in
    # the way, nor does an address with which nobody logs in.
    with database.session(organisation.id) as session:
        asked = select(RoleGrant).where(RoleGrant.person_id == adviser)
        session.scalars(asked).one().from_on = TODAY + timedelta(days=1)
    with pytest.raises(Denied, match="where the invitation goes"):
        invite_by_administrator(adviser)
    invite_by_administrator(administrator.person_id)
    accept(
        database, organisation, invite(database, organisation, role=Role.ADVISER), account(database)
    )
    change("eigen@voorbeeld.invalid")


def test_an_administrator_invites_the_main_contact_while_there_is_no_other(
    database: Database, organisation
) -> None:
    contact = organisation.people[Role.MAIN_CONTACT].person_id
    by = organisation.people[Role.ADMINISTRATOR]
    with database.session(organisation.id) as session:
        invitations.invite(session, contact, by=by, today=TODAY, now=NOW)
        other = organisation.people[Role.HR].person_id
        session.add(RoleGrant(person_id=other, role=Role.MAIN_CONTACT, from_on=TODAY))
    with pytest.raises(Denied, match="main contact"), database.session(organisation.id) as session:
        invitations.invite(session, contact, by=by, today=TODAY, now=NOW)
