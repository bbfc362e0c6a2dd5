"""What stays behind of the tables that go: guarded parts, and what hangs on them.

A row that points at one that stays behind goes without that pointer. Where it cannot be without it,
it stays as well.
"""

from collections.abc import Collection, Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column

from baken.storage.portability.tables import (
    FOLLOWING,
    guarded_tables,
    mapper_of,
    travelling_columns,
)


class Leaving:
    """Told every row in the order of the tables; remembers what stays."""

    def __init__(self, parts: Collection[str]) -> None:
        """Leave behind every guarded part that is not among `parts`."""
        self._tables: Final = guarded_tables(parts)
        self._rows: Final[dict[str, set[UUID]]] = {}

    def goes(self, table: str, row: Any) -> bool:
        """Whether a row goes."""
        if table in self._tables:
            return False
        for column in self._hanging(table, row):
            if not column.nullable or FOLLOWING.get(table) == column.name:
                self._rows.setdefault(table, set()).add(row.id)
                return False
        return True

    def blank(self, table: str, row: Any) -> frozenset[str]:
        """Return the columns of a row that goes whose targets stay."""
        return frozenset(column.name for column in self._hanging(table, row))

    def _hanging(self, table: str, row: Any) -> Iterator[Column[Any]]:
        if not self._tables:
            return
        mapper = mapper_of(table)
        for column in travelling_columns(table).values():
            for key in column.foreign_keys:
                target = key.column.table.name
                if target not in self._tables and target not in self._rows:
                    continue
                value = getattr(row, mapper.get_property_by_column(column).key)
                if value is not None and self._stays(target, value):
                    yield column

    def _stays(self, table: str, row_id: UUID) -> bool:
        return table in self._tables or row_id in self._rows.get(table, ())
