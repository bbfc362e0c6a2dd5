"""Sessions: opened for one organisation, closed to every other."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from uuid import UUID

from sqlalchemy import Alias, Column, ColumnClause, Select, TableClause, TextClause, event, orm
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.schema import Table

from baken.storage.base import Base, EditedMeanwhile, OrganisationOwned
from baken.storage.engine import BUSY_TIMEOUT_MS, make_engine
from baken.storage.errors import BakenError


class OutsideOrganisation(Exception):
    """Code tried to reach data of an organisation for which its session was not opened.

    Not a `BakenError`: no user can cause or mend it, it is a fault in Baken.
    """


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

    organisation_id: UUID | None = None
    read_only: bool = False

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
        # One writer at a time inside this process: a lock is fair, SQLite's polling is not.
        self._writing = threading.Lock()

    def session(self, organisation_id: UUID | None) -> AbstractContextManager[Session]:
        """Open a session that writes: committed at the end, rolled back when anything raises."""
        return self._open(organisation_id, read_only=False)

    def read(self, organisation_id: UUID | None) -> AbstractContextManager[Session]:
        """Open a session that only reads."""
        return self._open(organisation_id, read_only=True)

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
    def _open(self, organisation_id: UUID | None, *, read_only: bool) -> Iterator[Session]:
        turn = nullcontext() if read_only else self.writing()
        bind = self._reading if read_only else self.engine
        with turn, Session(bind, expire_on_commit=False) as session:
            session.organisation_id = organisation_id
            session.read_only = read_only
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
    return "database is locked" in text or "lock timeout" in text


def owned_tables() -> set[Table]:
    """Every table that holds data of one organisation."""
    found: set[Table] = set()
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OrganisationOwned) and isinstance(mapper.local_table, Table):
            found.add(mapper.local_table)
    return found


@event.listens_for(Session, "do_orm_execute")
def _keep_to_one_organisation(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, Session):
        raise TypeError("Baken's sessions come from Database.session().")
    if session.read_only and not state.is_select:
        raise OutsideOrganisation("This session only reads.")
    statement: Any = state.statement
    if any(map(_is_raw, visitors.iterate(statement))):
        raise OutsideOrganisation("Raw SQL belongs in migrations; a session cannot check it.")
    if not _names_owned_table(state):
        return
    organisation_id = session.organisation_id
    if organisation_id is None:
        raise OutsideOrganisation("This session was opened for no organisation.")
    if state.is_insert:
        _check_inserted(state, organisation_id)
        return
    if state.is_update and state.is_executemany:
        raise OutsideOrganisation("Rows that are updated by their identifiers cannot be filtered.")
    state.statement = state.statement.options(
        with_loader_criteria(
            OrganisationOwned,
            lambda model: model.organisation_id == organisation_id,
            include_aliases=True,
        )
    )


def _names_owned_table(state: ORMExecuteState) -> bool:
    """Whether the statement reads or changes a table of an organisation.

    Only models can be filtered: a table that is reached without its model is refused.
    """
    statement: Any = state.statement
    owned = {table.key for table in owned_tables()}
    elements = list(visitors.iterate(statement))
    named = {key for element in elements if (key := _table_key(element)) in owned}
    if not named:
        return False
    modelled = {_table_key(element) for element in elements if _has_model(element)}
    if not state.is_orm_statement or not named <= modelled or any(map(_selects_bare, elements)):
        raise OutsideOrganisation(f"Ask for the model, not for its table: {sorted(named)}")
    return True


def _is_raw(element: Any) -> bool:
    """Whether something stands in the statement as text, or under a name without its table."""
    if isinstance(element, ColumnClause) and element.is_literal:
        return element.name != "*"  # what `count()` counts
    if isinstance(element, TableClause):
        return not isinstance(element, Table)
    return isinstance(element, TextClause)


def _table_key(element: Any) -> str | None:
    table = element.table if isinstance(element, Column) else element
    table = table.element if isinstance(table, Alias) else table
    return table.key if isinstance(table, Table) else None


def _has_model(element: Any) -> bool:
    return "parententity" in getattr(element, "_annotations", {})


def _selects_bare(element: Any) -> bool:
    """Whether a select lists columns, or names a source, without its model."""
    if not isinstance(element, Select):
        return False
    places = (*element._raw_columns, *element._from_obj)  # noqa: SLF001 - nothing public tells
    return any(isinstance(place, Column | Table) and not _has_model(place) for place in places)


def _check_inserted(state: ORMExecuteState, organisation_id: UUID) -> None:
    parameters: Any = state.parameters
    rows = [parameters] if isinstance(parameters, dict) else list(parameters or [])
    if not rows or any(row.get("organisation_id") != organisation_id for row in rows):
        raise OutsideOrganisation("Every inserted row names the organisation of its session.")


@event.listens_for(Session, "before_flush")
def _check_flushed(session: Session, _context: Any, _instances: Any) -> None:
    if session.read_only and (session.new or session.dirty or session.deleted):
        raise OutsideOrganisation("This session only reads.")
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OrganisationOwned):
            continue
        if session.organisation_id is None:
            raise OutsideOrganisation("This session was opened for no organisation.")
        if row.organisation_id is None:
            row.organisation_id = session.organisation_id
        if row.organisation_id != session.organisation_id:
            raise OutsideOrganisation("A row of another organisation cannot be written here.")


@event.listens_for(Session, "loaded_as_persistent")
def _check_loaded(session: Session, row: Any) -> None:
    if isinstance(row, OrganisationOwned) and row.organisation_id != session.organisation_id:
        raise OutsideOrganisation("A row of another organisation cannot be read here.")
