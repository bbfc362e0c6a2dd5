"""Releases of the same campaign one after another: together they tell no more than is safe.

Normally the answers are final at the opening and every release is about the same people. Then a
later release that shows a part of what the first one shows adds nothing. When answers came in
between, the new figures of a cell less the old ones are the figures of those who answered late, so
all releases are looked at as one table: everybody by label and by the first release they were
counted in. Each release divides these people by its shown units, and has one more class: those it
did not count yet, which is the last release's organisation less its own.

It is not enough that every cell changes by nobody or by k people or more: when the organisation
gains 12 and one department 10 of them, the other 2 follow.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .answers import Answers
from .audit import Division, find_leak, find_near_leak
from .errors import DisclosureError
from .leaks import Leak
from .tree import Tree

Late = tuple[str, int]
"""A label, and the place of the first release in which its people were counted."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One release of one statistic.

    Attributes
    ----------
    counts : Mapping of str to tuple of int
        Per label how many people gave each value, of all that had come in.
    shown : Collection of str
        Units whose figures it shows, `ROOT` among them; empty: it showed nothing.
    """

    counts: Mapping[str, tuple[int, ...]]
    shown: Collection[str]


def find_leak_over_time(
    tree: Tree, issues: Sequence[Issue], values: tuple[float, ...], k: int
) -> Leak | None:
    """Find a group that follows from all releases of one statistic together and is not safe.

    Parameters
    ----------
    tree : Tree
        The units; they are frozen with the campaign.
    issues : sequence of Issue
        The releases, the oldest first, the one that is about to be made last.
    values : tuple of float
        What the counts are of, as in `Answers`.
    k : int
        Minimum group of this statistic, as it is now.

    Returns
    -------
    Leak or None
        Its keys are (label, place of the release in which these people were first counted, among
        those that showed anything).

    Raises
    ------
    DisclosureError
        A label has fewer answers of some value than in an earlier release.
    """
    told = [issue for issue in issues if issue.shown]
    if not told:
        return None
    answers = Answers(_arrivals(tree, told, len(values)), values)
    divisions = [_division(tree, told, place, answers.counts) for place in range(len(told))]
    return find_leak(answers.cells(k), divisions, k) or find_near_leak(answers, divisions, k)


def _arrivals(tree: Tree, issues: Sequence[Issue], width: int) -> dict[Late, tuple[int, ...]]:
    """Return who came in with every release, by label."""
    nobody = (0,) * width
    people: dict[Late, tuple[int, ...]] = {}
    before = dict.fromkeys(tree.keys, nobody)
    for place, issue in enumerate(issues):
        now = {tree.key_of(label): counts for label, counts in issue.counts.items()}
        for label in tree.keys:
            counts = now.get(label, nobody)
            people[label, place] = _arrived(label, before[label], counts)
            before[label] = counts
    return people


def _arrived(label: str, before: tuple[int, ...], now: tuple[int, ...]) -> tuple[int, ...]:
    late = tuple(after - then for then, after in zip(before, now, strict=True))
    if min(late) < 0:
        raise DisclosureError(
            "disclosure.counts_shrank",
            "{unit} had {before} answers in an earlier release and has {now} now, and they are not "
            "the same ones. Answers that were counted cannot be taken back; restore the counts.",
            unit=label,
            before=sum(before),
            now=sum(now),
        )
    return late


def _division(
    tree: Tree, issues: Sequence[Issue], place: int, people: Iterable[Late]
) -> Division[Late]:
    """Return the nearest shown unit of everybody whom a release counted."""
    nearest = tree.nearest({tree.key_of(unit) for unit in issues[place].shown})
    return {(label, first): nearest[label] if first <= place else None for label, first in people}
