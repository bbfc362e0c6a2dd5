"""Reading the export of an organisation: everything is checked before anything is written."""

import hashlib
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, BinaryIO, Final
from uuid import UUID

from baken.storage.archives import SMALL_MEMBER, WORKBOOK
from baken.storage.portability.errors import NewerExport, damaged
from baken.storage.portability.manifest import (
    MANIFEST,
    Manifest,
    Member,
    known_revisions,
    read_manifest,
)
from baken.storage.portability.packing import Progress
from baken.storage.portability.sealing import CHUNK, FileKey, SealedReader
from baken.storage.portability.tables import (
    EMPTIED,
    ORGANISATION,
    going_in_order,
    travelling_columns,
)
from baken.storage.portability.values import Content, decode, from_line

MAX_LINE: Final = 64 * 1024 * 1024
MAX_UNPACKED: Final = 4 * 1024 * 1024 * 1024
MAX_MANIFEST: Final = 1024 * 1024
MAX_ROWS: Final = (
    1_000_000  # of one table; their identifiers are in memory while the file is checked
)
MAX_DEPTH: Final = 200  # of rows below rows, such as teams below departments
_MEMBER: Final = re.compile(r"[a-z_]+\.jsonl")
_UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Parcel:
    """An export that was opened. `check` it as a whole before reading a row."""

    def __init__(self, file: BinaryIO, key: FileKey) -> None:
        self._sealed = SealedReader(file, key)
        self._sealed.check()
        try:
            self._archive = zipfile.ZipFile(io.BufferedReader(self._sealed, CHUNK))
        except (*_UNREADABLE, ValueError) as error:
            raise damaged("archive") from error
        self._check_names_and_sizes()
        self.manifest: Manifest = read_manifest(from_line(self._small(MANIFEST)))
        self._check_members()
        self._levels: dict[str, dict[Any, int]] = {}

    def check(self, progress: Progress) -> None:
        """Raise `DamagedExport` unless every row is whole, allowed, and points inside the file."""
        names = [name for name in going_in_order() if name in self.manifest.members]
        inside: dict[str, set[Any]] = {}
        for number, name in enumerate(names):
            progress(number, len(names))
            self._check_member(name, self.manifest.members[name], inside)
        if self.manifest.members[ORGANISATION].rows != 1:
            raise damaged("organisation")
        progress(len(names), len(names))

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Return the rows of a table, as values of its columns; none for a table of later date."""
        if table in self.manifest.members:
            for line in self._lines(table):
                yield self._values(table, from_line(line))

    def levels(self, table: str) -> Mapping[Any, int]:
        """Return how many rows of its own table stand above each row; known after `check`."""
        return self._levels.get(table, {})

    def _check_names_and_sizes(self) -> None:
        entries = self._archive.infolist()
        names = {entry.filename for entry in entries}
        # Nothing is ever unpacked to a disk; a name that leads elsewhere is refused all the same.
        odd = [name for name in names - {MANIFEST} if not _MEMBER.fullmatch(name)]
        if odd or MANIFEST not in names or len(names) != len(entries):
            raise damaged("members")
        if any(entry.flag_bits & 1 for entry in entries):
            raise damaged("encrypted members")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise damaged("more than 4 GiB unpacked")
        if any(_is_dense(entry) for entry in entries):
            raise damaged("too dense")

    def _check_members(self) -> None:
        known = set(going_in_order())
        found = {name.removesuffix(".jsonl") for name in self._archive.namelist()} - {MANIFEST}
        if found != set(self.manifest.members) or ORGANISATION not in found:
            raise damaged("members")
        if not found <= known:
            raise NewerExport(
                "portability.unknown_table",
                "The file holds something that this Baken does not know ({tables}). Nothing was "
                "imported. Update this installation first, then try again.",
                tables=", ".join(sorted(found - known))[:80],
            )
        if self._is_current and found != known:
            raise damaged("members")

    @property
    def _is_current(self) -> bool:
        return self.manifest.revision == known_revisions()[0]

    def _check_member(self, name: str, member: Member, inside: dict[str, set[Any]]) -> None:
        digest, content = hashlib.sha256(), Content()
        above: dict[Any, list[Any]] = defaultdict(list)
        for line in self._lines(name):
            row = from_line(line)
            digest.update(line)
            content.add(row)
            if content.n_rows > MAX_ROWS:
                raise damaged(f"too many rows of {name}")
            if found := self._check_row(name, row, inside):
                above[UUID(row["id"])] += found
        if any(value not in inside[name] for found in above.values() for value in found):
            raise damaged(f"{name} points outside")
        if above:
            self._levels[name] = _levels_of(name, inside[name], above)
        if member != Member(content.n_rows, digest.hexdigest(), content.hex()):
            raise damaged(f"checksum of {name}")

    def _check_row(
        self, table: str, row: Mapping[str, Any], inside: dict[str, set[Any]]
    ) -> list[Any]:
        """Check one row; return what it points at in its own table."""
        values = self._values(table, row)
        if table == ORGANISATION and values["id"] != self.manifest.organisation_id:
            raise damaged("organisation")
        mine = inside.setdefault(table, set())
        if "id" in values:
            mine.add(values["id"])
        pointed = [
            (key.column.table.name, values[column.name])
            for column in travelling_columns(table).values()
            for key in column.foreign_keys
            if values.get(column.name) is not None
        ]
        if any(to != table and value not in inside.get(to, ()) for to, value in pointed):
            raise damaged(f"{table} points outside")
        return [value for to, value in pointed if to == table]

    def _values(self, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        columns = travelling_columns(table)
        if not set(row) <= set(columns) or any(row.get(name) for name in EMPTIED.get(table, ())):
            raise damaged(f"columns of {table}")
        missing = set(columns) - set(row)
        if missing and self._is_current:
            raise damaged(f"columns of {table}")
        # A column of later date takes the value that new rows take; without one it must be empty.
        for name in missing:
            if columns[name].default is None:
                decode(columns[name], None)
        return {name: decode(columns[name], value) for name, value in row.items()}

    def _lines(self, member: str) -> Iterator[bytes]:
        try:
            with self._archive.open(f"{member}.jsonl") as opened:
                while line := opened.readline(MAX_LINE):
                    if not line.endswith(b"\n"):
                        raise damaged(f"a line of {member}")
                    yield line
        except _UNREADABLE as error:
            raise damaged(member) from error

    def _small(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as opened:
                content = opened.read(MAX_MANIFEST)
        except _UNREADABLE as error:
            raise damaged(name) from error
        return content


def _is_dense(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(SMALL_MEMBER, WORKBOOK.ratio * entry.compress_size)


def _levels_of(table: str, rows: Collection[Any], above: Mapping[Any, list[Any]]) -> dict[Any, int]:
    """Return for each row how many stand above it; raise when some stand above themselves."""
    order = TopologicalSorter({row: above.get(row, ()) for row in rows})
    try:
        order.prepare()
    except CycleError as error:
        raise damaged(f"rows of {table} point in a circle") from error
    levels: dict[Any, int] = {}
    level = 0
    while order.is_active():
        if level > MAX_DEPTH:
            raise damaged(f"rows of {table} lie too deep")
        ready = order.get_ready()
        levels |= dict.fromkeys(ready, level)
        order.done(*ready)
        level += 1
    return levels
