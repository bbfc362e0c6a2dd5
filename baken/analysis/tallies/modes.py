"""Paper beside screen, while the answers exist: one figure per scale is all that stays.

Paper and screen divide the people of a unit once more, so they are held against all that is shown:
one colleague on paper among nine on a screen would have an answer that follows.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import numpy as np

from baken.analysis.methods.modes import ModeDifference, mode_difference
from baken.analysis.tallies.breakdowns import (
    MOST_KINDS,
    Breakdowns,
    Table,
    by_score,
    shown_units,
)
from baken.analysis.tallies.cells import Ints
from baken.analysis.tallies.crossing import Crossing
from baken.analysis.tallies.shape import Shape
from baken.instruments.definition import Instrument
from baken.survey.answers import MODE_COLUMN
from baken.survey.box.sheet import MODES
from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.audit import find_leak, find_near_leak
from baken.survey.disclosure.breakdowns import Breakdown, Person, divisions_of
from baken.survey.disclosure.merging import Merging
from baken.survey.disclosure.thresholds import is_safe, threshold

ByMode = Mapping[str, Ints]
"""Label to how many people of each mode gave each value."""


def compare_modes(
    crossing: Crossing, instrument: Instrument, merging: Merging, breakdowns: Breakdowns
) -> tuple[tuple[str, ModeDifference], ...]:
    """Return per scale how people on paper differ from those of their unit on a screen.

    Parameters
    ----------
    crossing : Crossing
        Everybody who answered, by label, mode and background question.
    breakdowns : Breakdowns
        What of the background questions may stand beside the units.

    Notes
    -----
    A label counts where it is a group of the release plan by itself, and where each of its modes
    could be shown: then no hidden answer is in the figure. All of these groups together may tell
    nothing beside the units and the bands of the scale, exactly or nearly; otherwise, or where
    there are too many kinds of people to find out, the scale is not compared.
    """
    tree = merging.tree
    in_use = {question for _, question in breakdowns.kept}
    questions = [one for one in breakdowns.questions if one in in_use]
    crossing = crossing.about((MODE_COLUMN, *questions)).relabelled(
        lambda label: merging.label_of[tree.key_of(label)]
    )
    found = []
    for at, (shape, scale) in enumerate(
        zip(Shape.of(instrument).scales, instrument.scales, strict=True)
    ):
        table, k = by_score(crossing, at, shape), threshold(breakdowns.min_group, scale.min_group)
        shown = shown_units(tree, table, k, merging.whole)
        by_mode = dict(_compared(table, tree.nearest(shown), k))
        difference = mode_difference(_moments(by_mode, table.values))
        broken = [
            # the mode is the first question of a kind
            Breakdown(unit, 1 + questions.index(question))
            for (unit, question), one in breakdowns.kept.items()
            if scale.key in one.scales
        ]
        if difference is None:
            continue
        if not broken or _is_safe(table, by_mode, merging=merging, shown=shown, broken=broken, k=k):
            found.append((scale.key, difference))
    return tuple(found)


def _compared(table: Table, nearest: Mapping[str, str], k: int) -> Iterator[tuple[str, Ints]]:
    """Yield the labels in which both modes could be shown, of those that are a group alone."""
    by_mode: dict[str, Ints] = {}
    for kind, people in zip(table.kinds, table.people, strict=True):
        if people.any():
            # who came by neither way stands apart
            modes = by_mode.setdefault(kind[0], np.zeros((len(MODES) + 1, len(people)), np.int64))
            modes[MODES.index(kind[1]) if kind[1] in MODES else len(MODES)] += people
    in_group = Counter(nearest[label] for label in by_mode)
    for label, modes in by_mode.items():
        named, others = modes[: len(MODES)], modes[len(MODES) :]
        is_alone = in_group[nearest[label]] == 1
        if is_alone and not others.any() and all(_may_be_shown(people, k) for people in named):
            yield label, named


def _may_be_shown(people: Ints, k: int) -> bool:
    n = int(people.sum())
    return is_safe(n, tuple((n - people).tolist()), k)


def _moments(by_mode: ByMode, values: tuple[float, ...]) -> np.ndarray:
    """Return people, sum and sum of squares by label and mode."""
    powers = np.array(values)[:, None] ** np.arange(3)
    people = [by_mode[label] for label in sorted(by_mode)]
    return np.array(people, np.float64).reshape(-1, len(MODES), len(values)) @ powers


def _is_safe(
    table: Table,
    by_mode: ByMode,
    *,
    merging: Merging,
    shown: Collection[str],
    broken: Collection[Breakdown],
    k: int,
) -> bool:
    """Whether the modes of these labels may be known beside units and bands."""
    counts: dict[Person, Ints] = {}
    for (label, mode, *bands), people in zip(table.kinds, table.people, strict=True):
        kind = (label, mode if label in by_mode else "", *bands)
        counts[kind] = counts.get(kind, 0) + people
    if len(counts) > MOST_KINDS:
        return False
    divisions = divisions_of(merging.tree, counts, shown, broken)
    divisions.append({kind: kind[:2] if kind[1] else None for kind in counts})
    answers: Answers[Person] = Answers(
        {kind: tuple(people.tolist()) for kind, people in counts.items()}, table.values
    )
    return (
        find_leak(answers.cells(k), divisions, k) is None
        and find_near_leak(answers, divisions, k) is None
    )
