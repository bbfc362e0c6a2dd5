"""Places and marks survive being written down, and nothing else is taken for them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.survey.paper.layout import Box, Field, Layout, NotALayout, Page
from baken.survey.paper.marks import (
    ALPHABET,
    EDITION_LENGTH,
    MAX_PAGES,
    UNIT_LENGTH,
    Mark,
    NotAMark,
    read_mark,
    unit_place,
    unit_sign,
    write_mark,
)

mm = st.floats(0, 300, allow_nan=False)
name = st.text(min_size=1, max_size=8)
boxes = st.builds(Box, mm, mm, mm, name, st.integers(-3, 119))
fields = st.builds(Field, mm, mm, mm, mm, name)
pages = st.lists(st.tuples(st.lists(boxes, max_size=4), st.lists(fields, max_size=2)), max_size=3)
signs = st.sampled_from(ALPHABET)
marks = st.builds(
    Mark,
    st.text(signs, min_size=EDITION_LENGTH, max_size=EDITION_LENGTH),
    st.sampled_from(["nl", "fr", "de-easy", "ary-easy"]),
    st.integers(1, MAX_PAGES),
    st.text(signs, min_size=UNIT_LENGTH, max_size=UNIT_LENGTH),
)


@settings(max_examples=40)
@given(pages, st.booleans())
def test_a_layout_is_the_same_after_json(drawn: list[tuple[list[Box], list[Field]]], large: bool):
    made = [Page(at, tuple(b), tuple(f)) for at, (b, f) in enumerate(drawn, start=1)]
    layout = Layout("0123ABCD", "nl", large, tuple(made))
    assert Layout.from_json(json.loads(json.dumps(layout.to_json()))) == layout
    assert [layout.page(page.number) for page in made] == made


@pytest.mark.parametrize("content", [None, [], {}, {"pages": []}, "x", 7])
def test_what_is_no_layout_is_refused(content: object):
    with pytest.raises(NotALayout):
        Layout.from_json(content)


@settings(max_examples=60)
@given(marks)
def test_a_mark_is_the_same_after_the_square_code(mark: Mark):
    text = write_mark(mark)
    assert read_mark(text) == mark
    # Version 2 of the square code with a quarter of it spare: the squares stay large.
    assert len(text) <= 29


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_another_text_is_no_mark(text: str):
    with pytest.raises(NotAMark):
        read_mark(text)


@settings(max_examples=60)
@given(st.integers(0, len(ALPHABET) ** UNIT_LENGTH - 1))
def test_a_unit_is_found_by_its_sign(place: int):
    assert unit_place(unit_sign(place)) == place


def test_what_does_not_fit_a_mark_is_refused():
    with pytest.raises(NotAMark):
        unit_sign(len(ALPHABET) ** UNIT_LENGTH)
    for sign in ("", "A", "AAAA", "aaa", "I00"):
        with pytest.raises(NotAMark):
            unit_place(sign)
    for page in (0, MAX_PAGES + 1):
        with pytest.raises(NotAMark):
            write_mark(Mark("0123ABCD", "nl", page, "000"))
    assert Mark("00000000", "nl", 1, "000").is_proof
