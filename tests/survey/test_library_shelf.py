"""Questionnaires that were read before: bounded, and each organisation's own."""

from dataclasses import replace
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from baken.survey.library.shelf import Shelf
from tests.survey.conftest import make_instrument

HERE, THERE = uuid4(), uuid4()
ONE = make_instrument()
BOOKS = [replace(ONE, fingerprint=str(number)) for number in range(9)]


def test_nobody_finds_what_another_organisation_put_there() -> None:
    shelf = Shelf()
    shelf.put(HERE, ONE, signs=10)
    assert shelf.find(HERE, ONE.fingerprint) is ONE
    assert shelf.find(THERE, ONE.fingerprint) is None
    assert shelf.find(None, ONE.fingerprint) is None
    assert shelf.find(HERE, "f" * 64) is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 60)), max_size=30))
def test_it_never_holds_more_than_it_may_and_lets_the_oldest_go(
    puts: list[tuple[int, int]],
) -> None:
    shelf = Shelf(most=100)
    held: dict[int, int] = {}
    for number, signs in puts:
        shelf.put(HERE, BOOKS[number], signs=signs)
        held.pop(number, None)
        held[number] = signs
        while sum(held.values()) > 100:
            del held[next(iter(held))]
    found = [number for number in range(9) if shelf.find(HERE, str(number))]
    assert found == sorted(held)
    assert len(shelf) == len(held)


def test_what_is_asked_for_stays_and_what_is_too_large_is_not_kept() -> None:
    shelf = Shelf(most=10)
    for name in ("a", "b"):
        shelf.put(HERE, replace(ONE, fingerprint=name), signs=5)
    assert shelf.find(HERE, "a")
    shelf.put(HERE, replace(ONE, fingerprint="c"), signs=5)
    assert (shelf.find(HERE, "a") is None, shelf.find(HERE, "b") is None) == (False, True)
    shelf.put(HERE, replace(ONE, fingerprint="a"), signs=11)
    assert shelf.find(HERE, "a") is None
    assert len(shelf) == 1
