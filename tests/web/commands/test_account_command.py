"""`baken account`: the help of last resort, from the machine itself."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from baken.organisation.accounts.actions import add_account
from baken.organisation.accounts.factors import has_factor
from baken.organisation.accounts.resets import reset_password
from baken.organisation.accounts.sessions import get_logged_in, start_full
from baken.organisation.accounts.totp_acts import set_up_invented
from baken.storage.audit import InstallationEntry
from baken.storage.jobs import Job
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.commands.main import main

pytestmark = pytest.mark.sqlite
MAIL = "an@voorbeeld.invalid"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["account", *arguments])
    return int(str(ended.value.code))


@pytest.fixture
def somebody(
    sqlite: Database,
    sqlite_url: str,
    keys: KeyStore,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    for name, value in {
        "BAKEN_DATABASE_URL": sqlite_url,
        "BAKEN_KEYS": str(keys.folder),
        "BAKEN_BACKUPS": str(tmp_path / "backups"),
    }.items():
        monkeypatch.setenv(name, value)
    now = datetime.now(UTC)
    with sqlite.session(None) as session:
        account_id = add_account(
            session, mail=MAIL, name="An", password_hash="", language="nl", by=None, now=now
        ).id
        set_up_invented(session, keys, account_id, now=now)
        return account_id, start_full(session, account_id, now=now)


def test_a_lost_factor_is_removed_with_everything_that_goes_with_it(
    sqlite: Database, somebody
) -> None:
    account_id, token = somebody
    assert run("lost-factor", "AN@voorbeeld.invalid", "--yes") == 0
    with sqlite.read(None) as session:
        assert not has_factor(session, account_id)
        assert get_logged_in(session, token, now=datetime.now(UTC)) is None
        assert session.scalars(select(Job.name)).all() == []  # there is no mail server
        last = session.scalars(
            select(InstallationEntry).order_by(InstallationEntry.seq.desc())
        ).first()
        assert last is not None
        assert (last.action, last.actor) == ("lost_factor.replaced", None)


def test_an_account_is_closed_and_opened_again(sqlite: Database, somebody) -> None:
    _account_id, token = somebody
    assert run("close", MAIL) == 0
    with sqlite.read(None) as session:
        assert get_logged_in(session, token, now=datetime.now(UTC)) is None
    assert run("reopen", MAIL) == 0


def test_an_unknown_address_is_one_clear_sentence(
    somebody, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("close", "niemand@voorbeeld.invalid") == 1
    assert capsys.readouterr().err.startswith("There is no account with the address niemand")


def test_a_link_for_a_new_password_is_made_at_the_machine(
    somebody, sqlite: Database, keys: KeyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("reset", MAIL, "--yes") == 0
    token = capsys.readouterr().out.strip().rpartition("/reset/")[2]
    reset_password(sqlite, keys, token, new="zes gele ballonnen", now=datetime.now(UTC))
    with sqlite.read(None) as session:
        acts = session.scalars(select(InstallationEntry.action)).all()
    assert {"account.password_link", "account.password_reset"} <= set(acts)
    assert run("reset", "niemand@voorbeeld.invalid", "--yes") == 1
