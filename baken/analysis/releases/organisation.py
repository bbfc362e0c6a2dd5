"""The figures of the whole organisation on one scale, and on each of its items."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from baken.analysis.methods.between import anova, icc1_limits, icc2
from baken.analysis.methods.distributions import Distribution, distribution
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.omega import mcdonald_omega
from baken.analysis.methods.ranks import kruskal_wallis
from baken.analysis.methods.reliability import (
    NOT_ESTIMABLE,
    Alpha,
    covariances,
    cronbach_alpha,
    item_rest,
)
from baken.analysis.methods.scoring import ScoringRule
from baken.analysis.methods.totals import weighted_mean
from baken.analysis.methods.weights import effective_answers, post_stratified
from baken.analysis.releases.numbers import nothing, number
from baken.analysis.releases.plans import complete_answers
from baken.analysis.releases.population import Population
from baken.analysis.releases.scale_reports import ScaleReport
from baken.analysis.releases.strata import group_headcounts
from baken.analysis.tallies.cells import ScaleCounts
from baken.analysis.tallies.shape import N_SPECIAL, Shape
from baken.instruments.definition import Item
from baken.survey.disclosure.labels import LabelCounts

DESCRIBED = ("mean", "sd", "low", "high", "share_at_risk", "share_low", "share_high")
ORGANISATION_FIGURES = (
    *("n", *DESCRIBED, "mean_weighted", "weighted_low", "weighted_high", "weighted_n", "light"),
    *("kruskal_h", "kruskal_p", "icc1", "icc1_low", "icc1_high", "icc2"),
    *("alpha", "alpha_low", "alpha_high", "omega"),
)
ITEM_FIGURES = ("n", "mean", "sd", "item_rest", "counts")

MOST_COUNTED = 11
"""Answers of an item that are counted one by one. Of a longer row some are one person's own: a
year, a number of the staff; who gave such an answer would be seen to have answered."""


def organisation_figures(population: Population, report: ScaleReport) -> dict[str, Any]:
    """Return what stands under `scales` about the organisation, without items and reliability."""
    groups = report.groups
    people_in = group_headcounts(population, report.plan)
    total = weighted_mean(groups, people_in)
    by_rank = kruskal_wallis(report.people)
    limits = icc1_limits(groups)
    described = {name: number(float(report.columns[name][0])) for name in DESCRIBED}
    return {
        "n": report.n[0],
        **described,
        "mean_weighted": number(total.mean),
        "weighted_low": number(total.low),
        "weighted_high": number(total.high),
        "weighted_n": _effective(groups, people_in),
        "light": report.light[0],
        "kruskal_h": number(by_rank.h),
        "kruskal_p": number(by_rank.p),
        "icc1": number(report.variances.icc1),
        "icc1_low": number(limits.low),
        "icc1_high": number(limits.high),
        "icc2": number(icc2(anova(groups))),
    }


def _effective(groups: Moments, headcount: NDArray[np.float64]) -> float | None:
    """Return how many equally weighted answers would be as precise as these."""
    if not len(headcount) or not np.all(headcount > 0):
        return None
    weights = post_stratified(groups.n, headcount).weights
    return number(effective_answers(weights, groups.n))


def reliability_figures(
    counts: ScaleCounts, rule: ScoringRule, k: int
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Return alpha with its limits, omega, and the item-rest correlations.

    All are about the people who answered every item: nothing when these are fewer than k, or when
    all of them have one score.
    """
    n = int(counts.complete.sum())
    n_items = counts.sums.shape[1]
    everybody = complete_answers(counts, rule).sum(axis=0, keepdims=True)
    if n < 2 or (k > 1 and not LabelCounts.of(everybody, k).are_safe(k)):
        return _reliability(NOT_ESTIMABLE, np.nan), np.full(n_items, np.nan)
    covariance = covariances(n, counts.sums.sum(axis=0), counts.products.sum(axis=0))
    found = _reliability(cronbach_alpha(n, covariance), mcdonald_omega(covariance))
    return found, item_rest(covariance)


def _reliability(found: Alpha, omega: float) -> dict[str, Any]:
    return {
        "alpha": number(found.alpha),
        "alpha_low": number(found.low),
        "alpha_high": number(found.high),
        "omega": number(omega),
    }


def item_figures(
    population: Population,
    shape: Shape,
    items: tuple[Item, ...],
    correlations: NDArray[np.float64],
    counts: ScaleCounts,
    *,
    k: int,
) -> dict[str, dict[str, Any]]:
    """Return what stands under `items` of a scale.

    An item fewer than k people answered is hidden; so are all items of the scale when everybody
    gave one answer to one of them, because the score and the others would tell it, and when 1 to
    k-1 people answered some of the items only: for all others the sum of the items is the sum of
    the scores, so the difference would be theirs.
    """
    answers = population.cells.answers.sum(axis=0)
    found = {}
    for item in items:
        column = shape.items.index(item.code)
        begin, end = shape.offsets[column] + N_SPECIAL, shape.offsets[column + 1]
        found[item.code] = distribution(answers[begin:end], item.format.low)
    long = {item.code for item in items if item.format.n_values > MOST_COUNTED}
    protected = k > 1
    answered = counts.keys[:, 1]
    in_part = int(counts.people[:, (answered > 0) & (answered < len(items))].sum())
    hide_all = 0 < in_part < k or any(_is_telling(answer, k) for answer in found.values())
    return {
        code: dict(nothing(ITEM_FIGURES))
        if protected and (hide_all or answer.n < k)
        else _shown_item(answer, float(correlation), k, is_long=protected and code in long)
        for (code, answer), correlation in zip(found.items(), correlations, strict=True)
    }


def _is_telling(answer: Distribution, k: int) -> bool:
    counts = np.array([answer.counts], dtype=np.int64)
    return answer.n >= k and not LabelCounts.of(counts, k).are_safe(k)


def _shown_item(
    answer: Distribution, correlation: float, k: int, *, is_long: bool
) -> dict[str, Any]:
    enough = answer.n >= 2 * k or k <= 1
    return {
        "n": answer.n,
        "mean": number(answer.mean),
        "sd": number(answer.sd),
        "item_rest": number(correlation),
        "counts": list(answer.counts) if enough and not is_long else None,
    }
