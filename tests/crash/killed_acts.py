"""What a test does in a process that kills itself at a named point.

The processes are forked from one that has the house loaded, so that each is there at once.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Actor
from baken.storage.crash import VARIABLE
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.importing.actions import check_import, import_answers
from baken.survey.box.paper import seal_sheet
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import open_campaign
from baken.survey.box.writer import Writer
from baken.survey.paper.sealing import seal_batch
from baken.survey.paper.sittings.exchanging import exchange_slip
from tests.elsewhere import asked_of

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [f"tests.crash.{module}" for module in ("killed_acts", "killed_server", "killed_worker")]
)


def die(at: str, act: Callable[..., None], *arguments: Any) -> None:
    """Let a process act until it kills itself there; fail when it never comes that far."""
    process = FORKS.Process(target=_act, args=(at, act, arguments))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    process.close()


def _act(at: str, act: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    os.environ[VARIABLE] = at
    act(*arguments)


@dataclass(frozen=True)
class Installation:
    """Where a process finds what it works on."""

    url: str
    keys: Path

    @classmethod
    def of(cls, database: Database, keys: KeyStore) -> "Installation":
        return cls(database.engine.url.render_as_string(hide_password=False), keys.folder)

    def opened(self) -> tuple[Database, KeyStore]:
        return Database(self.url), KeyStore.open(self.keys)


def open_box(place: Installation, backups: Path, by: Actor, campaign_id: UUID, today: date) -> None:
    open_campaign(*place.opened(), backups, campaign_id, by=by, today=today)


def submit(
    place: Installation, organisation_id: UUID, campaign_id: UUID, code: str, today: date
) -> None:
    sheet = Sheet("nl", (1,) * 8, (0,), ("",))
    Writer(*place.opened()).submit(organisation_id, campaign_id, code, sheet, today=today)


def exchange(place: Installation, by: Actor, sitting_id: UUID, code: str, today: date) -> None:
    """Exchange a slip for a form."""
    database, keys = place.opened()
    with database.session(by.organisation_id) as session:
        exchange_slip(session, keys, sitting_id, code, by=by, today=today)


def seal_form(place: Installation, by: Actor, campaign_id: UUID, unit: str) -> None:
    """Seal a form on paper."""
    sheet = Sheet("nl", (1,) * 8, (0,), ("",), "paper")
    with place.opened()[0].session(by.organisation_id) as session:
        seal_sheet(session, campaign_id, unit, sheet)


def seal_stack(place: Installation, by: Actor, batch_id: UUID, today: date) -> None:
    """Seal a stack of forms that is ready."""
    seal_batch(*place.opened(), batch_id, by=by, today=today)


def bring_in(place: Installation, by: Actor, file: Path, today: date) -> None:
    """Check a file with answers and import it."""
    database, keys = place.opened()
    asked = asked_of(file.read_bytes(), today=today)
    with database.read(by.organisation_id) as session:
        accepted = check_import(session, asked, by=by, today=today).digest
    import_answers(database, keys, asked, accepted=accepted, by=by, today=today)
