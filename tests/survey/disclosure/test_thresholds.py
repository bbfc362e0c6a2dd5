import pytest

from baken.survey.disclosure.errors import ThresholdTooLow
from baken.survey.disclosure.thresholds import (
    DEFAULT_MIN_GROUP,
    FLOOR_MIN_GROUP,
    check_min_group,
    is_homogeneous,
    is_safe,
    threshold,
)


def test_the_floor():
    check_min_group(FLOOR_MIN_GROUP)
    check_min_group(DEFAULT_MIN_GROUP)
    with pytest.raises(ThresholdTooLow, match="The minimum group is 4; it must be 5 or more"):
        check_min_group(FLOOR_MIN_GROUP - 1)


def test_a_scale_may_be_stricter_but_never_milder():
    assert threshold(10, None) == 10
    assert threshold(10, 15) == 15
    assert threshold(20, 15) == 20


@pytest.mark.parametrize(
    ("n", "apart", "alike"),
    [
        (10, (0, 10), True),
        (10, (1, 9), True),
        (10, (2, 8), False),
        (19, (1, 18), True),
        (20, (1, 19), False),
        (20, (0, 20), True),
        (20, (), False),
    ],
)
def test_alike(n, apart, alike):
    assert is_homogeneous(n, apart, 10) is alike
    assert is_safe(n, apart, 10) is not alike


def test_a_small_group_is_not_safe():
    assert not is_safe(9, (4, 5), 10)
    assert is_safe(10, (4, 6), 10)
