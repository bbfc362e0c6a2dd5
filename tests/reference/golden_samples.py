"""Figures over whole samples of answers: trend, effect, drivers, response, funnel, deviation."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.agreement import average_deviation, r_star_wg
from baken.analysis.methods.drivers import (
    Correlations,
    Products,
    general_dominance,
    overall,
    relative_weights,
    ridge,
    weight_intervals,
    within_groups,
)
from baken.analysis.methods.effects import clustered_effect, difference_in_differences
from baken.analysis.methods.funnel import funnel
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.nonresponse import representativity, response_test
from baken.analysis.methods.shrinkage import closed_form, shrunken_means
from baken.analysis.methods.trend import Change, change
from baken.analysis.methods.weights import effective_answers, post_stratified, raked
from baken.instruments.definition import Instrument
from tests.reference.golden_comparison import Comparison, rows, value
from tests.reference.golden_methods import scores_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Answers with what is needed to pretend two campaigns and an action.

    `waves` tells which rows belong to the first campaign; of the units, every second one acted, by
    number where they have one, otherwise in the order of the headcounts.
    """

    answers: Sequence[Mapping[str, str]]
    instrument: Instrument
    units: tuple[str, ...]
    people: Mapping[str, float]
    of_row: NDArray[np.str_]
    first: Bools

    @classmethod
    def read(cls, data: Path, key: str, instrument: Instrument, unit_column: str) -> "Sample":
        answers = rows(data / f"{key}.csv")
        heads = rows(data / f"{key}_headcount.csv")
        people = {row["unit"]: float(row["headcount"]) for row in heads}
        top = next(iter(people))
        of_row = np.array([row[unit_column] or top for row in answers])
        odd = [int(row.get("SUB", n)) % 2 == 1 for n, row in enumerate(answers, start=1)]
        return cls(answers, instrument, tuple(people), people, of_row, np.array(odd))

    def scores(self, name: str) -> Floats:
        """Scores of a scale, or the answers to one item."""
        if name in {scale.key for scale in self.instrument.scales}:
            return scores_of(self.answers, self.instrument, name)
        return np.array([float(row[name] or "nan") for row in self.answers])

    def moments(self, scores: Floats, units: Sequence[str], part: Bools) -> Moments:
        """Straight from the rows, not from counts."""
        chosen = [scores[(self.of_row == unit) & part & ~np.isnan(scores)] for unit in units]
        means = [ys.mean() if len(ys) else np.nan for ys in chosen]
        sds = [ys.std(ddof=1) if len(ys) > 1 else np.nan for ys in chosen]
        return Moments(np.array([len(ys) for ys in chosen]), np.array(means), np.array(sds))

    def acted(self, units: Sequence[str]) -> Bools:
        numbered = all(unit.isdecimal() for unit in units)
        order = [int(unit) + 1 if numbered else place for place, unit in enumerate(units)]
        return np.array([place % 2 == 1 for place in order])


def samples(values: Path, sample: Sample) -> Iterator[Comparison]:
    """Every figure of the files that are there."""
    for file in sorted(values.glob("trend_*.csv")):
        yield from _trend(file, sample)
    for name, compare in (
        ("drivers.json", _drivers),
        ("nonresponse.json", _response),
        ("units.csv", _units),
    ):
        if (values / name).is_file():
            yield from compare(values / name, sample)


def _trend(file: Path, sample: Sample) -> Iterator[Comparison]:
    scale = file.stem.removeprefix("trend_").upper()
    expected = rows(file)
    units = [row["unit"] for row in expected]
    scores = sample.scores(scale)
    before, after = (sample.moments(scores, units, part) for part in (sample.first, ~sample.first))
    people = np.array([sample.people[unit] for unit in units])
    found = change(before, after, people, people)
    for place, row in enumerate(expected):
        for name, column in _columns(found).items():
            known = value(row[name]) if row[name] != "NaN" else None
            figure = float(column[place])
            yield Comparison(f"trend {name}", row["unit"], known, _or_none(figure))
    effect = file.parent / "did.json"
    if effect.is_file():
        known = json.loads(effect.read_text(encoding="utf-8"))[scale.lower()]
        yield from _effect(known, found, before, after, sample.acted(units))


def _columns(found: Change) -> dict[str, Floats]:
    return {
        "change": found.difference,
        "se_fpc": found.error,
        "df_fpc": found.df,
        "lo_fpc": found.interval.low,
        "hi_fpc": found.interval.high,
    }


def _effect(
    known: Mapping[str, float], found: Change, before: Moments, after: Moments, acted: Bools
) -> Iterator[Comparison]:
    units = difference_in_differences(found.difference, acted)
    yield Comparison("did", "units", known["did_unit_level"], float(units.difference[0]))
    yield Comparison("did", "t", known["t"], float(units.t[0]))
    yield Comparison("did", "df", known["df"], float(units.df[0]))
    yield Comparison("did", "p", known["p"], float(units.p[0]), "probability")
    persons = clustered_effect(before, after, acted)
    yield Comparison("did", "persons", known["did_person_level"], persons.effect)
    yield Comparison("did", "CR2", known["se_cr2"], persons.error, "iterated")
    yield Comparison("did", "CR2 df", known["df_satterthwaite"], persons.df, "iterated")
    yield Comparison("did", "CR2 p", known["p_cr2"], persons.p, "iterated")


def _drivers(file: Path, sample: Sample) -> Iterator[Comparison]:
    names = {scale.key for scale in sample.instrument.scales}
    for model, known in json.loads(file.read_text(encoding="utf-8")).items():
        outcome = next(key for key in names if model.startswith(key.lower().removesuffix("_")))
        columns = [sample.scores(name) for name in (outcome, *known["predictors"])]
        groups = _products(np.column_stack(columns), sample)
        centred = model.endswith("within_unit")
        found = within_groups(groups) if centred else overall(groups)
        assert found is not None
        yield Comparison("drivers R2", model, known["R2"], found.explained)
        yield from _weights_of(model, known, found)
        intervals = None if centred else weight_intervals(groups)
        if "relative_weight_jackknife_low" in known and intervals:
            for name, limits in (("low", intervals.low), ("high", intervals.high)):
                expected = known[f"relative_weight_jackknife_{name}"]
                yield from _each(f"drivers {name}", model, expected, limits)


def _products(table: Floats, sample: Sample) -> list[Products]:
    complete = ~np.isnan(table).any(axis=1)
    parts = [table[complete & (sample.of_row == unit)] for unit in sample.units]
    return [Products(len(part), part.sum(axis=0), part.T @ part) for part in parts]


def _weights_of(model: str, known: Mapping[str, Any], found: Correlations) -> Iterator[Comparison]:
    yield from _each("drivers weight", model, known["relative_weight_raw"], relative_weights(found))
    dominance = general_dominance(found)
    yield from _each("drivers dominance", model, known["general_dominance"], dominance)
    for penalty, expected in known["ridge_beta_standardised"].items():
        coefficients = ridge(found, float(penalty.removeprefix("lambda_")))
        yield from _each("drivers ridge", model, expected, coefficients)


def _each(
    figure: str, model: str, expected: Mapping[str, float], found: Floats
) -> Iterator[Comparison]:
    for (name, known), one in zip(expected.items(), found, strict=True):
        yield Comparison(figure, f"{model}, {name}", known, float(one), "absolute")


def _response(file: Path, sample: Sample) -> Iterator[Comparison]:
    known = json.loads(file.read_text(encoding="utf-8"))
    if "chisq_independence" not in known:
        return
    answered = np.array([int((sample.of_row == unit).sum()) for unit in sample.units])
    people = np.array([int(sample.people[unit]) for unit in sample.units])
    test, alike = response_test(answered, people), representativity(answered, people)
    figures = {
        "chisq_independence": test.statistic,
        "cramers_v": test.cramers_v,
        "min_expected": test.min_expected,
        "R_indicator": alike.indicator,
        "R_indicator_adj": alike.indicator_adjusted,
        "max_abs_bias_in_sd": alike.largest_bias,
    }
    for name, figure in figures.items():
        yield Comparison("response", name, known[name], figure)
    yield Comparison("response", "p", known["p"], test.p, "probability")


def _units(file: Path, sample: Sample) -> Iterator[Comparison]:
    everything = rows(file)
    if "funnel95_lo" not in everything[0]:
        return
    anybody = np.ones(len(sample.of_row), dtype=bool)
    for scale in sample.instrument.scales:
        expected = [row for row in everything if row["scale"] == scale.key]
        units = [row["unit"] for row in expected]
        moments = sample.moments(sample.scores(scale.key), units, anybody)
        limits = funnel(moments)
        assert limits is not None
        columns = {
            "funnel95_lo": limits.inner.low,
            "funnel998_hi": limits.outer.high,
            "funnel_z": limits.distance,
            "eb_anova": shrunken_means(moments, closed_form(moments)),
            **_agreement(sample, scale.key, units),
        }
        for name, column in columns.items():
            for row, figure in zip(expected, column, strict=True):
                if name in row:
                    place = f"{scale.key}, {row['unit']}"
                    yield Comparison(name, place, value(row[name]), float(figure))


def _agreement(sample: Sample, scale: str, units: Sequence[str]) -> dict[str, Floats]:
    items = sample.instrument.scale_items(scale)
    table = np.array(
        [[float(row[i.code] or "nan") - i.format.low for i in items] for row in sample.answers]
    )
    for place, item in enumerate(items):
        if item.reversed:
            table[:, place] = item.format.high - item.format.low - table[:, place]
    n_answers = max(item.format.high - item.format.low for item in items) + 1
    # what other software does with missing answers here differs; compare where there are none
    if np.isnan(table).any():
        return {}
    keyed = table.astype(np.int64)
    inside = [sample.of_row == unit for unit in units]
    people = np.array(
        [[np.bincount(column, minlength=n_answers) for column in keyed[part].T] for part in inside]
    )
    n = np.array([int(part.sum()) for part in inside])
    sums = np.array([keyed[part].sum(axis=0) for part in inside])
    squares = np.array([(keyed[part] ** 2).sum(axis=0) for part in inside])
    even = np.ones(len(items), dtype=np.int64)
    return {
        "ad_mean": average_deviation(people),
        "ad_median": average_deviation(people, "median"),
        "rwg_j_lindell": r_star_wg(n, sums, squares, even, even * (n_answers - 1)),
    }


def weighting(values: Path, data: Path, key: str) -> Iterator[Comparison]:
    """Weights of a table of gender by education, where a data set has them."""
    file = values / "weighting.json"
    if not file.is_file():
        return
    known = json.loads(file.read_text(encoding="utf-8"))
    scores = {row["id"]: row["NEURO"] for row in rows(values / "scores100.csv")}
    answered, sums, people = np.zeros((2, 5), dtype=np.int64), np.zeros((2, 5)), np.zeros((2, 5))
    for row in rows(data / f"{key}.csv"):
        if row["education"] and scores[row["id"]]:
            cell = int(row["gender"]) - 1, int(row["education"]) - 1
            answered[cell] += 1
            sums[cell] += float(scores[row["id"]])
    for row in rows(data / f"{key}_headcount.csv"):
        people[int(row["gender"]) - 1, int(row["education"]) - 1] = int(row["headcount"])
    counts = people.astype(np.int64)
    stratified = post_stratified(answered, counts).weights
    scaled = raked(answered, counts.sum(axis=1), counts.sum(axis=0)).weights
    for name, weights, kind in (
        ("poststratified_mean", stratified, "relative"),
        ("raked_mean", scaled, "iterated"),
    ):
        mean = float((weights * sums).sum() / (weights * answered).sum())
        yield Comparison("weighted mean", name, known[name], mean, kind)
    effective = effective_answers(scaled, answered)
    yield Comparison("weighted n", "raked", known["kish_neff_raked"], effective, "iterated")
    for row in rows(values / "weights.csv"):
        cell = int(row["gender"]) - 1, int(row["education"]) - 1
        place, both = str(cell), (float(row["poststrat_weight"]), float(row["rake_weight"]))
        yield Comparison("weights stratified", place, both[0], float(stratified[cell]))
        yield Comparison("weights raked", place, both[1], float(scaled[cell]), "iterated")


def _or_none(figure: float) -> float | None:
    return None if math.isnan(figure) else figure
