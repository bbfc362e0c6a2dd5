"""Scans of a stack: what was read of a file becomes forms in the spool, and the rest is named.

Only a form whose pages all stand in their order is taken over, and of it only what is certain;
everything else waits for a person, with its picture beside it. Pages that make no form are named
by their place in the file: a person looks for them in the pile. A file is remembered by a mark
that only the key of the batch can make, and is forgotten with it.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.errors import FormNotFound
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import (
    add_sheet,
    check_is_first,
    get_batch,
    lock_batch,
    units_of,
)
from baken.survey.paper.errors import NotThisSheet, TotalsDisagree
from baken.survey.paper.forms import find_layout, list_forms, unit_of
from baken.survey.paper.layout import Layout
from baken.survey.paper.models import ID_BYTES, PaperBatch
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scanned_sheets import sheet_content
from baken.survey.paper.scanning.assembling import Assembly, Sheet, Unclear, assemble
from baken.survey.paper.scanning.readings import PageReading

_FILE: Final = b"baken: a scanned file"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pages of a file that make no form: why (a word of `Unclear`), and their places from 1."""

    reason: str
    first: int
    last: int
    pages: int


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What came of a file: its pages, forms that were taken over, blank backs, and the rest."""

    pages: int
    sheets: int
    backs: int
    left_out: tuple[LeftOut, ...]


def layouts_to_read(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    batch_id: UUID,
    *,
    by: Actor,
    today: date,
) -> dict[str, Layout]:
    """Return the forms that may lie in a stack, by edition, before a file for it is accepted.

    Raises
    ------
    NotThisSheet
        No form was printed in the language of the stack.
    """
    require(by, Action.KEY_SHEETS)
    batch = get_batch(session, campaign_id, batch_id)
    _check_scans(batch, by)
    spool.batch_key(keys, batch, today=today)
    return _layouts(session, batch)


def take_scan(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    digest: bytes,
    readings: Sequence[PageReading],
    *,
    by: Actor,
    today: date,
) -> UUID:
    """Put the forms of a file into the spool; return the identifier of its report.

    Parameters
    ----------
    digest : bytes
        SHA-256 of the file.
    readings : sequence of PageReading
        All of its pages, in the order of the file.

    Raises
    ------
    NotThisSheet
        This very file was taken before.
    TotalsDisagree
        More forms than the stack still holds; nothing of the file is kept.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    _check_scans(batch, by)
    key = spool.batch_key(keys, batch, today=today)
    scan = hmac.digest(key, _FILE + digest, "sha256")[:ID_BYTES]
    if spool.has_image(session, batch.id, scan):
        raise NotThisSheet(
            "paper_entry.same_scan",
            "This very file was read for this stack before. Nothing was taken over a second time.",
        )
    campaign = get_campaign(session, batch.campaign_id)
    layouts = _layouts(session, batch)
    assembly = assemble(readings, layouts)
    mine = _of_stack(campaign, batch, assembly)
    _check_room(batch, len(mine))
    for sheet, unit in mine:
        layout = layouts[sheet.edition]
        content = sheet_content(
            session, key, campaign, batch, sheet=sheet, layout=layout, unit=unit
        )
        add_sheet(session, key, batch, content)
    report = _report(readings, assembly, mine)
    spool.put_image(session, key, batch.id, json.dumps(asdict(report)).encode(), scan)
    return UUID(bytes=scan)


def read_report(
    session: Session, keys: KeyStore, batch: PaperBatch, scan: UUID, *, by: Actor, today: date
) -> ScanReport:
    """Return what came of a file; `SpoolGone` when the stack has no such file (any more)."""
    require(by, Action.KEY_SHEETS)
    check_is_first(batch, by)
    key = spool.batch_key(keys, batch, today=today)
    plain = json.loads(spool.read_image(session, key, batch.id, scan.bytes))
    left = tuple(LeftOut(**one) for one in plain.pop("left_out"))
    return ScanReport(**plain, left_out=left)


def _check_scans(batch: PaperBatch, by: Actor) -> None:
    rules.check_state(batch.state, BatchState.ENTERING)
    rules.check_way(batch.way, Way.SCANNED)
    check_is_first(batch, by)


def _layouts(session: Session, batch: PaperBatch) -> dict[str, Layout]:
    found = {
        one.edition: find_layout(session, batch.campaign_id, one.edition)
        for one in list_forms(session, batch.campaign_id)
        if one.language == batch.language
    }
    if not found:
        raise NotThisSheet(
            "paper_entry.no_form_to_scan",
            "No form of this survey was printed here in the language of this stack, so there is "
            "nothing to recognise. Type these forms instead.",
        )
    return found


def _of_stack(campaign: Campaign, batch: PaperBatch, assembly: Assembly) -> list[tuple[Sheet, str]]:
    """The forms of the units of a stack, each with the key of its unit."""
    units = units_of(campaign, batch)
    found = []
    for sheet in assembly.sheets:
        mark = next(page.mark for page in sheet.pages if page.mark)
        try:
            unit = unit_of(campaign, mark)["key"]
        except FormNotFound:
            continue
        if unit in units:
            found.append((sheet, unit))
    return found


def _check_room(batch: PaperBatch, n_sheets: int) -> None:
    left = batch.counted - batch.n_sheets - batch.n_aside
    if n_sheets > left:
        raise TotalsDisagree(
            "paper_entry.scan_more_than_counted",
            "This file holds {read} forms, and of the forms that were counted {left} are still to "
            "come. Nothing of it was kept. Look whether forms were scanned twice, or count the "
            "stack again and correct the number.",
            read=n_sheets,
            left=left,
        )


def _report(
    readings: Sequence[PageReading], assembly: Assembly, mine: Sequence[tuple[Sheet, str]]
) -> ScanReport:
    taken = {id(sheet) for sheet, _ in mine}
    left = [_left_out(str(each.reason), each.pages) for each in assembly.stretches]
    left += [
        _left_out(str(Unclear.OTHER_UNIT), sheet.pages)
        for sheet in assembly.sheets
        if id(sheet) not in taken
    ]
    ordered = tuple(sorted(left, key=lambda one: one.first))
    return ScanReport(len(readings), len(mine), len(assembly.blank), ordered)


def _left_out(reason: str, pages: Sequence[PageReading]) -> LeftOut:
    numbers = [page.number for page in pages]
    return LeftOut(reason, min(numbers), max(numbers), len(numbers))
