import pytest

from baken.survey.disclosure.rounding import answers_still_needed, fieldwork_count


@pytest.mark.parametrize(
    ("n", "shown"), [(0, None), (9, None), (10, 10), (14, 10), (15, 15), (19, 15)]
)
def test_counts_are_rounded_down_to_five_and_none_is_below_k(n, shown):
    assert fieldwork_count(n, k=10) == shown


def test_a_rounded_count_below_k_is_not_shown():
    assert fieldwork_count(14, k=12) is None
    assert fieldwork_count(15, k=12) == 15


@pytest.mark.parametrize(("n", "shown"), [(17, 15), (20, 20), (21, 15), (23, 15), (24, 15)])
def test_nothing_new_is_said_when_nearly_everybody_has_answered(n, shown):
    assert fieldwork_count(n, k=10, headcount=23, last=15) == shown


def test_nothing_stays_nothing_when_nearly_everybody_has_answered():
    assert fieldwork_count(11, k=10, headcount=12) is None


@pytest.mark.parametrize(
    ("published", "needed"), [(None, 30), (10, 20), (20, 10), (25, 5), (30, 0), (40, 0)]
)
def test_the_forecast_starts_from_the_published_count(published, needed):
    assert answers_still_needed(published, 40) == needed
