"""One answer as a small number and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.definition import AnswerFormat, Item
from baken.instruments.errors import NotAnAnswer
from baken.instruments.sheet import (
    MISSING,
    NOT_APPLICABLE,
    PREFER_NOT,
    blank_sheet,
    decode,
    encode,
    is_code,
)

OFTEN = AnswerFormat("often", 1, 5)
ITEM = Item("P1", OFTEN, "pace", reversed=False, dimension="A2")
OPTIONAL = Item("P2", OFTEN, "pace", reversed=False, dimension="A2", not_applicable=True)


def formats():
    lows = st.integers(-200, 200)
    return lows.flatmap(
        lambda low: st.integers(low + 1, low + 119).map(lambda high: AnswerFormat("f", low, high))
    )


@given(formats(), st.data())
def test_every_answer_comes_back_and_fits_in_eight_bits(answer_format, data):
    item = Item("X", answer_format, "s", reversed=False, dimension="A1")
    value = data.draw(st.sampled_from(answer_format.values))
    code = encode(item, value)
    assert 0 <= code <= 119
    assert int(np.int8(code)) == code
    assert is_code(item, code)
    assert decode(answer_format, code) == value


@given(formats())
def test_codes_keep_the_order_of_the_answers(answer_format):
    item = Item("X", answer_format, "s", reversed=False, dimension="A1")
    codes = [encode(item, value) for value in answer_format.values]
    assert codes == list(range(len(codes)))


@pytest.mark.parametrize(
    ("code", "reason"),
    [(MISSING, "missing"), (NOT_APPLICABLE, "not_applicable"), (PREFER_NOT, "prefer_not")],
)
def test_no_answer_has_a_reason(code, reason):
    assert decode(OFTEN, code) == reason


def test_the_codes_for_no_answer_never_change():
    assert (MISSING, NOT_APPLICABLE, PREFER_NOT) == (-1, -2, -3)
    assert encode(ITEM, None) == MISSING


@pytest.mark.parametrize("value", [0, 6, -1, 127])
def test_a_value_outside_the_format_is_refused(value):
    with pytest.raises(NotAnAnswer) as caught:
        encode(ITEM, value)
    assert str(caught.value) == (
        f"Item P1 takes a whole number from 1 to 5, not “{value}”. "
        "Choose one of these, or leave the item open."
    )
    assert caught.value.kind == "invalid"


@pytest.mark.parametrize("code", [5, 119, -4, -128])
def test_a_code_without_meaning_is_a_damaged_sheet(code):
    with pytest.raises(ValueError, match=f"code {code} means nothing in answer format 'often'"):
        decode(OFTEN, code)


@pytest.mark.parametrize(
    ("code", "plain", "optional"),
    [
        (0, True, True),
        (4, True, True),
        (5, False, False),
        (MISSING, True, True),
        (NOT_APPLICABLE, False, True),
        (PREFER_NOT, True, True),
        (-4, False, False),
    ],
)
def test_which_codes_may_stand_on_a_sheet(code, plain, optional):
    assert is_code(ITEM, code) is plain
    assert is_code(OPTIONAL, code) is optional


def test_a_blank_sheet_has_a_place_for_every_item(small):
    sheet = blank_sheet(small.read())
    assert sheet.dtype == np.int8
    assert sheet.tolist() == [MISSING] * 4
