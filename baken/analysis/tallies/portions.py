"""Answers counted in portions, by one process or by several: the counts are the same bytes.

No more than a few portions are in memory as rows, however many people answered.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import CountingStopped
from baken.analysis.tallies.counts import Counts
from baken.analysis.tallies.driver_cells import count_models
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally, check_sheets
from baken.instruments.definition import DriverModel, Instrument

ENOUGH = 100_000
"""Rows that are counted together: the tables of all cells are written once for each portion."""

AT_ONCE = 4
"""Counts that are added together: enough to spare work, few enough to spare memory."""

WORTH_SHARING = 2_000_000
"""Rows below which one process is done before others have started."""

MOST_PROCESSES = 8
"""More of them wait for the one that reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """Some answer sheets.

    Attributes
    ----------
    matrix : (n_respondents, n_items) array
        Distance from the lowest answer, or a special code.
    lines : (n_respondents,) array
        Position in `labels` of each respondent's unit.
    labels : tuple[str, ...]
        Unit labels; one may stand there twice.
    backgrounds : Mapping
        Background question to the position of each respondent's band, and the bands.
    """

    matrix: NDArray[np.int8]
    lines: NDArray[np.intp]
    labels: Sequence[str]
    backgrounds: Mapping[str, tuple[NDArray[np.intp], Sequence[str]]] = field(default_factory=dict)

    def counted(self, shape: Shape, models: Sequence[DriverModel]) -> Counts:
        """Return the counts of these sheets; their labels are all different."""
        tally = Tally.count_lines(
            shape, self.matrix, self.lines, self.labels, backgrounds=self.backgrounds
        )
        drivers = count_models(shape, models, self.matrix, self.lines, self.labels)
        return Counts(tally, drivers)


def processes_for(n_rows: int) -> int:
    """How many processes should count so many rows: one, unless it is worth more.

    A daemon, such as the worker beside a server, may have no children and counts alone.
    """
    if n_rows < WORTH_SHARING or multiprocessing.current_process().daemon:
        return 1
    return min(MOST_PROCESSES, os.cpu_count() or 1)


def count_portions(
    instrument: Instrument | Shape,
    portions: Iterable[Portion],
    *,
    processes: int = 1,
    models: Sequence[DriverModel] = (),
) -> Counts:
    """Count answers that come in portions of any size.

    Parameters
    ----------
    instrument : Instrument or Shape
        What was asked.
    portions : iterable of Portion
        Read one after the other, in this process.
    processes : int
        1: counted here. More: so many processes count while this one reads.
    models : sequence of DriverModel
        Of drivers, to be counted as well.

    Raises
    ------
    NotAnAnswerSheet
        An answer the instrument does not have.
    CountingStopped
        A process that counted came to an end before it was done.
    """
    shape = instrument if isinstance(instrument, Shape) else Shape.of(instrument)
    gathered = _gathered(shape, portions)
    nobody = Counts.empty(shape, models)
    if processes == 1:
        return _sum(nobody, (portion.counted(shape, models) for portion in gathered))
    return _sum(nobody, _counted_by_others(shape, gathered, processes, models))


def _sum(total: Counts, counted: Iterable[Counts]) -> Counts:
    waiting: list[Counts] = []
    for counts in counted:
        waiting.append(counts)
        if len(waiting) == AT_ONCE:
            total, waiting = total.with_all(waiting), []
    return total.with_all(waiting)


def _counted_by_others(
    shape: Shape, portions: Iterable[Portion], processes: int, models: Sequence[DriverModel]
) -> Iterator[Counts]:
    # Started afresh, not forked: a copy of a process with threads may stand still for ever.
    spawn = multiprocessing.get_context("spawn")
    under_way: deque[Future[Counts]] = deque()
    try:
        with ProcessPoolExecutor(processes, mp_context=spawn) as pool:
            for portion in portions:
                under_way.append(pool.submit(portion.counted, shape, models))
                if len(under_way) > processes:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
    except BrokenProcessPool as error:
        raise CountingStopped(
            "analysis.counting_stopped",
            "A process that helped to count the answers ended before it was done, most likely for "
            "want of memory. Nothing was stored and the answers are unchanged. Try again when the "
            "machine has more memory free.",
        ) from error


def _gathered(shape: Shape, portions: Iterable[Portion]) -> Iterator[Portion]:
    """Put small portions together, so that a thousand small units cost no more than one large."""
    held: list[Portion] = []
    n_held = 0
    for portion in portions:
        check_sheets(shape, portion.matrix, portion.lines)
        if held and portion.backgrounds.keys() != held[0].backgrounds.keys():
            yield _together(held)
            held, n_held = [], 0
        held.append(portion)
        n_held += len(portion.lines)
        if n_held >= ENOUGH:
            yield _together(held)
            held, n_held = [], 0
    if held:
        yield _together(held)


def _together(parts: Sequence[Portion]) -> Portion:
    lines, labels = _in_one_list([(part.lines, part.labels) for part in parts])
    # column by column in memory, as they are counted: small parts are turned around fast
    matrix = np.empty((len(lines), parts[0].matrix.shape[1]), dtype=np.int8, order="F")
    ends = accumulate(len(part.lines) for part in parts)
    for part, end in zip(parts, ends, strict=True):
        matrix[end - len(part.lines) : end] = part.matrix
    return Portion(
        matrix,
        lines,
        labels,
        {
            column: _in_one_list([part.backgrounds[column] for part in parts])
            for column in parts[0].backgrounds
        },
    )


def _in_one_list(
    parts: Sequence[tuple[NDArray[np.intp], Sequence[str]]],
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Turn positions in several lists of names into positions in one list."""
    place: dict[str, int] = {}
    moved = []
    for lines, names in parts:
        at = [place.setdefault(name, len(place)) for name in names]
        moved.append(np.array(at, dtype=np.intp)[lines] if len(names) else lines)
    return np.concatenate(moved), tuple(place)
