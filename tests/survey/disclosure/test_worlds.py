"""Hidden groups of which only one mean is possible, though nothing gives it by subtraction."""

from itertools import product

import pytest

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.audit import find_leak, find_near_leak
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.disclosure.worlds import find_determined

VALUES = (0.0, 50.0, 100.0)
CELLS = [{"am", "aw"}, {"bm", "bw"}, {"am", "bm"}, {"aw", "bw"}]


def crossed(am, aw, bm, bw):
    return Answers({"am": am, "aw": aw, "bm": bm, "bw": bw}, VALUES)


def divisions(answers):
    return [{key: key[side] for key in answers.counts} for side in (0, 1)]


def test_what_two_cells_have_in_common_gives_somebody_away():
    # Of three answers number, mean and spread give the distribution. In unit a everybody said 50
    # or 100, and no man said 50: so the man of unit a said 100.
    answers = crossed((0, 0, 1), (0, 5, 1), (2, 0, 3), (2, 2, 1))
    assert find_leak(answers.cells(3), divisions(answers), 3) is None
    leak = find_determined(answers, CELLS, 3)
    assert (leak.kind, leak.keys, leak.n) == ("near", {"am"}, 1)
    assert find_near_leak(answers, divisions(answers), 3) is not None


def test_somebody_who_could_have_answered_otherwise_stays_hidden():
    answers = crossed((0, 0, 1), (0, 5, 1), (2, 1, 3), (2, 2, 1))
    assert find_determined(answers, CELLS, 3) is None
    assert find_near_leak(answers, divisions(answers), 3) is None


def ring(*, values=VALUES):
    """Six groups round a ring of three units and three bands: no two of them can be crossed."""
    counts = {"ax": (2, 0, 0), "ay": (0, 0, 2), "by": (2, 0, 0), "bz": (0, 0, 2)}
    counts |= {"cz": (2, 0, 0), "cx": (0, 0, 2)}
    wider = {key: mine + (0,) * (len(values) - len(VALUES)) for key, mine in counts.items()}
    answers = Answers(wider, values)
    return answers, [{key for key in counts if part in key} for part in "abcxyz"]


def test_all_round_a_ring_answers_can_change_places():
    answers, parts = ring()
    assert find_determined(answers, parts, 3) is None


def test_where_a_search_would_take_too_long_nothing_is_promised():
    answers, parts = ring(values=tuple(map(float, range(20))))
    assert find_determined(answers, parts, 3).kind == "near"


def test_two_and_two_who_could_change_places_need_no_search():
    thirds = {"".join(key): (2, 1, 2) for key in product("abc", "mwx", "yzo")}
    answers = Answers(thirds, VALUES)
    parts = [{key for key in thirds if part in key} for part in "abcmwxyzo"]
    assert find_determined(answers, parts, 6) is None


def test_a_table_with_many_values_is_left_to_its_bounds():
    counts = dict.fromkeys(("am", "aw", "bm", "bw"), (1,) * 200)
    answers = Answers(counts, tuple(map(float, range(200))))
    assert find_determined(answers, CELLS, 300) is None


@pytest.mark.parametrize("counts", [(1, 2), (1, 2, -1), (1, 2, 3, 4)])
def test_every_value_has_its_count(counts):
    with pytest.raises(DisclosureError, match="for 3 values"):
        Answers({"a": counts}, VALUES)


def test_nobody_has_no_cells():
    assert Answers({}, VALUES).cells(10) == {}
    assert Answers({"a": (1, 2, 3)}, VALUES).totals == {"a": 400.0}
