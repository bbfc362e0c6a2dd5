"""The list of entries: numbers, days and states, never a word of what they say."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.register.access import check_right, rights_of
from baken.actionplan.register.emergency import (
    check_may_read,
    reads_in_emergency,
    rights_now,
)
from baken.actionplan.register.entries import get_entry
from baken.actionplan.register.errors import NotYours
from baken.actionplan.register.lists import Right
from baken.actionplan.register.models import Entry
from baken.actionplan.register.rules import WARN_BEFORE, EntryState
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry in a list."""

    id: UUID
    version: int
    state: EntryState
    number: int | None
    recorded_on: date
    purge_on: date
    nature: str
    n_texts: int
    held_on: date | None
    review_on: date | None
    refused_on: date | None
    deleted_on: date | None

    @classmethod
    def of(cls, entry: Entry) -> "EntryRow":
        """Copy what stands in clear."""
        return cls(
            id=entry.id,
            version=entry.version,
            state=EntryState(entry.state),
            number=entry.number,
            recorded_on=entry.recorded_on,
            purge_on=entry.purge_on,
            nature=entry.nature or "",
            n_texts=entry.n_texts,
            held_on=entry.held_on,
            review_on=entry.review_on,
            refused_on=entry.refused_on,
            deleted_on=entry.deleted_on,
        )

    def is_ending(self, today: date) -> bool:
        """Whether the night in which it is deleted comes within a month."""
        return self.deleted_on is None and self.purge_on - WARN_BEFORE <= today


def list_rows(session: Session, *, by: Actor, now: datetime) -> list[EntryRow]:
    """Return the entries that this person may read: numbered ones, the newest first.

    The keeper has those that wait before them, and those that were refused after them.
    """
    require(by, Action.READ_REGISTER)
    register = get_register(session)
    is_emergency = reads_in_emergency(session, by, now=now)
    if not is_emergency:
        check_right(register, by, Right.READ)
    asked = select(Entry).order_by(Entry.number.desc().nulls_last(), Entry.recorded_on, Entry.id)
    if Right.CHANGE not in rights_of(register, by) and not is_emergency:
        asked = asked.where(Entry.number.is_not(None))
    rows = [EntryRow.of(entry) for entry in session.scalars(asked)]
    order = {EntryState.WAITING: 0, EntryState.REFUSED: 2}
    return sorted(rows, key=lambda row: order.get(row.state, 1))


def get_row(session: Session, entry_id: UUID, *, by: Actor, now: datetime) -> EntryRow:
    """Return what stands in the list about one entry."""
    require(by, Action.READ_REGISTER)
    register = get_register(session)
    if Right.READ not in rights_now(session, register, by, now=now):
        raise NotYours
    entry = get_entry(session, entry_id)
    check_may_read(session, register, by, entry, now=now)
    return EntryRow.of(entry)
