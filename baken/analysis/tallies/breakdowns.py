"""What is kept of the background questions: bands of the organisation and of departments.

Units and bands of all questions can only be looked at together while answers are counted. What is
kept is safe by itself and beside the units that were shown then. Later less may be shown, when a
smallest group was raised or an earlier release hid something; never more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from baken.analysis.methods.scoring import same_scores, scores
from baken.analysis.methods.shares import at_risk
from baken.analysis.tallies.cells import Cells, Ints
from baken.analysis.tallies.crossing import ANSWERED, KIND, PEOPLE, SUM, Crossing
from baken.analysis.tallies.shape import ScaleShape, Shape
from baken.instruments.definition import Instrument, Scale
from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.breakdowns import (
    Breakdown,
    Person,
    countable_breakdowns,
    release_breakdowns,
)
from baken.survey.disclosure.labels import LabelCounts, safe_cells
from baken.survey.disclosure.merging import Merging
from baken.survey.disclosure.thresholds import threshold
from baken.survey.disclosure.tree import ROOT, Tree

Statistic = Literal["scales", "shares"]
Place = tuple[str, str]
"""A unit, and a background question its people are divided by."""

MOST_KINDS = 300
"""Kinds of people, by label and bands, up to which several questions are looked at together: a
minute's work at most. In a larger organisation the last questions are left out."""

ENDS = (0.0, 100.0)


@dataclass(frozen=True, slots=True, eq=False)
class Broken:
    """The people of one unit by the bands of one question.

    Attributes
    ----------
    cells : Cells
        One line per band, those who gave no answer among them; people and scores only.
    scales, shares : tuple[str, ...]
        Scales whose figures, and whose share at risk, may be shown.
    """

    cells: Cells
    scales: tuple[str, ...]
    shares: tuple[str, ...]

    def may_show(self, statistic: Statistic) -> tuple[str, ...]:
        """Return the scales of which a statistic may be shown."""
        return self.scales if statistic == "scales" else self.shares


@dataclass(frozen=True, slots=True, eq=False)
class Breakdowns:
    """What of the background questions may stand beside the units.

    Attributes
    ----------
    min_group : int
        Fewest people of anything that follows from all of it together with the units.
    questions : tuple[str, ...]
        All that were looked at, kept or not.
    hidden : Mapping of a statistic and a scale to units
        Units that were not shown beside it, though they are whole: with one of them shown after
        all, it would no longer be known what follows.
    kept : Mapping[Place, Broken]
        What may be shown.
    """

    min_group: int
    questions: tuple[str, ...]
    hidden: Mapping[tuple[Statistic, str], tuple[str, ...]]
    kept: Mapping[Place, Broken]

    def may_count(self, place: Place, min_group: int) -> bool:
        """Whether it may be said how many people are in each band, and who is shown by it."""
        return place in self.kept and self.min_group >= min_group

    def may_show(
        self, place: Place, statistic: Statistic, scale: str, shown: Collection[str]
    ) -> bool:
        """Whether a statistic of a scale may be shown beside these units."""
        return (
            scale in self.kept[place].may_show(statistic)
            and place[0] in shown
            and not any(unit in shown for unit in self.hidden.get((statistic, scale), ()))
        )


def choose_breakdowns(
    crossing: Crossing, instrument: Instrument, merging: Merging, min_group: int
) -> Breakdowns:
    """Choose what of the background questions may stand beside the units, and count it.

    Parameters
    ----------
    crossing : Crossing
        Everybody who answered; labels as they came, or merged.
    min_group : int
        Fewest people of anything that is shown, now.
    """
    tree, asked = merging.tree, crossing.questions
    crossing = _few_enough(crossing.relabelled(lambda label: merging.label_of[tree.key_of(label)]))
    people = dict(zip(crossing.kinds, crossing.rows.tolist(), strict=True))
    counted = countable_breakdowns(tree, people, merging.whole | {ROOT}, min_group)
    if not counted:
        return Breakdowns(min_group, asked, {}, {})
    hidden: dict[tuple[Statistic, str], tuple[str, ...]] = {}
    scales_of: dict[tuple[Statistic, Breakdown], list[str]] = {}
    for position, (shape, scale) in enumerate(
        zip(Shape.of(instrument).scales, instrument.scales, strict=True)
    ):
        one = _Scale.of(crossing, position, shape, scale)
        k, shown, tried = threshold(min_group, scale.min_group), merging.whole, counted
        hides_few = k == min_group and one.is_about_all(crossing.rows)
        for statistic, table in one.tables.items():
            shown, tried = _chosen(tree, table, k, shown, tried, hides_few=hides_few)
            hides_few = True  # the share is about those who have a score
            hidden[statistic, scale.key] = tuple(sorted(merging.whole - shown))
            for breakdown in tried:
                scales_of.setdefault((statistic, breakdown), []).append(scale.key)
    return Breakdowns(
        min_group,
        asked,
        {about: units for about, units in hidden.items() if units},
        {
            (one.unit, crossing.questions[one.question]): Broken(
                bands_within(crossing, tree, one.unit, crossing.questions[one.question]),
                tuple(scales_of.get(("scales", one), ())),
                tuple(scales_of.get(("shares", one), ())),
            )
            for one in counted
        },
    )


def _few_enough(crossing: Crossing) -> Crossing:
    """Leave questions out, the last ones first, until they can be looked at together."""
    while len(crossing.kinds) > MOST_KINDS and len(crossing.questions) > 1:
        crossing = crossing.about(crossing.questions[:-1])
    return crossing


def bands_within(crossing: Crossing, tree: Tree, unit: str, question: str) -> Cells:
    """Return one cell per band of the people of a unit and everything below it."""
    return crossing.bands(question, lambda label: tree.is_within(tree.key_of(label), unit))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """How many people of each kind gave each value; the ends are among the values."""

    kinds: Sequence[Person]
    values: tuple[float, ...]
    people: Ints


def by_score(crossing: Crossing, position: int, shape: ScaleShape) -> Table:
    """Return how many people of each kind have each score on a scale of a crossing."""
    entries = crossing.scores[position]
    found = scores(entries[:, SUM], entries[:, ANSWERED], shape.rule)
    rank, n_values = same_scores(entries[:, SUM], entries[:, ANSWERED])
    values = np.zeros(n_values)
    values[rank] = found
    every = np.union1d(values, ENDS)
    people = np.zeros((len(crossing.kinds), len(every)), dtype=np.int64)
    column = np.searchsorted(every, values)[rank]
    np.add.at(people, (entries[:, KIND], column), entries[:, PEOPLE])
    return Table(crossing.kinds, tuple(every.tolist()), people)


def shown_units(tree: Tree, table: Table, k: int, may_show: frozenset[str]) -> frozenset[str]:
    """Return the units of which a statistic is shown."""
    place = {key: line for line, key in enumerate(tree.keys)}
    own = np.zeros((len(tree.keys), len(table.values)), dtype=np.int64)
    np.add.at(own, [place[kind[0]] for kind in table.kinds], table.people)
    return safe_cells(tree, LabelCounts.of(own, k), k, may_show)


def _chosen(
    tree: Tree,
    table: Table,
    k: int,
    may_show: frozenset[str],
    tried: Sequence[Breakdown],
    *,
    hides_few: bool,
) -> tuple[frozenset[str], tuple[Breakdown, ...]]:
    """Return the units that are shown, and the breakdowns that may stand beside them."""
    shown = shown_units(tree, table, k, may_show)
    candidates = [one for one in tried if one.unit in shown]
    if not candidates:
        return shown, ()
    counts = dict(zip(table.kinds, map(tuple, table.people.tolist()), strict=True))
    answers: Answers[Person] = Answers(counts, table.values)
    return shown, release_breakdowns(
        tree, answers, shown, k, candidates=candidates, hides_few=hides_few
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Scale:
    """One scale by kind: scores, and who is at risk when there is a cut-off."""

    tables: Mapping[Statistic, Table]

    def is_about_all(self, rows: Ints) -> bool:
        """Whether everybody has a score: what was found of the numbers of people holds here."""
        return bool((self.tables["scales"].people.sum(axis=1) == rows).all())

    @classmethod
    def of(cls, crossing: Crossing, position: int, shape: ScaleShape, scale: Scale) -> "_Scale":
        scored = by_score(crossing, position, shape)
        every, people = np.array(scored.values), scored.people
        tables: dict[Statistic, Table] = {"scales": scored}
        if scale.cutoff is not None:
            risky = at_risk(every, scale.cutoff.value, scale.cutoff.operator)
            by_risk = np.stack([people[:, ~risky].sum(axis=1), people[:, risky].sum(axis=1)], 1)
            tables["shares"] = Table(crossing.kinds, (0.0, 1.0), by_risk)
        return cls(tables)
