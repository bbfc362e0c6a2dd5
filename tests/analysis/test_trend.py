import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.analysis.methods.moments import Moments
from baken.analysis.methods.trend import Verdict, change, overlapping_error, verdict


def group(n: int, mean: float, sd: float) -> Moments:
    return Moments(np.array([n]), np.array([mean]), np.array([sd]))


def moved(n: tuple[int, int], sd: tuple[float, float], people: float):
    size = np.array([people])
    return change(group(n[0], 40, sd[0]), group(n[1], 50, sd[1]), size, size)


def test_when_everybody_answered_twice_the_change_is_a_fact():
    found = moved((12, 12), (9, 11), 12)
    assert (found.error[0], found.interval.low[0], found.interval.high[0]) == (0, 10, 10)
    assert np.isnan(found.df[0])


def test_without_headcounts_nothing_is_taken_off():
    known, unknown = moved((12, 12), (9, 11), 24), moved((12, 12), (9, 11), np.nan)
    assert unknown.error[0] == pytest.approx(known.error[0] * np.sqrt(2))


@pytest.mark.parametrize("n", [(1, 9), (9, 1), (0, 9)])
def test_one_answer_has_no_interval(n):
    found = moved(n, (np.nan if n[0] < 2 else 5, np.nan if n[1] < 2 else 5), 30)
    assert np.isnan([found.error[0], found.df[0], found.interval.low[0]]).all()


@given(st.integers(2, 40), st.integers(2, 40), st.integers(0, 60), st.floats(-1, 1))
def test_knowing_who_answered_twice_only_helps_when_people_stay_as_they_are(a, b, more, r):
    people = max(a, b) + more
    least = max(0, a + b - people)
    for both in range(least, min(a, b) + 1):
        known = overlapping_error((10, 12), (a, b), both=both, people=people, correlation=r)
        apart = overlapping_error((10, 12), (a, b), both=both, people=people, correlation=0)
        by_chance = both / (a * b) >= 1 / people
        if by_chance == (r >= 0):
            assert known <= apart + 1e-9


@pytest.mark.parametrize(
    ("difference", "low", "high", "said"),
    [
        (-8, -12, -4, Verdict.BETTER),
        (-5, -8, -2, Verdict.BETTER),
        (-4.9, -8, -2, Verdict.SLIGHTLY_BETTER),
        (6, 1, 11, Verdict.WORSE),
        (2, 1, 3, Verdict.SLIGHTLY_WORSE),
        (0, -5, 5, Verdict.STABLE),
        (3, 0, 6, Verdict.NOT_SHOWN),
        (-1, -6, 4, Verdict.NOT_SHOWN),
        (0, 0, 0, Verdict.STABLE),
        (3, 3, 3, Verdict.SLIGHTLY_WORSE),
        (np.nan, np.nan, np.nan, Verdict.NOT_SHOWN),
    ],
)
def test_what_an_interval_allows_to_say(difference, low, high, said):
    assert verdict(difference, low, high, "risk") is said


TURNED = {
    Verdict.BETTER: Verdict.WORSE,
    Verdict.SLIGHTLY_BETTER: Verdict.SLIGHTLY_WORSE,
    Verdict.WORSE: Verdict.BETTER,
    Verdict.SLIGHTLY_WORSE: Verdict.SLIGHTLY_BETTER,
    Verdict.STABLE: Verdict.STABLE,
    Verdict.NOT_SHOWN: Verdict.NOT_SHOWN,
}


@given(st.floats(-50, 50), st.floats(0, 30), st.floats(0, 30))
def test_a_resource_is_the_mirror_of_a_risk(difference, below, above):
    limits = difference - below, difference + above
    as_risk = verdict(difference, *limits, "risk")
    assert verdict(difference, *limits, "resource") is TURNED[as_risk]
    assert verdict(-difference, -limits[1], -limits[0], "resource") is as_risk
