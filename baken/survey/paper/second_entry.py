"""Second entry: some forms of a stack, or all, typed again by somebody else, blind."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from baken.organisation.humans import is_same_human
from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import lock_batch
from baken.survey.paper.content import LANGUAGE, UNIT, UNTYPED, SheetContent
from baken.survey.paper.errors import NotThisSheet, SamePerson, WrongMoment
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.progress import move_on, needs_second
from baken.survey.paper.roles import check_reads_forms
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.typed import Turn, Typed, count_typed


def next_second(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> Turn:
    """Return which form is typed a second time now; nothing of its first entry."""
    require(by, Action.CHECK_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    rules.check_state(batch.state, *rules.SECOND_ENTRY)
    check_is_second(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    is_whole = batch.state is BatchState.WHOLE
    sheets = spool.read_sheets(session, key, batch_id).values()
    n_sheets, is_pile = batch.n_sheets, batch.way is Way.SCANNED
    if is_pile:
        n_sheets = count_typed(sheets)
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
    check_is_second(session, batch, by)
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


def check_is_second(session: Session, batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` unless this person, under whichever log-in, may do the second entry."""
    check_reads_forms(session, by, today=batch.opened_on)
    if is_same_human(session, by.person_id, [batch.first_by]):
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
    if is_same_human(session, by.person_id, [batch.decided_by]):
        raise SamePerson(
            "paper_entry.decider_checks",
            "You have seen values of the first entry while you decided. The second entry is for "
            "somebody else.",
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
