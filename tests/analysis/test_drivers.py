import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.drivers import (
    MAX_FACTORS,
    Correlations,
    Products,
    correlations,
    general_dominance,
    may_be_shown,
    overall,
    relative_weights,
    ridge,
    too_alike,
    weight_intervals,
    within_groups,
)

SEEDS = st.integers(0, 10**6)


def people(seed: int, n: int = 120, p: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    common = random.normal(size=n)
    factors = common[:, None] * 0.6 + random.normal(size=(n, p))
    outcome = factors @ random.uniform(-1, 1, p) + random.normal(size=n)
    return np.column_stack([outcome, factors])


def products(table: np.ndarray) -> Products:
    return Products(len(table), table.sum(axis=0), table.T @ table)


def grouped(table: np.ndarray, k: int) -> list[Products]:
    return [products(part) for part in np.array_split(table, k)]


@given(SEEDS, st.integers(1, 5))
def test_weights_and_dominance_add_up_to_what_is_explained(seed, p):
    found = overall([products(people(seed, p=p))])
    assert relative_weights(found).sum() == pytest.approx(found.explained)
    assert general_dominance(found).sum() == pytest.approx(found.explained)
    assert (relative_weights(found) >= 0).all()


@given(SEEDS)
def test_with_two_factors_both_are_the_same(seed):
    found = overall([products(people(seed, p=2))])
    np.testing.assert_allclose(relative_weights(found), general_dominance(found), atol=1e-9)


@given(SEEDS, st.integers(1, 30))
def test_groups_add_up_and_their_order_does_not_matter(seed, k):
    table = people(seed)
    whole, parts = overall([products(table)]), grouped(table, k)
    for order in (parts, parts[::-1]):
        np.testing.assert_allclose(overall(order).factors, whole.factors, atol=1e-9)
    rest = products(table) - parts[0]
    again = overall([rest + parts[0]])
    np.testing.assert_allclose(again.outcome, whole.outcome, atol=1e-9)


@given(SEEDS)
def test_what_groups_have_in_common_is_gone_within_them(seed):
    table = people(seed)
    shifts = np.repeat(np.random.default_rng(seed).normal(0, 50, 6), 20)
    plain, shifted = grouped(table, 6), grouped(table + shifts[:, None], 6)
    np.testing.assert_allclose(
        within_groups(plain).factors, within_groups(shifted).factors, atol=1e-6
    )


@given(SEEDS)
def test_a_larger_penalty_holds_coefficients_back(seed):
    found = overall([products(people(seed))])
    sizes = [float((ridge(found, penalty) ** 2).sum()) for penalty in (0, 1, 10, 100, 1e9)]
    assert sizes == sorted(sizes, reverse=True)
    np.testing.assert_allclose(ridge(found, 0), np.linalg.solve(found.factors, found.outcome))


def test_from_twenty_groups_on_a_weight_has_limits():
    table = people(3, n=200)
    assert weight_intervals(grouped(table, 19)) is None
    limits = weight_intervals(grouped(table, 20))
    weights = relative_weights(overall([products(table)]))
    assert (limits.low >= 0).all()
    assert (limits.low <= weights).all()
    assert (weights <= limits.high).all()


def test_empty_groups_count_for_nothing():
    table = people(4, n=200)
    empty = Products(0, np.zeros(4), np.zeros((4, 4)))
    assert weight_intervals([*grouped(table, 19), empty]) is None
    np.testing.assert_allclose(
        within_groups([*grouped(table, 5), empty]).factors, within_groups(grouped(table, 5)).factors
    )


def test_a_factor_that_lives_in_one_group_has_no_limits():
    table = people(5, n=200)
    table[:190, 1] = 50.0
    assert overall(grouped(table, 20)) is not None
    assert weight_intervals(grouped(table, 20)) is None


def test_what_does_not_vary_explains_nothing():
    constant = people(6)
    constant[:, 2] = 3.0
    assert overall([products(constant)]) is None
    assert weight_intervals(grouped(constant, 20)) is None
    assert not may_be_shown(None)


def test_a_factor_that_repeats_others_has_no_weight_of_its_own():
    table = people(7)
    table[:, 3] = table[:, 1]
    assert overall([products(table)]) is None
    assert correlations(np.eye(3), 2) is None


def test_when_a_picture_is_allowed():
    strong = Correlations(100, np.eye(2), np.array([0.5, 0.1]))
    assert may_be_shown(strong)
    assert not may_be_shown(Correlations(99, np.eye(2), np.array([0.5, 0.1])))
    assert not may_be_shown(Correlations(100, np.eye(2), np.array([0.3, 0.05])))
    assert not may_be_shown(Correlations(109, np.eye(11), np.full(11, 0.2)))


def test_factors_that_ask_nearly_the_same_are_named():
    factors = np.array([[1, 0.81, 0.2], [0.81, 1, -0.8], [0.2, -0.8, 1]])
    assert too_alike(Correlations(200, factors, np.zeros(3))) == [(0, 1)]


def test_too_many_factors_for_every_subset():
    many = Correlations(500, np.eye(MAX_FACTORS + 1), np.zeros(MAX_FACTORS + 1))
    with pytest.raises(ValueError, match="at most 15"):
        general_dominance(many)
