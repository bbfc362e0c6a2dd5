"""An account lives as long as a task hangs on it."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from baken.organisation.models import Account, Organisation, Person
from baken.storage.audit import InstallationEntry
from baken.storage.base import Base
from baken.storage.guard import owned_tables
from baken.storage.portability.tables import mapper_of
from baken.storage.session import Database, Session


def has_other_task(database: Database, account_id: UUID, *, but: UUID) -> bool:
    """Whether the account belongs to an installer, or to a person in another organisation.

    Opens one session for each organisation: none sees two of them.
    """
    with database.read(None) as session:
        account = session.get(Account, account_id)
        others = list(session.scalars(select(Organisation.id).where(Organisation.id != but)))
    if account is None or account.is_installer:
        return True
    return any(_is_known_in(database, other, account_id) for other in others)


def delete_if_taskless(session: Session, account_id: UUID | None) -> bool:
    """Delete an account with all that belongs to it, and forget what the record says of it.

    Whoever gets a task elsewhere in this very moment stops it: the database refuses to delete an
    account that a person points at.
    """
    account = session.get(Account, account_id) if account_id else None
    if account is None:
        return False
    for name in _tables_of_accounts():
        model = mapper_of(name).class_
        mine = _points_at(model, account.id)
        for child, column in _children(name):
            session.execute(delete(child).where(column.in_(select(model.id).where(mine))))
        session.execute(delete(model).where(mine))
    forget_entries(session, account.id)
    session.execute(delete(Account).where(Account.id == account.id))
    return True


def forget_entries(session: Session, account_id: UUID) -> None:
    """Forget the salts of what the record of the installation keeps about an account."""
    session.execute(
        update(InstallationEntry)
        .where(
            InstallationEntry.subject == f"account:{account_id}",
            InstallationEntry.salt.is_not(None),
        )
        .values(salt=None)
    )


def _tables_of_accounts() -> list[str]:
    """Tables outside the wall that belong to an account, a table before those it points at."""
    owned = owned_tables()
    return [
        table.name
        for table in reversed(Base.metadata.sorted_tables)
        if table not in owned
        and any(key.column.table.name == "account" for key in table.foreign_keys)
    ]


def _children(name: str) -> list[tuple[Any, Any]]:
    """Models with a column that points at rows of the table."""
    found = []
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if any(key.column.table.name == name for key in column.foreign_keys):
                mapper = mapper_of(table.name)
                key = mapper.get_property_by_column(column).key
                found.append((mapper.class_, getattr(mapper.class_, key)))
    return found


def _points_at(model: Any, account_id: UUID) -> Any:
    mapper = mapper_of(model.__tablename__)
    pointers = [
        getattr(model, mapper.get_property_by_column(column).key) == account_id
        for column in mapper.columns
        if any(key.column.table.name == "account" for key in column.foreign_keys)
    ]
    found = pointers[0]
    for other in pointers[1:]:
        found |= other
    return found


def _is_known_in(database: Database, organisation_id: UUID, account_id: UUID) -> bool:
    with database.read(organisation_id) as session:
        asked = select(func.count()).select_from(Person).where(Person.account_id == account_id)
        return bool(session.scalar(asked))
