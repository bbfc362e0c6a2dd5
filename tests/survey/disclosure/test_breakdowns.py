"""Background questions beside the units: what is kept leaks nothing, what is dropped would."""

from hypothesis import assume, given
from hypothesis import strategies as st

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.breakdowns import (
    Breakdown,
    _Choice,
    candidates_of,
    countable_breakdowns,
    divisions_of,
    grown,
    release_breakdowns,
)
from baken.survey.disclosure.plan import release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.attacker import Group, leaks


def tree_of(**parents):
    return Tree.of([UnitNode(key, parent, None) for key, parent in parents.items()])


HOUSE = tree_of(house=None, care="house", day="care", night="care", kitchen="house")


VALUES = (0.0, 25.0, 50.0, 75.0, 100.0)


def table_of(counts, spread=(1, 2, 3)):
    """Everybody in turn has one of the values, by default near the middle."""
    return Answers(
        {
            person: tuple(
                sum(spread[at % len(spread)] == value for at in range(n)) for value in range(5)
            )
            for person, n in counts.items()
        },
        VALUES,
    )


def by_gender(**counts):
    return {
        (unit, band): n for unit, both in counts.items() for band, n in zip("wm", both, strict=True)
    }


def published(tree, answers, shown, breakdowns):
    """Every cell that is printed, as the people in it."""
    cells = [{p for p in answers.counts if tree.is_within(p[0], unit)} for unit in shown]
    for one in breakdowns:
        here = {p for p in answers.counts if tree.is_within(p[0], one.unit)}
        bands = {p[one.question + 1] for p in here} - {""}
        cells += [{p for p in here if p[one.question + 1] == band} for band in bands]
    return cells


@st.composite
def tables(draw, n_questions):
    tree = HOUSE if draw(st.booleans()) else tree_of(house=None, care="house", day="care")
    k = draw(st.integers(2, 4))
    counts = {}
    for label in tree.keys:
        for _ in range(draw(st.integers(0, 2))):
            bands = tuple(draw(st.sampled_from(["w", "m", ""])) for _ in range(n_questions))
            n = draw(st.sampled_from([1, k, k, 2 * k, 3 * k]))
            low = draw(st.sampled_from([0, n // 2, n - 1, n]))
            counts[label, *bands] = (low, 0, n - low)
    return tree, Answers(counts, (0.0, 1.0, 2.0)), k


def shown_units(tree, answers, k):
    labels = {}
    for person, counts in answers.counts.items():
        before = labels.get(person[0], (0, 0, 0))
        labels[person[0]] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return release_plan(tree, Answers(labels, answers.values).cells(k), k).shown


def groups_of(answers, k):
    return {person: Group(cell.n, cell.apart) for person, cell in answers.cells(k).items()}


@given(st.integers(1, 2).flatmap(tables))
def test_the_attacker_gets_nothing_from_units_and_breakdowns(drawn):
    tree, answers, k = drawn
    shown = shown_units(tree, answers, k)
    kept = release_breakdowns(tree, answers, shown, k)
    assert leaks(groups_of(answers, k), published(tree, answers, shown, kept), k) == []


@given(tables(1))
def test_of_one_question_nothing_is_dropped_that_tells_nothing_exactly(drawn):
    tree, answers, k = drawn
    shown = shown_units(tree, answers, k)
    assume(shown)
    tried = candidates_of(tree, answers.counts, shown)
    kept = grown((), tried, _Choice(tree, answers, shown, k).hides)
    for place, one in enumerate(tried):
        earlier = [other for other in tried[:place] if other in kept]
        together = published(tree, answers, shown, [*earlier, one])
        assert (one in kept) == (leaks(groups_of(answers, k), together, k) == [])


def test_the_organisation_comes_first_then_departments_and_no_team():
    table = table_of(by_gender(day=(20, 20), night=(20, 20), kitchen=(20, 20)))
    kept = release_breakdowns(HOUSE, table, set(HOUSE.keys), 10)
    assert kept == (Breakdown(ROOT, 0), Breakdown("care", 0))
    # A team that is asked for by name is looked at like any other.
    asked = [Breakdown("day", 0), Breakdown("day", 0)]
    assert release_breakdowns(HOUSE, table, set(HOUSE.keys), 10, candidates=asked) == (asked[0],)


def test_a_question_is_shown_whole_or_not_at_all():
    # Nine men in the kitchen: fine for the organisation, but men of care would give them.
    table = table_of(by_gender(day=(20, 20), night=(20, 20), kitchen=(20, 9)))
    kept = release_breakdowns(HOUSE, table, set(HOUSE.keys), 10)
    assert kept == (Breakdown(ROOT, 0),)
    table = table_of(by_gender(day=(20, 3), night=(20, 3), kitchen=(20, 3)))
    assert release_breakdowns(HOUSE, table, set(HOUSE.keys), 10) == ()


def test_those_without_a_band_are_the_rest_of_the_others():
    table = table_of({("day", "w"): 20, ("night", "m"): 20, ("kitchen", ""): 4, ("care", "w"): 20})
    assert release_breakdowns(HOUSE, table, {ROOT}, 10) == ()


def test_what_was_shown_before_stays_and_counts():
    table = table_of(by_gender(day=(20, 20), night=(20, 20), kitchen=(20, 9)))
    care = Breakdown("care", 0)
    kept = release_breakdowns(HOUSE, table, set(HOUSE.keys), 10, already=[care])
    assert kept == (care,)


def two_questions(**more):
    return {
        ("care", "w", "young"): 15,
        ("care", "m", "old"): 15,
        ("kitchen", "w", "old"): 15,
        ("kitchen", "m", "young"): 15,
        **more,
    }


def test_two_questions_stand_side_by_side_when_nothing_small_follows():
    table = table_of(two_questions())
    kept = release_breakdowns(HOUSE, table, {ROOT, "care", "kitchen"}, 10)
    assert kept[:2] == (Breakdown(ROOT, 0), Breakdown(ROOT, 1))


def test_a_hidden_group_must_not_be_known_nearly():
    counts = by_gender(care=(15, 5), kitchen=(5, 15))
    shown = {ROOT, "care", "kitchen"}
    kept = release_breakdowns(HOUSE, table_of(counts), shown, 10, candidates=[Breakdown(ROOT, 0)])
    assert kept == (Breakdown(ROOT, 0),)
    # Care is at the lower end, and men at the upper: little room is left for the men of care.
    near = {("care", "w"): (14, 1, 0, 0, 0), ("care", "m"): (1, 4, 0, 0, 0)}
    far = {("kitchen", "w"): (1, 1, 1, 1, 1), ("kitchen", "m"): (0, 0, 0, 1, 14)}
    answers = Answers(near | far, VALUES)
    assert _Choice(HOUSE, answers, frozenset(shown), 10).hides([Breakdown(ROOT, 0)])
    assert release_breakdowns(HOUSE, answers, shown, 10) == ()


def test_how_many_are_in_each_band_is_said_where_no_few_follow():
    counts = by_gender(day=(20, 20), night=(20, 20), kitchen=(20, 3))
    kept = countable_breakdowns(HOUSE, counts, HOUSE.keys, 10)
    assert kept == (Breakdown(ROOT, 0),)
    counts = by_gender(day=(20, 20), night=(20, 20), kitchen=(20, 20))
    kept = countable_breakdowns(HOUSE, counts, HOUSE.keys, 10)
    assert kept == (Breakdown(ROOT, 0), Breakdown("care", 0))


def test_nobody_and_nothing_shown_give_no_breakdown():
    assert release_breakdowns(HOUSE, Answers({}, VALUES), set(HOUSE.keys), 10) == ()
    assert release_breakdowns(HOUSE, table_of(by_gender(day=(20, 20))), (), 10) == ()


def test_people_outside_a_department_that_is_broken_down_are_one_class():
    people = [("day", "w"), ("day", "m"), ("kitchen", "w"), ("kitchen", "m")]
    units, gender = divisions_of(HOUSE, people, {ROOT, "kitchen"}, [Breakdown("care", 0)])
    assert list(units.values()) == [ROOT, ROOT, "kitchen", "kitchen"]
    assert list(gender.values()) == [("care", "w"), ("care", "m"), None, None]
