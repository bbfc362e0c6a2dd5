"""Identities at a provider: one account each, linked by its owner, gone with its account."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from baken.organisation.accounts.actions import close_account
from baken.organisation.accounts.identities import (
    link_identity,
    list_identities,
    unlink_identity,
    use_identity,
)
from baken.organisation.errors import Conflict, Denied, NotFound
from baken.organisation.models import Account
from baken.storage.session import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER = "https://login.organisation.example"


def account(database: Database, name: str) -> UUID:
    with database.session(None) as session:
        row = Account(mail=f"{name}@voorbeeld.invalid", name=name, password_hash="of no use here")
        session.add(row)
        session.flush()
        return row.id


def link(database: Database, own: UUID, subject: str, issuer: str = ISSUER) -> UUID:
    with database.session(None) as session:
        return link_identity(
            session, own, issuer=issuer, subject=subject, now=NOW, today=NOW.date()
        )


def use(database: Database, subject: str, issuer: str = ISSUER) -> UUID:
    with database.session(None) as session:
        return use_identity(session, issuer=issuer, subject=subject, today=NOW.date())


def test_an_identity_opens_the_account_it_was_linked_from(database: Database) -> None:
    an, bo = account(database, "an"), account(database, "bo")
    link(database, an, "7f3a")
    link(database, bo, "7f3b")
    link(database, an, "7f3b", "https://login.other.example")
    assert [use(database, "7f3a"), use(database, "7f3b")] == [an, bo]
    assert use(database, "7f3b", "https://login.other.example") == an
    for subject, issuer in (("7F3A", ISSUER), ("7f3a", ISSUER + "/"), ("7f3a", "")):
        with pytest.raises(Denied, match="Nobody has linked"):
            use(database, subject, issuer)
    with database.read(None) as session:
        (row, _) = list_identities(session, an)
    assert (row.linked_on, row.used_on) == (NOW.date(), NOW.date())


def test_one_identity_is_one_account_and_one_account_one_identity(database: Database) -> None:
    an, bo = account(database, "an"), account(database, "bo")
    own = link(database, an, "7f3a")
    for who, subject in ((bo, "7f3a"), (an, "7f3b")):
        with pytest.raises(Conflict, match="Unlink that one first"):
            link(database, who, subject)
    with pytest.raises(NotFound), database.session(None) as session:
        unlink_identity(session, bo, own, now=NOW)
    with database.session(None) as session:
        unlink_identity(session, an, own, now=NOW)
    assert link(database, bo, "7f3a")
    assert use(database, "7f3a") == bo


def test_a_closed_account_is_opened_by_no_identity(sqlite: Database) -> None:
    an = account(sqlite, "an")
    link(sqlite, an, "7f3a")
    with sqlite.session(None) as session:
        close_account(session, an, by=None, now=NOW)
    with pytest.raises(Denied, match="Nobody has linked"):
        use(sqlite, "7f3a")
