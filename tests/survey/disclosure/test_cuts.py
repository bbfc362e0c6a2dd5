"""Two divisions of the same people: what follows, by sets, by flows and by the attacker."""

from hypothesis import given
from hypothesis import strategies as st

from baken.survey.disclosure import cuts
from baken.survey.disclosure.plan import Cell
from tests.reference.attacker import Group, leaks


@st.composite
def tables(draw, most=3):
    """People by unit and band, many pairs empty, many people alike."""
    k = draw(st.integers(2, 6))
    table = {}
    for row in range(draw(st.integers(1, most + 1))):
        for column in range(draw(st.integers(1, most))):
            n = draw(st.sampled_from([0, 0, 1, k - 1, k, 2 * k]))
            at_low = draw(st.sampled_from([0, n // 2, max(0, n - 1), n]))
            table[f"u{row}", f"b{column}"] = Cell(n, (n - at_low, at_low))
    return table, k


def attacked(table, k):
    """What the attacker finds when every part of both divisions is published."""
    groups = {pair: Group(cell.n, cell.apart) for pair, cell in table.items()}
    parts = [
        {pair for pair in table if part in pair} for part in {p for pair in table for p in pair}
    ]
    return leaks(groups, parts, k)


@given(tables())
def test_a_leak_is_found_when_the_attacker_finds_one(drawn):
    table, k = drawn
    found, expected = cuts.find_leak(table, k), attacked(table, k)
    assert (found is None) == (expected == [])
    if found is not None:
        assert (found.kind, found.keys) in {
            (leak.kind if leak.kind == "small" else "alike", leak.groups) for leak in expected
        }


@given(tables())
def test_sets_from_either_side_and_flows_agree(drawn):
    table, k = drawn
    for piece in cuts._pieces({pair: cell for pair, cell in table.items() if cell.n}):
        by_flows = cuts.unsafe_by_flows(piece, k)
        assert (by_flows is None) == (cuts.unsafe_by_sets(piece, k) is None)
        assert (by_flows is None) == (cuts.unsafe_by_sets(piece.turned, k) is None)
        assert by_flows is None or cuts._is_unsafe(piece, by_flows, k)


def test_a_band_that_is_empty_in_one_unit_gives_the_rest_of_that_unit_away():
    # Nobody in the second unit is a woman: its two men are all men less those of the first unit.
    table = {("one", "w"): Cell(12), ("one", "m"): Cell(11), ("two", "m"): Cell(2)}
    assert cuts.find_leak(table, 2) is None
    leak = cuts.find_leak(table, 10)
    assert (leak.kind, leak.keys, leak.n) == ("small", {("two", "m")}, 2)


def test_nobody_tells_nothing():
    assert cuts.find_leak({("one", "w"): Cell(0)}, 10) is None


def test_many_units_by_many_places_are_looked_at_by_flows():
    # Thirteen units on a ring of thirteen places: every cut that is not a part takes two pairs.
    table = {}
    for unit in range(13):
        table[unit, unit] = Cell(6, (3,))
        table[unit, (unit + 1) % 13] = Cell(6, (3,))
    assert cuts.find_leak(table, 10) is None
    assert cuts.find_leak(table, 13).kind == "small"
    alike = table | {(0, 0): Cell(6, (0,)), (0, 1): Cell(6, (1,))}
    assert cuts.find_leak(alike, 10).keys == {(0, 0), (0, 1)}
    all_alike = table | {(0, 0): Cell(16, (0,)), (0, 1): Cell(6, (0,))}
    assert cuts.find_leak(all_alike, 10).keys == {(0, 0), (0, 1)}
    one_apart = table | {(0, 0): Cell(16, (0,)), (0, 1): Cell(6, (1,))}
    assert cuts.find_leak(one_apart, 10) is None
