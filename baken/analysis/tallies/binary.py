"""A tally as bytes: compact, with a version number, the same bytes for the same counts."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import UnreadableTally
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.tallies.cells import Cells, Ints, ScaleCounts
from baken.analysis.tallies.crossing import BandCheck
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.analysis.tallies.tally import Tally

FORMAT = 1
"""Raised when the layout changes; older bytes stay readable, newer ones are refused."""

_WIDTHS = ("<u1", "<u2", "<u4", "<u8")


class _Table(msgspec.Struct, array_like=True):
    width: int
    sizes: tuple[int, ...]
    content: bytes


class _Scale(msgspec.Struct, array_like=True):
    keys: _Table
    people: _Table
    complete: _Table
    sums: _Table
    products: _Table


class _Cells(msgspec.Struct, array_like=True):
    labels: tuple[str, ...]
    rows: _Table
    answers: _Table
    scales: tuple[_Scale, ...]


class _ScaleShape(msgspec.Struct, array_like=True):
    key: str
    columns: tuple[int, ...]
    reversed_items: tuple[bool, ...]
    min_answered: float


class _Content(msgspec.Struct, array_like=True):
    format: int
    instrument: str
    version: str
    fingerprint: str
    items: tuple[str, ...]
    tops: tuple[int, ...]
    scales: tuple[_ScaleShape, ...]
    cells: _Cells
    bands: tuple[tuple[str, _Cells], ...]
    band_checks: tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...]


def to_bytes(tally: Tally, *, min_group: int) -> bytes:
    """Return a tally as bytes to be stored; the same counts give the same bytes.

    Crossed cells are left out: they are about too few people to be kept.

    Raises
    ------
    CellTooSmall
        A cell is about 1 to `min_group` - 1 people: its counts would be their answers.
    """
    tally.check_storable(min_group)
    shape = tally.shape
    return msgspec.msgpack.encode(
        _Content(
            FORMAT,
            shape.instrument,
            shape.version,
            shape.fingerprint,
            shape.items,
            shape.tops,
            tuple(
                _ScaleShape(s.key, s.columns, s.rule.reversed_items, s.rule.min_answered)
                for s in shape.scales
            ),
            _pack_cells(tally.cells),
            tuple((column, _pack_cells(tally.bands[column])) for column in sorted(tally.bands)),
            tuple(
                (column, check.min_group, check.scales, check.shares)
                for column, check in sorted(tally.band_checks.items())
            ),
        )
    )


def from_bytes(content: bytes) -> Tally:
    """Return the tally that `to_bytes` wrote.

    Raises
    ------
    UnreadableTally
        The bytes are damaged or come from a newer version of the program.
    """
    try:
        found = msgspec.msgpack.decode(content, type=_Content)
        if found.format != FORMAT:
            raise _unreadable()
        shape = _shape(found)
        cells = _unpack_cells(found.cells)
        bands = {column: _unpack_cells(packed) for column, packed in found.bands}
    except (msgspec.MsgspecError, ValueError, IndexError) as error:
        raise _unreadable() from error
    checks = {
        column: BandCheck(k, scales, shares) for column, k, scales, shares in found.band_checks
    }
    return Tally(shape, cells, bands, band_checks=checks)


def _unreadable() -> UnreadableTally:
    return UnreadableTally(
        "analysis.unreadable_tally",
        "The stored counts are damaged or were written by a newer version of Baken. Nothing was "
        "changed. Update the program, or restore the database from its backup.",
    )


def _shape(found: _Content) -> Shape:
    return Shape(
        found.instrument,
        found.version,
        found.fingerprint,
        found.items,
        found.tops,
        tuple(
            ScaleShape(
                scale.key,
                scale.columns,
                ScoringRule(
                    tuple(found.tops[column] for column in scale.columns),
                    scale.reversed_items,
                    scale.min_answered,
                ),
            )
            for scale in found.scales
        ),
    )


def _pack_cells(cells: Cells) -> _Cells:
    in_order = cells.placed(sorted(cells.labels), str)
    return _Cells(
        in_order.labels,
        _pack(in_order.rows),
        _pack(in_order.answers),
        tuple(
            _Scale(*map(_pack, (s.keys, s.people, s.complete, s.sums, s.products)))
            for s in (scale.without_empty_keys() for scale in in_order.scales)
        ),
    )


def _unpack_cells(packed: _Cells) -> Cells:
    return Cells(
        packed.labels,
        _unpack(packed.rows),
        _unpack(packed.answers),
        tuple(
            ScaleCounts(*map(_unpack, (s.keys, s.people, s.complete, s.sums, s.products)))
            for s in packed.scales
        ),
    )


def _pack(table: Ints) -> _Table:
    """Counts are never negative: the narrowest unsigned width that holds the largest."""
    largest = int(table.max(initial=0))
    width = next(i for i, name in enumerate(_WIDTHS) if largest <= np.iinfo(name).max)
    return _Table(width, table.shape, table.astype(_WIDTHS[width]).tobytes())


def _unpack(packed: _Table) -> NDArray[Any]:
    flat = np.frombuffer(packed.content, dtype=_WIDTHS[packed.width])
    return flat.reshape(packed.sizes).astype(np.int64)
