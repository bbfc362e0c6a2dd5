"""`baken box`: answers that were collected elsewhere, from the shell."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from sqlalchemy import select

from baken.organisation.models import Account
from baken.organisation.people import get_actor
from baken.organisation.permissions import Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.importing.actions import (
    check_import,
    get_kept_columns,
    import_answers,
    keep_columns,
)
from baken.survey.box.importing.checking import Asked, Check
from baken.survey.box.importing.columns import Columns, in_order, suggest
from baken.survey.box.importing.files import fold, read_table
from baken.survey.box.importing.rules import ImportPlan
from baken.survey.box.steps import open_campaign
from baken.survey.disclosure.thresholds import DEFAULT_MIN_GROUP
from baken.survey.library.queries import get_instrument
from baken.web import numerals
from baken.web.commands.campaign import NobodyThere
from baken.web.commands.errors import CommandError
from baken.web.settings import Settings

SHOWN: Final = 40
_KEPT: Final = timedelta(days=90)
_DAY: Final = ["%Y-%m-%d"]

File = Annotated[Path, typer.Argument(help="CSV or XLSX, one row per person.", exists=True)]
Organisation = Annotated[UUID, typer.Option(help="As baken organisation list shows.")]
As = Annotated[str, typer.Option("--as", help="Mail address of the external adviser who acts.")]
Instrument = Annotated[str, typer.Option(help="Key and version, such as “vijf-a 1”.")]
First = Annotated[datetime, typer.Option("--from", formats=_DAY, help="First day of answering.")]
Last = Annotated[datetime, typer.Option("--until", formats=_DAY, help="Last day of answering.")]
UnitsOn = Annotated[datetime, typer.Option(formats=_DAY, help="Day of the units and headcounts.")]
KeepUntil = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="Day of deletion; 90 days when left out.")
]
Named = Annotated[
    Path | None,
    typer.Option(
        help="JSON with the heads of columns: unit, items, backgrounds, comments, lowest, "
        "not_applicable, prefer_not. Left out: as the last file, else by code."
    ),
]
FirstColumn = Annotated[
    str, typer.Option(help="Head of the first question, when all stand in their order.")
]

box = typer.Typer(add_completion=False, help="Answers that were collected elsewhere.")


class NotAccepted(CommandError):
    """Something of the file would be missing, and nobody said that this is well."""


@dataclass(frozen=True, slots=True)
class _Desk:
    database: Database
    keys: KeyStore
    backups: Path
    by: Actor
    today: date


@box.callback()
def group() -> None:
    """Keep `import` a command of its own while it is the only one."""


@box.command("import")
def import_command(
    file: File,
    *,
    organisation: Organisation,
    mail: As,
    instrument: Instrument,
    title: Annotated[str, typer.Option(help="Title of the survey.")],
    first: First,
    last: Last,
    units_on: UnitsOn,
    min_group: Annotated[int, typer.Option(help="Smallest group.")] = DEFAULT_MIN_GROUP,
    keep_until: KeepUntil = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook.")] = "",
    header_row: Annotated[int | None, typer.Option(help="Row with the heads.")] = None,
    columns: Named = None,
    first_column: FirstColumn = "",
    accept: Annotated[bool, typer.Option(help="Accept what will be missing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Import answers as a survey that was opened; without --accept only when nothing is missing.

    The file is read in memory and stays yours: delete it when the import is right.
    """
    with _at_desk(organisation, mail) as desk:
        until = keep_until.date() if keep_until else desk.today + _KEPT
        days = (first.date(), last.date(), units_on.date())
        plan = ImportPlan(title, *days, min_group, until)
        key, _, version = instrument.partition(" ")
        asked = Asked(file.read_bytes(), key, version, plan, Columns(), sheet, header_row)
        asked = _with_columns(desk, asked, columns, first_column)
        with desk.database.read(organisation) as session:
            found = check_import(session, asked, by=desk.by, today=desk.today)
        _say(found, as_json=as_json)
        if found.loses and not accept:
            raise NotAccepted(
                "commands.import_not_accepted",
                "Nothing was imported. Correct the file, or accept what is missing with --accept.",
            )
        state, campaign_id = _bring_in(desk, asked, found)
    print(json.dumps({"campaign": str(campaign_id), "state": state}) if as_json else f"{state}")


def _bring_in(desk: _Desk, asked: Asked, found: Check) -> tuple[str, UUID]:
    by, today = desk.by, desk.today
    campaign_id = import_answers(
        desk.database, desk.keys, asked, accepted=found.digest, by=by, today=today
    )
    with desk.database.session(by.organisation_id) as session:
        keep_columns(session, asked, by=by)
    state = open_campaign(desk.database, desk.keys, desk.backups, campaign_id, by=by, today=today)
    return state.value, campaign_id


def _with_columns(desk: _Desk, asked: Asked, named: Path | None, first: str) -> Asked:
    table = read_table(asked.content, sheet=asked.sheet, head_row=asked.head_row)
    with desk.database.read(desk.by.organisation_id) as session:
        instrument = get_instrument(session, asked.instrument, asked.version)
        kept: Any = get_kept_columns(session, asked.instrument, asked.version)
    if named is not None:
        kept = _read_names(named)
    columns = suggest(table, instrument, kept)
    places = [column.place for column in table.columns if fold(column.head) == fold(first)]
    if first and not places:
        raise CommandError(
            "commands.import_no_column",
            "There is no column {name} in {columns}. Nothing was imported.",
            name=first,
            columns=", ".join(column.head for column in table.columns),
        )
    if first:
        columns = in_order(columns, table, instrument, first=places[0])
    told = (asked.content, asked.instrument, asked.version, asked.plan, columns)
    return Asked(*told, sheet=asked.sheet, head_row=asked.head_row)


def _read_names(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _no_names(path) from error
    if not isinstance(found, dict) or not all(_fits(key, told) for key, told in found.items()):
        raise _no_names(path)
    return found


def _fits(key: str, told: object) -> bool:
    """Whether a part of the file says what `Columns.named` would."""
    if key in {"items", "backgrounds", "comments"}:
        return isinstance(told, dict) and all(isinstance(head, str) for head in told.values())
    if key in {"not_applicable", "prefer_not"}:
        return isinstance(told, list) and all(isinstance(word, str) for word in told)
    if key == "lowest":
        return told is None or isinstance(told, int)
    return key == "unit" and isinstance(told, str)


def _no_names(path: Path) -> CommandError:
    return CommandError(
        "commands.import_bad_columns",
        "{file} is no JSON object with the heads of columns. Nothing was imported.",
        file=path.name,
    )


def _say(found: Check, *, as_json: bool) -> None:
    """What would come in, on the error channel: a script reads the last line alone."""
    lines = [
        f"{found.n_rows} people in the file, {found.n_answers} come in, "
        f"{found.n_without_unit} of them without a unit, {found.n_odd} answers cannot be read."
    ]
    lines += [str(one) for one in (*found.oddities, *found.left_out, *found.strangers)][:SHOWN]
    without = (*found.no_column, *found.no_column_aside)
    if without:
        lines.append(f"no column for: {', '.join(without)}")
    if found.unread:
        lines.append(f"columns that are not read: {', '.join(found.unread)}")
    if found.crowded:
        lines.append(f"more answers than people in: {', '.join(found.crowded)}")
    if not as_json or found.loses:
        print("\n".join(lines), file=sys.stderr)


@contextmanager
def _at_desk(organisation_id: UUID, mail: str) -> Iterator[_Desk]:
    settings = Settings.from_environment()
    today = datetime.now(numerals.ZONE).date()
    database = Database(settings.database_url)
    try:
        with database.read(None) as session:
            wanted = select(Account).where(Account.mail == mail.strip().casefold())
            account = session.scalars(wanted).first()
        if account is None:
            raise NobodyThere("commands.no_account", "There is no account {mail}.", mail=mail)
        with database.read(organisation_id) as session:
            actor = get_actor(session, account.id, today=today)
        yield _Desk(database, KeyStore.open(settings.keys), settings.backups, actor, today)
    finally:
        database.dispose()
