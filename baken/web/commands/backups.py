"""`baken backup` and `baken verify`: a copy of the database, and whether it can be read."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from baken.organisation.models import Organisation
from baken.storage.audit import verify as verify_chain
from baken.storage.backup import count_rows, make_backup, open_backup
from baken.storage.migrate import is_current
from baken.storage.session import Database
from baken.web.commands.installation import NotReady
from baken.web.settings import Settings


def backup() -> None:
    """Copy the database into the backup folder and read the copy back.

    The key store is not part of it: copy the key folder to another place.
    """
    settings = Settings.from_environment()
    if not is_current(settings.database_url):
        raise NotReady(
            "commands.not_migrated",
            "The tables that BAKEN_DATABASE_URL points at are not up to date; nothing was copied. "
            "Run: baken migrate",
        )
    database = Database(settings.database_url)
    path = make_backup(database, settings.backups, at=datetime.now(UTC))
    database.dispose()
    verify(path)


def verify(
    path: Annotated[Path, typer.Argument(help="A backup made by baken backup.")],
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Open a backup, count its rows and recompute its audit chains; exit code 1 when broken."""
    copy = open_backup(path)
    try:
        n_rows = sum(count_rows(copy).values())
        with copy.read(None) as session:
            chains = [None, *session.scalars(select(Organisation.id))]
        broken = 0
        for chain in chains:
            with copy.read(chain) as session:
                broken += verify_chain(session).first_bad is not None
    finally:
        copy.dispose()
    if as_json:
        print(json.dumps({"path": str(path), "rows": n_rows, "broken_chains": broken}))
    else:
        print(f"{path}: {n_rows} rows, {len(chains)} audit chains, {broken} broken")
    if broken:
        sys.exit(1)
