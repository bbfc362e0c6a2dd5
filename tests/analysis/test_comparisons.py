import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.comparisons import benjamini_hochberg, hedges_g, welch
from baken.analysis.methods.moments import Moments, moments
from baken.analysis.methods.ranks import cliff_interval, kruskal_wallis, mann_whitney

LEVELS = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
VALUES = st.lists(st.sampled_from(LEVELS.tolist()), min_size=2, max_size=25)


def counted(*groups: list[float]) -> np.ndarray:
    return np.array([[group.count(level) for level in LEVELS] for group in groups])


def group(values: list[float]) -> Moments:
    return moments(counted(values), LEVELS)


# scipy warns when one side has no spread, which is a case this test wants
@pytest.mark.filterwarnings("ignore:Precision loss occurred:RuntimeWarning")
@given(VALUES, VALUES)
def test_welch_agrees_with_raw_values(x: list[float], y: list[float]) -> None:
    found = welch(group(x), group(y))
    assert found.difference[0] == pytest.approx(np.mean(x) - np.mean(y))
    if len(set(x)) == 1 and len(set(y)) == 1:
        assert np.isnan([found.t[0], found.df[0], found.p[0], found.interval.low[0]]).all()
        return
    expected = stats.ttest_ind(x, y, equal_var=False)
    limits = expected.confidence_interval()
    assert found.t[0] == pytest.approx(expected.statistic)
    assert found.df[0] == pytest.approx(expected.df)
    assert found.p[0] == pytest.approx(expected.pvalue, abs=1e-12)
    assert found.interval.low[0] == pytest.approx(limits.low)
    assert found.interval.high[0] == pytest.approx(limits.high)


def test_spread_on_one_side_is_enough_for_welch() -> None:
    y = [50.0, 25.0, 75.0, 100.0, 50.0, 25.0, 50.0]
    found = welch(group([75.0] * 6), group(y))
    assert found.t[0] == pytest.approx(2.12132034355964)
    assert found.df[0] == pytest.approx(6)
    assert found.p[0] == pytest.approx(0.0781407494112157)


def test_one_answer_gives_a_difference_but_no_test() -> None:
    found = welch(group([75.0]), group([50.0, 25.0]))
    assert found.difference[0] == pytest.approx(37.5)
    assert np.isnan(found.p[0])


@given(VALUES, VALUES)
def test_hedges_is_the_corrected_standardised_difference(x: list[float], y: list[float]) -> None:
    found = hedges_g(group(x), group(y))
    n, m = len(x), len(y)
    pooled = ((n - 1) * np.var(x, ddof=1) + (m - 1) * np.var(y, ddof=1)) / (n + m - 2)
    if pooled == 0:
        assert np.isnan(found.g[0])
        return
    g = (1 - 3 / (4 * (n + m - 2) - 1)) * (np.mean(x) - np.mean(y)) / np.sqrt(pooled)
    error = np.sqrt((n + m) / (n * m) + g**2 / (2 * (n + m)))
    assert found.g[0] == pytest.approx(g)
    assert found.interval.low[0] == pytest.approx(g - stats.norm.ppf(0.975) * error)
    assert found.interval.high[0] == pytest.approx(g + stats.norm.ppf(0.975) * error)


def test_hedges_needs_two_groups() -> None:
    assert np.isnan(hedges_g(group([]), group([50.0, 25.0])).g[0])
    assert np.isnan(hedges_g(group([50.0]), group([25.0])).g[0])


@given(VALUES, VALUES)
def test_mann_whitney_agrees_with_raw_values(x: list[float], y: list[float]) -> None:
    found = mann_whitney(counted(x), counted(y))
    sign = np.sign(np.subtract.outer(x, y))
    assert found.delta[0] == pytest.approx(sign.mean(), abs=1e-12)
    if len({*x, *y}) == 1:
        assert np.isnan(found.p[0])
        return
    expected = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
    assert found.u[0] == expected.statistic
    assert found.p[0] == pytest.approx(expected.pvalue, abs=1e-12)


def test_an_empty_side_has_no_rank_test() -> None:
    found = mann_whitney(counted([]), counted([25.0, 50.0]))
    assert np.isnan([found.p[0], found.delta[0]]).all()


def test_units_are_compared_all_at_once() -> None:
    x, y, z = [0.0, 25.0, 25.0], [50.0, 75.0], [25.0, 100.0, 100.0, 50.0]
    people = counted(x, y, z)
    found = mann_whitney(people, people.sum(axis=0) - people)
    for line, (own, others) in enumerate([(x, y + z), (y, x + z), (z, x + y)]):
        expected = stats.mannwhitneyu(own, others, method="asymptotic")
        assert found.p[line] == pytest.approx(expected.pvalue)


def cliff_by_pairs(x: list[float], y: list[float]) -> tuple[float, float]:
    """Limits from the matrix of all pairs, as published."""
    d = np.sign(np.subtract.outer(x, y))
    n, m = d.shape
    delta = d.mean()
    rows, columns = d.mean(axis=1), d.mean(axis=0)
    variance = (
        m**2 * ((rows - delta) ** 2).sum()
        + n**2 * ((columns - delta) ** 2).sum()
        - ((d - delta) ** 2).sum()
    ) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    z2 = stats.norm.ppf(0.975) ** 2
    width = np.sqrt(z2 * variance * ((1 - delta**2) ** 2 + z2 * variance))
    divisor = 1 - delta**2 + z2 * variance
    middle = delta - delta**3
    return max(-1, (middle - width) / divisor), min(1, (middle + width) / divisor)


@given(VALUES, VALUES)
def test_limits_of_cliffs_delta_agree_with_all_pairs(x: list[float], y: list[float]) -> None:
    found = cliff_interval(counted(x), counted(y))
    if abs(np.sign(np.subtract.outer(x, y)).mean()) == 1:
        assert np.isnan([found.low[0], found.high[0]]).all()
    else:
        assert (found.low[0], found.high[0]) == pytest.approx(cliff_by_pairs(x, y), abs=1e-9)


def test_cliffs_delta_of_one_answer_has_no_limits() -> None:
    found = cliff_interval(counted([50.0]), counted([25.0, 75.0]))
    assert np.isnan([found.low[0], found.high[0]]).all()


@given(st.lists(VALUES, min_size=2, max_size=6))
def test_kruskal_wallis_agrees_with_raw_values(groups: list[list[float]]) -> None:
    found = kruskal_wallis(counted(*groups, []))
    if len({value for group in groups for value in group}) == 1:
        assert np.isnan([found.h, found.p]).all()
        return
    expected = stats.kruskal(*groups)
    assert found.df == len(groups) - 1
    assert found.h == pytest.approx(expected.statistic, abs=1e-9)
    # near 0 the tail of one degree falls like a root: the last digit of h is the eighth of p
    assert found.p == pytest.approx(stats.chi2.sf(found.h, found.df), abs=1e-12)


def test_one_group_or_none_has_nothing_to_compare() -> None:
    assert np.isnan(kruskal_wallis(counted([25.0, 50.0])).h)
    assert kruskal_wallis(counted([])).df == 0


@given(st.lists(st.one_of(st.just(np.nan), st.floats(0, 1)), max_size=40))
def test_false_discovery_agrees_with_its_definition(p: list[float]) -> None:
    found = benjamini_hochberg(np.array(p, dtype=float))
    tested = sorted(value for value in p if not np.isnan(value))
    many = len(tested)
    for value, q in zip(p, found, strict=True):
        if np.isnan(value):
            assert np.isnan(q)
            continue
        at = [i for i, other in enumerate(tested, start=1) if other >= value]
        expected = min(1.0, *(tested[i - 1] * many / i for i in at), 1.0)
        assert q == pytest.approx(expected, abs=1e-12)
        assert q >= value - 1e-12
