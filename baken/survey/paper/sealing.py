"""Sealing a stack: every form into its envelope, and nothing readable left.

One transaction a form holds its envelope, its place, and its removal from the spool; the order is
drawn by lot. Cut off anywhere, it goes on from where it was: what is in the spool is not sealed,
what is not in the spool is. The key is destroyed at the end; a key that outlives its batch is
destroyed by the next round.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from random import SystemRandom
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.paper import check_takes_paper, seal_sheet
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.places import add_surplus, list_places, mark_blank
from baken.survey.codes.taken_pages import forget_stack, part_from_stack
from baken.survey.disclosure.rounding import next_step
from baken.survey.errors import NoPlaceLeft
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import empty_batch, lock_batch, record_end, wait
from baken.survey.paper.content import SheetContent
from baken.survey.paper.errors import SpoolGone, TooManySheets
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import READABLE, BatchState
from baken.survey.paper.sheets import sheet_of

_CHANCE: Final = SystemRandom()


def seal_batch(
    database: Database,
    keys: KeyStore,
    batch_id: UUID,
    *,
    by: Actor,
    today: date,
    report_surplus: bool = False,
) -> None:
    """Seal every form of a stack that is ready; called again after a crash it goes on.

    Parameters
    ----------
    report_surplus : bool
        Whether forms that find no place are drawn by lot, reported and not sealed.

    Raises
    ------
    TooManySheets
        More forms than places, and nobody has said that they may be reported; nothing is sealed.
    """
    require(by, Action.SEAL_SHEETS)
    with database.session(by.organisation_id) as session:
        batch = lock_batch(session, batch_id)
        if batch.state is not BatchState.SEALING:
            _begin(session, keys, batch, today=today, report_surplus=report_surplus)
    crash_point("paper_sealing.begun")
    finish_sealing(database, keys, by.organisation_id, batch_id, by=by.person_id)


def finish_sealing(
    database: Database, keys: KeyStore, organisation_id: UUID, batch_id: UUID, *, by: UUID | None
) -> None:
    """Take all steps of a sealing that was begun, from wherever it stopped."""
    with database.read(organisation_id) as session:
        batch = session.get_one(PaperBatch, batch_id)
        key = spool.key_for_sealing(keys, batch)
        waiting = list(spool.read_sheets(session, key, batch_id))
    _CHANCE.shuffle(waiting)
    for identifier in waiting:
        with database.session(organisation_id) as session:
            _seal_one(session, key, lock_batch(session, batch_id), identifier)
            crash_point("paper_sealing.before_commit")
        crash_point("paper_sealing.sheet_sealed")
    with database.session(organisation_id) as session:
        batch = lock_batch(session, batch_id)
        if batch.state is BatchState.SEALING:
            empty_batch(session, batch)
            part_from_stack(session, batch.campaign_id, batch.id)
            batch.state = BatchState.SEALED
            session.flush()
            record_end(session, batch, "paper_batch.sealed", by=by)
    crash_point("paper_sealing.sealed")
    spool.destroy_batch_key(keys, organisation_id, batch_id)


def days_of_readable(session: Session) -> list[date]:
    """Return the day of each stack of which something can still be read."""
    asked = select(PaperBatch.opened_on).where(PaperBatch.state.in_(READABLE))
    return list(session.scalars(asked))


def expire_batches(
    database: Database, keys: KeyStore, *, organisation_id: UUID, today: date
) -> int:
    """End the stacks whose day is over, and destroy keys that open nothing; return how many.

    A sealing that was begun is finished: some of its envelopes are made, and nobody could tell
    which forms to enter again. A stack that cannot be ended keeps no other one readable: the rest
    is done first, then the first fault is raised.
    """
    with database.read(organisation_id) as session:
        asked = select(PaperBatch).where(PaperBatch.state.in_(READABLE))
        batches = list(session.scalars(asked))
    kept = {name for purpose, name in keys.names(organisation_id) if purpose == spool.PURPOSE}
    begun, over = [], []
    for batch in batches:
        if batch.state is BatchState.SEALING and str(batch.id) in kept:
            begun.append(batch.id)
        elif batch.opened_on < today or str(batch.id) not in kept:
            over.append(batch.id)
    steps = [partial(_expire, database, organisation_id, one) for one in over]
    steps += [
        partial(_destroy_if_ended, database, keys, organisation_id, UUID(one)) for one in kept
    ]
    steps += [
        partial(finish_sealing, database, keys, organisation_id, one, by=None) for one in begun
    ]
    _do_all(steps)
    return len(over)


def _do_all(steps: Iterable[Callable[[], None]]) -> None:
    """Do every step, each in its own transaction, whatever becomes of the others."""
    faults: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as fault:  # noqa: BLE001, RUF100 - raised below, after the others
            faults.append(fault)
    if faults:
        raise faults[0]


def _begin(
    session: Session, keys: KeyStore, batch: PaperBatch, *, today: date, report_surplus: bool
) -> None:
    rules.check_transition(batch.state, BatchState.SEALING)
    campaign = lock_campaign(session, batch.campaign_id)
    check_takes_paper(campaign)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    places = list_places(session, batch.campaign_id)
    names = {unit["key"]: unit["name"] for unit in campaign.unit_tree or []}
    for unit, n in Counter(str(sheet.unit.value) for sheet in sheets.values()).items():
        too_many = n - (places[unit].left if unit in places else 0)
        if too_many <= 0:
            continue
        if not report_surplus:
            raise _too_many(campaign, too_many, names.get(unit, unit))
        of_unit = [one for one, sheet in sheets.items() if sheet.unit.value == unit]
        for identifier in _CHANCE.sample(of_unit, too_many):
            _report(session, batch, identifier, sheets[identifier])
    batch.state = BatchState.SEALING
    session.flush()


def _too_many(campaign: Campaign, n: int, unit: str) -> TooManySheets:
    """Say how many forms find no place; while people answer not so that asking again ticks."""
    if campaign.state is CampaignState.RUNNING:
        return TooManySheets(
            "paper_entry.too_many_running",
            "Up to {n} forms of {unit} find no place: fewer slips were exchanged than forms are in "
            "this stack. Nothing was sealed. Look whether slips still have to be exchanged, or "
            "whether forms were entered twice; or seal the others and report these.",
            n=next_step(n),
            unit=unit,
        )
    return TooManySheets(
        "paper_entry.too_many_sheets",
        "{n} forms of {unit} find no place: fewer slips were exchanged than forms are in "
        "this stack. Nothing was sealed. Look whether slips still have to be exchanged, or "
        "whether forms were entered twice; or seal the others and report these.",
        n=n,
        unit=unit,
    )


def _seal_one(session: Session, key: bytes, batch: PaperBatch, identifier: bytes) -> None:
    try:
        sheet = spool.read_sheet(session, key, batch.id, identifier)
    except SpoolGone:
        return  # another process was first
    lock_campaign(session, batch.campaign_id)  # it may change the places of two units
    unit = str(sheet.unit.value)
    try:
        if sheet.is_blank:
            mark_blank(session, batch.campaign_id, unit)
            batch.n_blank += 1
        else:
            pictures = {
                question: spool.read_image(session, key, batch.id, identifier)
                for question, identifier in sheet.written.items()
            }
            seal_sheet(session, batch.campaign_id, unit, sheet_of(sheet, pictures))
            batch.n_sealed += 1
    except NoPlaceLeft:  # another stack took the last place since this one began
        _report(session, batch, identifier, sheet)
        return
    _take_out(session, batch, identifier, sheet)


def _report(session: Session, batch: PaperBatch, identifier: bytes, sheet: SheetContent) -> None:
    # The paper may name a unit without people: then it is counted where the form was entered.
    unit, entered = str(sheet.unit.value), str(sheet.unit.first)
    known = list_places(session, batch.campaign_id)
    add_surplus(session, batch.campaign_id, unit if unit in known else entered)
    batch.n_surplus += 1
    _take_out(session, batch, identifier, sheet)


def _take_out(session: Session, batch: PaperBatch, identifier: bytes, sheet: SheetContent) -> None:
    spool.delete_sheet(session, batch.id, identifier)
    spool.delete_images(session, batch.id, sheet.images)
    wait(session, batch, str(sheet.unit.first), -1)
    session.flush()


def _expire(database: Database, organisation_id: UUID, batch_id: UUID) -> None:
    with database.session(organisation_id) as session:
        batch = lock_batch(session, batch_id)
        if batch.state in READABLE:
            empty_batch(session, batch)
            forget_stack(session, batch.campaign_id, batch.id)
            batch.state = BatchState.EXPIRED
            session.flush()
            record_end(session, batch, "paper_batch.expired", by=None)
    crash_point("paper_expiry.rows_deleted")


def _destroy_if_ended(
    database: Database, keys: KeyStore, organisation_id: UUID, batch_id: UUID
) -> None:
    """Look once more: a key without a batch may be one that is being opened at this moment."""
    with database.read(organisation_id) as session:
        batch = session.get(PaperBatch, batch_id)
    if batch is not None and batch.state not in READABLE:
        spool.destroy_batch_key(keys, organisation_id, batch_id)


def drop_batch(database: Database, keys: KeyStore, batch_id: UUID, *, by: Actor) -> None:
    """Give a stack up: what was read is deleted, and entry starts again from the paper."""
    require(by, Action.KEY_SHEETS)
    with database.session(by.organisation_id) as session:
        batch = lock_batch(session, batch_id)
        rules.check_transition(batch.state, BatchState.DROPPED)
        empty_batch(session, batch)
        forget_stack(session, batch.campaign_id, batch.id)
        batch.state = BatchState.DROPPED
        session.flush()
        record_end(session, batch, "paper_batch.dropped", by=by.person_id)
    spool.destroy_batch_key(keys, by.organisation_id, batch_id)
