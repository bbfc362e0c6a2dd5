"""Released figures against the same figures straight from the answers, by numpy and scipy.

Random organisations: a tree, small units, missing answers, people without a unit, groups. The size
of the campaign is read from BAKEN_ROUTES.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest
from scipy import stats

from baken.analysis.releases.results import Report, analyse
from baken.analysis.tallies.driver_cells import count_models, declared_models
from baken.analysis.tallies.tally import Tally
from baken.instruments.definition import CutOff, Instrument
from baken.survey.disclosure.tree import NO_UNIT, ROOT, Tree, UnitNode

EXAMPLES = int(os.environ.get("BAKEN_ROUTES", "2"))
PEOPLE = {"early": 300, "late": 420}


@dataclass(frozen=True)
class Survey:
    """Raw answers of an invented organisation."""

    instrument: Instrument
    tree: Tree
    k: int
    units: np.ndarray
    bands: np.ndarray
    sheets: np.ndarray

    def report(self, *, protected: bool) -> Report:
        names, lines = np.unique(self.units, return_inverse=True)
        models, half = declared_models(self.instrument), len(lines) // 2
        # counted in two parts, as a file is
        parts = [
            count_models(self.tally.shape, models, self.sheets[part], lines[part], names)
            for part in (slice(None, half), slice(half, None))
        ]
        drivers = [one + other for one, other in zip(*parts, strict=True)]
        return analyse(
            self.tally,
            self.tree,
            self.instrument,
            min_group=self.k,
            protected=protected,
            drivers=drivers,
            headcounts={"shift": PEOPLE},
        )

    @property
    def tally(self) -> Tally:
        bands = {"shift": self.bands.tolist()}
        return Tally.count(self.instrument, self.sheets, self.units.tolist(), backgrounds=bands)

    def scores(self, key: str) -> np.ndarray:
        """Person by person, item by item."""
        items = self.instrument.scale_items(key)
        parts = np.full((len(self.sheets), len(items)), np.nan)
        for place, item in enumerate(items):
            answer = self.sheets[:, self.instrument.position(item.code)].astype(float)
            top = item.format.high - item.format.low
            keyed = 100 * (top - answer if item.reversed else answer) / top
            parts[:, place] = np.where(answer >= 0, keyed, np.nan)
        enough = 2 * (~np.isnan(parts)).sum(axis=1) >= len(items)
        found = np.full(len(parts), np.nan)
        found[enough] = np.round(np.nanmean(parts[enough], axis=1), 9)
        return found

    def members(self, key: str) -> np.ndarray:
        inside = {key, *(self.tree.below(key))}
        return np.array([self.tree.key_of(unit) in inside for unit in self.units])


@pytest.fixture(scope="module")
def instrument(make_instrument: Callable) -> Instrument:
    made = make_instrument(
        {
            "pace": ([("P1", 1, 5, False), ("P2", 1, 5, True), ("P3", 0, 3, False)], {}),
            "support": (
                [("S1", 0, 4, False), ("S2", 0, 4, False)],
                {"high_is": "resource", "cutoff": CutOff("<", 40.0, "own")},
            ),
            "voice": ([("V1", 0, 6, False)], {"cutoff": None, "min_group": 12}),
            "tired": ([(f"T{i}", 1, 5, i == 4) for i in range(1, 5)], {}),
        }
    )
    tired = replace(made.scales[-1], dimension="O")
    return replace(made, scales=(*made.scales[:-1], tired), dimensions=("A1", "O"))


def invented(instrument: Instrument, seed: int) -> Survey:
    chance = np.random.default_rng(seed)
    k = int(chance.integers(5, 11))
    nodes = [UnitNode("house", None, 20)]
    sizes = {"house": int(chance.choice([0, 4])), NO_UNIT: int(chance.choice([0, 3, 15]))}
    for d in range(3):
        nodes.append(UnitNode(f"d{d}", "house", 30))
        sizes[f"d{d}"] = int(chance.choice([0, 3, 14]))
        for t in range(int(chance.integers(3, 7))):
            sizes[f"d{d}t{t}"] = n = int(chance.choice([2, k - 1, k, 2 * k, 30]))
            nodes.append(UnitNode(f"d{d}t{t}", f"d{d}", n + int(chance.choice([0, 7]))))
    units = np.repeat(list(sizes), list(sizes.values()))
    level = chance.normal(0, 0.1, len(sizes))[np.unique(units, return_inverse=True)[1]]
    level = level + chance.normal(0, 0.15, len(units))
    columns = []
    for item in instrument.items:
        top = item.format.high - item.format.low
        answer = np.rint(top * (0.5 + level + chance.normal(0, 0.2, len(units))))
        answer = np.clip(answer, 0, top)
        columns.append(top - answer if item.reversed else answer)
    sheets = np.stack(columns, axis=1).astype(np.int8)
    gone = chance.random(sheets.shape) < 0.08
    sheets[gone] = chance.choice(np.array([-1, -2, -3], np.int8), size=int(gone.sum()))
    bands = chance.choice(["early", "late", ""], len(units), p=[0.4, 0.5, 0.1])
    return Survey(instrument, Tree.of(nodes), k, units, bands, sheets)


@pytest.mark.parametrize("seed", range(EXAMPLES))
@pytest.mark.parametrize("protected", [True, False])
def test_whatever_is_released_follows_from_the_answers(
    instrument: Instrument, seed: int, protected: bool
) -> None:
    survey = invented(instrument, seed)
    report = survey.report(protected=protected)
    found, plan = report.results, report.plan
    q_of: dict[str, list[tuple[float, float]]] = {"welch": [], "mwu": []}
    for scale in instrument.scales:
        y = survey.scores(scale.key)
        groups = list(partition(survey, plan, scale.key, y))
        pool = np.concatenate(groups) if groups else np.zeros(0)
        whole = found["scales"][scale.key]
        if whole["n"] is not None:
            check_cell(whole, y[~np.isnan(y)], found["headcount"], instrument, scale.key)
            check_between(whole, groups)
        for unit, entry in found["units"].items():
            cell = entry["scales"][scale.key]
            if cell["n"]:
                mine = y[survey.members(unit) & ~np.isnan(y)]
                assert cell["n"] >= (plan["scales"][scale.key]["k"] if protected else 1)
                check_cell(cell, mine, entry["headcount"], instrument, scale.key)
                check_rest(cell, mine, without(pool, mine), q_of)
        for band, entry in found["groups"].get("shift", {}).items():
            cell = entry["scales"][scale.key]
            if cell["n"]:
                check_cell(cell, y[(survey.bands == band) & ~np.isnan(y)], None, instrument, "")
    for pairs in q_of.values():
        p, q = np.array(pairs).T
        np.testing.assert_allclose(q, stats.false_discovery_control(p), atol=1e-9)
    check_drivers(survey, found, plan)
    check_response(survey, found)
    check_weights(survey, found)


def partition(survey: Survey, plan: Any, scale: str, y: np.ndarray) -> Iterator[np.ndarray]:
    for labels in plan["scales"][scale]["groups"]:
        carried = [carrier(survey, plan, unit) in labels for unit in survey.units]
        yield y[np.array(carried) & ~np.isnan(y)]


def carrier(survey: Survey, plan: Any, unit: str) -> str:
    key = survey.tree.key_of(unit)
    return plan["labels"].get(key, key)


def without(pool: np.ndarray, part: np.ndarray) -> np.ndarray:
    values, counts = np.unique(pool, return_counts=True)
    minus = np.array([(part == value).sum() for value in values])
    return np.repeat(values, counts - minus)


def check_cell(
    cell: dict, y: np.ndarray, headcount: int | None, instrument: Instrument, scale: str
) -> None:
    n, people = len(y), headcount or np.inf
    assert cell["n"] == n
    assert cell["mean"] == pytest.approx(y.mean())
    if n < 2:
        assert cell["sd"] is None
        return
    assert cell["sd"] == pytest.approx(y.std(ddof=1))
    left = max(0.0, 1 - n / people) if n <= people else 1.0
    if y.std() > 0 and people < np.inf and n <= people:
        half = stats.t.ppf(0.975, n - 1) * stats.sem(y) * np.sqrt(left)
        bounds = y.sum() / people, (y.sum() + 100 * (people - n)) / people
        expected = max(y.mean() - half, bounds[0]), min(y.mean() + half, bounds[1])
        assert (cell["low"], cell["high"]) == pytest.approx(expected)
    if cell["share_at_risk"] is not None and scale:
        cutoff = instrument.scale(scale).cutoff
        risky = y >= cutoff.value if cutoff.operator == ">=" else y < cutoff.value
        assert cell["share_at_risk"] == pytest.approx(risky.mean())


def check_rest(cell: dict, mine: np.ndarray, rest: np.ndarray, q_of: dict) -> None:
    for test, pairs in q_of.items():
        if cell[f"p_{test}"] is not None:
            pairs.append((cell[f"p_{test}"], cell[f"q_{test}"]))
    if cell["p_welch"] is None:
        return
    by_rank = stats.mannwhitneyu(mine, rest, method="asymptotic")
    # scores here are rounded to nine decimals, so that equal ones are equal
    assert cell["diff_rest"] == pytest.approx(mine.mean() - rest.mean(), abs=1e-8)
    if mine.std() > 1e-6:
        welch = stats.ttest_ind(mine, rest, equal_var=False)
        assert cell["p_welch"] == pytest.approx(welch.pvalue, abs=1e-9)
    assert cell["p_mwu"] == pytest.approx(by_rank.pvalue, abs=1e-9)
    assert cell["cliff"] == pytest.approx(2 * by_rank.statistic / (len(mine) * len(rest)) - 1)
    df = len(mine) + len(rest) - 2
    pooled = np.sqrt(((len(mine) - 1) * mine.var(ddof=1) + (len(rest) - 1) * rest.var(ddof=1)) / df)
    g = (1 - 3 / (4 * df - 1)) * (mine.mean() - rest.mean()) / pooled
    assert cell["g"] == pytest.approx(g, abs=1e-8)


def check_between(whole: dict, groups: list[np.ndarray]) -> None:
    if whole["kruskal_h"] is not None:
        kruskal = stats.kruskal(*groups)
        assert whole["kruskal_h"] == pytest.approx(kruskal.statistic)
        assert whole["kruskal_p"] == pytest.approx(kruskal.pvalue, abs=1e-9)
    if whole["icc2"] is not None:
        f = stats.f_oneway(*groups).statistic
        assert whole["icc2"] == pytest.approx(max(0.0, 1 - 1 / f))


def check_drivers(survey: Survey, found: dict, plan: dict) -> None:
    factors = ["pace", "support", "voice"]
    table = np.stack([survey.scores(key) for key in ("tired", *factors)], axis=1)
    complete = ~np.isnan(table).any(axis=1)
    if "tired" not in found["drivers"]:
        assert found["withheld"]["drivers"]["tired"] in {"privacy", "too_few", "weak"}
        return
    x = table[complete]
    # three digits of what is protected
    exact = 5e-4 + 1e-9 if found["protected"] else 1e-9
    for outcome, data in (("weight", x), ("within", centred(survey, plan, table, complete))):
        expected = johnson(data)
        got = [found["drivers"]["tired"][key][outcome] for key in factors]
        np.testing.assert_allclose(got, expected, atol=exact)
    got = [found["drivers"]["tired"][key]["dominance"] for key in factors]
    np.testing.assert_allclose(got, shapley(x), atol=exact)
    explained = found["driver_models"]["tired"]["explained"]
    assert explained == pytest.approx(r_squared(x, (0, 1, 2)), abs=exact)
    assert min(complete_in_groups(survey, plan, complete)) >= (
        survey.k if found["protected"] else 1
    )


def complete_in_groups(survey: Survey, plan: dict, complete: np.ndarray) -> list[int]:
    carried = np.array([carrier(survey, plan, unit) for unit in survey.units])
    return [int((np.isin(carried, group) & complete).sum()) for group in plan["drivers"]["tired"]]


def centred(survey: Survey, plan: dict, table: np.ndarray, complete: np.ndarray) -> np.ndarray:
    carried = np.array([carrier(survey, plan, unit) for unit in survey.units])
    parts = []
    for group in plan["drivers"]["tired"]:
        part = table[np.isin(carried, group) & complete]
        parts.append(part - part.mean(axis=0))
    return np.concatenate(parts)


def johnson(data: np.ndarray) -> np.ndarray:
    """Relative weights by singular values of the standardised factors."""
    z = (data - data.mean(axis=0)) / np.sqrt(((data - data.mean(axis=0)) ** 2).sum(axis=0))
    left, values, right = np.linalg.svd(z[:, 1:], full_matrices=False)
    nearest = left @ right
    return ((right.T * values) @ right) ** 2 @ (nearest.T @ z[:, 0]) ** 2


def r_squared(data: np.ndarray, chosen: tuple[int, ...]) -> float:
    y = data[:, 0] - data[:, 0].mean()
    if not chosen:
        return 0.0
    x = np.column_stack([np.ones(len(y)), data[:, [place + 1 for place in chosen]]])
    residue = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return 1 - (residue @ residue) / (y @ y)


def shapley(data: np.ndarray) -> list[float]:
    p = data.shape[1] - 1
    found = []
    for factor in range(p):
        others = [place for place in range(p) if place != factor]
        found.append(
            sum(
                (r_squared(data, (*chosen, factor)) - r_squared(data, chosen))
                / comb(p - 1, size)
                / p
                for size in range(p)
                for chosen in combinations(others, size)
            )
        )
    return found


def check_response(survey: Survey, found: dict) -> None:
    for unit, entry in [(ROOT, found), *found["units"].items()]:
        if entry["n"] is not None:
            assert entry["n"] == survey.members(unit).sum()
    test = found["nonresponse"]["groups"].get("shift")
    if test and test["chi2"] is not None:
        table = [[(survey.bands == band).sum(), people] for band, people in PEOPLE.items()]
        answered = np.array([[n, people - n] for n, people in table])
        expected = stats.chi2_contingency(answered, correction=False)
        assert test["chi2"] == pytest.approx(expected.statistic)
        assert test["p"] == pytest.approx(expected.pvalue, abs=1e-9)
        rates = answered[:, 0] / answered.sum(axis=1)
        everybody = np.repeat(rates, answered.sum(axis=1))
        assert test["r_indicator"] == pytest.approx(1 - 2 * everybody.std(ddof=1))


def check_weights(survey: Survey, found: dict) -> None:
    for scale, figures in found["weights"].get("shift", {}).items():
        y = survey.scores(scale)
        means = [np.nanmean(y[survey.bands == band]) for band in PEOPLE]
        if not figures["raked"]:
            expected = np.average(means, weights=[*PEOPLE.values()])
            assert figures["mean"] == pytest.approx(expected)
