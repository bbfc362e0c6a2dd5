"""From the first entry of a stack to the moment when it can be sealed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import SystemRandom
from uuid import UUID

from sqlalchemy import func, select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.paper import quality, rules, spool
from baken.survey.paper.batches import check_is_first, is_last, lock_batch
from baken.survey.paper.content import SheetContent
from baken.survey.paper.errors import TotalsDisagree
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState, Way


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
    check_is_first(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    if counted != batch.n_sheets + batch.n_aside or counted < 1:
        raise TotalsDisagree(
            "paper_entry.totals_disagree",
            "You count {counted} forms, and {entered} were entered or laid aside. Look which form "
            "was left out or entered twice. If the stack has more, choose ‘Correct the number’ and "
            "enter what is missing; if one was entered twice, start the stack again from the "
            "paper. Everything entered so far is kept.",
            counted=counted,
            entered=batch.n_sheets + batch.n_aside,
        )
    campaign = lock_campaign(session, batch.campaign_id)
    # Without those laid aside: what is left of the stack may not be a few forms either.
    rules.check_counted(batch.n_sheets, campaign.min_group, is_last=is_last(campaign, batch.unit))
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


def needs_second(sheet: SheetContent, is_whole: bool) -> bool:
    """Whether the second entry of a sheet is missing; of all fields, or of unit and language.

    What was read of a scan is looked at where it is in doubt, and typed by nobody; what is left to
    typing waits for its first entry.
    """
    if not sheet.typed:
        return False
    return sheet.unit.second is None or (is_whole and not sheet.checked)


def typed_before(session: Session, person_id: UUID) -> int:
    """How many forms somebody typed in stacks that were sealed; scanning makes nobody a typist."""
    asked = select(func.coalesce(func.sum(PaperBatch.n_sheets), 0)).where(
        PaperBatch.first_by == person_id,
        PaperBatch.state == BatchState.SEALED,
        PaperBatch.way == Way.KEYED,
    )
    return session.scalar(asked) or 0


def _draw_second_entry(
    session: Session, key: bytes, batch: PaperBatch, sheets: dict[bytes, SheetContent]
) -> None:
    before = typed_before(session, batch.first_by)
    n_fields = max((sheet.n_closed for sheet in sheets.values()), default=1)
    drawn = quality.draw_checked(len(sheets), n_fields, before, SystemRandom())
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


def _is_checked(sheet: SheetContent) -> bool:
    return sheet.checked or sheet.typed is None
