"""What a scan cannot show: places that look empty where pale writing would have vanished.

A scan in black and white, or one that made all paper white, has lost what was pale, so a picture
of it proves nothing: somebody looks at the paper itself. That is one look for each form, so they
come many at once, in the order of the stack, after every doubt of which there is something to see.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from baken.instruments.sheet import MISSING
from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import lock_batch
from baken.survey.paper.content import Reading, SheetContent
from baken.survey.paper.deciding import check_decides_all
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.progress import move_on
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scanned_sheets import INK, NOT_SEEN
from baken.survey.paper.scanning.readings import Doubt

UNSEEN: Final = frozenset({NOT_SEEN, Doubt.NO_GREY.value})
AT_ONCE: Final = 24
"""Whole forms are shown until so many places are; a form has two or three of them."""

Place = tuple[int, str, str]
"""Of a form in the stack, kind and key of its question."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A place that looks empty; `picture` is a PNG, or None."""

    place: Place
    doubt: str
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class UnseenPlaces:
    """Places to look at on paper, and how many of the stack are in doubt with them."""

    shown: tuple[Unseen, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody saw on the paper: the places that were shown, and those with something."""

    shown: frozenset[Place]
    written: frozenset[Place]


def list_unseen(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> UnseenPlaces:
    """Return the next places to look at; none when nothing of the kind is left."""
    require(by, Action.DECIDE_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    rules.check_state(batch.state, BatchState.DECIDING)
    rules.check_way(batch.way, Way.SCANNED)
    check_decides_all(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = [one for one in spool.read_sheets(session, key, batch.id).values() if _is_read(one)]
    shown: list[Unseen] = []
    for sheet in sheets:
        if len(shown) < AT_ONCE:
            shown += _unseen(session, key, batch, sheet)
    return UnseenPlaces(tuple(shown), sum(len(sheet.open_fields) for sheet in sheets))


def settle_unseen(
    session: Session, keys: KeyStore, batch_id: UUID, looked: Looked, *, by: Actor, today: date
) -> PaperBatch:
    """Keep that nothing stands in the places that were shown; sent again it changes nothing.

    Where something stands after all the place is in doubt like any other, and looked at by itself.
    After the last one the stack is ready.
    """
    require(by, Action.DECIDE_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_way(batch.way, Way.SCANNED)
    check_decides_all(session, batch, by)
    if batch.state is not BatchState.DECIDING:
        return batch  # decided already: the answer to an earlier try was lost on its way
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    for identifier, sheet in sheets.items():
        said = _said(sheet, looked) if _is_read(sheet) else {}
        if said:
            sheets[identifier] = sheet.with_readings(said)
            spool.replace_sheet(session, key, batch.id, identifier, sheets[identifier])
            batch.decided_by = by.person_id
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch


def _is_read(sheet: SheetContent) -> bool:
    return sheet.typed is None


def _unseen(
    session: Session, key: bytes, batch: PaperBatch, sheet: SheetContent
) -> Iterator[Unseen]:
    for kind, name in _names(sheet):
        image = sheet.pictures.get((kind, name))
        picture = spool.read_image(session, key, batch.id, image) if image else None
        yield Unseen((sheet.place, kind, name), sheet.readings[kind, name].doubt, picture)


def _names(sheet: SheetContent) -> list[tuple[str, str]]:
    known = sheet.readings
    return [name for name in sheet.open_fields if known[name].doubt in UNSEEN]


def _said(sheet: SheetContent, looked: Looked) -> dict[tuple[str, str], Reading]:
    known = sheet.readings
    return {
        name: _looked_at(name[0], known[name], looked.written, (sheet.place, *name))
        for name in _names(sheet)
        if (sheet.place, *name) in looked.shown
    }


def _looked_at(kind: str, one: Reading, written: Collection[Place], place: Place) -> Reading:
    is_open = kind == "comments"
    if place in written:
        return replace(one, doubt=INK if is_open else Doubt.UNCLEAR.value)
    return replace(one, decided="" if is_open else MISSING)
