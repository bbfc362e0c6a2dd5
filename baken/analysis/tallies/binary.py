"""A tally as bytes: compact, with a version number, the same bytes for the same counts."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import UnreadableTally
from baken.analysis.methods.modes import ModeDifference
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.tallies.breakdowns import Breakdowns, Broken, Statistic
from baken.analysis.tallies.cells import Cells, Ints, ScaleCounts
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.driver_cells import DriverCells, grids_of, unit_label
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.analysis.tallies.tally import Tally, cell_too_small
from baken.instruments.definition import DriverModel
from baken.survey.disclosure.tree import ROOT

FORMAT: Final = 2
"""Raised when the layout changes; older bytes stay readable, newer ones are refused."""

READABLE: Final = (1, FORMAT)
"""Bytes of form 1 know no models of drivers, and bands of the whole organisation only."""

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


class _Drivers(msgspec.Struct, array_like=True):
    outcome: str
    factors: tuple[str, ...]
    labels: tuple[str, ...]
    table: _Table


class _Broken(msgspec.Struct, array_like=True):
    unit: str
    question: str
    scales: tuple[str, ...]
    shares: tuple[str, ...]
    cells: _Cells


class _Breakdowns(msgspec.Struct, array_like=True):
    min_group: int
    questions: tuple[str, ...]
    hidden: tuple[tuple[Statistic, str, tuple[str, ...]], ...]
    kept: tuple[_Broken, ...]


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
    drivers: tuple[_Drivers, ...] = ()
    breakdowns: _Breakdowns | None = None
    # scale, difference, its limits, people of the smaller mode; older bytes have none
    modes: tuple[tuple[str, float, float, float, int], ...] = ()


def to_bytes(
    tally: Tally,
    *,
    min_group: int,
    drivers: Sequence[DriverCells] = (),
    modes: Sequence[tuple[str, ModeDifference]] = (),
) -> bytes:
    """Return a tally as bytes to be stored; the same counts give the same bytes.

    The crossing of units and bands is left out: it is about too few people to be kept. Models of
    drivers have one line for each label of the tally at most, as `about_the_same` leaves them.

    Raises
    ------
    CellTooSmall
        A cell is about 1 to `min_group` - 1 people: its counts would be their answers.
    """
    tally.check_storable(min_group)
    _check_lines(tally, drivers, min_group)
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
            (),
            (),
            tuple(map(_pack_drivers, drivers)),
            _pack_breakdowns(tally.breakdowns) if tally.breakdowns else None,
            tuple((key, one.effect, one.low, one.high, one.least) for key, one in modes),
        )
    )


def from_bytes(content: bytes) -> Tally:
    """Return the tally of `counts_from_bytes`."""
    return counts_from_bytes(content).tally


def counts_from_bytes(content: bytes) -> Counts:
    """Return the tally and the models that `to_bytes` wrote.

    Raises
    ------
    UnreadableTally
        The bytes are damaged or come from a newer version of the program.
    """
    try:
        found = msgspec.msgpack.decode(content, type=_Content)
        if found.format not in READABLE:
            raise _unreadable()
        shape = _shape(found)
        cells = _unpack_cells(found.cells)
        breakdowns = _unpack_breakdowns(found)
        drivers = tuple(_unpack_drivers(shape, packed) for packed in found.drivers)
    except (msgspec.MsgspecError, ValueError, IndexError, KeyError) as error:
        raise _unreadable() from error
    modes = tuple(
        (key, ModeDifference(effect, low, high, least))
        for key, effect, low, high, least in found.modes
    )
    return Counts(Tally(shape, cells, breakdowns=breakdowns), drivers, modes)


def _check_lines(tally: Tally, drivers: Sequence[DriverCells], min_group: int) -> None:
    """Raise `CellTooSmall` unless each line of a model is about a label of the tally, and whole.

    The labels of a tally that may be stored have enough people; a second line of one label would
    be about a part of them.
    """
    for cells in drivers:
        units = [unit_label(label) for label in cells.labels]
        if len(set(units)) < len(units) or not set(units) <= set(tally.labels):
            raise cell_too_small(min_group)


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


def _pack_breakdowns(found: Breakdowns) -> _Breakdowns:
    return _Breakdowns(
        found.min_group,
        found.questions,
        tuple((*about, units) for about, units in sorted(found.hidden.items())),
        tuple(
            _Broken(unit, question, one.scales, one.shares, _pack_cells(one.cells))
            for (unit, question), one in sorted(found.kept.items())
        ),
    )


def _unpack_breakdowns(found: _Content) -> Breakdowns | None:
    if found.breakdowns is None:
        return _most_telling(found)
    kept = found.breakdowns
    return Breakdowns(
        kept.min_group,
        kept.questions,
        {(statistic, scale): units for statistic, scale, units in kept.hidden},
        {
            (one.unit, one.question): Broken(_unpack_cells(one.cells), one.scales, one.shares)
            for one in kept.kept
        },
    )


def _most_telling(found: _Content) -> Breakdowns | None:
    """Return the one question of form 1 that can be shown.

    Each was looked at beside all labels, and none beside another question: the one with the most
    scales to show, the first by name among equals, as older releases did.
    """
    checks = sorted(found.band_checks, key=lambda check: (-len(check[2]), check[0]))
    if not checks:
        return None
    question, min_group, scales, shares = checks[0]
    cells = _unpack_cells(dict(found.bands)[question])
    kept = {(ROOT, question): Broken(cells, scales, shares)}
    return Breakdowns(min_group, tuple(column for column, _ in found.bands), {}, kept)


def _pack_drivers(cells: DriverCells) -> _Drivers:
    return _Drivers(cells.model.outcome, cells.model.factors, cells.labels, _pack(cells.table))


def _unpack_drivers(shape: Shape, packed: _Drivers) -> DriverCells:
    model = DriverModel(packed.outcome, packed.factors)
    return DriverCells(model, grids_of(shape, model), packed.labels, _unpack(packed.table))


def _pack(table: Ints) -> _Table:
    """Counts are never negative: the narrowest unsigned width that holds the largest."""
    largest = int(table.max(initial=0))
    width = next(i for i, name in enumerate(_WIDTHS) if largest <= np.iinfo(name).max)
    return _Table(width, table.shape, table.astype(_WIDTHS[width]).tobytes())


def _unpack(packed: _Table) -> NDArray[Any]:
    flat = np.frombuffer(packed.content, dtype=_WIDTHS[packed.width])
    return flat.reshape(packed.sizes).astype(np.int64)
