"""Keying: forms of a stack typed one after the other, then some of them by somebody else, blind.

A form of a scanned stack that could not be read is typed inside that stack, and always by two.

The stack stays in its order: each form that was entered goes face down onto a pile, and the pile,
turned over, is the stack again. So the second entry finds its form by the place in the stack. The
place stands inside the encrypted sheet and dies with it. Nothing shows a form that was entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import (
    add_sheet,
    check_is_first,
    lock_batch,
    move_on,
    needs_second,
    put_in_place,
    units_of,
)
from baken.survey.paper.content import LANGUAGE, UNIT, UNTYPED, Reading, SheetContent
from baken.survey.paper.errors import NotThisSheet, SamePerson, TotalsDisagree, WrongMoment
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.roles import check_reads_forms
from baken.survey.paper.rules import BatchState, Way


@dataclass(frozen=True, slots=True)
class Typed:
    """One form as somebody typed it; fields in the order of the questionnaire.

    Attributes
    ----------
    unit, language
        Key of the frozen unit and language, as the form says.
    answers, backgrounds, comments
        Comments are typed once, so that a second entry has none. Of a blank form the fields are
        there and their values stand for nothing.
    """

    unit: str
    language: str
    answers: Mapping[str, int] = field(default_factory=dict)
    backgrounds: Mapping[str, int] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Which form is next: its place in the stack from 1, how many there are, and what is asked.

    `number`: which form of the typed pile it is; 0: the stack is that pile. `is_left`: whether a
    scan of it could not be read.
    """

    place: int
    n_sheets: int
    is_whole: bool = True  # False: unit and language only
    number: int = 0
    is_left: bool = False


def next_first(
    session: Session, keys: KeyStore, batch: PaperBatch, *, by: Actor, today: date
) -> Turn:
    """Return the place of the form that is typed next; `SpoolGone` when it could not be kept."""
    require(by, Action.KEY_SHEETS)
    key = spool.batch_key(keys, batch, today=today)
    rules.check_state(batch.state, BatchState.ENTERING)
    check_is_first(batch, by)
    if batch.way is Way.KEYED:
        return Turn(batch.n_sheets + 1, batch.counted)
    sheets = spool.read_sheets(session, key, batch.id).values()
    left = next((sheet.place for sheet in sheets if sheet.typed == 0), None)
    place = left or batch.n_sheets + 1
    return Turn(place, batch.counted, number=_n_typed(sheets) + 1, is_left=left is not None)


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
    check_is_first(batch, by)
    sheets: Mapping[bytes, SheetContent] = {}
    if batch.way is Way.SCANNED:
        sheets = spool.read_sheets(session, key, batch.id)
    n_typed = _n_typed(sheets.values()) if sheets else batch.n_sheets
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
    check_is_first(batch, by)
    if counted < batch.n_sheets + batch.n_aside:
        raise TotalsDisagree(
            "paper_entry.count_below_entered",
            "{entered} forms were entered or laid aside already, so the stack cannot hold fewer. "
            "Count again; if a form was entered twice, start the stack again from the paper.",
            entered=batch.n_sheets + batch.n_aside,
        )
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
    check_is_first(batch, by)
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


def next_second(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> Turn:
    """Return which form is typed a second time now; nothing of its first entry."""
    require(by, Action.CHECK_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    rules.check_state(batch.state, *rules.SECOND_ENTRY)
    check_is_second(batch, by)
    key = spool.batch_key(keys, batch, today=today)
    is_whole = batch.state is BatchState.WHOLE
    sheets = spool.read_sheets(session, key, batch_id).values()
    n_sheets, is_pile = batch.n_sheets, batch.way is Way.SCANNED
    if is_pile:
        n_sheets = _n_typed(sheets)
    for sheet in sorted(sheets, key=lambda one: one.typed or 0):
        if needs_second(sheet, is_whole):
            number = sheet.typed or 0
            whole = is_whole or sheet.checked
            return Turn(sheet.place, n_sheets, whole, number if is_pile else 0)
    raise NotThisSheet(
        "paper_entry.nothing_to_check", "Every form of this stack was entered a second time."
    )


def key_second(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    place: int,
    typed: Typed,
    *,
    by: Actor,
    today: date,
) -> PaperBatch:
    """Keep the second entry of a form, by somebody else; the same place sent again changes nothing.

    After the last one the stack moves on: to decisions, or ready for its envelopes.
    """
    require(by, Action.CHECK_SHEETS)
    batch = lock_batch(session, batch_id)
    check_is_second(batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    found = [(one, sheet) for one, sheet in sheets.items() if sheet.place == place]
    is_whole = batch.state is BatchState.WHOLE
    if (
        batch.state not in rules.SECOND_ENTRY
        or not found
        or not needs_second(found[0][1], is_whole)
    ):
        return batch  # the answer to an earlier try was lost on its way
    identifier, sheet = found[0]
    is_full = is_whole or sheet.checked
    if is_full and not typed.is_blank and typed.answers.keys() != sheet.answers.keys():
        raise WrongMoment  # a page of before, on which unit and language alone were asked
    batch.second_by = by.person_id
    sheets[identifier] = _second(sheet, typed, is_full=is_full)
    spool.replace_sheet(session, key, batch.id, identifier, sheets[identifier])
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch


def check_is_second(batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` unless this person may do the second entry of a stack."""
    check_reads_forms(by)
    if by.person_id == batch.first_by:
        raise SamePerson(
            "paper_entry.same_person",
            "You entered this stack yourself. The second entry is for somebody else, who has not "
            "seen what you typed.",
        )
    if batch.second_by not in {None, by.person_id}:
        raise SamePerson(
            "paper_entry.other_checks",
            "Somebody else does the second entry of this stack. One person does all of it.",
        )
    if batch.decided_by == by.person_id:
        raise SamePerson(
            "paper_entry.decider_checks",
            "You have seen values of the first entry while you decided. The second entry is for "
            "somebody else.",
        )


def check_belongs(session: Session, batch: PaperBatch, typed: Typed) -> None:
    """Raise `NotThisSheet` when a form says another unit or language than its stack."""
    campaign = get_campaign(session, batch.campaign_id)
    if typed.unit not in units_of(campaign, batch) or typed.language != batch.language:
        raise NotThisSheet(
            "paper_entry.not_of_stack",
            "This form is not one of this stack: it is of another unit, in another language, or "
            "of another survey. Lay it aside for its own stack. Nothing of it was saved.",
        )


def which_sheet() -> NotThisSheet:
    """What to say where a form came whose place in the stack is not clear."""
    return NotThisSheet(
        "paper_entry.which_sheet",
        "It is not clear which form of the stack this is. Nothing was saved; load the page of the "
        "stack again and go on from there.",
    )


def _n_typed(sheets: Iterable[SheetContent]) -> int:
    return sum(bool(sheet.typed) for sheet in sheets)


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


def _second(sheet: SheetContent, typed: Typed, *, is_full: bool) -> SheetContent:
    entered: dict[tuple[str, str], int | str] = {}
    if sheet.unit.second is None:  # else asked again for the fields alone
        entered = {("sheet", UNIT): typed.unit, ("sheet", LANGUAGE): typed.language}
    if is_full:
        entered["sheet", "blank"] = int(typed.is_blank)
    if is_full and not typed.is_blank:
        entered |= {("answers", key): one for key, one in typed.answers.items()}
        entered |= {("backgrounds", key): one for key, one in typed.backgrounds.items()}
    known = sheet.readings
    changed = {name: replace(known[name], second=value) for name, value in entered.items()}
    if is_full and sheet.blank.first == 1 and not typed.is_blank:
        # Open questions are typed once, and whoever typed first saw none: whoever decides types.
        changed |= {
            ("comments", key): replace(one, doubt=UNTYPED) for key, one in sheet.comments.items()
        }
    return replace(sheet.with_readings(changed), checked=is_full)
