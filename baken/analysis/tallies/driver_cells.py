"""What the counts must know beside a tally to say which scales hang together with an outcome.

Per label of a unit: how many people have a score on every scale of a model, and the sums and
cross-products of these scores. Like a tally, such counts add up in any order. People are counted
apart by the outcomes they have a score on, so that all models of a release can be about the same
people: two models that are not differ by somebody.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import lcm

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import ScoringRule, exact_sums
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.crossing import BETWEEN
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.instruments.definition import OUTCOMES, UNWANTED_BEHAVIOUR, DriverModel, Instrument

Floats = NDArray[np.float64]
Lines = NDArray[np.intp]

MOST_STEPS = 2**18
"""Steps of a score at most. The products of so many people as live in a large country then still
fit into 64 bits, and those of `AT_ONCE` people are exact in double precision, where they are made.
A scale of twelve items with five answers needs 110,880 steps; a longer one is rounded to 2^18."""

AT_ONCE = 2**53 // MOST_STEPS**2


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole numbers that stand for the scores of a scale: 0 to `top`.

    Every score is one of them, unless `is_rounded`: then it is the nearest one, 0.0002 points away
    at most. The lowest and the highest score always are 0 and `top`.
    """

    top: int
    is_rounded: bool

    @classmethod
    def of(cls, rule: ScoringRule) -> "Grid":
        """Return the coarsest grid that holds every quotient, or else the finest there may be."""
        exact = rule.step * lcm(*range(rule.least_answered, rule.n_items + 1))
        return (
            cls(exact, is_rounded=False)
            if exact <= MOST_STEPS
            else cls(MOST_STEPS, is_rounded=True)
        )

    def placed(self, sums: Ints, answered: Ints, rule: ScoringRule) -> Floats:
        """Return whole numbers; `answered` is at least 1."""
        return np.rint(sums * float(self.top) / (answered * float(rule.step)))


def declared_models(instrument: Instrument) -> tuple[DriverModel, ...]:
    """Return the models of an instrument.

    One that names none has a model for every outcome, with the scales of the five A's. Totals are
    no factors: they repeat the scales they are made of. Unwanted behaviour is none either: few meet
    it, and one number hides what it does to them.
    """
    if instrument.models:
        return instrument.models
    factors = tuple(
        scale.key
        for scale in instrument.scales
        if scale.dimension not in {OUTCOMES, UNWANTED_BEHAVIOUR} and not scale.is_total
    )
    outcomes = [scale.key for scale in instrument.scales_of(OUTCOMES)] if factors else []
    return tuple(DriverModel(outcome, factors) for outcome in outcomes)


@dataclass(frozen=True, slots=True, eq=False)
class DriverCells:
    """Counts of one model.

    Attributes
    ----------
    model : DriverModel
        Which scales.
    grids : tuple[Grid, ...]
        Per scale what its scores are counted in.
    labels : tuple[str, ...]
        Unit labels, in ascending order; as `count_models` makes them each with a row of 0 and 1
        that says which outcomes these people have a score on.
    table : (n_labels, 1 + n_scales, 1 + n_scales) array
        Cross-products of (1, scores) of the people complete in the model: in the corner how many
        they are, beside it the sums. Whole numbers, so that no order of adding matters.
    """

    model: DriverModel
    grids: tuple[Grid, ...]
    labels: tuple[str, ...]
    table: Ints

    @classmethod
    def count(
        cls,
        shape: Shape,
        model: DriverModel,
        matrix: NDArray[np.int8],
        lines: Lines,
        labels: Sequence[str],
    ) -> "DriverCells":
        """Count answer sheets.

        Parameters
        ----------
        matrix : (n_respondents, n_items) array
            Answer sheets: distance from the lowest answer, or a special code.
        lines : (n_respondents,) array
            Position in `labels` of each respondent's label.
        labels : sequence of str
            Different names.
        """
        columns = [_whole_scores(shape.scale(key), matrix) for key in model.scales]
        sheets = np.stack([np.ones(len(matrix)), *columns], axis=1)
        complete = (sheets >= 0).all(axis=1)
        order = np.argsort(lines[complete], kind="stable")
        people, placed = sheets[complete][order], lines[complete][order]
        names, size = sorted(labels), len(columns) + 1
        table = np.zeros((len(names), size, size), dtype=np.int64)
        starts = np.searchsorted(placed, np.arange(len(names) + 1))
        place = {name: position for position, name in enumerate(names)}
        for line, (begin, end) in enumerate(pairwise(starts.tolist())):
            table[place[labels[line]]] = _products(people[begin:end])
        return cls(model, grids_of(shape, model), tuple(names), table)

    @classmethod
    def empty(cls, shape: Shape, model: DriverModel) -> "DriverCells":
        """Return the counts of nobody: what adding starts from."""
        nobody = np.zeros((0, len(shape.items)), dtype=np.int8)
        return cls.count(shape, model, nobody, np.zeros(0, dtype=np.intp), ())

    def __add__(self, other: "DriverCells") -> "DriverCells":
        return self.with_all([other])

    def with_all(self, others: Sequence["DriverCells"]) -> "DriverCells":
        """Return the sum of these counts and any number of others of the same model."""
        parts = (self, *others)
        names = sorted({label for part in parts for label in part.labels})
        place = {name: line for line, name in enumerate(names)}
        table = np.zeros((len(names), *self.table.shape[1:]), dtype=np.int64)
        for part in parts:
            table[[place[label] for label in part.labels]] += part.table
        return DriverCells(self.model, self.grids, tuple(names), table)

    def with_outcomes(self, places: Sequence[int]) -> "DriverCells":
        """Return those who have a score on all outcomes at these places, by unit label alone."""
        has = [label.rpartition(BETWEEN)[2] for label in self.labels]
        kept = [line for line, row in enumerate(has) if all(row[at] == "1" for at in places)]
        labels = tuple(self.labels[line] for line in kept)
        part = replace(self, labels=labels, table=self.table[kept])
        names = sorted({unit_label(label) for label in labels})
        return part.placed(names, unit_label)

    def placed(self, names: Sequence[str], rename: Callable[[str], str]) -> "DriverCells":
        """Return cells in the order of `names`, adding up those that get one name."""
        place = {name: line for line, name in enumerate(names)}
        table = np.zeros((len(names), *self.table.shape[1:]), dtype=np.int64)
        np.add.at(table, [place[rename(label)] for label in self.labels], self.table)
        return DriverCells(self.model, self.grids, tuple(names), table)


def count_models(
    shape: Shape,
    models: Sequence[DriverModel],
    matrix: NDArray[np.int8],
    lines: Lines,
    labels: Sequence[str],
) -> tuple[DriverCells, ...]:
    """Count answer sheets for every model, people apart by the outcomes they have a score on.

    Only those who have a score on every factor of every model are counted, so that all models are
    about the same people. Arguments are those of `DriverCells.count`; places in `with_outcomes`
    follow the models.
    """
    if not models:
        return ()
    matrix, lines = _with_all_factors(shape, models, matrix, lines)
    has = np.stack([_whole_scores(shape.scale(one.outcome), matrix) >= 0 for one in models])
    which = np.zeros(len(matrix), dtype=np.intp)
    for column in has:
        which = np.unique(2 * which + column, return_inverse=True)[1]
    _, first, which = np.unique(which, return_index=True, return_inverse=True)
    rows = ["".join(map(str, row)) for row in has[:, first].T.astype(int).tolist()]
    pairs, placed = np.unique(lines * max(1, len(rows)) + which, return_inverse=True)
    found = [divmod(pair, len(rows)) for pair in pairs.tolist()]
    names = [f"{labels[line]}{BETWEEN}{rows[row]}" for line, row in found]
    return tuple(DriverCells.count(shape, model, matrix, placed, names) for model in models)


def about_the_same(counted: Sequence[DriverCells], places: Sequence[int]) -> Iterator[DriverCells]:
    """Yield the models about those who have a score on all outcomes at these places.

    Of each unit one line is left: nothing finer may be kept. A model at another place is left
    without people.
    """
    row = "".join("1" if at in places else "0" for at in range(len(counted)))
    for at, cells in enumerate(counted):
        one = cells.with_outcomes(places)
        if at in places:
            yield replace(one, labels=tuple(f"{label}{BETWEEN}{row}" for label in one.labels))
        else:
            yield replace(one, labels=(), table=one.table[:0])


def grids_of(shape: Shape, model: DriverModel) -> tuple[Grid, ...]:
    """Return what the scores of a model are counted in, the outcome first."""
    return tuple(Grid.of(shape.scale(key).rule) for key in model.scales)


def unit_label(label: str) -> str:
    """Return the label of the unit of a line that `count_models` made."""
    return label.rpartition(BETWEEN)[0]


def _with_all_factors(
    shape: Shape, models: Sequence[DriverModel], matrix: NDArray[np.int8], lines: Lines
) -> tuple[NDArray[np.int8], Lines]:
    complete = np.ones(len(matrix), dtype=bool)
    for key in dict.fromkeys(factor for model in models for factor in model.factors):
        complete &= _whole_scores(shape.scale(key), matrix) >= 0
    return matrix[complete], lines[complete]


def _whole_scores(scale: ScaleShape, matrix: NDArray[np.int8]) -> Floats:
    """Return scores on the grid of the scale; -1 where there is none."""
    sums, answered = exact_sums(matrix[:, list(scale.columns)], scale.rule)
    valid = answered >= scale.rule.least_answered
    placed = Grid.of(scale.rule).placed(sums, np.where(valid, answered, 1), scale.rule)
    return np.where(valid, placed, -1.0)


def _products(people: Floats) -> Ints:
    """Return cross-products of whole numbers, made in double precision and never rounded."""
    width = people.shape[1]
    added = np.zeros((width, width), dtype=np.int64)
    for begin in range(0, len(people), AT_ONCE):
        block = people[begin : begin + AT_ONCE]
        added += (block.T @ block).astype(np.int64)
    return added
