"""Which units something else points at: roles, findings, measures, whatever comes later."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, select

from baken.organisation.models import Unit
from baken.storage.base import Base
from baken.storage.session import Session

# What belongs to a unit itself and goes with it.
_OWN: Final = {"unit", "headcount", "unit_movement", "unit_period", "unit_succession"}


def name_in_use(session: Session, names: Mapping[UUID, str]) -> str | None:
    """Return the name of a unit that something points at; None when nothing does."""
    for column in _columns_to_units():
        asked = select(column).where(column.is_not(None)).distinct()
        found = next((names[key] for key in session.scalars(asked) if key in names), None)
        if found is not None:
            return found
    return None


def _columns_to_units() -> Iterator[Any]:
    """Every column of a model that refers to a unit; a new table is found by itself."""
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if not isinstance(table, Table) or table.name in _OWN:
            continue
        for column in table.columns:
            if any(key.column.table is Unit.__table__ for key in column.foreign_keys):
                yield getattr(mapper.class_, mapper.get_property_by_column(column).key)
