"""Sessions of browsers: levels, new tokens, ends, and clocks that jump."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from baken.organisation.accounts.actions import (
    change_password,
    change_profile,
    close_account,
    reopen_account,
)
from baken.organisation.accounts.browsers import name_browser
from baken.organisation.accounts.log_in import log_in
from baken.organisation.accounts.sessions import (
    FRESH,
    LoggedIn,
    confirm_factor,
    end_other_sessions,
    end_session,
    get_logged_in,
    keep_alive,
    list_sessions,
    start_full,
    start_half,
)
from baken.organisation.errors import Denied, Invalid, NotFound
from baken.storage.session import Database
from tests.accounts import open_account

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PASSWORD = "vier woorden op een rij"
MAIL = "an@voorbeeld.invalid"


@pytest.fixture
def account_id(database: Database) -> UUID:
    with database.session(None) as session:
        return open_account(session, MAIL, PASSWORD, now=NOW).id


def who(database: Database, token: str, now: datetime = NOW) -> LoggedIn | None:
    with database.read(None) as session:
        return get_logged_in(session, token, now=now)


def known(database: Database, token: str, now: datetime = NOW) -> LoggedIn:
    found = who(database, token, now)
    assert found is not None
    return found


def begin(database: Database, account_id: UUID, *, full: bool = True, now: datetime = NOW) -> str:
    start = start_full if full else start_half
    with database.session(None) as session:
        return start(session, account_id, browser="Firefox, Linux", now=now)


def confirm(database: Database, token: str, now: datetime = NOW) -> str:
    with database.session(None) as session:
        return confirm_factor(session, token, now=now)


def test_a_password_gives_half_a_session_and_a_factor_a_new_one(
    database: Database, account_id: UUID
) -> None:
    half = log_in(database, mail=MAIL, password=PASSWORD, now=NOW)
    before = known(database, half)
    assert (before.is_full, before.is_fresh(NOW), before.has_factor) == (False, False, False)
    full = confirm(database, half)
    after = known(database, full)
    assert (after.is_full, after.is_fresh(NOW)) == (True, True)
    assert after.session_id == before.session_id
    assert after.csrf_token != before.csrf_token
    assert who(database, half) is None


def test_confirming_again_gives_a_new_token_and_keeps_open_forms(
    database: Database, account_id: UUID
) -> None:
    first = begin(database, account_id)
    second = confirm(database, first)
    assert who(database, first) is None
    assert known(database, second).is_full
    third = confirm(database, second)
    with pytest.raises(Denied, match="ended"):
        confirm(database, second)
    assert known(database, third).is_full


@pytest.mark.parametrize(
    ("later", "is_fresh"),
    [
        (timedelta(0), True),
        (FRESH, True),
        (FRESH + timedelta(seconds=1), False),
        (timedelta(hours=2), False),
        (timedelta(hours=-2), False),
        (timedelta(minutes=-2), False),
    ],
)
def test_a_factor_is_fresh_for_ten_minutes_whatever_the_clock_does(
    database: Database, account_id: UUID, later: timedelta, is_fresh: bool
) -> None:
    person = known(database, begin(database, account_id))
    assert person.is_fresh(NOW + later) is is_fresh


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_jumps_ends_sessions_and_prolongs_none(
    database: Database, account_id: UUID, hours: int
) -> None:
    token = begin(database, account_id)
    jumped = NOW + timedelta(hours=hours)
    with database.session(None) as session:
        keep_alive(session, token, now=jumped)
    assert who(database, token, jumped) is None
    assert who(database, token, NOW + timedelta(minutes=31)) is None


def test_a_session_of_before_a_jump_back_does_not_live_on_for_longer(
    database: Database, account_id: UUID
) -> None:
    token, now = begin(database, account_id), NOW
    for _ in range(20):
        now += timedelta(minutes=29)
        with database.session(None) as session:
            keep_alive(session, token, now=now)
    assert who(database, token, now) is not None
    assert who(database, token, now - timedelta(hours=2)) is None
    assert who(database, token, now + timedelta(hours=2)) is None


def test_one_session_ends_or_all_others_do(database: Database, account_id: UUID) -> None:
    tokens = [begin(database, account_id, now=NOW + timedelta(seconds=n)) for n in range(4)]
    begin(database, account_id, full=False)
    own = known(database, tokens[0])
    with database.session(None) as session:
        rows = list_sessions(session, account_id, this=own.session_id, now=NOW)
        assert [row.is_this for row in rows] == [False, False, False, True]
        assert {row.browser for row in rows} == {"Firefox, Linux"}
        end_session(session, account_id, rows[0].id, now=NOW)
        assert end_other_sessions(session, account_id, this=own.session_id, now=NOW) == 3
    assert [who(database, token) is not None for token in tokens] == [True, False, False, False]


def test_nobody_ends_the_session_of_somebody_else(database: Database, account_id: UUID) -> None:
    token = begin(database, account_id)
    own = known(database, token)
    with pytest.raises(NotFound), database.session(None) as session:
        end_session(session, UUID(int=7), own.session_id, now=NOW)
    assert who(database, token) is not None


def test_closing_an_account_ends_its_sessions_and_its_log_in(
    database: Database, account_id: UUID
) -> None:
    token = begin(database, account_id)
    with database.session(None) as session:
        close_account(session, account_id, by=None, now=NOW)
    assert who(database, token) is None
    with pytest.raises(Denied, match="do not belong together"):
        log_in(database, mail=MAIL, password=PASSWORD, now=NOW)
    with database.session(None) as session:
        reopen_account(session, account_id, by=None, now=NOW)
    assert log_in(database, mail=MAIL, password=PASSWORD, now=NOW)


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    database: Database, account_id: UUID
) -> None:
    here, elsewhere = begin(database, account_id), begin(database, account_id)
    own = {"this_session": known(database, here).session_id, "now": NOW}
    with pytest.raises(Denied, match="present password"):
        change_password(database, account_id, current="fout", new="zes gele ballonnen", **own)
    with pytest.raises(Invalid, match="12"):
        change_password(database, account_id, current=PASSWORD, new="kort", **own)
    change_password(database, account_id, current=PASSWORD, new="zes gele ballonnen", **own)
    assert who(database, here) is not None
    assert who(database, elsewhere) is None
    with pytest.raises(Denied):
        log_in(database, mail=MAIL, password=PASSWORD, now=NOW)
    assert log_in(database, mail=MAIL, password="zes gele ballonnen", now=NOW)


def test_name_and_language_change(database: Database, account_id: UUID) -> None:
    token = begin(database, account_id)
    with database.session(None) as session:
        change_profile(session, account_id, name=" An Maes ", language="fr", now=NOW)
    assert (known(database, token).name, known(database, token).language) == ("An Maes", "fr")
    for values in ({"name": " ", "language": "nl"}, {"name": "An", "language": "xx"}):
        with pytest.raises(Invalid), database.session(None) as session:
            change_profile(session, account_id, now=NOW, **values)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/139 Safari/537 Edg/139",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/139 Mobile Safari/537",
            "Chrome, Android",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_has_a_coarse_name(agent: str, name: str) -> None:
    assert name_browser(agent) == name
