"""A new installation from the shell, and its health.

The installation is made once, by a process of its own; every test gets a copy. Commands are called
in this process, as `baken` calls them: starting a program takes longer than what most of them do.
"""

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from baken.instruments.library import load_instrument
from baken.organisation.models import Headcount, Organisation, Person, RoleGrant, Unit, UnitKind
from baken.organisation.people import get_actor
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.storage.session import Database
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.campaigns.models import Campaign
from baken.web.commands.main import main
from tests.agreed import agree

BAKEN = Path(sys.executable).with_name("baken")
PASSWORD = "vier woorden op een rij"
Ended = subprocess.CompletedProcess[str]


def settings_of(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "BAKEN_DATABASE_URL": f"sqlite:///{folder}/data/baken.sqlite",
        "BAKEN_KEYS": str(folder / "keys"),
        "BAKEN_BACKUPS": str(folder / "backups"),
    }


@pytest.fixture
def place(tmp_path: Path) -> dict[str, str]:
    return settings_of(tmp_path)


def start(place: dict[str, str], *arguments: str, given: str = "") -> Ended:
    """Run a command as a program of its own."""
    return subprocess.run(
        [BAKEN, *arguments],
        env=place,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run(place: dict[str, str], *arguments: str, given: str = "") -> Ended:
    """Call a command in this process, with its own environment and streams."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        for name in [name for name in os.environ if name.startswith("BAKEN_")]:
            patch.delenv(name)
        for name, value in place.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.StringIO(given))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main(arguments)
    return Ended([*arguments], int(ended.value.code or 0), out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation")
    done = start(
        settings_of(folder),
        *("init", "--organisation", "Proefhuis", "--mail", "An@proef.invalid", "--name", "An"),
        given=PASSWORD + "\n",
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def installed(installation: Path, tmp_path: Path) -> dict[str, str]:
    shutil.copytree(installation, tmp_path, dirs_exist_ok=True)
    return settings_of(tmp_path)


def test_init_makes_an_installation_that_is_fit(installed: dict[str, str]) -> None:
    checked = start(installed, "check", "--json")
    assert checked.returncode == 0
    said = json.loads(checked.stdout)
    for name in ("settings", "database", "separation", "keys"):
        assert said[name] == {"ok": True, "says": ""}
    verified = run(installed, "audit", "verify", "--json")
    assert verified.returncode == 0
    assert [row["entries"] for row in json.loads(verified.stdout)] == [2, 1]
    key = Path(installed["BAKEN_KEYS"]) / "master.key"
    assert key.stat().st_mode & 0o777 == 0o400


def test_check_says_what_there_is_of_mail_worker_and_backups(installed: dict[str, str]) -> None:
    lines = run(installed, "check").stdout.splitlines()
    assert "mail: none, no letters (BAKEN_SMTP_HOST)" in lines
    assert "worker: runs with baken serve" in lines
    assert "backups: none yet; run: baken backup" in lines
    mail = {"BAKEN_SMTP_HOST": "mail.proef.invalid", "BAKEN_MAIL_FROM": "baken@proef.invalid"}
    assert run(installed, "backup").returncode == 0
    again = run({**installed, **mail, "BAKEN_WORKER": "off"}, "check")
    assert again.returncode == 0
    assert "mail: through mail.proef.invalid" in again.stdout
    assert "start baken worker elsewhere" in again.stdout
    assert "backups: last one of " in again.stdout


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (("--mail", "itexample"), "itexample does not look like a mail address"),
        (("--language", "xx"), "nl, fr, en, de"),
    ],
)
def test_init_refuses_what_no_page_would_take(
    place: dict[str, str], odd: tuple[str, str], said: str
) -> None:
    good = {"--organisation": "X", "--mail": "b@proef.invalid", "--name": "B", odd[0]: odd[1]}
    done = run(place, "init", *(one for pair in good.items() for one in pair), given=PASSWORD)
    assert done.returncode == 1
    assert said in done.stderr
    assert not Path(place["BAKEN_KEYS"]).exists()


def test_init_a_second_time_changes_nothing(installed: dict[str, str]) -> None:
    key = (Path(installed["BAKEN_KEYS"]) / "master.key").read_bytes()
    again = run(
        installed, "init", "--organisation", "X", "--mail", "b@proef.invalid", "--name", "B",
        given=PASSWORD + "\n",
    )  # fmt: skip
    assert again.returncode == 1
    assert "Nothing was changed" in again.stderr
    assert (Path(installed["BAKEN_KEYS"]) / "master.key").read_bytes() == key


def test_a_short_password_is_refused_with_the_rule(place: dict[str, str]) -> None:
    done = run(
        place, "init", "--organisation", "X", "--mail", "b@proef.invalid", "--name", "B",
        given="kort\n",
    )  # fmt: skip
    assert done.returncode == 1
    assert "12 to 128" in done.stderr


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (lambda keys: (keys / "master.key").unlink(), "BAKEN_KEYS"),
        (lambda keys: (keys / "master.key").chmod(0o644), "chmod 400"),
    ],
)
def test_check_and_serve_say_what_is_wrong_with_the_keys(
    installed: dict[str, str], damage, named: str
) -> None:
    damage(Path(installed["BAKEN_KEYS"]))
    for call, command in ((run, "check"), (start, "serve")):
        done = call({**installed, "BAKEN_PORT": "18999"}, command)
        assert done.returncode == 1
        assert named in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_backup_is_made_and_read_back(installed: dict[str, str]) -> None:
    done = run(installed, "backup")
    assert done.returncode == 0, done.stderr
    (path,) = Path(installed["BAKEN_BACKUPS"]).iterdir()
    assert str(path) in done.stdout
    assert "0 broken" in done.stdout
    missing = run(installed, "verify", str(path.with_name("none.sqlite")))
    assert missing.returncode == 1
    assert "no backup" in missing.stderr


def test_instruments_are_listed_and_checked(installed: dict[str, str], tmp_path: Path) -> None:
    listed = json.loads(run(installed, "instruments", "list", "--json").stdout)
    found = [(row["key"], row["version"]) for row in listed]
    assert [version for key, version in found if key == "vijf-a"] == ["2", "1"]
    assert {"puls", "vijf-a-kort"} <= {key for key, _ in found}
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "definition.toml").write_text('key = "mine"\n')
    bad = run(installed, "instruments", "check", str(folder))
    assert bad.returncode == 1
    assert "definition.toml" in bad.stderr


def test_a_database_without_tables_is_told_to_migrate(installed: dict[str, str]) -> None:
    path = installed["BAKEN_DATABASE_URL"].removeprefix("sqlite:///")
    Path(path).unlink()
    checked = run(installed, "check")
    assert checked.returncode == 1
    assert "baken migrate" in checked.stdout
    assert run(installed, "migrate").returncode == 0
    assert run(installed, "check").returncode == 0


@pytest.mark.parametrize("url", ["onzin", "sqlite:////nergens/hier.sqlite", "mysql://x/y"])
def test_a_database_that_cannot_be_used_is_one_sentence(place: dict[str, str], url: str) -> None:
    for command in ("check", "backup", "migrate"):
        done = run({**place, "BAKEN_DATABASE_URL": url}, command)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "BAKEN_DATABASE_URL" in done.stdout + done.stderr


def test_a_tampered_chain_ends_with_code_1(installed: dict[str, str]) -> None:
    path = installed["BAKEN_DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER installation_entry_fixed")
        connection.execute("UPDATE installation_entry SET subject = 'x' WHERE seq = 2")
    connection.close()
    verified = run(installed, "audit", "verify")
    assert verified.returncode == 1
    assert "BROKEN at entry 2" in verified.stdout


@pytest.fixture
def draft(installed: dict[str, str]) -> dict[str, str]:
    """A draft campaign for two departments of twelve, and an adviser with an account."""
    database = Database(installed["BAKEN_DATABASE_URL"])
    now = datetime.now(UTC)
    today = now.date()
    with database.read(None) as session:
        organisation_id = session.scalars(select(Organisation.id)).one()
    instrument = load_instrument("vijf-a")
    with database.session(organisation_id) as session:
        person = session.scalars(select(Person)).one()
        session.add(RoleGrant(person_id=person.id, role=Role.ADVISER, from_on=today))
        for number in ("A", "B"):
            unit = Unit(kind=UnitKind.TEAM, number=number, name=number, from_on=today)
            session.add(unit)
            session.flush()
            session.add(Headcount(unit_id=unit.id, people=30, from_on=today))
        session.flush()
        adviser = get_actor(session, person.account_id, today=today)
        bands = {
            background.key: dict.fromkeys(background.bands, 60 // len(background.bands))
            for background in instrument.backgrounds
        }
        plan = CampaignPlan(
            title="Proef",
            opens_on=today,
            closes_on=today + timedelta(days=10),
            languages=("nl",),
            background_headcounts=bands,
            adviser_name="An",
            key_holder="An",
            contact="an@proef.invalid",
        )
        campaign = create_campaign(session, instrument, plan, by=adviser, public_name="proef")
        agree(session, campaign.id, by=adviser)
    database.dispose()
    return installed


def test_a_campaign_runs_from_the_shell(draft: dict[str, str]) -> None:
    mine = ("--as", "an@proef.invalid")
    launched = start(draft, "campaign", "launch", "proef", *mine, "--json")
    assert launched.returncode == 0, launched.stderr
    assert json.loads(launched.stdout)["codes"] == 60
    printed = run(draft, "codes", "proef", *mine)
    rows = list(csv.DictReader(io.StringIO(printed.stdout)))
    assert len(rows) == len({row["code"] for row in rows}) == 60
    too_early = run(draft, "campaign", "open", "proef", *mine)
    assert too_early.returncode == 1
    assert run(draft, "campaign", "close", "proef", *mine).returncode == 0
    promised = run(draft, "campaign", "open", "proef", *mine)
    assert promised.returncode == 1
    assert "nothing is opened before" in promised.stderr
    database = Database(draft["BAKEN_DATABASE_URL"])
    with database.read(None) as session:
        organisation_id = session.scalars(select(Organisation.id)).one()
    with database.session(organisation_id) as session:  # as if the last day were over
        row = session.scalars(select(Campaign)).one()
        row.opens_on, row.closes_on = (
            day - timedelta(days=20) for day in (row.opens_on, row.closes_on)
        )
    opened = run(draft, "campaign", "open", "proef", *mine, "--json")
    assert opened.returncode == 0, opened.stderr
    with database.read(organisation_id) as session:
        actions = [entry.action for entry in list_entries(session)]
    database.dispose()
    assert {"campaign.launched", "campaign.codes_printed", "campaign.closed"} <= set(actions)


@pytest.mark.parametrize(
    ("name", "mail", "named"),
    [("proef", "niemand@proef.invalid", "no account"), ("nergens", "an@proef.invalid", "survey")],
)
def test_who_or_what_is_unknown_is_said(
    draft: dict[str, str], name: str, mail: str, named: str
) -> None:
    done = run(draft, "campaign", "launch", name, "--as", mail)
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr
