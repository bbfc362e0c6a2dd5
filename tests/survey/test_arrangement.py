"""What is written at the opening, for random trees and answers."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.answers import Block, decode_block, encode_block
from baken.survey.box.arrangement import arrange
from baken.survey.box.columns import has_large_bands, protect_background
from baken.survey.box.sheet import Sheet
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode

SHAPE = {
    "items": [[5, False]] * 8,
    "backgrounds": [["age", 4], ["job", 2]],
    "open_questions": [["more", 100]],
}


@st.composite
def campaigns(draw):
    n_units = draw(st.integers(1, 14))
    parents = [None] + [str(draw(st.integers(0, unit - 1))) for unit in range(1, n_units)]
    k = draw(st.integers(5, 12))
    small = st.integers(0, k - 1)
    counts = [draw(st.one_of(small, st.integers(0, 3 * k))) for _ in range(n_units)]
    tree = Tree.of(
        UnitNode(str(unit), parent, n + 1)
        for unit, (parent, n) in enumerate(zip(parents, counts, strict=True))
    )
    bands = st.sampled_from([-3, -1, 0, 0, 0, 1, 1, 2, 3])
    letters = []
    for unit, n in enumerate(counts):
        for _ in range(n):
            number = len(letters)
            answers = tuple(number // 5**place % 5 for place in range(8))
            text = f"{number}" if draw(st.booleans()) else " "
            backgrounds = (draw(bands), draw(st.sampled_from([-1, 0, 0, 1, 1])))
            language = "fr" if draw(st.integers(0, 9)) == 0 else "nl"
            letters.append((str(unit), Sheet(language, answers, backgrounds, (text,))))
    return tree, k, letters


def number_of(row):
    return sum(int(code) * 5**place for place, code in enumerate(row))


@given(campaigns())
def test_labels_are_large_and_nobody_is_lost(made):
    tree, k, letters = made
    if len(letters) < k:
        with pytest.raises(ValueError, match="fewer than k"):
            arrange(letters, tree=tree, k=k, shape=SHAPE, languages=["nl", "fr"])
        return
    found = arrange(letters, tree=tree, k=k, shape=SHAPE, languages=["nl", "fr"])
    assert found.n_answers == len(letters)
    assert all(len(block.items) >= k for block in found.blocks)
    assert len({block.label for block in found.blocks}) == len(found.blocks)
    seen = Counter(number_of(row) for block in found.blocks for row in block.items)
    assert seen == Counter(range(len(letters)))
    for block in found.blocks:
        for row in block.items:
            unit = tree.key_of(letters[number_of(row)][0])
            assert block.label in {unit, *tree.ancestors(unit)}


@given(campaigns())
def test_comments_keep_a_coarse_label_and_nothing_else(made):
    tree, k, letters = made
    if len(letters) < k:
        return
    found = arrange(letters, tree=tree, k=k, shape=SHAPE, languages=["nl", "fr"])
    written = Counter(sheet.comments[0] for _, sheet in letters if sheet.comments[0].strip())
    assert Counter(comment.text for comment in found.comments) == written
    labels = {comment.label for comment in found.comments}
    for comment in found.comments:
        unit = tree.key_of(letters[int(comment.text)][0])
        assert comment.label in {unit, *tree.ancestors(unit)}
    if len(letters) < 2 * k:
        assert labels <= {ROOT}


@given(campaigns())
def test_background_groups_are_empty_or_large(made):
    tree, k, letters = made
    if len(letters) < k:
        return
    found = arrange(letters, tree=tree, k=k, shape=SHAPE, languages=["nl", "fr"])
    assert "@mode" not in found.columns
    both = np.vstack([block.backgrounds for block in found.blocks])
    for place, name in enumerate(found.columns):
        _, counts = np.unique(both[:, place], return_counts=True)
        assert counts.min() >= (2 * k if name == "@language" else k)
        assert len(counts) >= 2
    for block in found.blocks:
        for row, beside in zip(block.items, block.backgrounds, strict=True):
            sheet = letters[number_of(row)][1]
            for place, name in enumerate(found.columns):
                if name in {"age", "job"}:
                    given_band = sheet.backgrounds[("age", "job").index(name)]
                    assert beside[place] in {given_band, -1}


def test_small_background_groups_take_the_smallest_band_along():
    column = np.array([0] * 30 + [1] * 20 + [2] * 12 + [-3] * 2 + [-1] * 1, np.int8)
    found = protect_background(column, 10)
    assert Counter(found.tolist()) == {0: 30, 1: 20, -1: 15}
    assert Counter(protect_background(column[:62], 10).tolist()) == {0: 30, 1: 20, 2: 12}
    assert protect_background(column[:51], 10) is None
    assert protect_background(column[:9], 10) is None


def test_language_and_mode_need_twice_the_smallest_group_in_every_value():
    column = np.array([0] * 20 + [1] * 20, np.int8)
    assert has_large_bands(column, 2, 10)
    assert not has_large_bands(column[:-1], 2, 10)
    assert not has_large_bands(column, 3, 10)
    assert not has_large_bands(column[:20], 1, 10)


@given(st.integers(1, 30), st.integers(0, 12), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_a_block_comes_back_from_its_bytes(n, n_items, n_columns, seed):
    random = np.random.default_rng(seed)
    block = Block(
        "label",
        random.integers(-3, 120, (n, n_items), dtype=np.int8),
        random.integers(-3, 8, (n, n_columns), dtype=np.int8),
        tuple(f"column {place}" for place in range(n_columns)),
    )
    again = decode_block("label", encode_block(block))
    assert (again.items == block.items).all()
    assert (again.backgrounds == block.backgrounds).all()
    assert again.columns == block.columns


def test_rows_are_shuffled_evenly():
    tree = Tree.of([UnitNode("0", None, 12)])
    letters = [
        ("0", Sheet("nl", tuple(n // 5**p % 5 for p in range(8)), (0, 0), ("",))) for n in range(12)
    ]
    first = Counter(
        number_of(
            arrange(letters, tree=tree, k=5, shape=SHAPE, languages=["nl"]).blocks[0].items[0]
        )
        for _ in range(1200)
    )
    # 100 expected for each of 12; chi-square with 11 degrees of freedom is below 40 all but always
    assert sum((first[n] - 100) ** 2 / 100 for n in range(12)) < 40


def test_a_few_hands_among_screens_stand_where_typed_texts_stand_too():
    units = [UnitNode("top", None, 0), *(UnitNode(unit, "top", 40) for unit in "abc")]
    tree = Tree.of(units)

    def labels(papers: int, hand: bytes = b"png") -> tuple[set[str], Counter[str]]:
        def sheet(n: int, unit: str) -> Sheet:
            if unit == "c" and n < papers:
                return Sheet("nl", (0,) * 8, (0, 0), ("",), "paper", (hand,))
            return Sheet("nl", (0,) * 8, (0, 0), ("typed",))

        letters = [
            (u, sheet(n, u)) for u, many in (("a", 30), ("b", 12), ("c", 25)) for n in range(many)
        ]
        found = arrange(letters, tree=tree, k=5, shape=SHAPE, languages=["nl"]).comments
        drawn = {one.label for one in found if one.picture}
        return drawn, Counter(one.label for one in found if one.text)

    # nobody wrote by hand: every text names its unit
    assert labels(3, b"") == (set(), Counter(a=30, b=12, c=22))
    # three did: their pictures stand beside everybody, and so do the texts of the smallest label,
    # or whatever stands there later would be known to come from one of three
    assert labels(3) == ({ROOT}, Counter({"a": 30, ROOT: 12, "c": 22}))
    # twice the smallest group on paper: a hand is one of ten in its unit
    assert labels(10) == ({"c"}, Counter(a=30, b=12, c=15))
