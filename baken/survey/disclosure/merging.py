"""Labels are merged until every label that is written stands for nobody or for at least k people.

A label is what remains of "where does this answer come from": the unit itself, or one above it.
Answers of a small unit join those of the people attached directly to its parent; when that is still
too few, the smallest sibling joins them, and when that does not help, one level higher. Headcounts
move along, also those of a unit in which nobody answered. Only counts decide, never content.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from .errors import DisclosureError
from .tree import NO_UNIT, ROOT, Tree


@dataclass(frozen=True, slots=True)
class Merging:
    """Which label the people of each unit carry, and what that makes of the units."""

    tree: Tree
    k: int
    label_of: Mapping[str, str]
    """Label of the people attached directly to a unit: the unit itself or one above it."""
    rows: Mapping[str, int]
    """Answers per label, only labels that have any: at least k, unless `too_few`."""
    headcount: Mapping[str, int | None]
    """People carrying the label; None = unknown. Has an entry for every label that is used."""
    whole: frozenset[str]
    """Units all of whose people carry a label at or below them: only these are cells."""
    counted_in: Mapping[str, str]
    """For every other unit: the nearest unit above it that is whole, or `ROOT`."""
    too_few: bool
    """Fewer than k answers in the whole organisation: nothing may be said or written."""
    root_is_loose: bool
    """The root's label holds nothing but answers without a unit."""

    def labels_within(self, unit: str) -> tuple[str, ...]:
        """The labels with answers at or below a unit, in tree order."""
        return tuple(key for key in (unit, *self.tree.below(unit)) if key in self.rows)

    def rows_within(self, unit: str) -> int:
        """Answers of the unit and everything below it, by their labels."""
        return sum(self.rows[label] for label in self.labels_within(unit))

    def headcount_within(self, unit: str) -> int | None:
        """People of a whole unit, or of the root, with everything below it; None = unknown."""
        return self.tree.headcount_with_below(unit)

    def headcount_of(self, labels: Iterable[str]) -> int | None:
        """People who carry one of the labels; None = unknown."""
        return _added(self.headcount[label] for label in labels)


@dataclass(slots=True)
class _Labels:
    """The merging while it is under way: per node its own answers and who brought them."""

    own: dict[str, int]
    origins: dict[str, list[str]]
    moves: list[tuple[str, str]] = field(default_factory=list)

    def move(self, source: str, target: str) -> None:
        self.own[target] += self.own[source]
        self.own[source] = 0
        self.origins[target] += self.origins[source]
        self.origins[source] = []


def merge_labels(tree: Tree, rows: Mapping[str, int], k: int) -> Merging:
    """Give every unit its label, by the counts alone.

    Parameters
    ----------
    tree : Tree
        The units of the campaign with their headcounts.
    rows : Mapping of str to int
        Answers of people attached directly to each unit; a unit left out has none. Under
        `NO_UNIT`: answers without a unit, which are the root's own.
    k : int
        Minimum group, 1 or more. Comments are merged by the same answers with 2k.
    """
    counts = _own_counts(tree, rows)
    labels = _Labels(dict(counts), {key: [key] for key in tree.keys})
    for key in reversed(tree.keys):
        _gather(tree, labels, key, k)
    _fill_root(tree, labels, k)
    label_of = {unit: label for label, units in labels.origins.items() for unit in units}
    kept = {label: n for label in tree.keys if (n := labels.own[label])}
    loose = 0 < rows.get(NO_UNIT, 0) == labels.own[ROOT]
    peopled = {unit for unit in tree.units if counts[unit] or tree.headcount(unit)}
    return _described(tree, k, label_of, kept, peopled, root_is_loose=loose)


def recall_merging(
    tree: Tree,
    label_of: Mapping[str, str],
    rows: Mapping[str, int],
    k: int,
    *,
    root_is_loose: bool = False,
) -> Merging:
    """Describe a merging that was done before, from the labels it gave.

    Merging what is already merged may come out differently: a label that the root took from deep
    below leaves units behind that look like units without answers.

    Parameters
    ----------
    tree : Tree
        The units as they were; a unit had people when its headcount is above 0.
    label_of : Mapping of str to str
        Label of the people attached directly to each unit.
    rows : Mapping of str to int
        Answers per label.
    k : int
        Minimum group of that merging.
    root_is_loose : bool
        The root's label holds nothing but answers without a unit.
    """
    own = _own_counts(tree, rows)
    kept = {label: n for label in tree.keys if (n := own[label])}
    peopled = {unit for unit in tree.units if tree.headcount(unit)}
    return _described(tree, k, label_of, kept, peopled, root_is_loose=root_is_loose)


def _described(
    tree: Tree,
    k: int,
    label_of: Mapping[str, str],
    rows: Mapping[str, int],
    peopled: Collection[str],
    *,
    root_is_loose: bool,
) -> Merging:
    origins: dict[str, list[str]] = {label: [] for label in (*rows, ROOT)}
    for unit in tree.keys:
        origins.setdefault(label_of[unit], []).append(unit)
    whole = _whole(tree, label_of, rows, peopled)
    return Merging(
        tree=tree,
        k=k,
        label_of=label_of,
        rows=rows,
        headcount={
            label: _added(tree.headcount(unit) for unit in units)
            for label, units in origins.items()
        },
        whole=whole,
        counted_in={
            unit: next(key for key in tree.ancestors(unit) if key == ROOT or key in whole)
            for unit in tree.units
            if unit not in whole
        },
        too_few=sum(rows.values()) < k,
        root_is_loose=root_is_loose,
    )


def _own_counts(tree: Tree, rows: Mapping[str, int]) -> dict[str, int]:
    counts = dict.fromkeys(tree.keys, 0)
    for key, n in rows.items():
        if n < 0:
            raise DisclosureError(
                "disclosure.negative_count", "Unit {key} has {n} answers.", key=key, n=n
            )
        counts[tree.key_of(key)] += n
    return counts


def _gather(tree: Tree, labels: _Labels, key: str, k: int) -> None:
    """Take in the small children; when that makes a small label, the smallest other child too."""
    for child in tree.children(key):
        if labels.own[child] < k:
            labels.move(child, key)
    if 0 < labels.own[key] < k:
        _take_smallest(labels, tree.children(key), key)


def _fill_root(tree: Tree, labels: _Labels, k: int) -> None:
    """The root has nothing above it: it takes the smallest label from anywhere below."""
    if 0 < labels.own[ROOT] < k:
        _take_smallest(labels, tree.units, ROOT)


def _take_smallest(labels: _Labels, candidates: tuple[str, ...], target: str) -> None:
    """Move the smallest label among the candidates, the first in tree order among equals.

    All labels below are final here, so each of them is empty or large enough.
    """
    filled = [key for key in candidates if labels.own[key]]
    if filled:
        labels.move(min(filled, key=labels.own.__getitem__), target)


def _whole(
    tree: Tree, label_of: Mapping[str, str], rows: Mapping[str, int], peopled: Collection[str]
) -> frozenset[str]:
    """The units that kept all their people, and have answers at all.

    An unknown headcount without answers counts as nobody: a department to which nobody belongs
    directly is usually given without a number.
    """
    answered = {key: rows.get(key, 0) for key in tree.keys}
    broken: set[str] = set()
    for unit in reversed(tree.units):
        answered[tree.parent(unit) or ROOT] += answered[unit]
        if unit in peopled:
            at_or_above = (unit, *tree.ancestors(unit))
            broken |= {key for key in at_or_above if not tree.is_within(label_of[unit], key)}
    return frozenset(unit for unit in tree.units if answered[unit] and unit not in broken)


def _added(headcounts: Iterable[int | None]) -> int | None:
    total = 0
    for headcount in headcounts:
        if headcount is None:
            return None
        total += headcount
    return total
