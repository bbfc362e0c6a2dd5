"""Who answered what, by unit label and by all background questions at once.

It exists while answers are counted, so that units and bands can be looked at together, and is never
stored: what is in it is about a handful of people, often one. Only those who have a score are in
it, with that score; no answers to single questions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.scoring import exact_sums
from baken.analysis.tallies.cells import Cells, Ints, ScaleCounts
from baken.analysis.tallies.shape import ScaleShape, Shape

Lines = NDArray[np.intp]
Kind = tuple[str, ...]
"""Label, and band of every question."""

BETWEEN = "\x1f"
"""Stands between the two parts of a name; no band contains it."""

MOST_BANDS = 12
"""Groups that are read from one column of a file; of more, hardly any could ever be shown."""

KIND, SUM, ANSWERED, PEOPLE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """People by kind: label and band of every question.

    Attributes
    ----------
    questions : tuple[str, ...]
        In the order in which they were asked.
    kinds : tuple[Kind, ...]
        Those with people, in ascending order.
    rows : (n_kinds,) array
        People.
    scores : tuple of (n_entries, 4) arrays
        Per scale, in the order of the shape: kind, sum of exact integers, items answered, and how
        many people; only those who have a score.
    """

    questions: tuple[str, ...]
    kinds: tuple[Kind, ...]
    rows: Ints
    scores: tuple[Ints, ...]

    @classmethod
    def count(
        cls,
        shape: Shape,
        matrix: NDArray[np.int8],
        lines: Lines,
        labels: Sequence[str],
        backgrounds: Mapping[str, tuple[Lines, Sequence[str]]],
    ) -> "Crossing":
        """Count answer sheets; arguments as for `Tally.count_lines`."""
        named = [(lines, labels), *backgrounds.values()]
        place = reduce(lambda code, one: code * len(one[1]) + one[0], named, np.zeros_like(lines))
        found, place = np.unique(place, return_inverse=True)
        kinds = _decoded(found, [names for _, names in named])
        columns = np.asfortranarray(matrix)
        scores = tuple(
            _scored(scale, columns[:, list(scale.columns)], place) for scale in shape.scales
        )
        rows = np.bincount(place, minlength=len(kinds)).astype(np.int64)
        return cls(tuple(backgrounds), tuple(kinds), rows, scores).by_kinds(kinds)

    @classmethod
    def empty(cls, shape: Shape) -> "Crossing":
        """Return the crossing of nobody, who was asked nothing."""
        nobody = np.zeros(0, dtype=np.int64)
        return cls((), (), nobody, tuple(nobody.reshape(0, 4) for _ in shape.scales))

    def __add__(self, other: "Crossing") -> "Crossing":
        return added([self, other])

    def relabelled(self, rename: Callable[[str], str]) -> "Crossing":
        """Return the same people with other labels; kinds that become one are added."""
        return self.by_kinds([(rename(label), *bands) for label, *bands in self.kinds])

    def about(self, questions: Sequence[str]) -> "Crossing":
        """Return the same people by some of the questions only."""
        places = [1 + self.questions.index(question) for question in questions]
        kinds = [(kind[0], *(kind[place] for place in places)) for kind in self.kinds]
        return replace(self, questions=tuple(questions)).by_kinds(kinds)

    def named(self, question: str) -> frozenset[str]:
        """Return the bands of a question that somebody is in."""
        place = 1 + self.questions.index(question)
        return frozenset(kind[place] for kind in self.kinds)

    def bands(self, question: str, labels: Callable[[str], bool]) -> Cells:
        """Return one cell per band of a question, of the people whose label is asked for."""
        place = 1 + self.questions.index(question)
        return self._cells([kind[place] if labels(kind[0]) else None for kind in self.kinds])

    def pairs(self, question: str) -> Cells:
        """Return one cell per label and band of a question, named with `BETWEEN`."""
        place = 1 + self.questions.index(question)
        return self._cells([f"{kind[0]}{BETWEEN}{kind[place]}" for kind in self.kinds])

    def by_kinds(self, kinds: Sequence[Kind]) -> "Crossing":
        """Return the same people by other kinds; those that are equal are added."""
        names = sorted(set(kinds))
        lines = _places(kinds, names)
        return replace(
            self,
            kinds=tuple(names),
            rows=np.bincount(lines, self.rows, minlength=len(names)).astype(np.int64),
            scores=tuple(_moved(entries, lines) for entries in self.scores),
        )

    def _cells(self, names: Sequence[str | None]) -> Cells:
        """Return people and scores by name, without answers and products; None is left out."""
        labels = sorted({name for name in names if name is not None})
        lines = _places([labels[0] if name is None and labels else name for name in names], labels)
        kept = np.array([name is not None for name in names], dtype=bool)
        n_cells = len(labels)
        rows = np.bincount(lines[kept], self.rows[kept], minlength=n_cells).astype(np.int64)
        return Cells(
            tuple(labels),
            rows,
            np.zeros((n_cells, 0), dtype=np.int64),
            tuple(
                _laid_out(_moved(entries[kept[entries[:, KIND]]], lines), n_cells)
                for entries in self.scores
            ),
        )


def added(parts: Sequence[Crossing]) -> Crossing:
    """Add up crossings, at least one, by the questions that all of them know."""
    asked = [part.questions for part in parts]
    questions = [one for one in asked[0] if all(one in others for others in asked)]
    alike = [part.about(questions) for part in parts]
    starts = np.cumsum([0, *(len(part.kinds) for part in alike)])[:-1]
    scales = zip(*(part.scores for part in alike), strict=True)
    return Crossing(
        tuple(questions),
        tuple(kind for part in alike for kind in part.kinds),
        np.concatenate([part.rows for part in alike]),
        tuple(
            np.concatenate(
                [
                    entries + np.array([start, 0, 0, 0])
                    for entries, start in zip(of_one, starts, strict=True)
                ]
            )
            for of_one in scales
        ),
    ).by_kinds([kind for part in alike for kind in part.kinds])


def _decoded(codes: Ints, names: Sequence[Sequence[str]]) -> list[Kind]:
    columns: list[list[str]] = []
    for of_one in reversed(names):
        codes, at = np.divmod(codes, max(1, len(of_one)))
        columns.append([of_one[place] for place in at.tolist()])
    return list(zip(*reversed(columns), strict=True))


def _places(names: Iterable[Any], ordered: Sequence[Any]) -> Lines:
    place = {name: position for position, name in enumerate(ordered)}
    return np.array([place[name] for name in names], dtype=np.intp)


def _scored(scale: ScaleShape, sheets: NDArray[np.int8], place: Lines) -> Ints:
    """Return one entry per person who has a score."""
    sums, answered = exact_sums(sheets, scale.rule)
    valid = answered >= scale.rule.least_answered
    one = np.ones(int(valid.sum()), dtype=np.int64)
    return np.stack([place[valid], sums[valid], answered[valid], one], axis=1).astype(np.int64)


def _moved(entries: Ints, lines: Lines) -> Ints:
    """Give every entry its new kind and add up those that are alike, in ascending order."""
    kinds = lines[entries[:, KIND]]
    n_sums, n_answered = 1 + entries[:, SUM:PEOPLE].max(axis=0, initial=0)
    code = (kinds * n_sums + entries[:, SUM]) * n_answered + entries[:, ANSWERED]
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    # whole numbers far below 2**53, so exact as floats
    people = np.bincount(place, entries[:, PEOPLE]).astype(np.int64)
    return np.stack([kinds[first], entries[first, SUM], entries[first, ANSWERED], people], axis=1)


def _laid_out(entries: Ints, n_cells: int) -> ScaleCounts:
    """Turn entries into the table of one scale, with nothing but the scores."""
    base = 1 + int(entries[:, ANSWERED].max(initial=0))
    codes, column = np.unique(entries[:, SUM] * base + entries[:, ANSWERED], return_inverse=True)
    people = np.zeros((n_cells, len(codes)), dtype=np.int64)
    people[entries[:, KIND], column] = entries[:, PEOPLE]
    nothing = (np.zeros((n_cells, *size), dtype=np.int64) for size in ((), (0,), (0, 0)))
    return ScaleCounts(np.stack([codes // base, codes % base], axis=1), people, *nothing)
