"""Sessions: opened for one organisation, closed to every other."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, orm
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.exc import StaleDataError

from baken.storage.base import EditedMeanwhile, OrganisationOwned
from baken.storage.engine import BUSY_TIMEOUT_MS, make_engine
from baken.storage.errors import BakenError
from baken.storage.guard import (
    OutsideOrganisation,
    check_rows,
    check_statement,
)
from baken.storage.walls import enter


class DatabaseBusy(BakenError):
    """Somebody else holds the database for too long."""

    kind = "conflict"

    def __init__(self) -> None:
        super().__init__(
            "storage.busy",
            "The database is busy with something else. Nothing was saved; try again in a moment.",
        )


class Session(orm.Session):
    """A unit of work in one organisation, or outside all of them when `organisation_id` is None."""

    def __init__(
        self, bind: Engine, organisation_id: UUID | None, *, read_only: bool = False
    ) -> None:
        self._organisation_id = organisation_id
        self._read_only = read_only
        super().__init__(bind, expire_on_commit=False)

    @property
    def organisation_id(self) -> UUID | None:
        """For whom it was opened; it cannot walk over to somebody else."""
        return self._organisation_id

    @property
    def read_only(self) -> bool:
        return self._read_only

    def connection(self, *_args: Any, **_options: Any) -> Connection:
        """Refuse: what goes over the bare connection passes no check."""
        raise OutsideOrganisation("Execute statements through the session.")

    def bulk_save_objects(self, *_args: Any, **_options: Any) -> None:
        """Refuse: what is saved in bulk passes no check."""
        raise OutsideOrganisation("Add rows one by one, or execute an insert.")

    def bulk_insert_mappings(self, *_args: Any, **_options: Any) -> None:
        """Refuse: what is saved in bulk passes no check."""
        raise OutsideOrganisation("Add rows one by one, or execute an insert.")

    def bulk_update_mappings(self, *_args: Any, **_options: Any) -> None:
        """Refuse: what is saved in bulk passes no check."""
        raise OutsideOrganisation("Change rows one by one, or execute an update.")


class Database:
    """One database: hands out sessions.

    Parameters
    ----------
    url : str
        ``sqlite:////path/baken.sqlite`` or ``postgresql+psycopg://...``.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._reading = self.engine.execution_options(read_only=True)
        # SQLite shows one moment to every reader; PostgreSQL has to be asked.
        isolated = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._still = self._reading.execution_options(**isolated)
        # One writer at a time inside this process: a lock is fair, SQLite's polling is not.
        self._writing = threading.Lock()

    def session(self, organisation_id: UUID | None) -> AbstractContextManager[Session]:
        """Open a session that writes: committed at the end, rolled back when anything raises."""
        return self._open(organisation_id, read_only=False)

    def read(self, organisation_id: UUID | None) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return self._open(organisation_id, read_only=True)

    def snapshot(self, organisation_id: UUID | None) -> AbstractContextManager[Session]:
        """Open a session that only reads, and sees one moment however long it does."""
        return self._open(organisation_id, read_only=True, bind=self._still)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Take the turn of writer on SQLite; PostgreSQL sorts writers out by itself."""
        if not self.is_sqlite:
            yield
            return
        if not self._writing.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise DatabaseBusy
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def transaction(
        self, organisation_id: UUID | None, *, read_only: bool = False
    ) -> Iterator[Connection]:
        """Open a transaction without a session, for the few who write statements of their own.

        Only the second wall stands here: whoever uses it says in every statement what it is about.
        """
        turn = nullcontext() if read_only else self.writing()
        bind = self._reading if read_only else self.engine
        with turn, bind.begin() as connection:
            enter(connection, organisation_id)
            yield connection

    @contextmanager
    def _open(
        self, organisation_id: UUID | None, *, read_only: bool, bind: Engine | None = None
    ) -> Iterator[Session]:
        turn = nullcontext() if read_only else self.writing()
        bound = bind or (self._reading if read_only else self.engine)
        with turn, Session(bound, organisation_id, read_only=read_only) as session:
            try:
                yield session
                session.commit()
            except StaleDataError as error:
                session.rollback()
                raise EditedMeanwhile(
                    "storage.edited_meanwhile",
                    "Somebody else changed this in the meantime. Your text is still below; "
                    "look at the new version first, then save again.",
                ) from error
            except OperationalError as error:
                session.rollback()
                if _is_lock(error):
                    raise DatabaseBusy from error
                raise

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _is_lock(error: OperationalError) -> bool:
    text = str(error.orig)
    return any(said in text for said in ("database is locked", "lock timeout", "statement timeout"))


@event.listens_for(Session, "after_begin")
def _enter_organisation(session: Session, _transaction: Any, connection: Connection) -> None:
    enter(connection, session.organisation_id)


@event.listens_for(Session, "do_orm_execute")
def _keep_to_one_organisation(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, Session):
        raise TypeError("Baken's sessions come from Database.session().")
    check_statement(state, session.organisation_id, read_only=session.read_only)


@event.listens_for(Session, "before_flush")
def _check_flushed(session: Session, _context: Any, _instances: Any) -> None:
    check_rows(session, session.organisation_id, read_only=session.read_only)


@event.listens_for(Session, "loaded_as_persistent")
def _check_loaded(session: Session, row: Any) -> None:
    if isinstance(row, OrganisationOwned) and row.organisation_id != session.organisation_id:
        raise OutsideOrganisation("A row of another organisation cannot be read here.")
