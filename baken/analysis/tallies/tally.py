"""The tally: everything analysis keeps of the answers.

It holds counts per label of the unit tree and, for the whole organisation, per band of each
background question. Tallies of one shape add up in any order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from baken.analysis.errors import CellTooSmall, NotAnAnswerSheet, NotTheSameQuestions
from baken.analysis.tallies.cells import Cells, add_cells
from baken.analysis.tallies.counting import count_cells, count_scores, no_cells
from baken.analysis.tallies.crossing import (
    BETWEEN,
    BandCheck,
    check_crossing,
    crossed_name,
    may_cross,
)
from baken.analysis.tallies.shape import N_SPECIAL, Shape
from baken.instruments.definition import Instrument
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
    bands : Mapping[str, Cells]
        Background question to cells, one per band, `NO_BAND` among them; whole organisation only.
    crossed : Mapping[str, Cells]
        Background question to cells, one per band in each label: people and scores only. Never
        stored: it exists while answers are counted, so that `with_safe_bands` can look at units
        and bands together.
    band_checks : Mapping[str, BandCheck]
        Background question to what `with_safe_bands` found that it may show.
    """

    shape: Shape
    cells: Cells
    bands: Mapping[str, Cells] = field(default_factory=dict)
    crossed: Mapping[str, Cells] = field(default_factory=dict)
    band_checks: Mapping[str, BandCheck] = field(default_factory=dict)

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
        bands, crossed = {}, {}
        for column, (which, names) in (backgrounds or {}).items():
            bands[column] = count_cells(shape, matrix, *_in_order(which, names))
            both = [crossed_name(label, band) for label in labels for band in names]
            places = lines * len(names) + which
            crossed[column] = count_scores(shape, matrix, *_in_order(places, both))
        return cls(shape, cells, bands, crossed)

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

        Raises
        ------
        NotTheSameQuestions
            One of them belongs to another questionnaire.
        """
        for other in others:
            self._check_same_questions(other)
        parts = (self, *others)
        return Tally(
            self.shape,
            add_cells([part.cells for part in parts]),
            _add_columns([part.bands for part in parts]),
            _add_columns([part.crossed for part in parts]),
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

        def rename_crossed(name: str) -> str:
            label, _, band = name.rpartition(BETWEEN)
            return crossed_name(rename(label), band)

        return Tally(
            self.shape,
            _renamed(self.cells, rename),
            self.bands,
            {column: _renamed(cells, rename_crossed) for column, cells in self.crossed.items()},
            self.band_checks,
        )

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

    def with_safe_bands(self, instrument: Instrument, min_group: int) -> "Tally":
        """Keep the background questions that may stand beside the units, and forget the rest.

        A question is kept whole or not at all: one band that is left out is the rest of the others.
        It is dropped when a band has 1 to `min_group` - 1 people, when it was not asked of
        everybody, and when units and bands together tell too much; also when it is no longer known
        whether they do, because it was checked for a smaller group or parts were added since.
        """
        checks = {
            column: check
            for column, cells in self.bands.items()
            if int(cells.rows.sum()) == self.n
            and not has_small_cell(cells, min_group)
            and (check := self._check(column, instrument, min_group))
        }
        bands = {column: self.bands[column] for column in checks}
        return Tally(self.shape, self.cells, bands, band_checks=checks)

    def _check(self, column: str, instrument: Instrument, min_group: int) -> BandCheck | None:
        """Return what a question may show, None when it may show nothing."""
        if column not in self.crossed:
            known = self.band_checks.get(column)
            return known if known and known.min_group >= min_group else None
        crossed = self.crossed[column]
        if not may_cross(crossed, min_group):
            return None
        return check_crossing(crossed, instrument, min_group)

    def check_storable(self, min_group: int) -> None:
        """Raise `CellTooSmall` when a cell is about 1 to `min_group` - 1 people."""
        for cells in (self.cells, *self.bands.values()):
            if has_small_cell(cells, min_group):
                raise CellTooSmall(
                    "analysis.cell_too_small",
                    "These counts hold a group of fewer than {min_group} people and were not "
                    "stored: the counts of a few people are their answers. The answers themselves "
                    "are unchanged; merge small units first.",
                    min_group=min_group,
                )


def has_small_cell(cells: Cells, min_group: int) -> bool:
    """Whether a cell is about 1 to `min_group` - 1 people."""
    return bool(np.any((cells.rows > 0) & (cells.rows < min_group)))


def _add_columns(parts: Sequence[Mapping[str, Cells]]) -> dict[str, Cells]:
    """Add up the cells of each background question that one of the parts has."""
    columns = sorted({column for part in parts for column in part})
    return {
        column: add_cells([part[column] for part in parts if column in part]) for column in columns
    }


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
