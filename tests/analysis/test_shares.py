import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from baken.analysis.methods.lights import light_of, lights
from baken.analysis.methods.shares import at_risk, effective_n, share_interval


def interval(x: int, n: int, headcount: float) -> tuple[float, float]:
    found = share_interval(np.array([x]), np.array([n]), np.array([headcount]))
    return float(found.low[0]), float(found.high[0])


def test_the_cut_off_belongs_to_one_side() -> None:
    scores = np.array([49.9, 50.0, 50.1])
    assert at_risk(scores, 50, ">=").tolist() == [False, True, True]
    assert at_risk(scores, 50, "<").tolist() == [True, False, False]


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_with_unknown_headcount_it_is_the_wilson_interval(case: tuple[int, int]) -> None:
    x, n = case
    expected = stats.binomtest(x, n).proportion_ci(method="wilson")
    assert interval(x, n, np.nan) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert interval(x, n, n - 1) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(0, 40))
    )
)
def test_limits_hold_the_share_and_what_is_possible(case: tuple[int, int, int]) -> None:
    x, n, more = case
    headcount = n + more
    low, high = interval(x, n, headcount)
    slack = 1e-12
    assert x / headcount - slack <= low <= x / n + slack
    assert x / n - slack <= high <= (x + more) / headcount + slack


def test_a_complete_unit_has_no_margin() -> None:
    assert interval(3, 12, 12) == pytest.approx((0.25, 0.25))


def test_one_person_of_one_is_complete() -> None:
    assert interval(1, 1, 1) == (1, 1)


def test_nobody_has_no_share() -> None:
    assert np.isnan(interval(0, 0, 10)).all()


def test_a_larger_part_of_the_unit_says_more() -> None:
    found = effective_n(np.array([10, 10, 10, 10]), np.array([np.nan, 1e9, 20.0, 10.0]))
    assert found.tolist() == pytest.approx([10, 10, 19, np.inf], rel=1e-6)


@pytest.mark.parametrize(
    ("share", "low", "high", "light"),
    [
        (0.30, 0.26, 0.40, "red"),
        (0.30, 0.25, 0.40, "red?"),
        (0.26, 0.10, 0.40, "red?"),
        (0.25, 0.25, 0.25, "orange"),
        (0.10, 0.10, 0.10, "orange"),
        (0.15, 0.10, 0.25, "orange"),
        (0.15, 0.09, 0.25, "orange?"),
        (0.15, 0.10, 0.26, "orange?"),
        (0.09, 0.00, 0.10, "green?"),
        (0.09, 0.00, 0.09, "green"),
        (np.nan, np.nan, np.nan, "grey"),
    ],
)
def test_lights_are_firm_only_inside_their_zone(
    share: float, low: float, high: float, light: str
) -> None:
    found = lights(
        np.array([share]), np.array([low]), np.array([high]), orange_from=0.10, red_from=0.25
    )
    assert found == [light]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_without_a_green_zone_nothing_is_green(share: float, below: float, above: float) -> None:
    low, high = share * below, share + (1 - share) * above
    found = light_of(share, low, high, orange_from=0, red_from=0.25)
    with_green = light_of(share, low, high, orange_from=0.10, red_from=0.25)
    if share == 0:
        assert found == "grey"
    elif share > 0.25:
        assert found == with_green
    else:
        assert found == ("orange" if high <= 0.25 else "orange?")
