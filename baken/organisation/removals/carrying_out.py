"""Removing an organisation: keys first, then files and rows, table after table.

Each step is a transaction of its own and knows from the data what is left to do: killed at any
point it goes on. What stays is a row without a name, the record without its salts, and the
protocol.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.orm import Mapper, aliased

from baken.organisation.models import Organisation, Person
from baken.organisation.removals import rules
from baken.organisation.removals.accounts import delete_if_taskless, has_other_task
from baken.organisation.removals.actions import standing_removal
from baken.organisation.removals.errors import NoRemoval
from baken.organisation.removals.holds import count_holds
from baken.organisation.removals.models import Removal, RemovalProtocol
from baken.organisation.transfers.models import OrganisationExport
from baken.organisation.transfers.places import forget_file
from baken.storage.audit import AuditEntry, InstallationEntry, record, verify
from baken.storage.base import Base
from baken.storage.crash import crash_point
from baken.storage.guard import owned_tables
from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.storage.portability.tables import mapper_of
from baken.storage.retention import BACKUPS_KEPT_DAYS
from baken.storage.session import Database, Session

BATCH: Final = 500
# The record stays, the removal itself goes with the last step, people take their accounts along.
_APART: Final = frozenset({"audit_entry", "removal", "person"})
Check = Callable[[Session], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an organisation is removed from, and what has to be left alone meanwhile.

    `job_id` is the work that removes: its row, which holds identifiers only, goes on.
    """

    database: Database
    keys: KeyStore
    folder: Path
    organisation_id: UUID
    job_id: UUID | None = None

    def session(self) -> Any:
        return self.database.session(self.organisation_id)


def remove_organisation(
    ground: Ground, *, check: Check, now: datetime, today: date, progress: Progress
) -> None:
    """Remove everything of an organisation whose removal is due; once it is gone, do nothing."""
    if not _is_gone(ground):
        _start(ground, check=check, now=now, today=today)
        _destroy_keys_and_files(ground)
        crash_point("removal.keys_destroyed")
        _delete_rows(ground, progress)
        while not _finish(ground, now=now, today=today):
            _delete_rows(ground, progress)
        crash_point("removal.finished")
    # Made anew by whoever kept a fault of work that was under way: they open nothing that is left.
    ground.keys.destroy_all(ground.organisation_id)
    _tell_installation(ground, now=now)


def _is_gone(ground: Ground) -> bool:
    with ground.database.read(ground.organisation_id) as session:
        return session.get_one(Organisation, ground.organisation_id).removed_on is not None


def _get(session: Session) -> Removal:
    removal = session.scalars(standing_removal()).first()
    if removal is None:
        raise NoRemoval(
            "organisation.no_removal",
            "There is no removal that waits: it was called off, or has started.",
        )
    return removal


def _start(ground: Ground, *, check: Check, now: datetime, today: date) -> None:
    """From here on it cannot be called off; everything was asked once more."""
    with ground.session() as session:
        removal = _get(session)
        if removal.started_at is not None:
            return
        rules.check_may_start(removal, today)
        rules.check_not_held(count_holds(session))
        check(session)
        removal.started_at = now
        subject = f"removal:{removal.id}"
        record(session, "organisation.removal_started", by=None, subject=subject, at=now)


def _destroy_keys_and_files(ground: Ground) -> None:
    with ground.session() as session:
        removal = _get(session)
        removal.n_keys = max(removal.n_keys, len(ground.keys.names(ground.organisation_id)))
        exports = list(session.scalars(select(OrganisationExport.id)))
    ground.keys.destroy_all(ground.organisation_id)
    for export_id in exports:
        forget_file(ground.folder, ground.keys, export_id)


def _mappers() -> list[Mapper[Any]]:
    """Every table whose rows go, a table before those it points at."""
    inside = {table.name for table in owned_tables()} - _APART
    outside = {
        table.name
        for table in Base.metadata.sorted_tables
        if "organisation_id" in table.columns and table not in owned_tables()
    }
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    return [mapper_of(name) for name in names if name in inside | outside]


def _delete_rows(ground: Ground, progress: Progress) -> None:
    mappers = _mappers()
    for number, mapper in enumerate(mappers):
        progress(number, len(mappers) + 1)
        while _delete_batch(ground, mapper):
            crash_point(f"removal.batch_of_{mapper.local_table.description}")
    progress(len(mappers), len(mappers) + 1)
    while _delete_person(ground):
        crash_point("removal.person_deleted")


def _delete_batch(ground: Ground, mapper: Mapper[Any]) -> int:
    """Delete some rows and count them in the same transaction; return how many.

    Rows that no other row of their table points at come first.
    """
    model = mapper.class_
    identity = [getattr(model, mapper.get_property_by_column(c).key) for c in mapper.primary_key]
    mine = _mine(ground, model)
    with ground.session() as session:
        asked = select(*identity).where(mine, *_unpointed(mapper)).limit(BATCH)
        found = session.execute(asked).all()
        if found:
            rows = [tuple(row) for row in found]
            session.execute(delete(model).where(mine, tuple_(*identity).in_(rows)))
            _count(session, mapper.local_table.description, len(rows))
    return len(found)


def _unpointed(mapper: Mapper[Any]) -> list[Any]:
    model, other = mapper.class_, aliased(mapper.class_)
    pointers = [
        mapper.get_property_by_column(column).key
        for column in mapper.columns
        if any(key.column.table is mapper.local_table for key in column.foreign_keys)
    ]
    return [
        ~select(other.id).where(getattr(other, pointer) == model.id).exists()
        for pointer in pointers
    ]


def _mine(ground: Ground, model: Any) -> Any:
    """Which rows: a table outside the wall does not filter by itself."""
    mine = model.organisation_id == ground.organisation_id
    if model.__tablename__ == "job" and ground.job_id is not None:
        return mine & (model.id != ground.job_id)
    return mine


def _delete_person(ground: Ground) -> bool:
    """Delete one person, and the account when no other task hangs on it, in one transaction."""
    with ground.database.read(ground.organisation_id) as session:
        person = session.scalars(select(Person).limit(1)).first()
    if person is None:
        return False
    is_needed = person.account_id is None or has_other_task(
        ground.database, person.account_id, but=ground.organisation_id
    )
    with ground.session() as session:
        session.execute(delete(Person).where(Person.id == person.id))
        _count(session, "person", 1)
        if not is_needed and delete_if_taskless(session, person.account_id):
            _get(session).n_accounts += 1
    return True


def _count(session: Session, table: str, n_rows: int) -> None:
    removal = _get(session)
    removal.n_rows = {**removal.n_rows, table: removal.n_rows.get(table, 0) + n_rows}


def _rows_are_left(ground: Ground, session: Session) -> bool:
    for mapper in [*_mappers(), mapper_of("person")]:
        mine = _mine(ground, mapper.class_)
        if session.scalar(select(func.count()).select_from(mapper.class_).where(mine)):
            return True
    return False


def _finish(ground: Ground, *, now: datetime, today: date) -> bool:
    """Forget the name and the salts, close the record, write the protocol: one transaction.

    Every row that somebody writes points at that of the organisation: to lock it is to wait for
    all of them, and what they wrote is counted. False when something is left to delete.
    """
    with ground.session() as session:
        mine = select(Organisation).where(Organisation.id == ground.organisation_id)
        organisation = session.scalars(mine.with_for_update()).one()
        if _rows_are_left(ground, session):
            return False
        ground.keys.destroy_all(ground.organisation_id)
        removal = _get(session)
        organisation.name, organisation.removed_on = "", today
        session.execute(update(AuditEntry).where(AuditEntry.salt.is_not(None)).values(salt=None))
        record(
            session,
            "organisation.removed",
            by=None,
            subject=f"organisation:{ground.organisation_id}",
            at=now,
            facts={"rows": sum(removal.n_rows.values()), "keys": removal.n_keys},
        )
        session.add(_protocol(session, removal, now=now, today=today))
        session.delete(removal)
    return True


def _protocol(session: Session, removal: Removal, *, now: datetime, today: date) -> RemovalProtocol:
    if removal.confirmed_by is None or removal.confirmed_at is None or removal.started_at is None:
        raise ValueError("A removal that nobody confirmed has no protocol.")
    return RemovalProtocol(
        removed_id=removal.organisation_id,
        reason=removal.reason,
        asked_by=removal.asked_by,
        asked_at=removal.asked_at,
        confirmed_by=removal.confirmed_by,
        confirmed_at=removal.confirmed_at,
        started_at=removal.started_at,
        finished_at=now,
        n_rows=removal.n_rows,
        n_keys=removal.n_keys,
        n_accounts=removal.n_accounts,
        audit_head=verify(session).head,
        keys_gone_on=today + timedelta(days=COPIES_EXPIRE_AFTER_DAYS + 1),
        backups_gone_on=today + timedelta(days=BACKUPS_KEPT_DAYS + 1),
    )


def _tell_installation(ground: Ground, *, now: datetime) -> None:
    """Note it once in the record of the installation too."""
    action, subject = "organisation.removed", f"organisation:{ground.organisation_id}"
    with ground.database.session(None) as session:
        told = select(InstallationEntry.seq).where(
            InstallationEntry.action == action, InstallationEntry.subject == subject
        )
        if session.scalars(told.limit(1)).first() is None:
            record(session, action, by=None, subject=subject, at=now)
