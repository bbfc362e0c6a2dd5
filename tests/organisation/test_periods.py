"""Periods of days: both ends count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.periods import Period, first_day_uncovered

FIRST = date(2026, 3, 2)
DAY = timedelta(days=1)
HORIZON = 40

periods = st.builds(
    lambda start, length: Period(
        FIRST + start * DAY, None if length is None else FIRST + (start + length) * DAY
    ),
    st.integers(-5, 20),
    st.none() | st.integers(-1, 10),
)


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        (FIRST - DAY, False),
        (FIRST, True),
        (FIRST + 3 * DAY, True),
        (FIRST + 4 * DAY, False),
    ],
)
def test_the_first_and_the_last_day_count(day: date, covered: bool) -> None:
    assert Period(FIRST, FIRST + 3 * DAY).covers(day) is covered


def test_one_day_is_one_day_long() -> None:
    assert Period(FIRST, FIRST).n_days == 1
    assert Period(FIRST).n_days is None
    assert not Period(FIRST, FIRST - DAY).is_in_order


@given(periods, periods)
def test_overlapping_is_having_a_day_in_common(one: Period, other: Period) -> None:
    days = [FIRST + n * DAY for n in range(-6, HORIZON)]
    common = any(one.covers(day) and other.covers(day) for day in days)
    assert one.overlaps(other) is common
    assert other.overlaps(one) is common


@given(st.lists(periods, max_size=6))
def test_the_first_uncovered_day_is_the_first_one_that_lies_in_no_period(
    several: list[Period],
) -> None:
    days = [FIRST + n * DAY for n in range(HORIZON)]
    expected = next((day for day in days if not any(one.covers(day) for one in several)), None)
    assert first_day_uncovered(several, since=FIRST) == expected
