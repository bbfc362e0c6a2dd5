"""The tally: everything analysis keeps of the answers.

It holds counts per label of the unit tree and, where that may be kept, per band of a background
question in the organisation and in departments. Tallies of one shape add up in any order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import CellTooSmall, NotAnAnswerSheet, NotTheSameQuestions
from baken.analysis.tallies.breakdowns import Breakdowns, choose_breakdowns
from baken.analysis.tallies.cells import Cells, add_cells
from baken.analysis.tallies.counting import count_cells, no_cells
from baken.analysis.tallies.crossing import Crossing, added
from baken.analysis.tallies.shape import N_SPECIAL, Shape
from baken.instruments.definition import Instrument
from baken.survey.disclosure.merging import Merging
from baken.survey.disclosure.tree import NO_UNIT

NO_BAND = ""
"""Band of those who gave no answer to a background question."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts of one set of answers.

    Attributes
    ----------
    shape : Shape
        Items and scales that were counted.
    cells : Cells
        One line per unit label; people without a unit stand under `NO_UNIT`.
    crossing : Crossing or None
        Everybody by label and by the bands of all background questions. Never stored: it exists
        while answers are counted, so that units and bands can be looked at together.
    breakdowns : Breakdowns or None
        What `broken_down` found that may be shown of these questions; None: not looked at yet.
    """

    shape: Shape
    cells: Cells
    crossing: Crossing | None = None
    breakdowns: Breakdowns | None = None

    @classmethod
    def count(
        cls,
        instrument: Instrument | Shape,
        matrix: NDArray[np.int8],
        labels: Sequence[str],
        *,
        backgrounds: Mapping[str, Sequence[str]] | None = None,
    ) -> "Tally":
        """Count answer sheets.

        Parameters
        ----------
        instrument : Instrument or Shape
            What was asked.
        matrix : (n_respondents, n_items) array
            Answer sheets: distance from the lowest answer, or a special code.
        labels : (n_respondents,) sequence
            Unit label of each respondent; `NO_UNIT` when there is none.
        backgrounds : Mapping, optional
            Background question to the band of each respondent; `NO_BAND` when not answered.
        """
        names, lines = np.unique(np.asarray(labels, dtype=np.str_), return_inverse=True)
        columns = {
            column: np.unique(np.asarray(bands, dtype=np.str_), return_inverse=True)
            for column, bands in (backgrounds or {}).items()
        }
        return cls.count_lines(
            instrument,
            matrix,
            lines.astype(np.intp),
            [str(name) for name in names],
            backgrounds={
                column: (which.astype(np.intp), [str(band) for band in bands])
                for column, (bands, which) in columns.items()
            },
        )

    @classmethod
    def count_lines(
        cls,
        instrument: Instrument | Shape,
        matrix: NDArray[np.int8],
        lines: NDArray[np.intp],
        labels: Sequence[str],
        *,
        backgrounds: Mapping[str, tuple[NDArray[np.intp], Sequence[str]]] | None = None,
    ) -> "Tally":
        """Count answer sheets whose labels are positions in a list; the fast form of `count`."""
        shape = instrument if isinstance(instrument, Shape) else Shape.of(instrument)
        check_sheets(shape, matrix, lines)
        cells = count_cells(shape, matrix, *_in_order(lines, labels))
        crossing = None
        if backgrounds:
            crossing = Crossing.count(shape, matrix, lines, labels, backgrounds)
        return cls(shape, cells, crossing)

    @classmethod
    def empty(cls, instrument: Instrument | Shape) -> "Tally":
        """Return the tally of nobody: what adding starts from."""
        shape = instrument if isinstance(instrument, Shape) else Shape.of(instrument)
        return cls(shape, no_cells(shape))

    @property
    def labels(self) -> tuple[str, ...]:
        """Unit labels, in ascending order."""
        return self.cells.labels

    @property
    def rows(self) -> dict[str, int]:
        """Number of people per unit label."""
        return dict(zip(self.cells.labels, map(int, self.cells.rows), strict=True))

    @property
    def n(self) -> int:
        """Number of people in all."""
        return int(self.cells.rows.sum())

    def __add__(self, other: "Tally") -> "Tally":
        return self.with_all([other])

    def with_all(self, others: Sequence["Tally"]) -> "Tally":
        """Return the sum of this tally and any number of others: cheaper than one by one.

        What was found that may be shown of background questions is no longer known of the sum.

        Raises
        ------
        NotTheSameQuestions
            One of them belongs to another questionnaire.
        """
        for other in others:
            self._check_same_questions(other)
        parts = (self, *others)
        crossings = [part.crossing for part in parts if part.n]
        known = [crossing for crossing in crossings if crossing is not None]
        return Tally(
            self.shape,
            add_cells([part.cells for part in parts]),
            # a question that was not asked of everybody says who the others are
            added(known) if known and len(known) == len(crossings) else None,
        )

    def _check_same_questions(self, other: "Tally") -> None:
        if self.shape != other.shape:
            raise NotTheSameQuestions(
                "analysis.not_the_same_questions",
                "These counts belong to different questionnaires ({mine} and {yours}) and cannot "
                "be added. Nothing was changed; count each of them by itself.",
                mine=f"{self.shape.instrument} {self.shape.version}",
                yours=f"{other.shape.instrument} {other.shape.version}",
            )

    def relabel(self, rename: Callable[[str], str]) -> "Tally":
        """Return the tally with other labels; labels that get one name are added."""
        crossing = self.crossing.relabelled(rename) if self.crossing else None
        return Tally(self.shape, _renamed(self.cells, rename), crossing)

    def total(self, labels: Sequence[str] | None = None) -> Cells:
        """Return one cell, named `NO_UNIT`, with the people of some labels (default: all)."""
        wanted = set(self.labels if labels is None else labels)
        kept = [line for line, label in enumerate(self.labels) if label in wanted]
        part = Cells(
            tuple(self.labels[line] for line in kept),
            self.cells.rows[kept],
            self.cells.answers[kept],
            tuple(scale.chosen(kept) for scale in self.cells.scales),
        )
        return part.placed([NO_UNIT], lambda _: NO_UNIT)

    def broken_down(self, instrument: Instrument, merging: Merging, min_group: int) -> "Tally":
        """Choose what of the background questions may stand beside the units, to be kept."""
        crossing = self.crossing or Crossing.empty(self.shape)
        found = choose_breakdowns(crossing, instrument, merging, min_group)
        return replace(self, breakdowns=found)

    def check_storable(self, min_group: int) -> None:
        """Raise `CellTooSmall` when a cell is about 1 to `min_group` - 1 people."""
        kept = self.breakdowns.kept.values() if self.breakdowns else ()
        for cells in (self.cells, *(broken.cells for broken in kept)):
            if np.any((cells.rows > 0) & (cells.rows < min_group)):
                raise cell_too_small(min_group)


def cell_too_small(min_group: int) -> CellTooSmall:
    """Return what is said of counts that may not be stored."""
    return CellTooSmall(
        "analysis.cell_too_small",
        "These counts hold a group of fewer than {min_group} people and were not "
        "stored: the counts of a few people are their answers. The answers themselves "
        "are unchanged; merge small units first.",
        min_group=min_group,
    )


def _renamed(cells: Cells, rename: Callable[[str], str]) -> Cells:
    return cells.placed(sorted({rename(label) for label in cells.labels}), rename)


def check_sheets(shape: Shape, matrix: NDArray[np.int8], lines: NDArray[np.intp]) -> None:
    """Raise `NotAnAnswerSheet` unless a table has an answer or a special code everywhere."""
    if matrix.ndim != 2 or matrix.shape != (len(lines), len(shape.items)):
        raise NotAnAnswerSheet(
            "analysis.sheet_size",
            "The table of answers is {size}; {rows} rows of {items} items were expected.",
            size=" x ".join(map(str, matrix.shape)),
            rows=len(lines),
            items=len(shape.items),
        )
    if not len(lines):
        return
    extremes = matrix.min(axis=0).tolist(), matrix.max(axis=0).tolist()
    for code, top, low, high in zip(shape.items, shape.tops, *extremes, strict=True):
        if low < -N_SPECIAL or high > top:
            raise NotAnAnswerSheet(
                "analysis.answer_out_of_range",
                "Item {item} holds {found}; {first} to {last} were expected. Nothing was counted.",
                item=code,
                found=low if low < -N_SPECIAL else high,
                first=-N_SPECIAL,
                last=top,
            )


def _in_order(
    lines: NDArray[np.intp], labels: Sequence[str]
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return positions and names with the names sorted, equal and unused ones taken together."""
    used = np.zeros(len(labels), dtype=bool)
    used[lines] = True
    names = sorted({label for label, is_used in zip(labels, used, strict=True) if is_used})
    place = {name: position for position, name in enumerate(names)}
    moved = np.array([place.get(label, 0) for label in labels], dtype=np.intp)
    return moved[lines] if len(lines) else lines, tuple(names)
