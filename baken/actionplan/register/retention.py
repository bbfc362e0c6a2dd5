"""The end of entries: after their term the key goes first, then the row, night after night.

Without its key an entry opens nowhere, in old backups of the database neither, once the copies of
the key store have expired. Cut off anywhere, the next night goes on: a row whose key is gone is
still due.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from baken.actionplan.register import sealing
from baken.actionplan.register.models import Entry, EntryAttachment, EntryIdentity, EntryText
from baken.actionplan.register.rules import EntryState
from baken.organisation.removals.holds import is_held
from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.storage.session import Database, Session


def gone_on(deleted_on: date) -> date:
    """Return the day from which no copy that Baken makes can be read any more."""
    return deleted_on + timedelta(days=COPIES_EXPIRE_AFTER_DAYS)


def list_due(session: Session, *, today: date) -> list[UUID]:
    """Return the entries whose term is over and on which nothing is held; they stay locked."""
    if is_held(session):
        return []
    asked = select(Entry.id).where(
        Entry.purge_on <= today, Entry.held_on.is_(None), Entry.state != EntryState.DELETED
    )
    return list(session.scalars(asked.order_by(Entry.purge_on, Entry.id).with_for_update()))


def days_due(session: Session) -> list[tuple[bool, date]]:
    """Return the day on which each entry goes that nobody holds, and whether it was refused."""
    asked = select(Entry.state, Entry.purge_on).where(
        Entry.held_on.is_(None), Entry.state != EntryState.DELETED
    )
    rows = session.execute(asked.order_by(Entry.purge_on))
    return [(row.state is EntryState.REFUSED, row.purge_on) for row in rows]


def delete_due(
    database: Database, keys: KeyStore, *, organisation_id: UUID, today: date, now: datetime
) -> int:
    """Delete what is due: all keys at once, then row after row; return how many entries."""
    with database.session(organisation_id) as session:
        due = list_due(session, today=today)
        if due:  # they are locked: whoever wants to hold one now finds its key gone, and hears it
            names = [name(one) for one in due for name in (sealing.key_name, sealing.identity_name)]
            keys.destroy(organisation_id, sealing.PURPOSE, *names)
    crash_point("register.keys_destroyed")
    for entry_id in due:
        with database.session(organisation_id) as session:
            _delete(session, entry_id, today=today, now=now)
        crash_point("register.entry_deleted")
    return len(due)


def _delete(session: Session, entry_id: UUID, *, today: date, now: datetime) -> None:
    """Empty an entry; a numbered one leaves its number, so that none is missing."""
    entry = session.get(Entry, entry_id, with_for_update=True, populate_existing=True)
    if entry is None or entry.state is EntryState.DELETED:
        return
    facts = {"recorded_on": entry.recorded_on.isoformat(), "term": entry.purge_on.isoformat()}
    for table in (EntryText, EntryAttachment, EntryIdentity):
        session.execute(delete(table).where(table.entry_id == entry_id))
    if entry.number is None:
        session.delete(entry)
    else:
        entry.state, entry.deleted_on = EntryState.DELETED, today
        entry.nature = entry.mark = None
        entry.n_texts = 0
    session.flush()
    subject = f"entry:{entry_id}"
    record(session, "register.deleted", by=None, subject=subject, facts=facts, at=now)
