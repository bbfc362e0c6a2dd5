"""`baken organisation`: list, export, import and remove organisations from the shell."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from baken.analysis.leaving import check_can_export, check_can_remove
from baken.organisation.installation import list_houses
from baken.organisation.removals.carrying_out import Ground, remove_organisation
from baken.organisation.transfers.exports import record_exported, write_organisation
from baken.organisation.transfers.imports import Contact, bring_in
from baken.organisation.transfers.places import new_file
from baken.storage.keys import KeyStore
from baken.storage.portability.reading import Parcel
from baken.storage.portability.sealing import FileKey, generate_passphrase
from baken.storage.session import Database
from baken.survey.box.scrubbing import scrub_files
from baken.web import numerals
from baken.web.commands.errors import CommandError
from baken.web.settings import Settings

organisation = typer.Typer(
    add_completion=False, help="List, export, import and remove organisations."
)
Identifier = Annotated[UUID, typer.Argument(help="Identifier, as baken organisation list shows.")]


class FileInTheWay(CommandError):
    """A file would be written over."""


@organisation.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """List the organisations of this installation and their state."""
    with _open_database() as database:
        rows = list_houses(database)
    if as_json:
        found = [{"id": str(row.id), "name": row.name, "state": row.state} for row in rows]
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row.id}  {row.state:<14}  {row.name or '(removed)'}")


@organisation.command("export")
def export(
    identifier: Identifier,
    out: Annotated[Path, typer.Option(help="File to write; it may not exist yet.")],
) -> None:
    """Write everything of one organisation into one encrypted file.

    The passphrase is asked for (or read from standard input when that is not a terminal); an empty
    one lets Baken make one and print it once.
    """
    if out.exists():
        raise FileInTheWay(
            "commands.file_exists", "{path} exists already. Nothing was written.", path=out
        )
    passphrase = _ask_passphrase() or _made()
    now = datetime.now(UTC)
    key = FileKey.new(passphrase)
    with _open_database() as database:
        with new_file(out) as file:
            manifest = write_organisation(
                database,
                _keys(),
                file,
                key,
                organisation_id=identifier,
                check=check_can_export,
                software_version=version("baken"),
                now=now,
                progress=_say("written"),
            )
        with database.session(identifier) as session:
            subject = f"organisation:{identifier}"
            record_exported(session, manifest, subject=subject, now=now)
    print(f"{out}: {out.stat().st_size} bytes, content {manifest.content_sha256}")


@organisation.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A file made by an export.", exists=True)],
    name: Annotated[str, typer.Option(help="Name of the main contact, who is invited.")],
    mail: Annotated[str, typer.Option(help="Mail address of the main contact.")],
) -> None:
    """Check a file as a whole, then import all of it or nothing."""
    contact = Contact.named(name, mail)
    now = datetime.now(UTC)
    with file.open("rb") as opened, _open_database() as database:
        parcel = Parcel(opened, FileKey.of(opened, _ask_passphrase()))
        organisation_id = bring_in(
            database,
            _keys(),
            parcel,
            contact=contact,
            by=None,
            now=now,
            today=now.astimezone(numerals.ZONE).date(),
            progress=_say("checked"),
        )
    print(f"{organisation_id} is here; {mail} gets an invitation when a worker sends mail.")


@organisation.command("remove")
def remove(identifier: Identifier) -> None:
    """Carry out a removal that two people agreed on and whose waiting period is over."""
    settings = Settings.from_environment()
    now = datetime.now(UTC)
    with _open_database() as database:
        remove_organisation(
            Ground(database, _keys(), settings.transfers, identifier),
            check=check_can_remove,
            now=now,
            today=now.astimezone(numerals.ZONE).date(),
            progress=_say("removed"),
        )
        if database.is_sqlite:
            scrub_files(database)
    print(f"{identifier} is removed; its protocol stands at /installation/removals/{identifier}")


@contextmanager
def _open_database() -> Iterator[Database]:
    database = Database(Settings.from_environment().database_url)
    try:
        yield database
    finally:
        database.dispose()


def _keys() -> KeyStore:
    return KeyStore.open(Settings.from_environment().keys)


def _ask_passphrase() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Passphrase", hide_input=True, default="", show_default=False))


def _made() -> str:
    passphrase = generate_passphrase()
    print(f"Passphrase, shown this once: {passphrase}")
    return passphrase


def _say(what: str) -> Callable[[int, int], None]:
    def say(n_done: int, n_total: int) -> None:
        end = "\n" if n_done == n_total else ""
        if sys.stderr.isatty():
            print(f"\r{what}: {n_done} of {n_total}", end=end, file=sys.stderr, flush=True)

    return say
