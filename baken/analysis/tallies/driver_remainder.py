"""Nobody is left out of a model as one of a few.

The figures of a scale are about everybody with a score on it, those of a model about the people who
are complete. Beside each other they tell about the others, who have a score and are not complete.
Where these would be 1 to k-1 people, others are left out with them, drawn by a checksum of their
sheet: so the result is the same whenever it is counted, and depends on nobody's opinion.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.driver_cells import DriverCells, count_models, unit_label
from baken.analysis.tallies.shape import Shape
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import Instrument
from baken.survey.disclosure.thresholds import threshold


@dataclass(frozen=True, slots=True)
class Draw:
    """How many people have to be left out as well, and of which labels they may be.

    Attributes
    ----------
    n : int
        At least 1.
    complete : dict[str, int]
        Labels in which somebody is left out already, to the people complete in them; the label
        with most of them first. Units in which everybody is complete stay as they are.
    """

    n: int
    complete: dict[str, int]

    def shares(self) -> dict[str, int]:
        """Return how many to take of which label; nothing when there are not enough."""
        if sum(self.complete.values()) < self.n:
            return {}
        shares, wanted = {}, self.n
        for label, there in self.complete.items():
            taken = min(wanted, there)
            if taken:
                shares[label] = taken
            wanted -= taken
        return shares


def needed_draw(
    tally: Tally, drivers: Sequence[DriverCells], instrument: Instrument, min_group: int
) -> Draw | None:
    """Return whom to leave out as well; None when nobody, or enough people, are left out.

    Parameters
    ----------
    drivers : sequence of DriverCells
        About the same people, one line for each label at most.
    """
    told = [cells for cells in drivers if cells.labels]
    scales = dict.fromkeys(key for cells in told for key in cells.model.scales)
    if not scales:
        return None
    left = np.stack([_left(tally, told[0], key) for key in scales])
    k = max(threshold(min_group, instrument.scale(key).min_group) for key in scales)
    people = left.sum(axis=1)
    if not ((people > 0) & (people < k)).any():
        return None
    complete = _complete(tally, told[0])
    some = [at for at in range(len(complete)) if left[:, at].any()]
    some.sort(key=lambda at: (-complete[at], tally.labels[at]))
    # whoever is drawn has a score on every scale, also on those where nobody was left out
    return Draw(k - int(people.min()), {tally.labels[at]: int(complete[at]) for at in some})


def without(
    drivers: Sequence[DriverCells], shape: Shape, label: str, matrix: NDArray[np.int8], n: int
) -> tuple[DriverCells, ...]:
    """Return the models without n people of a label, whose answer sheets are given.

    Those with the lowest checksums are taken, among those who are counted.
    """
    told = [place for place, cells in enumerate(drivers) if cells.labels]
    models = [drivers[place].model for place in told]
    sheets, found = np.ascontiguousarray(matrix), list(drivers)
    sums = [hashlib.sha256(sheet.tobytes()).digest() for sheet in sheets]
    for row in sorted(range(len(sheets)), key=sums.__getitem__):
        one = count_models(shape, models, sheets[[row]], np.zeros(1, dtype=np.intp), [label])
        if n == 0:
            break
        if not all(cells.with_outcomes(range(len(models))).table.any() for cells in one):
            continue
        n -= 1
        for place, cells in zip(told, one, strict=True):
            found[place] = _less(found[place], label, cells.table.sum(axis=0))
    return tuple(found)


def _less(cells: DriverCells, label: str, table: Ints) -> DriverCells:
    left = cells.table.copy()
    left[[unit_label(name) == label for name in cells.labels]] -= table
    return replace(cells, table=left)


def _complete(tally: Tally, cells: DriverCells) -> Ints:
    found = np.zeros(len(tally.labels), dtype=np.int64)
    place = {label: at for at, label in enumerate(tally.labels)}
    for label, n in zip(cells.labels, cells.table[:, 0, 0], strict=True):
        found[place[unit_label(label)]] += n
    return found


def _left(tally: Tally, cells: DriverCells, key: str) -> Ints:
    """Return per label of the tally how many have a score on a scale and are not complete."""
    keys = [scale.key for scale in tally.shape.scales]
    scored: Ints = tally.cells.scales[keys.index(key)].people.sum(axis=1)
    return scored - _complete(tally, cells)
