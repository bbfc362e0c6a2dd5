import pytest

from baken.survey.disclosure.trends import TrendState, trend_state


@pytest.mark.parametrize(
    ("movers", "headcount", "k", "state"),
    [
        (0, 40, 10, "shown"),
        (2, 40, 10, "shown"),
        (10, 40, 10, "shown"),
        (11, 40, 10, "warned"),
        (None, 40, 10, "shown"),
        (11, None, 10, "shown"),
        (0, 40, 9, "shown"),
        (1, 40, 9, "hidden"),
        (2, 4, 9, "hidden"),
        (3, 40, 9, "shown"),
        (11, 40, 9, "warned"),
        (None, 40, 9, "hidden"),
    ],
)
def test_who_joined_and_left_decides(movers, headcount, k, state):
    found = trend_state(is_whole_in_both=True, movers=movers, headcount=headcount, k=k)
    assert found is TrendState(state)


def test_a_reorganised_unit_has_no_trend():
    found = trend_state(is_whole_in_both=False, movers=0, headcount=40, k=10)
    assert found is TrendState.REORGANISED
