"""`baken campaign` and `baken codes`: a campaign from the shell."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import select

from baken.organisation.models import Account
from baken.organisation.people import get_actor
from baken.organisation.permissions import Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.steps import open_campaign
from baken.survey.campaigns.queries import find_public_name, get_campaign
from baken.survey.codes.actions import codes_csv, print_codes
from baken.survey.library.queries import get_instrument
from baken.web import numerals
from baken.web.settings import Settings

Name = Annotated[str, typer.Argument(help="The name in the campaign's address (/s/NAME).")]
As = Annotated[str, typer.Option("--as", help="Mail address of the account that acts.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts.")]

campaign = typer.Typer(add_completion=False, help="A campaign from the shell.")


class NobodyThere(BakenError):
    """The account does not exist."""

    kind = "missing"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works on: one campaign, and the person who acts."""

    database: Database
    keys: KeyStore
    settings: Settings
    campaign_id: UUID
    by: Actor
    today: date


@campaign.command()
def launch(name: Name, mail: As, as_json: Json = False) -> None:
    """Freeze units and smallest group, make the keys, issue the codes."""
    with _at_desk(name, mail) as desk, desk.database.session(desk.by.organisation_id) as session:
        draft = get_campaign(session, desk.campaign_id)
        instrument = get_instrument(session, draft.instrument_key, draft.instrument_version)
        row = launch_campaign(
            session,
            desk.keys,
            desk.campaign_id,
            instrument,
            by=desk.by,
            today=desk.today,
        )
        _say(as_json, name, row.state, codes=row.n_issued, key=row.key_fingerprint)


@campaign.command()
def close(name: Name, mail: As, as_json: Json = False) -> None:
    """Accept no more answers."""
    with _at_desk(name, mail) as desk, desk.database.session(desk.by.organisation_id) as session:
        row = close_campaign(session, desk.campaign_id, by=desk.by, today=desk.today)
        _say(as_json, name, row.state)


@campaign.command("open")
def open_command(name: Name, mail: As, as_json: Json = False) -> None:
    """Open a closed campaign once, and take every step after it that can be taken today.

    Run it again after an interruption: it goes on where it stopped.
    """
    with _at_desk(name, mail) as desk:
        state = open_campaign(
            desk.database,
            desk.keys,
            desk.settings.backups,
            desk.campaign_id,
            by=desk.by,
            today=desk.today,
        )
        _say(as_json, name, state)


def codes(name: Name, mail: As) -> None:
    """Write unit and code as CSV to standard output: shuffled, and never with a name."""
    with _at_desk(name, mail) as desk, desk.database.session(desk.by.organisation_id) as session:
        cards = print_codes(session, desk.keys, desk.campaign_id, by=desk.by)
        sys.stdout.write(codes_csv(cards))


@contextmanager
def _at_desk(name: str, mail: str) -> Iterator[Desk]:
    settings = Settings.from_environment()
    today = datetime.now(numerals.ZONE).date()
    database = Database(settings.database_url)
    try:
        with database.read(None) as session:
            address = find_public_name(session, name)
            wanted = select(Account).where(Account.mail == mail.strip().casefold())
            account = session.scalars(wanted).first()
        if account is None:
            raise NobodyThere("commands.no_account", "There is no account {mail}.", mail=mail)
        with database.read(address.organisation_id) as session:
            actor = get_actor(session, account.id, today=today)
        keys = KeyStore.open(settings.keys)
        yield Desk(database, keys, settings, address.subject_id, actor, today)
    finally:
        database.dispose()


def _say(as_json: bool, name: str, state: str, **facts: object) -> None:
    if as_json:
        print(json.dumps({"campaign": name, "state": str(state), **facts}))
        return
    told = "".join(f", {key} {value}" for key, value in facts.items())
    print(f"{name}: {state}{told}")
