import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats

from baken.analysis.methods.agreement import rwg_j
from baken.analysis.methods.between import anova, icc1_limits, icc2
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.omega import mcdonald_omega
from baken.analysis.methods.shrinkage import Variances, reml, shrunken_means

GROUPS = st.tuples(
    st.lists(st.integers(2, 20), min_size=3, max_size=8), st.floats(0, 2), st.integers(0, 10**6)
)


def draw(case: tuple[list[int], float, int]) -> list[np.ndarray]:
    sizes, spread, seed = case
    random = np.random.default_rng(seed)
    return [50 + 10 * (spread * random.normal() + random.normal(size=n)) for n in sizes]


def moments_of(groups: list[np.ndarray]) -> Moments:
    return Moments(
        np.array([len(group) for group in groups]),
        np.array([group.mean() if len(group) else np.nan for group in groups]),
        np.array([group.std(ddof=1) if len(group) > 1 else np.nan for group in groups]),
    )


@given(GROUPS)
def test_mean_squares_agree_with_raw_values(case: tuple) -> None:
    groups = draw(case)
    found = anova(moments_of([*groups, np.array([])]))
    expected = stats.f_oneway(*groups)
    assert found.msb / found.msw == pytest.approx(expected.statistic)
    assert (found.n, found.n_groups) == (sum(map(len, groups)), len(groups))
    assert icc2(found) == pytest.approx(max(0, 1 - found.msw / found.msb))


@pytest.mark.parametrize("sizes", [[], [5], [1, 1, 1]])
def test_too_few_groups_or_people_have_no_variances(sizes: list[int]) -> None:
    groups = moments_of([np.arange(n) + 40.0 for n in sizes])
    assert np.isnan(anova(groups).msw)
    assert np.isnan([icc1_limits(groups).low, reml(groups).icc1]).all()
    assert np.isnan(icc2(anova(groups)))


def test_without_spread_inside_units_nothing_is_estimated() -> None:
    groups = moments_of([np.full(5, 40.0), np.full(5, 60.0)])
    assert icc2(anova(groups)) == 1
    assert np.isnan([icc1_limits(groups).high, reml(groups).tau2]).all()
    assert np.isnan(shrunken_means(groups, reml(groups))).all()


def test_units_with_equal_means_have_no_icc() -> None:
    groups = moments_of([np.array([40.0, 60.0])] * 4)
    assert np.isnan(icc2(anova(groups)))
    assert icc1_limits(groups).low == 0
    found = reml(groups)
    assert (found.tau2, found.icc1, found.mean) == (0, 0, 50)
    assert shrunken_means(groups, found) == pytest.approx([50] * 4)


@given(st.integers(2, 12), st.integers(3, 8), st.floats(0, 2), st.integers(0, 10**6))
def test_limits_for_equal_sizes_are_the_familiar_ones(
    size: int, k: int, spread: float, seed: int
) -> None:
    groups = draw(([size] * k, spread, seed))
    found = icc1_limits(moments_of(groups))
    f = stats.f_oneway(*groups).statistic
    freedom = k - 1, k * (size - 1)
    for limit, p in ((found.low, 0.975), (found.high, 0.025)):
        ratio = f / stats.f.ppf(p, *freedom)
        assert limit == pytest.approx(max(0, (ratio - 1) / (ratio + size - 1)), abs=1e-9)


@given(GROUPS)
def test_reml_is_the_top_of_the_likelihood(case: tuple) -> None:
    groups = draw(case)
    found = reml(moments_of(groups))
    y = np.concatenate(groups)
    member = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    together = (member[:, None] == member[None, :]).astype(float)

    def deviance(log_h: float) -> float:
        """The textbook form with the whole covariance matrix."""
        covariance = np.eye(len(y)) + np.exp(log_h) * together
        inverse = np.linalg.inv(covariance)
        precision = inverse.sum()
        residual = y - (inverse @ y).sum() / precision
        squares = residual @ inverse @ residual
        log_det = np.linalg.slogdet(covariance)[1]
        return (len(y) - 1) * np.log(squares) + log_det + np.log(precision)

    best = optimize.minimize_scalar(deviance, bounds=(-12, 5), method="bounded")
    h = found.tau2 / found.sigma2
    assert deviance(np.log(max(h, 1e-12))) <= best.fun + 1e-7
    assert 0 <= found.icc1 < 1


@given(GROUPS, st.floats(-50, 50), st.floats(0.1, 10))
def test_variances_follow_the_unit_of_the_scores(case: tuple, shift: float, stretch: float) -> None:
    groups = draw(case)
    one = reml(moments_of(groups))
    other = reml(moments_of([shift + stretch * group for group in groups]))
    assert other.icc1 == pytest.approx(one.icc1, abs=1e-6)
    assert other.mean == pytest.approx(shift + stretch * one.mean, abs=1e-5)


@given(GROUPS)
def test_shrunken_means_lie_between_their_own_and_the_common_one(case: tuple) -> None:
    units = moments_of(draw(case))
    variances = reml(units)
    found = shrunken_means(units, variances)
    low = np.minimum(units.mean, variances.mean)
    high = np.maximum(units.mean, variances.mean)
    assert np.all((low - 1e-9 <= found) & (found <= high + 1e-9))


def test_few_answers_are_drawn_further() -> None:
    units = Moments(np.array([5, 50, 0]), np.array([70.0, 70.0, np.nan]), np.array([9.0, 9.0, 0]))
    found = shrunken_means(units, Variances(25.0, 100.0, 50.0))
    assert found[:2] == pytest.approx([50 + 20 * 25 / 45, 50 + 20 * 25 / 27])
    assert np.isnan(found[2])


@given(st.integers(2, 6), st.integers(2, 20), st.integers(0, 10**6))
def test_agreement_follows_from_the_variance_of_the_items(j: int, n: int, seed: int) -> None:
    answers = np.random.default_rng(seed).integers(0, 5, (n, j))
    weights, tops = np.full(j, 3), np.full(j, 4)
    keyed = 3 * answers
    found = rwg_j(
        np.array([n]), keyed.sum(axis=0)[None], (keyed**2).sum(axis=0)[None], weights, tops
    )
    x = answers.var(axis=0, ddof=1).mean() / 2
    expected = max(0.0, j * (1 - x)) / (max(0.0, j * (1 - x)) + min(1, x))
    assert found[0] == pytest.approx(expected, abs=1e-9)
    assert 0 <= found[0] <= 1


def test_one_person_agrees_with_nobody() -> None:
    one = np.array([[4]])
    assert np.isnan(rwg_j(np.array([1]), one, one**2, np.array([1]), np.array([4]))[0])


def test_everybody_the_same_is_full_agreement() -> None:
    found = rwg_j(
        np.array([3]), np.array([[6, 6]]), np.array([[12, 12]]), np.array([1, 1]), np.array([4, 4])
    )
    assert found[0] == 1


@given(st.lists(st.tuples(st.floats(0.4, 1.5), st.floats(0.3, 2)), min_size=3, max_size=8))
def test_omega_of_a_perfect_one_factor_scale_is_known(items: list[tuple[float, float]]) -> None:
    loadings, unique = np.array(items).T
    assume(np.all(unique / (loadings**2 + unique) > 0.05))
    covariance = np.outer(loadings, loadings) + np.diag(unique)
    expected = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    assert mcdonald_omega(covariance) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "covariance",
    [
        [[1.0, 0.5], [0.5, 1.0]],
        [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]],
        [[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]],
        # the first item would need more common variance than it has
        [[1.0, 0.8, 0.8], [0.8, 1.0, 0.6], [0.8, 0.6, 1.0]],
        # the search goes to and fro between two solutions
        [
            [1.0, -0.2, -0.25, -0.5, 0.2],
            [-0.2, 1.0, 0.1, 0.4, 0.0],
            [-0.25, 0.1, 1.0, 0.0, -0.25],
            [-0.5, 0.4, 0.0, 1.0, 0.0],
            [0.2, 0.0, -0.25, 0.0, 1.0],
        ],
    ],
    ids=["two items", "no variance", "twins", "heywood", "never found"],
)
def test_omega_is_not_forced(covariance: list[list[float]]) -> None:
    assert np.isnan(mcdonald_omega(np.array(covariance)))


def test_omega_is_alpha_when_all_items_are_alike() -> None:
    covariance = np.full((5, 5), 0.5) + 0.5 * np.eye(5)
    assert mcdonald_omega(covariance) == pytest.approx(5 / 6, abs=1e-6)
