"""The audit chain."""

import random
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy
from sqlalchemy import select

from baken.organisation.models import Organisation
from baken.storage.audit import AuditEntry, record, verify
from baken.storage.session import Database
from tests.databases import above_the_walls

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def chain(database: Database) -> tuple[Database, object, str]:
    """A chain of forty entries and its head."""
    with database.session(None) as session:
        organisation = Organisation(name="Een")
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    for i in range(40):
        with database.session(organisation_id) as session:
            private = {"name": f"person {i}"} if i % 3 == 0 else None
            record(session, "unit.added", by=uuid4(), subject=f"unit:{i}", private=private, at=AT)
    with database.read(organisation_id) as session:
        verdict = verify(session)
    assert verdict.n_entries == 40
    assert verdict.first_bad is None
    return database, organisation_id, verdict.head


def tamper(database: Database, statement: str, **values: object) -> None:
    """Change the table as somebody who owns the database can: with the guards taken away."""
    with above_the_walls(database) as connection:
        if database.is_sqlite:
            for name in ("fixed", "salt", "kept"):
                connection.execute(sqlalchemy.text(f"DROP TRIGGER IF EXISTS audit_entry_{name}"))
        else:
            connection.execute(sqlalchemy.text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
        connection.execute(sqlalchemy.text(statement), values)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET action = 'unit.removed' WHERE seq = :seq",
        "UPDATE audit_entry SET subject = 'unit:other' WHERE seq = :seq",
        "UPDATE audit_entry SET facts = '{\"n\": 1}' WHERE seq = :seq",
        "UPDATE audit_entry SET actor = NULL WHERE seq = :seq",
        "DELETE FROM audit_entry WHERE seq = :seq",
        "UPDATE audit_entry SET seq = seq + 1000 WHERE seq = :seq",
    ],
)
def test_a_change_is_found_where_it_was_made(
    chain: tuple[Database, object, str], change: str
) -> None:
    database, organisation_id, head = chain
    seq = random.Random(change).randint(2, 39)
    tamper(database, change, seq=seq)
    with database.read(organisation_id) as session:
        assert verify(session, head=head).first_bad == seq


def test_a_chain_cut_at_the_end_is_found_with_a_noted_head(
    chain: tuple[Database, object, str],
) -> None:
    database, organisation_id, head = chain
    tamper(database, "DELETE FROM audit_entry WHERE seq > 30")
    with database.read(organisation_id) as session:
        assert verify(session).first_bad is None
        assert verify(session, head=head).first_bad == 31


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET seq = 99", "DELETE FROM audit_entry"])
def test_the_database_refuses_changes(chain: tuple[Database, object, str], change: str) -> None:
    database, organisation_id, _ = chain
    refused = pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only")
    with refused, above_the_walls(database) as connection:
        connection.execute(sqlalchemy.text(change))
    # The role of the program is stopped before it comes to that.
    refused = pytest.raises(sqlalchemy.exc.DBAPIError, match=r"append-only|permission denied")
    with refused, database.transaction(organisation_id) as connection:
        connection.execute(sqlalchemy.text(change))


def test_forgetting_a_salt_leaves_the_chain_whole(chain: tuple[Database, object, str]) -> None:
    database, organisation_id, head = chain
    with database.session(organisation_id) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.seq == 1)).one()
        assert entry.salt is not None
        entry.salt = None
    with database.read(organisation_id) as session:
        assert verify(session, head=head).first_bad is None


def test_the_installation_has_a_chain_of_its_own(chain: tuple[Database, object, str]) -> None:
    database, _, _ = chain
    with database.session(None) as session:
        record(session, "account.logged_in", by=None, subject="account:x", at=AT)
        assert verify(session).n_entries == 1
