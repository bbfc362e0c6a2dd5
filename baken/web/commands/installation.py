"""`baken init`, `migrate`, `check` and `audit`: an installation and its health."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import make_url, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from baken.organisation.accounts.actions import make_account
from baken.organisation.accounts.passwords import MIN_PASSWORD
from baken.organisation.addresses import check_address
from baken.organisation.founding import check_language
from baken.organisation.models import Account, Organisation
from baken.organisation.organisations import make_organisation
from baken.storage.audit import verify
from baken.storage.durability import check_durability
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.migrate import is_current, migrate
from baken.storage.privileges import check_role
from baken.storage.retention import last_backup_on
from baken.storage.session import Database
from baken.web.settings import Settings
from baken.web.texts import LANGUAGES


class NotReady(BakenError):
    """The installation lacks something it needs."""


def init(
    organisation: Annotated[str, typer.Option(help="Name of the first organisation.")],
    mail: Annotated[str, typer.Option(help="Mail address of its administrator.")],
    name: Annotated[str, typer.Option(help="Name of its administrator.")],
    language: Annotated[str, typer.Option(help="nl, fr, en or de.")] = "nl",
) -> None:
    """Make a new installation: tables, key store, first organisation and administrator.

    The password is asked for (or read from standard input when that is not a terminal).
    """
    settings = Settings.from_environment()
    mail = check_address(mail)
    check_language(language, LANGUAGES)
    prepare(settings)
    if not (settings.keys / "master.key").exists():
        KeyStore.create(settings.keys)
    KeyStore.open(settings.keys)
    database = Database(settings.database_url)
    check_role(database)
    with database.read(None) as session:
        if session.scalars(select(Account).limit(1)).first() is not None:
            raise NotReady(
                "commands.init_again",
                "This installation has accounts already. Nothing was changed.",
            )
    now = datetime.now(UTC)
    with database.session(None) as session:
        account = make_account(
            session,
            mail=mail,
            name=name,
            password=_ask_password(),
            language=language,
            is_installer=True,
            by=None,
            now=now,
        )
    make_organisation(
        database,
        name=organisation,
        language=language,
        administrator_account_id=account.id,
        administrator_name=name,
        today=now.date(),
        now=now,
    )
    print(f"Ready. Start with: baken serve, and log in as {mail} on {settings.origin}/")
    print(f"Copy {settings.keys} to a place of its own; it is never part of a database backup.")


def prepare(settings: Settings) -> None:
    """Make the folder of a SQLite database and bring the tables up to date."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folder = Path(url.database).resolve().parent
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    migrate(settings.database_url, owner_url=settings.database_owner_url, keys=settings.keys)


def migrate_command() -> None:
    """Bring the tables of the database up to date."""
    settings = Settings.from_environment()
    migrate(settings.database_url, owner_url=settings.database_owner_url, keys=settings.keys)
    print("The tables are up to date.")


def check(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Say whether settings, database and key store are fit to serve; exit code 1 when not."""
    results = _run_probes()
    told = {} if results.get("settings") else _tell(Settings.from_environment())
    if as_json:
        in_json = {name: {"ok": not said, "says": said} for name, said in results.items()}
        in_json |= {name: {"ok": True, "says": said} for name, said in told.items()}
        print(json.dumps(in_json, indent=1))
    else:
        for name, said in {**results, **told}.items():
            print(f"{name}: {said or 'in order'}")
    if any(results.values()):
        sys.exit(1)


def audit_verify(
    organisation: Annotated[
        str, typer.Option(help="Identifier of one organisation; without it, every chain.")
    ] = "",
    head: Annotated[str, typer.Option(help="A head noted earlier (number:hash).")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Recompute the audit chains; exit code 1 when one does not fit."""
    database = Database(Settings.from_environment().database_url)
    chains: list[UUID | None] = [UUID(organisation)] if organisation else _all_chains(database)
    found = []
    for chain in chains:
        with database.read(chain) as session:
            verdict = verify(session, head=head or None)
        found.append(
            {
                "chain": str(chain) if chain else "installation",
                "entries": verdict.n_entries,
                "first_bad": verdict.first_bad,
                "head": verdict.head,
            }
        )
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        for row in found:
            bad = f"BROKEN at entry {row['first_bad']}" if row["first_bad"] else "whole"
            print(f"{row['chain']}: {row['entries']} entries, {bad}; head {row['head']}")
    if any(row["first_bad"] for row in found):
        sys.exit(1)


audit = typer.Typer(add_completion=False, help="The audit chain.")
audit.command("verify")(audit_verify)


@audit.callback()
def _audit() -> None:
    """Look after the audit chain."""


def _all_chains(database: Database) -> list[UUID | None]:
    with database.read(None) as session:
        return [None, *session.scalars(select(Organisation.id).order_by(Organisation.name))]


def _probe_settings() -> str:
    try:
        Settings.from_environment()
    except BakenError as error:
        return str(error)
    return ""


def _probe_database() -> str:
    url = Settings.from_environment().database_url
    try:
        current = is_current(url)
    except OperationalError as error:
        return f"cannot be reached ({error.orig}); look at BAKEN_DATABASE_URL"
    except SQLAlchemyError as error:
        return f"BAKEN_DATABASE_URL is not the address of a database ({error})"
    return "" if current else "the tables are not up to date; run: baken migrate"


def _probe_role() -> str:
    database = Database(Settings.from_environment().database_url)
    try:
        check_role(database)
        check_durability(database)
    except BakenError as error:
        return str(error)
    except SQLAlchemyError:
        return "not looked at: the database comes first"
    finally:
        database.dispose()
    return ""


def _probe_keys() -> str:
    try:
        KeyStore.open(Settings.from_environment().keys)
    except BakenError as error:
        return str(error)
    return ""


PROBES: dict[str, Callable[[], str]] = {
    "settings": _probe_settings,
    "database": _probe_database,
    "separation": _probe_role,
    "keys": _probe_keys,
}
"""What `baken check` looks at; each gives an empty text or what is wrong."""


def _tell(settings: Settings) -> dict[str, str]:
    """What is a choice and no fault: a sentence each."""
    mail, last = settings.mail, last_backup_on(settings.backups)
    return {
        "mail": f"through {mail.host}" if mail else "none, no letters (BAKEN_SMTP_HOST)",
        "worker": "runs with baken serve"
        if settings.has_worker
        else "not with baken serve; start baken worker elsewhere",
        "backups": f"last one of {last.isoformat()}" if last else "none yet; run: baken backup",
    }


def _run_probes() -> dict[str, str]:
    problem = _probe_settings()
    if problem:  # the others read the settings too
        return {"settings": problem}
    return {name: probe() for name, probe in PROBES.items()}


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(
        typer.prompt(
            f"Password (at least {MIN_PASSWORD} characters)",
            hide_input=True,
            confirmation_prompt=True,
        )
    )
