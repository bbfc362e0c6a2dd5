"""The second wall: what PostgreSQL itself keeps apart, whatever statement arrives.

Everything here goes over the connection of the program's own role, past every check of a session.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from baken.organisation.models import Unit
from baken.storage.base import Base
from baken.storage.guard import owned_tables
from baken.storage.session import Database
from tests.attacker.tenants import Town
from tests.databases import above_the_walls, as_role, load_every_model

pytestmark = [pytest.mark.postgresql, pytest.mark.attacker]

load_every_model()
OWNED = sorted(owned_tables(), key=str)
# Tables without rows in the town: what happens to an organisation at its beginning and its end.
EMPTY = {
    "body_settings",  # the terms that come along hold
    "export_consent",  # nobody takes the organisation along
    "handover",
    "indicator_correction",  # nobody corrects a figure by hand
    "legal_hold",
    "organisation_export",
    "priority_proposal",  # the accepted proposal is carried out without a priority
    "removal",
    "retention_deletion",  # nothing of the story is old enough
    "retention_shortening",  # and nobody chose a term, a shorter one neither
    "retention_term",
}


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@contextmanager
def refused(*reasons: str) -> Iterator[None]:
    with pytest.raises(DBAPIError, match="|".join(reasons)):
        yield


def test_every_table_of_an_organisation_stands_behind_the_wall(walled: Town) -> None:
    """A new table is forgotten here, not in production: its migration ends with `raise_wall`."""
    with above_the_walls(walled.database) as connection:
        asked = "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        closed = {row[0]: row[1] for row in connection.execute(text(asked))}
        policies = connection.execute(
            text("SELECT tablename, policyname, with_check FROM pg_policies")
        ).all()
    open_tables = [table.name for table in OWNED if not closed[table.name]]
    assert not open_tables, f"end their migration with raise_wall(...): {open_tables}"
    for table in OWNED:
        named = {row.policyname: row.with_check for row in policies if row.tablename == table.name}
        assert "own_rows" in named, table.name
        references = {
            key.parent.name for key in table.foreign_keys if key.column.table in owned_tables()
        }
        for kind in ("insert", "update"):
            check = named.get(f"own_references_{kind}") or ""
            checked = set(re.findall(rf"\b{table.name}\.(\w+)\)? IS NULL|\((\w+) IS NULL", check))
            found = {name for pair in checked for name in pair if name}
            assert found == references, f"{table.name}: name its references to raise_wall"
    named_outside = [
        table.name
        for table in Base.metadata.sorted_tables
        if "organisation_id" in table.c and not closed[table.name]
    ]
    assert named_outside == []


def test_whoever_names_no_organisation_finds_nothing(walled: Town) -> None:
    with above_the_walls(walled.database) as connection:
        filled = {table.name for table in OWNED if count(connection, table)}
    assert {table.name for table in OWNED} - filled <= EMPTY, "the town lacks something to hide"
    with walled.database.engine.begin() as connection:
        assert [table.name for table in OWNED if count(connection, table)] == []
    with walled.database.transaction(None) as connection:
        assert [table.name for table in OWNED if count(connection, table)] == []


def test_whoever_names_one_finds_that_one_only(walled: Town) -> None:
    for tenant in (walled.own, walled.other):
        with walled.database.transaction(tenant.id) as connection:
            for table in OWNED:
                asked = select(table.c.organisation_id).distinct()
                found = connection.execute(asked).scalars().all()
                assert found in ([tenant.id], []), table.name
                assert found or table.name in EMPTY, table.name


def test_a_made_up_or_foreign_word_shows_nothing(walled: Town) -> None:
    with walled.database.transaction(uuid4()) as connection:
        assert [table.name for table in OWNED if count(connection, table)] == []
    ways = (
        "SELECT string_agg(t::text, '') FROM {table} t",
        "SELECT json_agg(t)::text FROM {table} t LEFT JOIN organisation o ON true",
        "SELECT max(t::text) FROM (TABLE {table}) t",
        "WITH t AS (SELECT * FROM {table}) SELECT string_agg(t::text, '') FROM t",
    )
    for table in ("unit", "person", "finding", "measure", "campaign", "audit_entry"):
        for way in ways:
            with walled.database.transaction(walled.own.id) as connection:
                answer = str(connection.execute(text(way.format(table=table))).scalar())
            assert walled.other.canary not in answer
            assert str(walled.other.id) not in answer
            assert str(walled.own.id) in answer


def test_the_name_of_the_organisation_ends_with_the_transaction(walled: Town) -> None:
    unit = Base.metadata.tables["unit"]
    with walled.database.engine.connect() as connection:
        with connection.begin():
            connection.execute(
                select(func.set_config("app.organisation", str(walled.own.id), True))
            )
            assert count(connection, unit) > 0
        with connection.begin():
            assert count(connection, unit) == 0
        with connection.begin() as transaction:
            connection.execute(
                select(func.set_config("app.organisation", str(walled.own.id), True))
            )
            transaction.rollback()
        with connection.begin():
            assert count(connection, unit) == 0


def test_a_session_that_goes_on_after_a_commit_is_still_in_its_organisation(walled: Town) -> None:
    with walled.database.read(walled.own.id) as session:
        before = session.scalar(select(func.count(Unit.id)))
        session.commit()
        assert session.scalar(select(func.count(Unit.id))) == before
        session.rollback()
        with session.begin_nested():
            assert session.scalar(select(func.count(Unit.id))) == before
    assert before


def test_rows_of_another_organisation_cannot_be_written(walled: Town) -> None:
    own, other = walled.own.id, walled.other.id
    for table in OWNED:
        with walled.database.transaction(other) as connection:
            row = connection.execute(select(table).limit(1)).mappings().first()
        if row is None:
            continue
        with refused("row-level security"), walled.database.transaction(own) as connection:
            connection.execute(insert(table), dict(row))
        column = "salt" if table.name == "audit_entry" else "organisation_id"
        with walled.database.transaction(own) as connection:
            theirs = table.c.organisation_id == other
            if column == "salt":
                changed = update(table).where(theirs).values(salt=None)
            else:
                changed = update(table).where(theirs).values(organisation_id=other)
            assert connection.execute(changed).rowcount == 0, table.name
        if table.name == "audit_entry":
            continue
        with walled.database.transaction(own) as connection:
            assert connection.execute(table.delete().where(theirs)).rowcount == 0, table.name
        with refused("row-level security"), walled.database.transaction(own) as connection:
            connection.execute(update(table).values(organisation_id=other))


def test_rows_of_one_s_own_cannot_refer_to_another_organisation(walled: Town) -> None:
    """A foreign key alone would accept it: PostgreSQL checks it behind the wall."""
    tried = 0
    for table in OWNED:
        for key in table.foreign_keys:
            foreign = walled.other.identifiers.get(key.column.table.name, ())
            if key.column.table not in owned_tables() or not foreign:
                continue
            with walled.database.transaction(walled.own.id) as connection:
                if not count(connection, table):
                    continue
            tried += 1
            with refused("row-level security"), walled.database.transaction(walled.own.id) as one:
                one.execute(update(table).values({key.parent.name: foreign[0]}))
            with walled.database.transaction(walled.own.id) as connection:
                row = dict(connection.execute(select(table).limit(1)).mappings().one())
            row[key.parent.name] = foreign[0]
            with refused("row-level security"), walled.database.transaction(walled.own.id) as one:
                one.execute(insert(table), row)
    assert tried > 20


def test_the_list_of_organisations_is_closed_from_inside(walled: Town) -> None:
    table = Base.metadata.tables["organisation"]
    with walled.database.transaction(walled.own.id) as connection:
        assert connection.execute(select(table.c.id)).scalars().all() == [walled.own.id]
        renamed = update(table).where(table.c.id == walled.other.id).values(name="taken")
        assert connection.execute(renamed).rowcount == 0
    with walled.database.transaction(None) as connection:
        assert len(connection.execute(select(table.c.id)).all()) == 2
    jobs = Base.metadata.tables["job"]
    with walled.database.transaction(walled.own.id) as connection:
        assert connection.execute(select(jobs.c.organisation_id).distinct()).scalars().all() in (
            [walled.own.id],
            [],
        )


FORBIDDEN = (
    "ALTER TABLE unit DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE unit NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY own_rows ON unit",
    "CREATE POLICY mine ON unit USING (true)",
    "ALTER TABLE unit OWNER TO baken",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_entry_kept ON audit_entry",
    "CREATE TABLE mine (id int)",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "DROP TABLE draft",
    "TRUNCATE unit CASCADE",
    "TRUNCATE audit_entry",
    "TRUNCATE installation_entry",
    "DELETE FROM installation_entry",
    "UPDATE audit_entry SET action = 'x'",
    "UPDATE installation_entry SET hash = ''",
    "UPDATE alembic_version SET version_num = '0001'",
    "VACUUM FULL unit",
    "CLUSTER unit USING pk_unit",
    "SET ROLE baken_owner",
    "SET ROLE postgres",
    "ALTER ROLE baken BYPASSRLS",
    "SET session_replication_role = replica",
    "COPY unit TO '/tmp/x'",
    "GRANT ALL ON unit TO PUBLIC",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_role_of_the_program_cannot_take_the_wall_down(walled: Town, statement: str) -> None:
    url = url_of(walled.database).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET app.organisation = '{walled.own.id}'")
        try:
            said = connection.execute(statement).statusmessage  # type: ignore[arg-type]
        except psycopg.errors.Error as error:
            said = str(error)
        # A grant that grants nothing, and a cleaning that cleans nothing, are warnings.
        assert re.search("denied|must be owner|must be able|no privileges|^GRANT$|^VACUUM$", said)
    with above_the_walls(walled.database) as connection:
        still = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = 'unit'"
        assert connection.execute(text(still)).scalar_one()
        granted = (
            "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
        )
        assert connection.execute(text(f"{granted} AND table_schema = 'public'")).scalar_one() == 0


def test_asking_for_rows_without_the_wall_is_an_error_and_gives_no_rows(walled: Town) -> None:
    for role in ("baken", "baken_owner"):  # the owner obeys too, since the wall is forced
        url = as_role(url_of(walled.database), role).replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("SET row_security = off")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT * FROM unit")


def test_the_owner_of_the_tables_finds_nothing_either(walled: Town) -> None:
    database = Database(as_role(url_of(walled.database), "baken_owner"))
    with database.transaction(None) as connection:
        assert [table.name for table in OWNED if count(connection, table)] == []
    database.dispose()


def test_a_salt_can_be_forgotten_and_nothing_else(walled: Town) -> None:
    table = Base.metadata.tables["audit_entry"]
    with walled.database.transaction(walled.own.id) as connection:
        connection.execute(update(table).values(salt=None))
    with refused("denied"), walled.database.transaction(walled.own.id) as connection:
        connection.execute(update(table).values(actor=None))
