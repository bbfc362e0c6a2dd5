import numpy as np
import pytest
from scipy import stats

from baken.analysis.methods.benchmarks import Reference, against_reference
from baken.analysis.methods.moments import Moments

UNITS = Moments(np.array([20, 15, 1]), np.array([55.0, 48.0, 60.0]), np.array([12.0, 0.0, np.nan]))


def test_with_a_known_number_of_people_it_is_welch():
    found = against_reference(UNITS, Reference(50, 15, 1_000))
    other = stats.ttest_ind_from_stats(55, 12, 20, 50, 15, 1_000, equal_var=False)
    assert found.t[0] == pytest.approx(other.statistic)
    assert found.p[0] == pytest.approx(other.pvalue)
    assert found.difference.tolist() == [5, -2, 10]


def test_with_an_unknown_number_the_reference_is_exact():
    found = against_reference(UNITS, Reference(50, 15, None))
    assert found.t[0] == pytest.approx(5 / (12 / np.sqrt(20)))
    assert found.df[0] == 19
    assert found.p[0] == pytest.approx(2 * stats.t.sf(found.t[0], 19))
    assert np.isnan(found.p[1:]).all()


@pytest.mark.parametrize("n", [1, 99])
def test_nobody_is_compared_with_few(n):
    with pytest.raises(ValueError, match=f"{n} people is too small"):
        against_reference(UNITS, Reference(50, 15, n))


def test_a_hundred_are_enough():
    assert np.isfinite(against_reference(UNITS, Reference(50, 15, 100)).p[0])
