"""What a scan left in doubt, one field at a time, worst first; each is decided by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.sheet import check_sheet
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import lock_batch
from baken.survey.paper.content import Reading, SheetContent, Value
from baken.survey.paper.deciding import Field, check_decides_all
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.progress import move_on
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scanned_sheets import BLANK, INK, NOT_SEEN
from baken.survey.paper.scanning.readings import Doubt
from baken.survey.paper.sheets import sheet_of

# From what says least about the answer to what is nearly certain.
WORST_FIRST: Final = (
    *(Doubt.PAGE.value, Doubt.FRAME.value, Doubt.SEVERAL.value, Doubt.UNCLEAR.value),
    *(Doubt.WITHDRAWN.value, Doubt.BESIDE.value, BLANK, INK, Doubt.NO_GREY.value, NOT_SEEN),
)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A field to look at.

    Attributes
    ----------
    place
        Of its form in the stack, in the order of the scan.
    left
        How many fields of the stack are in doubt, this one among them.
    guess
        What to offer, or None: the reader has no idea.
    picture
        PNG of the question, or of the whole page; None: look at the paper.
    """

    place: int
    n_sheets: int
    left: int
    kind: str
    key: str
    guess: Value | None
    doubt: str
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a person reads in one field of one form, found by its place in the stack."""

    place: int
    kind: str
    key: str
    value: Value


def next_doubtful(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> Doubtful:
    """Return the field of a stack about which least is known."""
    require(by, Action.DECIDE_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    _check_in_review(batch)
    check_decides_all(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id).values()
    scanned = [sheet for sheet in sheets if sheet.typed is None]
    waiting = [(sheet, name) for sheet in scanned for name in sheet.open_fields]
    if not waiting:
        raise NotThisSheet(
            "paper_entry.nothing_to_decide", "Nothing of this stack is left to decide."
        )
    sheet, (kind, name) = min(waiting, key=_rank)
    one = sheet.readings[kind, name]
    image = sheet.pictures.get((kind, name))
    picture = spool.read_image(session, key, batch.id, image) if image else None
    return Doubtful(
        sheet.place, batch.n_sheets, len(waiting), kind, name, one.first, one.doubt, picture
    )


def settle(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    said: Said,
    *,
    by: Actor,
    today: date,
) -> PaperBatch:
    """Keep what a person reads in one field; sent again it changes nothing.

    After the last field the stack is ready.
    """
    require(by, Action.DECIDE_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_way(batch.way, Way.SCANNED)
    check_decides_all(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    found = _scanned_at(sheets, said.place)
    name = (said.kind, said.key)
    if batch.state is not BatchState.DECIDING or not found or name not in found[0][1].open_fields:
        return batch  # decided already: the answer to an earlier try was lost on its way
    if name == ("sheet", BLANK) and said.value == 0:
        # Something stands on it and nothing of it was found: that is no form to seal as it is.
        return leave_to_typing(session, keys, batch_id, said.place, by=by, today=today)
    identifier, sheet = found[0]
    decided = sheet.with_readings({name: replace(sheet.readings[name], decided=said.value)})
    shape = get_campaign(session, batch.campaign_id).sheet_shape
    if shape is None:
        raise RuntimeError("a campaign was launched without a box")
    check_sheet(shape, (batch.language,), sheet_of(decided))
    batch.decided_by = by.person_id
    sheets[identifier] = decided
    spool.replace_sheet(session, key, batch.id, identifier, decided)
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch


def leave_to_typing(
    session: Session, keys: KeyStore, batch_id: UUID, place: int, *, by: Actor, today: date
) -> PaperBatch:
    """Give a form that cannot be read from its pictures back, to be typed by two people.

    What was read of it is deleted with its pictures; sent again it changes nothing. Once nothing
    else is in doubt the stack goes back to whoever scanned it.
    """
    require(by, Action.DECIDE_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_way(batch.way, Way.SCANNED)
    check_decides_all(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    found = _scanned_at(sheets, place)
    if not found:
        return batch  # given back already: the answer to an earlier try was lost on its way
    identifier, sheet = found[0]
    _check_in_review(batch)
    sheets[identifier] = _emptied(sheet)
    spool.replace_sheet(session, key, batch.id, identifier, sheets[identifier])
    spool.delete_images(session, batch.id, sheet.images)
    batch.decided_by = by.person_id
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch


def _emptied(sheet: SheetContent) -> SheetContent:
    return SheetContent(
        place=sheet.place,
        unit=Reading(sheet.unit.first),
        language=Reading(sheet.language.first),
        answers=dict.fromkeys(sheet.answers, Reading()),
        backgrounds=dict.fromkeys(sheet.backgrounds, Reading()),
        comments=dict.fromkeys(sheet.comments, Reading()),
        blank=Reading(),
        typed=0,
    )


def _scanned_at(
    sheets: Mapping[bytes, SheetContent], place: int
) -> list[tuple[bytes, SheetContent]]:
    return [
        (one, sheet)
        for one, sheet in sheets.items()
        if sheet.place == place and sheet.typed is None
    ]


def _check_in_review(batch: PaperBatch) -> None:
    rules.check_state(batch.state, BatchState.DECIDING)
    rules.check_way(batch.way, Way.SCANNED)


def _rank(waiting: tuple[SheetContent, Field]) -> tuple[bool, bool, int, int]:
    sheet, name = waiting
    one = sheet.readings[name]
    is_unseen = one.doubt in {NOT_SEEN, Doubt.NO_GREY.value}  # last: many at once (`unseen`)
    return is_unseen, one.first is not None, WORST_FIRST.index(one.doubt), sheet.place
