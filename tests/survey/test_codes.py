from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from baken.survey.codes.derivation import code_tag, derive_code
from baken.survey.codes.symbols import (
    LENGTH,
    SYMBOLS,
    count_missing,
    print_code,
    read_code,
    write_code,
)
from baken.survey.errors import MistypedCode

CAMPAIGN = UUID("12345678-1234-4234-8234-123456789abc")
codes = st.text(alphabet=SYMBOLS, min_size=LENGTH, max_size=LENGTH)


@given(codes)
def test_a_printed_code_is_read_back(code):
    assert read_code(print_code(code)) == code


@given(codes, st.randoms(use_true_random=False))
def test_it_is_read_however_it_is_typed(code, random):
    alike = {"0": "0Oo", "1": "1IiLl"}
    typed = ""
    for symbol in print_code(code).replace("-", ""):
        typed += random.choice(alike.get(symbol, symbol + symbol.lower()))
        typed += random.choice(["", "", "-", " ", " - ", "\u2013", "\u00a0", "\t"])
    assert read_code(f" {typed}\n") == code


@given(codes, st.integers(0, LENGTH), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_is_noticed(code, place, symbol):
    printed = print_code(code).replace("-", "")
    assume(printed[place] != symbol)
    with pytest.raises(MistypedCode):
        read_code(printed[:place] + symbol + printed[place + 1 :])


@given(codes, st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_two_exchanged_symbols_are_noticed(code, first, second):
    symbols = list(print_code(code).replace("-", ""))
    assume(symbols[first] != symbols[second])
    symbols[first], symbols[second] = symbols[second], symbols[first]
    with pytest.raises(MistypedCode):
        read_code("".join(symbols))


@given(st.text(max_size=30))
def test_anything_typed_is_a_code_or_a_typing_error(typed):
    try:
        code = read_code(typed)
    except MistypedCode:
        return
    assert len(code) == LENGTH
    assert set(code) <= set(SYMBOLS)


@pytest.mark.parametrize("typed", ["", "A", "U" * 13, "0" * 12, "0" * 14, "0" * 10_000, "ÄÖ"])
def test_what_cannot_be_a_code_is_a_typing_error(typed):
    with pytest.raises(MistypedCode):
        read_code(typed)


@given(codes, st.integers(0, LENGTH + 1))
def test_what_is_missing_is_known_by_its_length_alone(code, n):
    symbols = print_code(code).replace("-", "")
    assert count_missing(f" {symbols[:n]} - ") == LENGTH + 1 - n
    assert count_missing(symbols + "X") == 0


def test_a_code_has_sixty_bits():
    assert write_code(0) == "0" * LENGTH
    assert write_code(2**60 - 1) == "Z" * LENGTH


def test_codes_follow_from_key_campaign_slip_and_issue():
    made = {
        derive_code(key, campaign, unit, number, issue=issue)
        for key in (b"a" * 32, b"b" * 32)
        for campaign in (CAMPAIGN, UUID(int=1))
        for unit in ("x", "y")
        for number in range(50)
        for issue in (0, 1)
    }
    assert len(made) == 2 * 2 * 2 * 50 * 2
    assert derive_code(b"a" * 32, CAMPAIGN, "x", 1) == derive_code(b"a" * 32, CAMPAIGN, "x", 1)


def test_a_tag_needs_the_pepper():
    code = derive_code(b"a" * 32, CAMPAIGN, "x", 1)
    tags = {code_tag(pepper, CAMPAIGN, code) for pepper in (b"p" * 32, b"q" * 32)}
    assert len(tags) == 2
    assert {len(tag) for tag in tags} == {16}
    assert code_tag(b"p" * 32, UUID(int=1), code) not in tags
