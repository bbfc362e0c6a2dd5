"""Scans of a stack: what was read of a file becomes forms in the spool, and the rest is named.

Only a form whose pages all stand in their order is taken over, and of it only what is certain;
everything else waits for a person, with its picture beside it. Pages that make no form are named
by their place in the file: a person looks for them in the pile. A file is remembered by a mark
that only the key of the batch can make, and is forgotten with it; pages that became a form, until
the opening (`taken_once`).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.paper import check_takes_paper
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.codes.taken_pages import add_taken
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import check_is_first, get_batch, lock_batch
from baken.survey.paper.errors import NotThisSheet, TotalsDisagree
from baken.survey.paper.forms import find_layout, list_forms
from baken.survey.paper.layout import Layout
from baken.survey.paper.leaving_out import leave_out, of_units
from baken.survey.paper.models import ID_BYTES, PaperBatch
from baken.survey.paper.offers import (
    Desk,
    Offer,
    delete_offer,
    read_offer,
    take_offer,
)
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.scan_reports import (
    ScanReport,
    after_answer,
    load_report,
    save_report,
)
from baken.survey.paper.scanned_boxes import add_boxes
from baken.survey.paper.scanning.assembling import assemble
from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.readings import PageReading
from baken.survey.paper.taken_once import (
    FilePages,
    check_something_new,
    report_of,
    take_marks,
)
from baken.survey.paper.waiting_sheets import add_sheet

_FILE: Final = b"baken: a scanned file"


@dataclass(frozen=True, slots=True)
class OfferSeen:
    """An offer as it is shown: a picture for each page, and how many offers wait."""

    offer: Offer
    pictures: tuple[bytes, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says of pages that were offered as one form."""

    scan: UUID
    offer: str
    is_one_form: bool


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
    _check_scans(session, batch, by)
    spool.batch_key(keys, batch, today=today)
    return _layouts(session, batch)


def find_scan(
    session: Session, keys: KeyStore, batch_id: UUID, digest: bytes, *, by: Actor, today: date
) -> UUID | None:
    """Return the report of a file with this SHA-256 that was read for the stack before, if any.

    Whoever lost the answer to a scan finds it so, by sending the file again.
    """
    require(by, Action.KEY_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    _check_scans(session, batch, by)
    scan = _mark_of_file(spool.batch_key(keys, batch, today=today), digest)
    return UUID(bytes=scan) if spool.has_image(session, batch.id, scan) else None


def take_scan(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    digest: bytes,
    readings: Sequence[PageReading],
    *,
    by: Actor,
    today: date,
    boxes: Boxes | None = None,
) -> UUID:
    """Put the forms of a file into the spool; return the identifier of its report.

    Parameters
    ----------
    digest : bytes
        SHA-256 of the file.
    readings : sequence of PageReading
        All of its pages, in the order of the file.
    boxes : Boxes or None
        For the gallery of the stack.

    Raises
    ------
    NotThisSheet
        This very file was taken before, or all its pages were.
    TotalsDisagree
        More forms than the stack still holds; nothing of the file is kept.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    _check_scans(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    scan = _mark_of_file(key, digest)
    if spool.has_image(session, batch.id, scan):
        raise NotThisSheet(
            "paper_entry.same_scan",
            "This very file was read for this stack before. Nothing was taken over a second time.",
        )
    campaign = lock_campaign(session, batch.campaign_id)
    check_takes_paper(campaign)
    layouts = _layouts(session, batch)
    assembly = assemble(readings, layouts)
    pages = FilePages.of(session, keys, campaign, readings)
    mine = [one for one in of_units(campaign, batch, assembly.sheets) if pages.take(one[0])]
    _check_room(batch, len(mine))
    desk = Desk(session, key, campaign, batch)
    for sheet, unit in mine:
        add_sheet(session, key, batch, desk.content_of(sheet, layouts[sheet.edition], unit))
    add_taken(session, campaign, batch.id, pages.new)
    left = [one for each in assembly.stretches for one in leave_out(desk, pages, each, layouts)]
    report = report_of(pages, assembly, [sheet for sheet, _ in mine], left)
    if not report.sheets:
        check_something_new(report.left_out)
    save_report(session, key, batch.id, scan, report)
    if boxes is not None:
        add_boxes(session, key, batch.id, boxes)
    return UUID(bytes=scan)


def next_offer(
    session: Session, keys: KeyStore, batch: PaperBatch, scan: UUID, *, by: Actor, today: date
) -> OfferSeen | None:
    """Return pages of a file that may be one form, or None when nothing is left to say."""
    require(by, Action.KEY_SHEETS)
    _check_scans(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    report = load_report(session, key, batch.id, scan.bytes)
    waiting = [offer for one in report.left_out for offer in one.offers]
    if not waiting:
        return None
    offer = read_offer(session, key, batch.id, bytes.fromhex(waiting[0]))
    pictures = tuple(
        spool.read_image(session, key, batch.id, one) if one else b"" for one in offer.pictures
    )
    return OfferSeen(offer, pictures, len(waiting))


def answer_offer(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    answer: Answer,
    *,
    by: Actor,
    today: date,
) -> ScanReport:
    """Take a form that was offered, or leave its pages out; sent again it changes nothing.

    Raises
    ------
    TotalsDisagree
        The stack holds no form any more that is still to come.
    NotThisSheet
        A page of the form was taken over since it was offered.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    _check_scans(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    report = load_report(session, key, batch.id, answer.scan.bytes)
    if not any(answer.offer in one.offers for one in report.left_out):
        return report  # answered already: the reply to an earlier try was lost on its way
    desk = Desk(session, key, lock_campaign(session, batch.campaign_id), batch)
    offer = read_offer(session, key, batch.id, bytes.fromhex(answer.offer))
    if answer.is_one_form:
        check_takes_paper(desk.campaign)
        _check_room(batch, 1)
        take_marks(session, desk.campaign, batch.id, offer.marks)
        take_offer(desk, offer)
    else:
        delete_offer(desk, offer)
    changed = after_answer(report, offer, is_one_form=answer.is_one_form)
    save_report(session, key, batch.id, answer.scan.bytes, changed)
    return changed


def _mark_of_file(key: bytes, digest: bytes) -> bytes:
    return hmac.digest(key, _FILE + digest, "sha256")[:ID_BYTES]


def _check_scans(session: Session, batch: PaperBatch, by: Actor) -> None:
    rules.check_state(batch.state, BatchState.ENTERING)
    rules.check_way(batch.way, Way.SCANNED)
    check_is_first(session, batch, by)


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
