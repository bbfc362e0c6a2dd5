"""First entry: forms of a stack typed one after the other, each once.

A form of a scanned stack that could not be read is typed inside that stack, and always by two.

The stack stays in its order: each form that was entered goes face down onto a pile, and the pile,
turned over, is the stack again. So the second entry finds its form by the place in the stack. The
place stands inside the encrypted sheet and dies with it. Nothing shows a form that was entered.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import check_is_first, check_places, lock_batch
from baken.survey.paper.content import Reading, SheetContent
from baken.survey.paper.errors import TotalsDisagree
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.typed import Turn, Typed, count_typed, which_sheet
from baken.survey.paper.waiting_sheets import add_sheet, put_in_place


def next_first(
    session: Session, keys: KeyStore, batch: PaperBatch, *, by: Actor, today: date
) -> Turn:
    """Return the place of the form that is typed next; `SpoolGone` when it could not be kept."""
    require(by, Action.KEY_SHEETS)
    key = spool.batch_key(keys, batch, today=today)
    rules.check_state(batch.state, BatchState.ENTERING)
    check_is_first(session, batch, by)
    if batch.way is Way.KEYED:
        return Turn(batch.n_sheets + 1, batch.counted)
    sheets = spool.read_sheets(session, key, batch.id).values()
    left = next((sheet.place for sheet in sheets if sheet.typed == 0), None)
    place = left or batch.n_sheets + 1
    return Turn(place, batch.counted, number=count_typed(sheets) + 1, is_left=left is not None)


def key_sheet(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    place: int,
    typed: Typed,
    *,
    by: Actor,
    today: date,
) -> PaperBatch:
    """Keep a form that was typed first; the same place sent again is kept once.

    Raises
    ------
    SpoolGone
        The day is over or the stack was sealed or given up.
    NotThisSheet
        The form is of another unit or language than the stack, or a scan came in between.
    TotalsDisagree
        More forms than were counted.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    key = spool.batch_key(keys, batch, today=today)
    check_is_first(session, batch, by)
    sheets: Mapping[bytes, SheetContent] = {}
    if batch.way is Way.SCANNED:
        sheets = spool.read_sheets(session, key, batch.id)
    n_typed = count_typed(sheets.values()) if sheets else batch.n_sheets
    form = replace(_first(place, typed), typed=n_typed + 1, checked=batch.way is Way.SCANNED)
    left = [one for one, sheet in sheets.items() if sheet.typed == 0 and sheet.place == place]
    if left:
        rules.check_state(batch.state, BatchState.ENTERING)
        put_in_place(session, key, batch, left[0], form)
        return batch
    if any(sheet.place == place and sheet.typed is None for sheet in sheets.values()):
        raise which_sheet()  # a scan took this place while the form was typed: it was not kept
    if place <= batch.n_sheets:
        return batch  # the answer to an earlier try was lost on its way
    rules.check_state(batch.state, BatchState.ENTERING)
    if batch.n_sheets + batch.n_aside >= batch.counted:
        raise TotalsDisagree(
            "paper_entry.more_than_counted",
            "As many forms were entered as were counted beforehand: {counted}. What you typed is "
            "still on the page. If this form belongs to the stack, count the whole stack again "
            "and correct the number; if not, lay the form aside.",
            counted=batch.counted,
        )
    add_sheet(session, key, batch, replace(form, place=batch.n_sheets + 1))
    return batch


def correct_count(session: Session, batch_id: UUID, counted: int, *, by: Actor) -> PaperBatch:
    """Note that the stack was counted again while it is entered, and holds more forms."""
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_state(batch.state, BatchState.ENTERING)
    check_is_first(session, batch, by)
    if counted < batch.n_sheets + batch.n_aside:
        raise TotalsDisagree(
            "paper_entry.count_below_entered",
            "{entered} forms were entered or laid aside already, so the stack cannot hold fewer. "
            "Count again; if a form was entered twice, start the stack again from the paper.",
            entered=batch.n_sheets + batch.n_aside,
        )
    # Of its own forms, those entered wait for a place already, and those laid aside need none here.
    known = batch.n_sheets + batch.n_aside
    check_places(session, get_campaign(session, batch.campaign_id), batch.unit, counted - known)
    batch.counted = counted
    session.flush()
    return batch


def lay_aside(session: Session, batch_id: UUID, *, seen: int, by: Actor) -> PaperBatch:
    """Note that a form of another unit or language lay in the stack and was taken out.

    `seen` is how many were laid aside before, as the page says: sent again it is noted once.
    """
    require(by, Action.KEY_SHEETS)
    batch = lock_batch(session, batch_id)
    rules.check_state(batch.state, BatchState.ENTERING)
    check_is_first(session, batch, by)
    if seen < batch.n_aside:
        return batch  # the answer to an earlier try was lost on its way
    if batch.n_sheets + batch.n_aside >= batch.counted:
        raise TotalsDisagree(
            "paper_entry.none_left_to_lay_aside",
            "All forms that were counted were entered or laid aside. Count the stack again.",
        )
    batch.n_aside += 1
    session.flush()
    return batch


def _first(place: int, typed: Typed) -> SheetContent:
    def readings(values: Mapping[str, int] | Mapping[str, str]) -> dict[str, Reading]:
        return {key: Reading(None if typed.is_blank else one) for key, one in values.items()}

    return SheetContent(
        place=place,
        unit=Reading(typed.unit),
        language=Reading(typed.language),
        answers=readings(typed.answers),
        backgrounds=readings(typed.backgrounds),
        comments=readings(typed.comments),
        blank=Reading(int(typed.is_blank)),
    )
