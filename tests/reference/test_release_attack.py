"""The exact attacker on whole results files, as they would be released."""

import csv
import io
from itertools import combinations, islice

import numpy as np
import pytest

from baken.analysis.releases.results import analyse, results
from baken.analysis.tallies.tally import Tally
from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING
from baken.survey.disclosure.tree import NO_UNIT, ROOT, Tree, UnitNode
from baken.web.commands.analyse.reading.units import read_units
from tests.reference import golden_check, make_answers
from tests.reference.attacker import Group, leaks

INSTRUMENT = load_instrument(golden_check.HERE / "values" / "instrument")
UNITS = golden_check.HERE / "values" / "data" / "invented_headcount.csv"


def sheets(rows):
    return np.array(
        [
            [
                int(row[item.code]) - item.format.low if row[item.code] else MISSING
                for item in INSTRUMENT.items
            ]
            for row in rows
        ],
        dtype=np.int8,
    )


def scores(matrix, scale):
    table = []
    for item in INSTRUMENT.scale_items(scale.key):
        column = matrix[:, INSTRUMENT.position(item.code)].astype(float)
        column[column == MISSING] = np.nan
        top = item.format.high - item.format.low
        table.append((top - column if item.reversed else column) / top)
    answered = (~np.isnan(table)).sum(axis=0)
    total = np.nansum(table, axis=0)
    half = answered >= scale.min_answered * len(table)
    return np.round(
        np.divide(100 * total, answered, out=np.full(len(total), np.nan), where=half), 9
    )


def groups_of(labels, score):
    """People of one unit who gave a score, and how many are not at an end."""
    found = {}
    for unit in sorted(set(labels)):
        mine = score[(labels == unit) & ~np.isnan(score)]
        found[unit] = Group(len(mine), (int((mine != 0).sum()), int((mine != 100).sum())))
    return found


def check(tree, labels, matrix, k):
    """No scale of the results, nor the counts, tells about fewer than k people."""
    found = results(Tally.count(INSTRUMENT, matrix, list(labels)), tree, INSTRUMENT, min_group=k)
    for scale in INSTRUMENT.scales:
        figures = {key: unit["scales"][scale.key] for key, unit in found["units"].items()}
        shown = [key for key, unit in figures.items() if unit["n"] is not None]
        shown += [ROOT] if found["scales"][scale.key]["n"] is not None else []
        score = scores(matrix, scale)
        groups = groups_of(labels, score)
        cells = [
            [unit for unit in groups if tree.is_within(tree.key_of(unit), key)] for key in shown
        ]
        for key, members in zip(shown, cells, strict=True):
            n = figures[key]["n"] if key != ROOT else found["scales"][scale.key]["n"]
            assert n == sum(groups[unit].n for unit in members)
        assert leaks(groups, cells, k) == []
    return found


@pytest.mark.attacker
@pytest.mark.parametrize("seed", range(12))
def test_results_of_small_organisations_leak_nothing(seed):
    chance = np.random.default_rng(seed)
    k = int(chance.integers(5, 12))
    nodes = [UnitNode("org", None, 40), UnitNode("d1", "org", 40), UnitNode("d2", "org", 40)]
    nodes += [UnitNode(f"t{i}", f"d{1 + i % 2}", 40) for i in range(5)]
    sizes = {node.key: int(chance.choice([0, 1, 3, k - 1, k, k + 2, 2 * k])) for node in nodes}
    sizes[NO_UNIT] = int(chance.choice([0, 2]))
    labels = np.repeat(list(sizes), list(sizes.values()))
    rows = len(labels)
    tops = [item.format.high - item.format.low for item in INSTRUMENT.items]
    matrix = np.stack([chance.integers(0, top + 1, rows) for top in tops], axis=1).astype(np.int8)
    matrix[chance.random(matrix.shape) < 0.15] = MISSING
    # One team answers alike, at the end of every scale.
    alike = labels == "t1"
    for place, item in enumerate(INSTRUMENT.items):
        matrix[alike, place] = 0 if item.reversed else tops[place]
    check(Tree.of(nodes), labels, matrix, k)


def hidden_together(tree, plan):
    """Labels that no statistic of the plan tells apart, as the shown cells they lie in."""
    shown = [
        set(one[kind])
        for one in plan["scales"].values()
        for kind in ("shown", "share_shown", "rwg_shown")
    ]
    nearest = [tree.nearest(cells) for cells in shown]
    return {unit: tuple(one[label] for one in nearest) for unit, label in plan["labels"].items()}


def rivals(tree, plan, labels, matrix):
    """Pairs of people who could stand in each other's place: in different labels, told apart by
    nothing, with the same questions left open and different answers."""
    place, label_of = hidden_together(tree, plan), plan["labels"]
    keys = [tree.key_of(unit) for unit in labels]
    for one, other in combinations(range(len(labels)), 2):
        a, b = keys[one], keys[other]
        if (
            label_of[a] != label_of[b]
            and place[a] == place[b]
            and ((matrix[one] == MISSING) == (matrix[other] == MISSING)).all()
            and (matrix[one] != matrix[other]).any()
        ):
            yield one, other


@pytest.mark.attacker
def test_people_of_hidden_units_may_change_places_in_the_whole_file():
    """Whatever a file prints, of whatever form: it is the same when hidden people swap answers."""
    chance = np.random.default_rng(3)
    nodes = [UnitNode("org", None, 40), *(UnitNode(f"t{i}", "org", 20) for i in range(5))]
    tree, labels = Tree.of(nodes), np.repeat([f"t{i}" for i in range(5)], [10, 10, 14, 16, 18])
    tops = [item.format.high - item.format.low for item in INSTRUMENT.items]
    matrix = np.stack([chance.integers(0, top + 1, 68) for top in tops], axis=1).astype(np.int8)
    matrix[[0, 10]] = MISSING  # nine valid answers in two units of ten

    def released(sheet, *, protected=True):
        tally = Tally.count(INSTRUMENT, sheet, list(labels))
        return analyse(tally, tree, INSTRUMENT, min_group=10, protected=protected)

    report, pairs = released(matrix), []
    for one, other in islice(rivals(tree, report.plan, labels, matrix), 0, None, 40):
        rival = matrix.copy()
        rival[[one, other]] = matrix[[other, one]]
        again = released(rival)
        if again.plan == report.plan:
            pairs.append((one, other))
            assert again.results == report.results
    assert len(pairs) > 1
    open_results = [released(sheet, protected=False).results for sheet in (matrix, rival)]
    assert open_results[0] != open_results[1]


def office():
    """The answers of one department of the invented house: one of its teams has eight."""
    rows = list(csv.DictReader(io.StringIO(make_answers.answers_csv())))
    kept = [row for row in rows if row["unit"] in {"office", "pay", "people", "desk", "files"}]
    return np.array([row["unit"] for row in kept]), sheets(kept)


@pytest.mark.attacker
def test_the_attacker_finds_a_small_team_behind_its_department():
    labels, matrix = office()
    groups = groups_of(labels, scores(matrix, INSTRUMENT.scales[0]))
    cells = [list(groups), ["pay"], ["people"], ["desk"], ["office"]]
    assert [leak.groups for leak in leaks(groups, cells, 10)] == [{"files"}]


@pytest.mark.attacker
def test_a_small_team_of_the_invented_house_is_in_no_figure():
    labels, matrix = office()
    found = check(read_units(UNITS).tree, labels, matrix, 10)
    assert found["units"]["files"]["withheld"] == {"unit": "merged", "counted_in": "office"}
    assert found["units"]["files"]["n"] is None
