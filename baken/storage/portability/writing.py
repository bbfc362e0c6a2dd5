"""Writing an export into another installation: in one transaction, all of it or nothing."""

from collections.abc import Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from sqlalchemy import JSON, insert, update
from sqlalchemy.exc import DataError, IntegrityError

from baken.storage.audit import verify
from baken.storage.base import Editable
from baken.storage.portability.errors import AlreadyHere, damaged
from baken.storage.portability.packing import CHUNK_ROWS
from baken.storage.portability.reading import Parcel
from baken.storage.portability.tables import (
    AUDIT,
    ORGANISATION,
    going_in_order,
    mapper_of,
    travelling_columns,
)
from baken.storage.session import Session

Row = dict[str, Any]


def write_parcel(session: Session, parcel: Parcel) -> None:
    """Add everything in a checked parcel to the session's organisation, which it makes.

    The row of the organisation comes first: whoever imports the same one at the same moment waits
    for it, and is refused afterwards. A kill leaves no row. Keys do not travel: the key store is
    not touched, whatever the file says.
    """
    owner = parcel.manifest.organisation_id
    if session.organisation_id != owner:
        raise ValueError("The session is open for another organisation.")
    _add_organisation(session, parcel)
    try:
        for table in going_in_order():
            if table != ORGANISATION:
                _add_rows(session, table, parcel.rows(table), parcel.levels(table))
    except (IntegrityError, DataError) as error:
        raise damaged("the database refuses a row") from error
    head = parcel.manifest.audit_head
    verdict = verify(session, head=head)
    if verdict.first_bad is not None or verdict.head != head:
        raise damaged(f"{AUDIT} does not fit its head")


def is_here(session: Session, parcel: Parcel) -> bool:
    """Whether the organisation of a parcel exists on this installation, or did until removed."""
    model = mapper_of(ORGANISATION).class_
    return session.get(model, parcel.manifest.organisation_id) is not None


def already_here() -> AlreadyHere:
    """Return the refusal of an organisation that is here."""
    return AlreadyHere(
        "portability.already_here",
        "This organisation exists on this installation already, or was removed from it. Nothing "
        "was imported.",
    )


def _add_organisation(session: Session, parcel: Parcel) -> None:
    if is_here(session, parcel):
        raise already_here()
    model = mapper_of(ORGANISATION).class_
    for row in parcel.rows(ORGANISATION):
        session.add(model(**row))
    try:
        session.flush()
    except IntegrityError as error:
        raise already_here() from error


def _add_rows(session: Session, table: str, rows: Iterator[Row], levels: Mapping[Any, int]) -> None:
    # The wall in the database looks whether a row points inside: what it points at is there first.
    for level in _by_level(rows, levels) if levels else (rows,):
        while batch := list(islice(level, CHUNK_ROWS)):
            _insert(session, table, batch)


def _by_level(rows: Iterator[Row], levels: Mapping[Any, int]) -> Iterator[Iterator[Row]]:
    def level_of(row: Row) -> int:
        return levels[row["id"]]

    for _, found in groupby(sorted(rows, key=level_of), key=level_of):
        yield found


def _insert(session: Session, table: str, rows: list[Row]) -> None:
    model: Any = mapper_of(table).class_
    owner = {"organisation_id": session.organisation_id}
    values = [{**_without_null_json(table, row), **owner} for row in rows]
    session.execute(insert(model), values)
    if not issubclass(model, Editable):
        return
    # The library counts edits from one on for every row it inserts.
    edited = sorted({row["version"] for row in rows if row.get("version", 1) != 1})
    for version in edited:
        ids = [row["id"] for row in rows if row.get("version") == version]
        session.execute(update(model).where(model.id.in_(ids)).values(version=version))


def _without_null_json(table: str, row: Row) -> Row:
    """Leave a missing JSON value out: written as None it would become the text ``null``."""
    columns = travelling_columns(table)
    return {
        name: value
        for name, value in row.items()
        if value is not None or not isinstance(columns[name].type, JSON)
    }
