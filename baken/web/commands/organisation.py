"""`baken organisation`: make, list, export, import and remove organisations from the shell."""

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

from baken.analysis.leaving import check_arrived, check_can_export, check_can_remove
from baken.organisation.founding import NewHouse, found_organisation
from baken.organisation.installation import list_houses
from baken.organisation.invitations import get_token
from baken.organisation.removals.carrying_out import Ground, remove_organisation
from baken.organisation.transfers.consents import allowed_parts
from baken.organisation.transfers.exports import new_key, record_exported, write_organisation
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
from baken.web.texts import LANGUAGES

organisation = typer.Typer(
    add_completion=False, help="Make, list, export, import and remove organisations."
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


@organisation.command("make")
def make(
    name: Annotated[str, typer.Option(help="Name of the organisation.")],
    contact: Annotated[str, typer.Option(help="Name of its main contact, who is invited.")],
    mail: Annotated[str, typer.Option(help="Mail address of the main contact.")],
    language: Annotated[str, typer.Option(help="nl, fr, en or de.")] = "nl",
) -> None:
    """Make an organisation; its main contact gets an invitation and gives the others their roles.

    Without a mail server the link of the invitation is shown, once, to be handed over.
    """
    settings = Settings.from_environment()
    keys = KeyStore.open(settings.keys)
    now = datetime.now(UTC)
    with _open_database() as database:
        founded = found_organisation(
            database,
            NewHouse(name, language, contact, mail),
            languages=LANGUAGES,
            is_by_mail=settings.mail is not None,
            by=None,
            today=now.astimezone(numerals.ZONE).date(),
            now=now,
        )
    print(f"{founded.organisation_id} is made.")
    if settings.mail is not None:
        print(f"{mail} gets an invitation when a worker sends mail.")
        return
    token = get_token(keys, founded.organisation_id, founded.invitation_id)
    print("This installation sends no mail. Hand this link to the main contact; it works once,")
    print(f"for seven days, and is not shown again: {settings.origin}/invitation/{token}")


@organisation.command("export")
def export(
    identifier: Identifier,
    out: Annotated[Path, typer.Option(help="File to write; it may not exist yet.")],
) -> None:
    """Write everything of one organisation that leaves into one encrypted file.

    What the main contact may not read goes along only while somebody who may read it allows it, on
    a page of that organisation.

    The passphrase is asked for (or read from standard input when that is not a terminal); an empty
    one lets Baken make one and print it once.
    """
    if out.exists():
        raise FileInTheWay(
            "commands.file_exists", "{path} exists already. Nothing was written.", path=out
        )
    passphrase = _ask_passphrase() or _made()
    now = datetime.now(UTC)
    today = now.astimezone(numerals.ZONE).date()
    key = new_key(passphrase)
    with _open_database() as database:
        with database.read(identifier) as session:
            parts = allowed_parts(session, today=today)
        with new_file(out) as file:
            manifest = write_organisation(
                database,
                file,
                key,
                organisation_id=identifier,
                parts=parts,
                check=check_can_export,
                software_version=version("baken"),
                now=now,
                progress=_say("written"),
            )
        with database.session(identifier) as session:
            subject = f"organisation:{identifier}"
            record_exported(session, manifest, subject=subject, now=now)
    print(f"{out}: {out.stat().st_size} bytes, content {manifest.content_sha256}")
    if manifest.left_behind:
        print(
            f"Left behind, as nobody who may read it allowed it: {', '.join(manifest.left_behind)}."
        )


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
            parcel,
            check=check_arrived,
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
