"""What comes out of the box: sheets without an origin, merged, shuffled, comments taken off.

Pure: the shuffle is an argument, so that a test can leave it out and see its attacker succeed.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baken.survey.answers import LANGUAGE_COLUMN, MODE_COLUMN, Block
from baken.survey.box.columns import kept_columns
from baken.survey.box.sheet import MODES, Sheet
from baken.survey.campaigns.models import SheetShape
from baken.survey.comments import DetachedComment
from baken.survey.disclosure.merging import Merging, merge_labels
from baken.survey.disclosure.tree import ROOT, Tree

Shuffle = Callable[[list[int]], None]

RANDOM_ORDER: Shuffle = secrets.SystemRandom().shuffle


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Everything that is written at the opening."""

    blocks: tuple[Block, ...]
    comments: tuple[DetachedComment, ...]
    columns: tuple[str, ...]
    label_of: Mapping[str, str]
    root_is_loose: bool = False

    @property
    def n_answers(self) -> int:
        return sum(len(block.items) for block in self.blocks)


def arrange(
    letters: Sequence[tuple[str, Sheet]],
    *,
    tree: Tree,
    k: int,
    shape: SheetShape,
    languages: Sequence[str],
    shuffle: Shuffle = RANDOM_ORDER,
) -> Arrangement:
    """Turn opened envelopes into one block per label and a heap of comments.

    Parameters
    ----------
    letters : sequence of (unit, sheet)
        What was in the envelopes, or in a file from elsewhere; at least k of them.
    shuffle : callable
        Puts a list in random order, in place.
    """
    per_unit = Counter(unit for unit, _ in letters)
    merging = merge_labels(tree, per_unit, k)
    if merging.too_few:
        raise ValueError("fewer than k answers are never opened")
    rows_of: dict[str, list[int]] = {label: [] for label in merging.rows}
    for row, (unit, _) in enumerate(letters):
        rows_of[merging.label_of[tree.key_of(unit)]].append(row)
    sheets = [sheet for _, sheet in letters]
    items = np.array([sheet.answers for sheet in sheets], np.int8).reshape(len(sheets), -1)
    kept = kept_columns(*_background_columns(sheets, shape, languages), k)
    names = tuple(name for name, _ in kept)
    columns = [column for _, column in kept]
    beside = np.column_stack(columns) if columns else np.empty((len(sheets), 0), np.int8)
    blocks = []
    for label, rows in rows_of.items():
        shuffle(rows)
        blocks.append(Block(label, items[rows], beside[rows], names))
    comments = _detach(letters, tree, 2 * k, shape, shuffle)
    return Arrangement(
        tuple(blocks), comments, names, dict(merging.label_of), merging.root_is_loose
    )


def _background_columns(
    sheets: Sequence[Sheet], shape: SheetShape, languages: Sequence[str]
) -> tuple[list[tuple[str, NDArray[np.int8]]], list[tuple[str, int, NDArray[np.int8]]]]:
    named = [
        (str(key), np.array([sheet.backgrounds[place] for sheet in sheets], np.int8))
        for place, (key, _) in enumerate(shape["backgrounds"])
    ]
    spoken = list(languages)
    language = np.array([spoken.index(sheet.language) for sheet in sheets], np.int8)
    mode = np.array([MODES.index(sheet.mode) for sheet in sheets], np.int8)
    return named, [
        (LANGUAGE_COLUMN, len(spoken), language),
        (MODE_COLUMN, len(MODES), mode),
    ]


def _detach(
    letters: Sequence[tuple[str, Sheet]],
    tree: Tree,
    min_answers: int,
    shape: SheetShape,
    shuffle: Shuffle,
) -> tuple[DetachedComment, ...]:
    """Take the comments off; their labels stand for at least 2k answers, not comments.

    A picture of handwriting says that somebody answered on paper: its label stands for at least 2k
    answers on paper, or for everybody. Once typed over it keeps that label, as any other text: what
    it stands beside must not tell that it came from paper (`_covered`).
    """
    questions = [str(key) for key, _ in shape["open_questions"]]
    on_paper = [(unit, sheet) for unit, sheet in letters if sheet.mode == "paper"]
    of_paper = merge_labels(tree, Counter(unit for unit, _ in on_paper), min_answers)
    drawn = [
        DetachedComment(of_paper.label_of[tree.key_of(unit)], question, "", picture)
        for unit, sheet in on_paper
        for question, picture in zip(questions, sheet.pictures, strict=False)
        if picture
    ]
    merging = merge_labels(tree, Counter(unit for unit, _ in letters), min_answers)
    label_of = _covered(merging) if drawn and of_paper.too_few else merging.label_of
    heap = drawn + [
        DetachedComment(label_of[tree.key_of(unit)], question, text.strip())
        for unit, sheet in letters
        for question, text in zip(questions, sheet.comments, strict=True)
        if text.strip()
    ]
    order = list(range(len(heap)))
    shuffle(order)
    return tuple(heap[place] for place in order)


def _covered(merging: Merging) -> Mapping[str, str]:
    """Labels of texts where fewer than 2k answered on paper and a few of them wrote by hand.

    What they wrote stands beside the whole organisation. If no other text stood there, each one
    typed over would say: from one of those few. So the smallest label goes to the whole
    organisation as well, and what stands there is of at least 2k people who answered on a screen
    or on paper. Only counts decide; the first label in tree order among equals.
    """
    if ROOT in merging.rows:
        return merging.label_of
    smallest = min(merging.rows, key=merging.rows.__getitem__)
    return {unit: ROOT if label == smallest else label for unit, label in merging.label_of.items()}
