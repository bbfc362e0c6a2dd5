"""Accounts, people and roles."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from baken.organisation.accounts.actions import make_account
from baken.organisation.accounts.log_in import log_in
from baken.organisation.accounts.sessions import (
    ABSOLUTE,
    IDLE,
    get_logged_in,
    keep_alive,
    log_out,
)
from baken.organisation.errors import Conflict, Denied, Invalid
from baken.organisation.organisations import list_of_account, make_organisation
from baken.storage.session import Database
from tests.accounts import open_account

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "vier woorden op een rij"


@pytest.fixture
def account_id(database: Database):
    with database.session(None) as session:
        return open_account(session, "An@Voorbeeld.invalid", PASSWORD, name="An", now=NOW).id


def test_the_right_password_gives_a_token_that_is_stored_nowhere(
    database: Database, account_id
) -> None:
    token = log_in(database, mail="an@voorbeeld.invalid ", password=PASSWORD, now=NOW)
    with database.read(None) as session:
        logged_in = get_logged_in(session, token, now=NOW)
        assert logged_in is not None
        assert logged_in.account_id == account_id
    if database.is_sqlite:
        path = database.engine.url.database or ""
        for suffix in ("", "-wal"):
            assert token.encode() not in Path(path + suffix).read_bytes()


@pytest.mark.parametrize(
    ("mail", "password"),
    [("an@voorbeeld.invalid", "iets heel anders hier"), ("niemand@voorbeeld.invalid", PASSWORD)],
)
def test_wrong_address_and_wrong_password_get_one_answer(
    database: Database, account_id, mail: str, password: str
) -> None:
    with pytest.raises(Denied, match="do not belong together"):
        log_in(database, mail=mail, password=password, now=NOW)


@pytest.mark.parametrize(
    ("later", "inside"),
    [(IDLE, True), (IDLE + timedelta(seconds=1), False), (ABSOLUTE + timedelta(1), False)],
)
def test_a_session_runs_out_when_idle(
    database: Database, account_id, later: timedelta, inside: bool
) -> None:
    token = log_in(database, mail="an@voorbeeld.invalid", password=PASSWORD, now=NOW)
    with database.read(None) as session:
        assert (get_logged_in(session, token, now=NOW + later) is not None) is inside


def test_a_session_that_is_used_all_day_still_ends(database: Database, account_id) -> None:
    at = NOW
    token = log_in(database, mail="an@voorbeeld.invalid", password=PASSWORD, now=NOW)
    while at < NOW + ABSOLUTE:
        at += timedelta(minutes=20)
        with database.session(None) as session:
            keep_alive(session, token, now=at)
    with database.read(None) as session:
        assert get_logged_in(session, token, now=at + timedelta(minutes=1)) is None


def test_a_token_is_worthless_after_logging_out(database: Database, account_id) -> None:
    token = log_in(database, mail="an@voorbeeld.invalid", password=PASSWORD, now=NOW)
    with database.session(None) as session:
        log_out(session, token)
        assert get_logged_in(session, token, now=NOW) is None


@pytest.mark.parametrize(
    "password", ["kort", "x" * 129, "aaaaaaaaaaaaaaaaaaaa", "piet.janssens1234567"]
)
def test_a_poor_password_is_refused(database: Database, password: str) -> None:
    with pytest.raises(Invalid), database.session(None) as session:
        make_account(
            session,
            mail="piet.janssens@voorbeeld.invalid",
            name="Piet",
            password=password,
            by=None,
            now=NOW,
        )


def test_an_address_has_one_account(database: Database, account_id) -> None:
    with pytest.raises(Conflict, match="already"), database.session(None) as session:
        make_account(
            session, mail="AN@voorbeeld.invalid", name="B", password=PASSWORD, by=None, now=NOW
        )


def test_an_account_sees_only_organisations_where_it_has_a_role_today(
    database: Database, account_id
) -> None:
    with database.session(None) as session:
        other = make_account(
            session, mail="bo@voorbeeld.invalid", name="Bo", password=PASSWORD, by=None, now=NOW
        ).id
    made = {"language": "nl", "administrator_name": "x", "today": TODAY, "now": NOW}
    mine = make_organisation(database, name="Mijn", administrator_account_id=account_id, **made)
    make_organisation(database, name="Ander", administrator_account_id=other, **made)
    assert [row.id for row in list_of_account(database, account_id, today=TODAY)] == [mine]
    yesterday = TODAY - timedelta(days=1)
    assert list_of_account(database, account_id, today=yesterday) == []
