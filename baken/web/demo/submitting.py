"""Putting answers into the box the way the respondent pages do, many at once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.sheet import Sheet
from baken.survey.box.statements import Standing
from baken.survey.box.writer import Writer
from baken.survey.codes.symbols import read_code
from baken.web.demo.organisation import House

_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the demonstration is kept."""

    database: Database
    keys: KeyStore
    backups: Path


@dataclass(frozen=True, slots=True)
class Answering:
    """One person on one day."""

    code: str
    sheet: Sheet
    on: date


def submit(
    place: Installation, house: House, campaign_id: UUID, answering: Iterable[Answering]
) -> None:
    """Put the sheets into the box the way the respondent pages do, many at once."""
    with closing(_Stopping(Writer(place.database, place.keys))) as box:

        def put(one: Answering) -> None:
            outcome = box.writer.submit(
                house.id, campaign_id, read_code(one.code), one.sheet, today=one.on
            )
            if outcome.standing is not Standing.RECEIVED:
                raise RuntimeError(f"the box answered {outcome.standing}")

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(put, answering))


@dataclass(frozen=True, slots=True)
class _Stopping:
    writer: Writer

    def close(self) -> None:
        self.writer.stop()
