"""Single formulas beside worked numbers from R."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from baken.analysis.methods.rates import (
    absence_frequency,
    absence_percent,
    error_rate,
    fields_to_check,
    flat_rate_days,
    frequency_rate,
    hours_of_full_time,
    mean_duration,
    severity_rate,
    turnover_percent,
)
from baken.analysis.methods.readings import compare_colours
from baken.analysis.methods.recommendation import recommendation
from baken.analysis.methods.trend import overlapping_error
from tests.reference.golden_comparison import Comparison

Case = Mapping[str, Any]


def formulas(file: Path) -> Iterator[Comparison]:
    """Every formula of the file for which there is a method beside those of a whole data set."""
    values = json.loads(file.read_text(encoding="utf-8"))
    for case in values.get("recommendation_score", ()):
        yield from _recommendation(case)
    accidents = values.get("accidents", [])
    for case in accidents if isinstance(accidents, list) else [accidents]:
        yield from _accidents(case)
    if "accidents_zero" in values:
        yield from _accidents(values["accidents_zero"])
    yield from _absence(values)
    yield from _double_entry(values["double_entry"])
    yield from _colours(values["lights"])
    for case in values.get("trend_overlap", ()):
        n, spread = (case["n1"], case["n2"]), (case["s1"], case["s2"])
        found = overlapping_error(
            spread, n, both=case["overlap"], people=case["N"], correlation=case["r"]
        )
        yield Comparison("overlapping error", str(n), case["se"], found)


def _recommendation(case: Case) -> Iterator[Comparison]:
    people = np.zeros((1, 11), dtype=np.int64)
    people[0, [2, 8, 10]] = case["detractors"], case["passives"], case["promoters"]
    headcount = np.nan if case["N"] is None else float(case["N"])
    found = recommendation(people, np.array([headcount]))
    place = f"{case['n']} of {case['N']}"
    yield Comparison("recommendation", place, case["score"], float(found.score[0]))
    yield Comparison("recommendation sd", place, case["sd"], float(found.sd[0]))
    limits = zip(case["ci_shown"], (found.shown.low, found.shown.high), strict=True)
    for expected, limit in limits:
        yield Comparison("recommendation limits", place, expected, float(limit[0]))


def _accidents(case: Case) -> Iterator[Comparison]:
    hours, place = case["hours"], f"{case['accidents']} accidents"
    found = frequency_rate(case["accidents"], hours)
    assert found is not None
    yield Comparison("Fg", place, case["Fg"], found.value)
    for expected, limit in zip(case["Fg_ci95_poisson_exact"], (found.low, found.high), strict=True):
        yield Comparison("Fg limits", place, expected, limit)
    if "flat_rate_days" in case:
        flat = flat_rate_days(sum(case["permanent_percent"]), case["fatal"])
        lost = case["days_lost"]
        yield Comparison("flat-rate days", place, case["flat_rate_days"], flat)
        yield Comparison("Weg", place, case["Weg"], severity_rate(lost, hours))
        yield Comparison("Geg", place, case["Geg"], severity_rate(lost + flat, hours))
        estimated = hours_of_full_time(106.3)
        yield Comparison("hours", place, case["hours_from_fte_106.3"], estimated)


def _absence(values: Case) -> Iterator[Comparison]:
    if "absence" in values:
        case = values["absence"]
        days, spells = case["days_absent"], case["spells"]
        found = absence_percent(days, case["days_available"])
        yield Comparison("absence", "percent", case["pct"], found)
        found = absence_frequency(spells, case["mean_headcount"])
        yield Comparison("absence", "frequency", case["frequency"], found)
        yield Comparison("absence", "duration", case["mean_duration"], mean_duration(days, spells))
    if "turnover" in values:
        case = values["turnover"]
        found = turnover_percent(case["leavers"], case["start"], case["end"])
        yield Comparison("turnover", "percent", case["pct"], found)


def _double_entry(values: Any) -> Iterator[Comparison]:
    cases = values if isinstance(values, list) else list(values.values())
    for case in cases:
        if isinstance(case, dict) and "ci_per_1000" in case:
            found = error_rate(case["x"], case["n"])
            assert found is not None
            place = f"{case['x']} of {case['n']}"
            yield Comparison("errors", place, case["per_1000"], 1000 * found.value)
            for expected, limit in zip(case["ci_per_1000"], (found.low, found.high), strict=True):
                yield Comparison("errors limits", place, expected, 1000 * limit)
    if isinstance(values, dict):
        for limit in (1, 5):
            expected = values[f"acceptance_n_for_{limit}_per_1000"]
            found = fields_to_check(limit / 1000)
            yield Comparison("fields to check", f"{limit} per 1000", expected, found, "exact")


def _colours(case: Case) -> Iterator[Comparison]:
    found = compare_colours(np.array(case["supervisors"]), np.array(case["staff"]))
    assert found is not None
    for expected, counted in zip(case["table"], found.table, strict=True):
        yield Comparison("colours", "table", str(expected), str(list(counted)))
    figures = {
        "exact_agreement": found.agreement,
        "kappa_linear": found.kappa,
        "mean_gap_staff_minus_supervisors": found.gap,
        "sign_test_p": found.p,
    }
    for name, figure in figures.items():
        yield Comparison("colours", name, case[name], figure)
