"""What a sheet says follows from its lights, and what is unknown only widens it."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.library import load_instrument
from baken.instruments.screening import Bands, Colour, Light
from baken.survey.screening import rules
from baken.survey.screening.errors import CannotAgree, InvalidEntry, NotADraft
from baken.survey.screening.marks import (
    LightState,
    Mark,
    Member,
    carried_over,
    moved,
    read_marks,
    store_marks,
)
from baken.survey.screening.readings import Doubt, Gap, Standing, compare, result_of
from baken.survey.screening.rules import Period, SheetFields, SheetState

SCREENING = load_instrument("knipperlichten", "1").screening
CODES = [light.item for light in SCREENING.lights]
ON, OFF, UNKNOWN = LightState.ON, LightState.OFF, LightState.UNKNOWN
TODAY = date(2026, 3, 2)
GROUP = (Member("Mieke Voorbeeld", "hoofd"), Member("Ali Voorbeeld", "vakbond"))
FIELDS = SheetFields(date(2025, 1, 1), date(2025, 12, 31), GROUP, date(2026, 2, 1))

states = st.lists(st.sampled_from([*LightState, None]), min_size=12, max_size=12)
figures = st.none() | st.floats(0, 1e9) | st.integers(0, 100).map(float)
marks_of_one = st.builds(
    Mark, st.sampled_from([*LightState, None]), *[figures] * 5, st.text(max_size=9)
)
earlier_figures = st.builds(Mark, before=figures, before_that=figures)


def marked(given_states):
    return {code: Mark(state) for code, state in zip(CODES, given_states, strict=True)}


def lit(n_on, n_unknown=0):
    return result_of(
        SCREENING, marked([ON] * n_on + [UNKNOWN] * n_unknown + [OFF] * (12 - n_on - n_unknown))
    )


@pytest.mark.parametrize(
    ("n_on", "colour"),
    [
        (0, Colour.GREEN),
        (3, Colour.GREEN),
        (4, Colour.ORANGE),
        (7, Colour.ORANGE),
        (8, Colour.RED),
        (12, Colour.RED),
    ],
)
def test_the_number_of_lights_on_gives_the_colour(n_on, colour):
    found = lit(n_on)
    assert (found.n_on, found.n_unknown, found.n_lights) == (n_on, 0, 12)
    assert (found.colour, found.worst, found.is_certain) == (colour, colour, True)


def test_unknown_lights_give_a_range():
    assert (lit(2, 1).colour, lit(2, 1).worst) == (Colour.GREEN, Colour.GREEN)
    assert (lit(3, 1).colour, lit(3, 1).worst) == (Colour.GREEN, Colour.ORANGE)
    assert (lit(3, 5).colour, lit(3, 5).worst) == (Colour.GREEN, Colour.RED)
    assert not lit(3, 5).is_certain


def test_what_nobody_filled_in_is_unknown():
    found = result_of(SCREENING, {})
    assert (found.n_unknown, found.colour, found.worst) == (12, Colour.GREEN, Colour.RED)


@given(states, st.integers(0, 11))
def test_one_more_light_on_never_makes_the_colour_better(given_states, place):
    before = result_of(SCREENING, marked(given_states))
    more = [*given_states]
    more[place] = ON
    after = result_of(SCREENING, marked(more))
    assert after.colour >= before.colour
    assert after.worst >= before.worst or given_states[place] in {ON, UNKNOWN, None}


@given(states, st.lists(st.booleans(), min_size=12, max_size=12))
def test_whatever_the_unknown_lights_are_the_colour_lies_in_the_range(given_states, guesses):
    found = result_of(SCREENING, marked(given_states))
    known = [
        state if state in {ON, OFF} else (ON if guess else OFF)
        for state, guess in zip(given_states, guesses, strict=True)
    ]
    truth = result_of(SCREENING, marked(known))
    assert found.colour <= truth.colour <= found.worst
    assert truth.is_certain


RATIO = Bands("rate", "ratio", 1.10, 1.25, "Own.")
CASES = Bands("cases", "difference", 1, 3, "Own.")


@pytest.mark.parametrize(
    ("bands", "value", "reference", "colour"),
    [
        (RATIO, 1.09, 1, Colour.GREEN),
        (RATIO, 6.6, 6, Colour.ORANGE),  # in floating point this is less than 1.1 times
        (RATIO, 1.24, 1, Colour.ORANGE),
        (RATIO, 7.5, 6, Colour.RED),
        (RATIO, 0, 0, Colour.GREEN),
        (CASES, 2, 2, Colour.GREEN),
        (CASES, 3, 2, Colour.ORANGE),
        (CASES, 5, 2, Colour.RED),
        (CASES, 3, 0, Colour.RED),
    ],
)
def test_a_figure_beside_another_has_the_colour_of_its_bands(bands, value, reference, colour):
    light = Light("X", bands, None, None)
    found = compare(light, Mark(value=value, sector=reference), "sector")
    assert (found.colour, found.gap) == (colour, None)


def test_less_can_be_worse():
    light = Light("X", None, RATIO, None, low_is_worse=True)
    assert compare(light, Mark(value=5, size=6), "size").colour is Colour.ORANGE
    assert compare(light, Mark(value=6, size=5), "size").colour is Colour.GREEN


def test_what_cannot_be_compared_says_why():
    light = Light("X", RATIO, None, RATIO)
    assert compare(light, Mark(value=1), "size").gap is Gap.NOT_COMPARED
    assert compare(light, Mark(sector=1), "sector").gap is Gap.NO_VALUE
    assert compare(light, Mark(value=1), "sector").gap is Gap.NO_REFERENCE
    assert compare(light, Mark(value=1, sector=0), "sector").gap is Gap.NOUGHT


def test_the_past_is_the_earliest_of_three_periods_that_is_known():
    light = Light("X", None, None, RATIO)
    climbing = Mark(value=6, before=5.6, before_that=5)
    assert compare(light, climbing, "change").reference == 5
    assert compare(light, climbing, "change").colour is Colour.ORANGE
    assert (
        compare(light, dataclasses.replace(climbing, before_that=None), "change").reference == 5.6
    )


def test_figures_that_contradict_the_group_are_pointed_at():
    doubts = [
        (Mark(OFF, value=9, sector=5), Doubt.OFF_BUT_WORSE),
        (Mark(ON, value=5, sector=5), Doubt.ON_BUT_GREEN),
        (Mark(ON, value=9, sector=5), None),
        (Mark(OFF, value=5, sector=5), None),
        (Mark(ON), None),
        (Mark(UNKNOWN, value=9, sector=5), None),
    ]
    for mark, doubt in doubts:
        assert result_of(SCREENING, {"ABS": mark}).lights[0].doubt is doubt, mark


def test_units_stand_by_colour_then_lights_then_people():
    rows = [
        Standing("A", Colour.GREEN, 3, 900),
        Standing("B", Colour.RED, 8, 10),
        Standing("C", Colour.ORANGE, 5, None),
        Standing("D", Colour.ORANGE, 5, 40),
        Standing("E", Colour.ORANGE, 6, 5),
        Standing("F", Colour.RED, 8, 10),
    ]
    ordered = sorted(rows, key=lambda row: row.urgency)
    assert "".join(row.name for row in ordered) == "BFEDCA"


@given(st.dictionaries(st.sampled_from(CODES[:3]), marks_of_one, max_size=2))
def test_marks_are_read_as_they_were_stored(marks):
    assert read_marks(store_marks(marks)) == marks


@given(st.lists(st.dictionaries(st.sampled_from(CODES[:3]), marks_of_one, max_size=2), max_size=3))
def test_figures_of_earlier_periods_are_carried_over_and_nothing_else(earlier):
    for code, mark in carried_over(earlier, CODES).items():
        told = [one.get(code, Mark()) for one in earlier[:2]]
        before = told[0].value if told else None
        before_that = told[1].value if len(told) > 1 else (told[0].before if told else None)
        assert mark == Mark(before=before, before_that=before_that)


@given(marks_of_one, earlier_figures, earlier_figures)
def test_a_sheet_moved_to_another_period_says_nothing_wrong_about_earlier_ones(mark, left, found):
    """Each figure of before is one of an earlier sheet, or one that somebody typed: then marked."""
    (after,) = moved({"ABS": mark}, left={"ABS": left}, found={"ABS": found}).values()
    for name in ("before", "before_that"):
        was, now = getattr(mark, name), getattr(after, name)
        is_typed = was is not None and was != getattr(left, name)
        assert now == (was if is_typed else getattr(found, name))
        assert now == getattr(found, name) or after.is_displaced
    rest = {"before": None, "before_that": None, "is_displaced": False}
    assert dataclasses.replace(after, **rest) == dataclasses.replace(mark, **rest)
    carried = dataclasses.replace(mark, before=left.before, before_that=left.before_that)
    (again,) = moved({"ABS": carried}, left={"ABS": left}, found={"ABS": found}).values()
    assert not again.is_displaced


def test_what_was_typed_for_another_period_is_compared_with_nothing_and_holds_the_agreement_up():
    mark = Mark(OFF, value=6.0, sector=3.0, before=6.0, source="HR", is_displaced=True)
    sector, _, change = result_of(SCREENING, {"ABS": mark}).lights[0].compared
    assert (sector.colour, change.gap) == (Colour.RED, Gap.DISPLACED)
    full = {**marked([OFF] * 12), "ABS": mark}
    with pytest.raises(CannotAgree, match="Look at them") as caught:
        rules.check_can_agree(SCREENING, full, FIELDS)
    assert caught.value.is_about_figures


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"until_on": date(2024, 12, 31)}, "period_reversed"),
        ({"until_on": date(2026, 1, 2)}, "period_long"),
        ({"from_on": date(2026, 3, 3), "until_on": date(2026, 4, 1)}, "period_ahead"),
        ({"met_on": date(2026, 3, 3)}, "met_odd"),
        ({"met_on": date(2024, 12, 31)}, "met_odd"),
        ({"group": (Member("Mieke", " "),)}, "member_incomplete"),
        ({"group": (Member("M" * 201, "hoofd"),)}, "text_long"),
        ({"group": GROUP * 16}, "group_large"),
    ],
)
def test_odd_fields_are_refused(changes, key):
    rules.check_fields(FIELDS, today=TODAY)
    with pytest.raises(InvalidEntry) as caught:
        rules.check_fields(dataclasses.replace(FIELDS, **changes), today=TODAY)
    assert caught.value.key == f"screening.{key}"


def test_periods_of_a_unit_do_not_overlap():
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    rules.check_period(Period(date(2026, 1, 1), date(2026, 12, 31)), [year])
    with pytest.raises(InvalidEntry, match="about 2025-01-01 to 2025-12-31"):
        rules.check_period(Period(date(2025, 12, 31), date(2026, 6, 30)), [year])


@pytest.mark.parametrize(
    ("marks", "key"),
    [
        ({"XXX": Mark()}, "unknown_light"),
        ({"ABS": Mark(value=-1.0)}, "figure_odd"),
        ({"ABS": Mark(before=1e10)}, "figure_odd"),
        ({"ABS": Mark(size=float("nan"))}, "figure_odd"),
        ({"ABS": Mark(comment="a\0b")}, "text_unreadable"),
        ({"ABS": Mark(source="s" * 201)}, "text_long"),
        ({"ABS": Mark(comment="c" * 2001)}, "text_long"),
    ],
)
def test_odd_marks_are_refused(marks, key):
    rules.check_marks(SCREENING, {"ABS": Mark(ON, 1.0, comment="c" * 2000)})
    with pytest.raises(InvalidEntry) as caught:
        rules.check_marks(SCREENING, marks)
    assert caught.value.key == f"screening.{key}"


def test_a_group_agrees_when_every_light_is_marked_and_every_figure_has_a_source():
    full = marked([OFF] * 12)
    rules.check_can_agree(SCREENING, full, FIELDS)
    bare = {**full, "ABS": Mark(ON, 3.0), "ACC": Mark()}
    alone = dataclasses.replace(FIELDS, group=GROUP[:1])
    found = rules.agreement_obstacles(SCREENING, bare, alone)
    assert [one.key.partition(".")[2] for one in found] == [
        "lights_missing",
        "source_missing",
        "group_missing",
    ]
    with pytest.raises(CannotAgree, match="Still open: 1"):
        rules.check_can_agree(SCREENING, bare, alone)
    no_day = dataclasses.replace(FIELDS, met_on=None)
    assert len(rules.agreement_obstacles(SCREENING, full, no_day)) == 1


def test_only_a_draft_is_changed_and_only_what_was_agreed_gets_an_edition():
    rules.check_is_draft(SheetState.DRAFT)
    rules.check_is_agreed(SheetState.AGREED)
    with pytest.raises(NotADraft):
        rules.check_is_draft(SheetState.AGREED)
    with pytest.raises(NotADraft):
        rules.check_is_agreed(SheetState.DRAFT)
