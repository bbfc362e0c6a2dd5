"""What a good password is."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.accounts.passwords import (
    MAX_PASSWORD,
    MIN_PASSWORD,
    check_password,
    hash_password,
    is_password,
)
from baken.organisation.errors import Invalid

WHO = {"mail": "piet.janssens@voorbeeld.invalid", "name": "Piet Janssens"}


@pytest.mark.parametrize(
    "password",
    [
        "kort",
        "elf tekens!",
        "x" * 129,
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "piet.janssens1234567",
        "PietJanssens!!",
        "piet janssens 2026",
        "piet.janssens@voorbeeld.invalid",
        "janssens voorbeeld piet",
        "Voorbeeld_Piet_2026",
        "baken1234567890",
        "bakenbakenbaken",
        "administrator",
        "motdepasse123",
        "wachtwoord123",
        "passwordpassword",
        "123456789012",
        "qwertyuiop123",
        "1q2w3e4r5t6y",
        "Welkom01!Welkom01!",
    ],
)
def test_a_poor_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, **WHO)


@pytest.mark.parametrize(
    "password",
    [
        "vier blauwe stoelen",
        "correct horse battery",
        "Zw3mb4d-naast-de-kerk",
        "ÀÉÎõü ψηφος ok",
        "a b c d e f ",
        "piet eet graag kaas",
    ],
)
def test_a_good_password_is_accepted(password: str) -> None:
    check_password(password, **WHO)


@pytest.mark.parametrize(
    ("length", "is_good"), [(11, False), (12, True), (128, True), (129, False)]
)
def test_the_length_counts_at_both_ends(length: int, is_good: bool) -> None:
    password = ("een zeldzaam lang verhaal over vissen " * 4)[:length]
    try:
        check_password(password, **WHO)
    except Invalid:
        assert not is_good
    else:
        assert is_good
    assert (MIN_PASSWORD, MAX_PASSWORD) == (12, 128)


@given(st.text(max_size=140))
def test_any_text_gets_an_answer(password: str) -> None:
    with contextlib.suppress(Invalid):
        check_password(password, **WHO)


def test_nobody_has_no_password() -> None:
    assert is_password(hash_password("vier blauwe stoelen"), "vier blauwe stoelen")
    assert not is_password("", "")
    assert not is_password("", "vier blauwe stoelen")
    assert not is_password("!", "vier blauwe stoelen")
