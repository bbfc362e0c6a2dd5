"""Stacks of forms: started with a count made by hand, filled, counted again, or given up."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import SystemRandom
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.paper import check_takes_paper
from baken.survey.box.sheet import check_sheet
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.places import add_waiting, list_places
from baken.survey.disclosure.tree import ROOT
from baken.survey.paper import quality, rules, spool
from baken.survey.paper.content import SheetContent
from baken.survey.paper.errors import (
    BatchNotFound,
    CannotOpenBatch,
    NotThisSheet,
    SamePerson,
    TotalsDisagree,
)
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.roles import check_reads_forms
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.sheets import sheet_of


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What is said of a stack before anything of it is read.

    Attributes
    ----------
    unit
        Key of a frozen unit, or `ROOT`; the forms are of that unit or of one below it.
    counted
        Forms in the stack, counted by hand.
    is_another
        That a stack of the same unit was there before, and that this is another one.
    """

    unit: str
    language: str
    way: Way
    counted: int
    is_another: bool = False


def open_batch(
    session: Session, keys: KeyStore, campaign_id: UUID, plan: BatchPlan, *, by: Actor, today: date
) -> PaperBatch:
    """Start a stack: its key is made, and the day begins on which it can be read."""
    require(by, Action.KEY_SHEETS)
    check_reads_forms(by)
    campaign = lock_campaign(session, campaign_id)
    check_takes_paper(campaign)
    if plan.language not in campaign.languages or plan.unit not in {ROOT, *_keys(campaign)}:
        raise CannotOpenBatch(
            "paper_entry.not_of_campaign",
            "Choose a unit and a language of this survey. Nothing was saved.",
        )
    rules.check_counted(plan.counted, campaign.min_group, is_last=_is_last(campaign, plan.unit))
    _check_places(session, campaign, plan)
    _check_is_another(session, campaign_id, plan)
    batch = PaperBatch(
        campaign_id=campaign_id,
        unit=plan.unit,
        language=plan.language,
        way=plan.way,
        counted=plan.counted,
        opened_on=today,
        first_by=by.person_id,
        waiting={},
    )
    session.add(batch)
    session.flush()
    # Recorded at its end, once for the whole stack.
    spool.make_batch_key(keys, batch)
    return batch


def get_batch(session: Session, campaign_id: UUID, batch_id: UUID) -> PaperBatch:
    """Return a batch of a campaign or raise `BatchNotFound`."""
    batch = session.get(PaperBatch, batch_id)
    if batch is None or batch.campaign_id != campaign_id:
        raise BatchNotFound
    return batch


def lock_batch(session: Session, batch_id: UUID) -> PaperBatch:
    """Return a batch as it is now; nobody else changes it until this transaction ends."""
    batch = session.get(PaperBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise BatchNotFound
    return batch


def list_batches(session: Session, campaign_id: UUID) -> list[PaperBatch]:
    """Return the stacks of a campaign, those of the last day first."""
    asked = select(PaperBatch).where(PaperBatch.campaign_id == campaign_id)
    return list(session.scalars(asked.order_by(PaperBatch.opened_on.desc(), PaperBatch.id)))


def units_of(campaign: Campaign, batch: PaperBatch) -> frozenset[str]:
    """Keys of the units of which forms may lie in a stack."""
    return _at_or_below(campaign, batch.unit)


def add_sheet(session: Session, key: bytes, batch: PaperBatch, content: SheetContent) -> bytes:
    """Put one form into the spool and let it wait for its envelope; return its identifier.

    The fields stand in the order of the questionnaire. For the caller: the batch is locked, and the
    sheet says a unit of the stack (`units_of`).
    """
    rules.check_state(batch.state, BatchState.ENTERING)
    campaign = lock_campaign(session, batch.campaign_id)
    _check_content(campaign, batch, content)
    identifier = spool.put_sheet(session, key, batch.id, content)
    wait(session, batch, str(content.unit.first), 1)
    batch.n_sheets += 1
    session.flush()
    return identifier


def put_in_place(
    session: Session, key: bytes, batch: PaperBatch, identifier: bytes, content: SheetContent
) -> None:
    """Put what was typed in the place of a form that a scan could not read."""
    campaign = lock_campaign(session, batch.campaign_id)
    _check_content(campaign, batch, content)
    before = spool.read_sheet(session, key, batch.id, identifier)
    wait(session, batch, str(before.unit.first), -1)
    wait(session, batch, str(content.unit.first), 1)
    spool.replace_sheet(session, key, batch.id, identifier, content)


def wait(session: Session, batch: PaperBatch, unit: str, n: int) -> None:
    """Note that `n` more sheets of a unit lie in the spool; fewer when negative."""
    add_waiting(session, batch.campaign_id, unit, n)
    # A dictionary of its own: a change inside the old one would not be written.
    left = Counter(batch.waiting)
    left[unit] += n
    batch.waiting = {unit: n_left for unit, n_left in left.items() if n_left}


def finish_entry(
    session: Session, keys: KeyStore, batch_id: UUID, *, counted: int, by: Actor, today: date
) -> BatchState:
    """End the first entry: the total must agree, then the second entry is drawn by lot.

    Parameters
    ----------
    counted : int
        Forms in the stack, counted again; the one figure that is believed.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_state(batch.state, BatchState.ENTERING)
    check_is_first(batch, by)
    key = spool.batch_key(keys, batch, today=today)
    if counted != batch.n_sheets + batch.n_aside or counted < 1:
        raise TotalsDisagree(
            "paper_entry.totals_disagree",
            "You count {counted} forms, and {entered} were entered or laid aside. Look which form "
            "was left out or entered twice. Enter what is missing; if one was entered twice, "
            "start the stack again from the paper. Everything entered so far is kept.",
            counted=counted,
            entered=batch.n_sheets + batch.n_aside,
        )
    campaign = lock_campaign(session, batch.campaign_id)
    is_last = _is_last(campaign, batch.unit)
    # Without those laid aside: what is left of the stack may not be a few forms either.
    rules.check_counted(batch.n_sheets, campaign.min_group, is_last=is_last)
    batch.counted = counted
    sheets = spool.read_sheets(session, key, batch.id)
    n_left = sum(sheet.typed == 0 for sheet in sheets.values())
    if n_left:
        raise TotalsDisagree(
            "paper_entry.left_to_type",
            "{n} forms of this stack could not be read from the scan and are still to be typed. "
            "Type them first; then finish.",
            n=n_left,
        )
    if batch.way is Way.KEYED:
        _draw_second_entry(session, key, batch, sheets)
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch.state


def move_on(batch: PaperBatch, sheets: Sequence[SheetContent]) -> None:
    """Set the next state of a batch by what its sheets say."""
    counts = quality.compare(sheets)
    batch.fields_checked, batch.fields_differing = counts.checked, counts.differing
    batch.first_wrong, batch.second_wrong = counts.first_wrong, counts.second_wrong
    batch.identifiers_wrong = counts.identifiers_wrong
    batch.n_sheets_checked = sum(sheet.checked for sheet in sheets)
    to = _next_state(batch, sheets, counts)
    if to is not batch.state:
        rules.check_transition(batch.state, to)
        batch.state = to


def empty_batch(session: Session, batch: PaperBatch) -> None:
    """Delete what lies in the spool, and let nothing wait any more."""
    spool.empty_spool(session, batch.id)
    lock_campaign(session, batch.campaign_id)  # as everybody who changes places of several units
    for unit, n in list(batch.waiting.items()):
        wait(session, batch, unit, -n)


def record_end(session: Session, batch: PaperBatch, action: str, *, by: UUID | None) -> None:
    """Record how a stack ended: one entry for all of it, none for a form.

    How many forms it had is not told: while people answer, whoever reads the record sees rounded
    counts only.
    """
    record(
        session,
        action,
        by=by,
        subject=f"paper_batch:{batch.id}",
        facts={"campaign": str(batch.campaign_id), "surplus": batch.n_surplus},
    )


def check_is_first(batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` unless it is this person's first entry."""
    check_reads_forms(by)
    if batch.first_by != by.person_id:
        raise SamePerson(
            "paper_entry.other_started",
            "Somebody else has started this stack, and one person does the whole first entry. "
            "Start a stack of your own, or wait for the second entry of this one.",
        )


def _draw_second_entry(
    session: Session, key: bytes, batch: PaperBatch, sheets: dict[bytes, SheetContent]
) -> None:
    before = session.scalar(
        select(func.coalesce(func.sum(PaperBatch.n_sheets), 0)).where(
            PaperBatch.first_by == batch.first_by, PaperBatch.state == BatchState.SEALED
        )
    )
    n_fields = max((sheet.n_closed for sheet in sheets.values()), default=1)
    drawn = quality.draw_checked(len(sheets), n_fields, before or 0, SystemRandom())
    # A form wrongly said to be blank is a whole person left out: somebody else looks at each.
    drawn |= {sheet.place for sheet in sheets.values() if sheet.is_blank}
    for identifier, sheet in sheets.items():
        if sheet.place in drawn:
            sheets[identifier] = replace(sheet, checked=True)
            spool.replace_sheet(session, key, batch.id, identifier, sheets[identifier])


def _next_state(
    batch: PaperBatch, sheets: Sequence[SheetContent], counts: quality.Comparison
) -> BatchState:
    if any(sheet.typed == 0 for sheet in sheets):
        in_doubt = any(sheet.open_fields for sheet in sheets if sheet.typed is None)
        return BatchState.DECIDING if in_doubt else BatchState.ENTERING
    is_whole = batch.state is BatchState.WHOLE
    if any(needs_second(sheet, is_whole) for sheet in sheets):
        return BatchState.WHOLE if is_whole else BatchState.CHECKING
    if any(sheet.open_fields for sheet in sheets):
        return BatchState.DECIDING
    if counts.is_above_limit and not all(_is_checked(sheet) for sheet in sheets):
        return BatchState.WHOLE
    return BatchState.READY


def needs_second(sheet: SheetContent, is_whole: bool) -> bool:
    """Whether the second entry of a sheet is missing; of all fields, or of unit and language.

    What was read of a scan is looked at where it is in doubt, and typed by nobody; what is left to
    typing waits for its first entry.
    """
    if not sheet.typed:
        return False
    return sheet.unit.second is None or (is_whole and not sheet.checked)


def _is_checked(sheet: SheetContent) -> bool:
    return sheet.checked or sheet.typed is None


def _check_content(campaign: Campaign, batch: PaperBatch, content: SheetContent) -> None:
    shape = campaign.sheet_shape
    if shape is None:
        raise RuntimeError("a campaign was launched without a box")
    fits = (
        content.unit.value in units_of(campaign, batch)
        and content.language.value == batch.language
        and list(content.backgrounds) == [key for key, _ in shape["backgrounds"]]
        and list(content.comments) == [key for key, _ in shape["open_questions"]]
    )
    if not fits:
        raise NotThisSheet(
            "paper_entry.not_of_stack",
            "This form is not one of this stack: it is of another unit, in another language, or "
            "of another survey. Lay it aside for its own stack. Nothing of it was saved.",
        )
    check_sheet(shape, campaign.languages, sheet_of(content))


def _check_places(session: Session, campaign: Campaign, plan: BatchPlan) -> None:
    """Refuse a stack that holds more forms than slips that were exchanged and are still open."""
    places = list_places(session, campaign.id)
    mine = _at_or_below(campaign, plan.unit)
    left = sum(row.left - row.waiting for unit, row in places.items() if unit in mine)
    if plan.counted > left:
        raise CannotOpenBatch(
            "paper_entry.more_than_places",
            "The stack holds more forms than slips of this unit that were exchanged and wait for "
            "their form. Look first whether slips still have to be exchanged, whether this stack "
            "was entered before, and whether the forms are of this unit. Nothing was saved.",
        )


def _check_is_another(session: Session, campaign_id: UUID, plan: BatchPlan) -> None:
    ended = (BatchState.EXPIRED, BatchState.DROPPED)
    asked = select(PaperBatch.id).where(
        PaperBatch.campaign_id == campaign_id,
        PaperBatch.unit == plan.unit,
        PaperBatch.state.not_in(ended),
    )
    if not plan.is_another and session.scalars(asked.limit(1)).first() is not None:
        raise CannotOpenBatch(
            "paper_entry.same_again",
            "A stack of this unit was entered before, or is being entered. If this is another "
            "stack, with other forms, tick that below and go on.",
        )


def _is_last(campaign: Campaign, unit: str) -> bool:
    return campaign.state is CampaignState.CLOSED and campaign.tree.key_of(unit) == ROOT


def _keys(campaign: Campaign) -> frozenset[str]:
    return frozenset(unit["key"] for unit in campaign.unit_tree or [])


def _at_or_below(campaign: Campaign, unit: str) -> frozenset[str]:
    tree = campaign.tree
    top = tree.key_of(unit)
    return frozenset(key for key in _keys(campaign) if tree.is_within(tree.key_of(key), top))
