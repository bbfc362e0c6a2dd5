"""What an indicator says about a later figure."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.actionplan.errors import Invalid, NoShareAtRisk
from baken.actionplan.indicators.cells import Cell
from baken.actionplan.indicators.types import (
    INDICATOR_TYPES,
    Better,
    Figure,
    Judgement,
    OwnFigure,
    Reading,
    ScaleIndicator,
    Verdict,
    as_settings,
    indicator_of,
)

ROSTERS = ScaleIndicator(
    scale="rosters",
    figure=Figure.SHARE_AT_RISK,
    unit_key="night",
    better=Better.LOWER,
    start=52,
    low=41,
    high=60,
    target=35,
    by_on=date(2027, 4, 1),
)
CHANGES = OwnFigure(
    name="Late wissels",
    unit="per maand",
    better=Better.LOWER,
    start=40,
    target=10,
    by_on=date(2026, 12, 31),
)
CELL = Cell(
    n=22,
    mean=61.5,
    low=56,
    high=67,
    share_at_risk=0.52,
    share_low=0.41,
    share_high=0.6,
    light="red",
    diff_rest=9,
    g=None,
    g_low=None,
    g_high=None,
    q_welch=None,
)
limits = st.tuples(*[st.floats(0, 100)] * 3).map(sorted)


def test_every_kind_has_its_own_name():
    assert len({type_.kind for type_ in INDICATOR_TYPES}) == len(INDICATOR_TYPES)


@pytest.mark.parametrize("indicator", [ROSTERS, CHANGES], ids=lambda each: each.kind)
def test_an_indicator_comes_back_from_its_settings(indicator):
    assert indicator_of(indicator.kind, as_settings(indicator)) == indicator
    assert set(as_settings(indicator)) == {field.name for field in fields(indicator)}


def test_an_unknown_kind_is_refused():
    with pytest.raises(Invalid, match="horoscope"):
        indicator_of("horoscope", {})


@pytest.mark.parametrize(
    ("reading", "verdict", "is_reached"),
    [
        (Reading(44, 35, 53), Verdict.NOT_SHOWN, False),
        (Reading(35, 28, 41), Verdict.NOT_SHOWN, True),  # the limits touch
        (Reading(33, 26, 40.9), Verdict.MOVED, True),
        (Reading(37, 33, 40), Verdict.MOVED, False),
        (Reading(70, 60, 80), Verdict.NOT_SHOWN, False),
        (Reading(70, 60.1, 80), Verdict.WORSE, False),
        (Reading(10), Verdict.NOT_SHOWN, True),  # without a margin nothing is shown
    ],
)
def test_a_scale_moves_only_when_the_intervals_do_not_touch(reading, verdict, is_reached):
    assert ROSTERS.judge(reading) == Judgement(verdict, is_reached, reading.value - 52)


def test_a_scale_that_is_better_higher_is_judged_the_other_way_round():
    support = replace(
        ROSTERS, figure=Figure.MEAN, better=Better.HIGHER, start=50, low=45, high=55, target=60
    )
    assert support.judge(Reading(62, 58, 66)).verdict is Verdict.MOVED
    assert support.judge(Reading(40, 36, 44)).verdict is Verdict.WORSE


def test_without_a_first_margin_nothing_is_ever_shown():
    assert replace(ROSTERS, low=None).judge(Reading(1, 0, 2)).verdict is Verdict.NOT_SHOWN


@given(limits, limits)
def test_swapping_direction_swaps_moved_and_worse(first, later):
    opposite = {
        Verdict.MOVED: Verdict.WORSE,
        Verdict.WORSE: Verdict.MOVED,
        Verdict.NOT_SHOWN: Verdict.NOT_SHOWN,
    }
    low, start, high = first
    down = replace(ROSTERS, start=start, low=low, high=high)
    up = replace(down, better=Better.HIGHER)
    reading = Reading(later[1], later[0], later[2])
    assert up.judge(reading).verdict == opposite[down.judge(reading).verdict]


@given(limits, limits, st.floats(0.001, 50))
def test_a_wider_margin_never_shows_more(first, later, wider):
    low, start, high = first
    indicator = replace(ROSTERS, start=start, low=low, high=high)
    narrow = Reading(later[1], later[0], later[2])
    wide = Reading(later[1], later[0] - wider, later[2] + wider)
    if indicator.judge(narrow).verdict is Verdict.NOT_SHOWN:
        assert indicator.judge(wide).verdict is Verdict.NOT_SHOWN


@given(limits)
def test_the_same_figure_again_shows_nothing(first):
    low, start, high = first
    indicator = replace(ROSTERS, start=start, low=low, high=high)
    assert indicator.judge(Reading(start, low, high)).verdict is Verdict.NOT_SHOWN


def test_a_share_is_read_in_percent_and_a_mean_in_points():
    assert ROSTERS.read(CELL) == Reading(52, 41, 60)
    assert replace(ROSTERS, figure=Figure.MEAN).read(CELL) == Reading(61.5, 56, 67)
    assert ROSTERS.unit == "%"
    assert replace(ROSTERS, figure=Figure.MEAN).unit == "points"
    assert ROSTERS.name == "rosters"


def test_a_scale_without_cut_off_has_no_share_to_read():
    with pytest.raises(Invalid) as refused:
        ROSTERS.read(replace(CELL, share_at_risk=None))
    assert refused.value.key == "actionplan.no_share_at_risk"


def test_a_withheld_share_says_so_and_not_that_there_is_no_cut_off():
    with pytest.raises(NoShareAtRisk) as refused:
        ROSTERS.read(replace(CELL, share_at_risk=None, share_hidden=True))
    assert refused.value.key == "actionplan.share_withheld"
    assert "rosters" in str(refused.value)


def test_a_share_without_limits_is_read_without_limits():
    assert ROSTERS.read(replace(CELL, share_low=None, share_high=None)) == Reading(52)


@pytest.mark.parametrize(
    ("later", "verdict", "is_reached"),
    [
        (41, Verdict.WORSE, False),
        (40, Verdict.NOT_SHOWN, False),
        (39, Verdict.MOVED, False),
        (10, Verdict.MOVED, True),
        (9, Verdict.MOVED, True),
    ],
)
def test_an_own_figure_is_exact(later, verdict, is_reached):
    assert CHANGES.judge(Reading(later)) == Judgement(verdict, is_reached, later - 40)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(Better))
def test_a_contract_holds_only_when_its_target_improves(start, target, better):
    contract = replace(CHANGES, start=start, target=target, better=better)
    if target != start and (target > start) == (better is Better.HIGHER):
        contract.check()
        assert contract.judge(Reading(target)).is_reached
        assert contract.judge(Reading(target)).verdict is Verdict.MOVED
    else:
        with pytest.raises(Invalid) as refused:
            contract.check()
        assert refused.value.key == "actionplan.indicator_wrong_way"


@pytest.mark.parametrize(
    ("indicator", "key"),
    [
        (replace(CHANGES, name=" "), "indicator_unnamed"),
        (replace(CHANGES, unit=""), "indicator_unnamed"),
        (replace(CHANGES, target=float("nan")), "indicator_no_number"),
        (replace(CHANGES, start=float("inf")), "indicator_no_number"),
        (replace(ROSTERS, target=-1), "indicator_outside_scale"),
        (replace(ROSTERS, start=101), "indicator_outside_scale"),
        (replace(ROSTERS, target=53), "indicator_wrong_way"),
    ],
)
def test_a_contract_that_does_not_hold_is_refused(indicator, key):
    with pytest.raises(Invalid) as refused:
        indicator.check()
    assert refused.value.key == f"actionplan.{key}"


def test_a_good_contract_on_a_scale_passes():
    ROSTERS.check()
