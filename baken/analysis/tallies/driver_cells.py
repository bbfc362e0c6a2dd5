"""What the counts must know beside a tally to say which scales hang together with an outcome.

Per label of a unit: how many people have a score on every scale of a model, and the sums and
cross-products of these scores. Like a tally, such counts add up in any order. People are counted
apart by the outcomes they have a score on, so that all models of a release can be about the same
people: two models that are not differ by somebody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import lcm

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import ScoringRule, exact_sums
from baken.analysis.tallies.crossing import BETWEEN
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.instruments.definition import OUTCOMES, UNWANTED_BEHAVIOUR, Instrument

Floats = NDArray[np.float64]
Lines = NDArray[np.intp]

LARGEST_GRID = 2**31
"""Above this many steps sums are no longer whole numbers in double precision."""


@dataclass(frozen=True, slots=True)
class DriverModel:
    """An outcome, and the scales that may hang together with it."""

    outcome: str
    factors: tuple[str, ...]

    @property
    def scales(self) -> tuple[str, ...]:
        """The outcome first, then the factors."""
        return (self.outcome, *self.factors)


def declared_models(instrument: Instrument) -> tuple[DriverModel, ...]:
    """Return a model for every outcome of an instrument, with the scales of the five A's.

    Totals are no factors: they repeat the scales they are made of. Unwanted behaviour is none
    either: few meet it, and one number hides what it does to them.
    """
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
    tops : tuple[int, ...]
        Per scale the highest score, in whole steps; the lowest is 0.
    labels : tuple[str, ...]
        Unit labels, in ascending order; as `count_models` makes them each with a row of 0 and 1
        that says which outcomes these people have a score on.
    table : (n_labels, 1 + n_scales, 1 + n_scales) array
        Cross-products of (1, scores) of the people complete in the model: in the corner how many
        they are, beside it the sums. Whole numbers, so that no order of adding matters.
    """

    model: DriverModel
    tops: tuple[int, ...]
    labels: tuple[str, ...]
    table: Floats

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
        scales = [scale for key in model.scales for scale in shape.scales if scale.key == key]
        columns = [_whole_scores(scale, matrix) for scale in scales]
        sheets = np.stack([np.ones(len(matrix)), *columns], axis=1)
        complete = (sheets >= 0).all(axis=1)
        order = np.argsort(lines[complete], kind="stable")
        people, placed = sheets[complete][order], lines[complete][order]
        names = sorted(labels)
        table = np.zeros((len(names), len(scales) + 1, len(scales) + 1))
        starts = np.searchsorted(placed, np.arange(len(names) + 1))
        place = {name: position for position, name in enumerate(names)}
        for line, (begin, end) in enumerate(pairwise(starts.tolist())):
            if end > begin:
                block = people[begin:end]
                np.matmul(block.T, block, out=table[place[labels[line]]])
        tops = tuple(scale.rule.step * _denominator(scale.rule) for scale in scales)
        return cls(model, tops, tuple(names), table)

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
        table = np.zeros((len(names), *self.table.shape[1:]))
        for part in parts:
            table[[place[label] for label in part.labels]] += part.table
        return DriverCells(self.model, self.tops, tuple(names), table)

    def with_outcomes(self, places: Sequence[int]) -> "DriverCells":
        """Return those who have a score on all outcomes at these places, by unit label alone."""
        has = [label.rpartition(BETWEEN)[2] for label in self.labels]
        kept = [line for line, row in enumerate(has) if all(row[at] == "1" for at in places)]
        labels = tuple(self.labels[line] for line in kept)
        part = DriverCells(self.model, self.tops, labels, self.table[kept])
        names = sorted({_unit_label(label) for label in labels})
        return part.placed(names, _unit_label)

    def placed(self, names: Sequence[str], rename: Callable[[str], str]) -> "DriverCells":
        """Return cells in the order of `names`, adding up those that get one name."""
        place = {name: line for line, name in enumerate(names)}
        table = np.zeros((len(names), *self.table.shape[1:]))
        np.add.at(table, [place[rename(label)] for label in self.labels], self.table)
        return DriverCells(self.model, self.tops, tuple(names), table)


def count_models(
    shape: Shape,
    models: Sequence[DriverModel],
    matrix: NDArray[np.int8],
    lines: Lines,
    labels: Sequence[str],
) -> tuple[DriverCells, ...]:
    """Count answer sheets for every model, people apart by the outcomes they have a score on.

    Arguments are those of `DriverCells.count`; places in `with_outcomes` follow the models.
    """
    if not models:
        return ()
    by_key = {scale.key: scale for scale in shape.scales}
    has = np.stack([_whole_scores(by_key[model.outcome], matrix) >= 0 for model in models])
    which = np.zeros(len(matrix), dtype=np.intp)
    for column in has:
        which = np.unique(2 * which + column, return_inverse=True)[1]
    _, first, which = np.unique(which, return_index=True, return_inverse=True)
    rows = ["".join(map(str, row)) for row in has[:, first].T.astype(int).tolist()]
    pairs, placed = np.unique(lines * max(1, len(rows)) + which, return_inverse=True)
    found = [divmod(pair, len(rows)) for pair in pairs.tolist()]
    names = [f"{labels[line]}{BETWEEN}{rows[row]}" for line, row in found]
    return tuple(DriverCells.count(shape, model, matrix, placed, names) for model in models)


def _unit_label(label: str) -> str:
    return label.rpartition(BETWEEN)[0]


def _whole_scores(scale: ScaleShape, matrix: NDArray[np.int8]) -> Floats:
    """Return scores on a grid that holds every quotient; -1 where there is none."""
    sums, answered = exact_sums(matrix[:, list(scale.columns)], scale.rule)
    valid = answered >= scale.rule.least_answered
    scores = sums * float(_denominator(scale.rule)) / np.where(valid, answered, 1)
    return np.where(valid, scores, -1.0)


def _denominator(rule: ScoringRule) -> int:
    """What every number of items that gives a score divides; 1 for very long scales."""
    found = lcm(*range(rule.least_answered, rule.n_items + 1))
    return found if found <= LARGEST_GRID else 1
