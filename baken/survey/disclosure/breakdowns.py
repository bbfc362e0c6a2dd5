"""Which background questions may stand beside the units, for one statistic.

The units come first: they are the largest safe release of the tree (`plan`). Then, one by one and
in a fixed order, the bands of a question in the organisation and in each department are added;
whatever would let something small follow, together with all that is kept already, is left out. So
what remains is safe at every step. A question is shown whole or not at all: one band that is hidden
is the rest of the others. Teams are not broken down.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .answers import Answers
from .audit import Division, find_leak, find_near_leak
from .plan import Cell
from .tree import ROOT, Tree

Person = tuple[str, ...]
"""What is known of people: their label, then their band of every background question."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All bands of one background question among the people of one unit."""

    unit: str
    question: int
    """0 for the first band in a `Person`."""


def release_breakdowns(
    tree: Tree,
    answers: Answers[Person],
    shown: Collection[str],
    k: int,
    *,
    candidates: Sequence[Breakdown] | None = None,
    already: Sequence[Breakdown] = (),
    hides_few: bool = False,
) -> tuple[Breakdown, ...]:
    """Choose the breakdowns of one statistic that may be shown beside its units.

    Parameters
    ----------
    tree : Tree
        The units.
    answers : Answers
        Valid answers by label and band; who gave no background has a band of their own.
    shown : Collection of str
        Units whose figures are shown (`Plan.shown`); with an earlier release, of both together.
    k : int
        Minimum group of this statistic.
    candidates : sequence of Breakdown, optional
        What to try, the most wanted first; default `candidates_of`.
    already : sequence of Breakdown
        Shown in an earlier release: they cannot be taken back, and count with every other one.
    hides_few : bool
        Nothing about fewer than k people follows from all candidates together with the units, nor
        from more: as many have a valid answer as were looked at before.

    Returns
    -------
    tuple of Breakdown
        Those of `already`, then what was added, in the order in which it was tried.

    Notes
    -----
    What follows exactly is decided exactly: with one question in use by directed cuts, with more by
    an integer programme. A group of fewer than k people must also keep a quarter of the range open
    (`bounds`), and other answers of theirs must give the same figures (`worlds`).
    """
    choice = _Choice(tree, answers, frozenset(shown), k, hides_few)
    tried = candidates_of(tree, answers.counts, shown) if candidates is None else candidates
    new = [one for one in dict.fromkeys(tried) if one not in already]
    return grown(tuple(already), new, choice.is_safe)


def countable_breakdowns(
    tree: Tree, people: Mapping[Person, int], shown: Collection[str], k: int
) -> tuple[Breakdown, ...]:
    """Choose the breakdowns of which it may be said how many people are in each band.

    Parameters
    ----------
    people : Mapping to int
        Who answered at all, by label and band.
    shown : Collection of str
        Units of which that number may be shown.
    k : int
        Minimum group of the campaign.
    """
    cells = {person: Cell(n) for person, n in people.items()}

    def is_safe(breakdowns: Sequence[Breakdown]) -> bool:
        return find_leak(cells, divisions_of(tree, cells, shown, breakdowns), k) is None

    return grown((), candidates_of(tree, cells, shown), is_safe)


def candidates_of(
    tree: Tree, people: Iterable[Person], shown: Collection[str]
) -> tuple[Breakdown, ...]:
    """Return every breakdown worth trying: of the organisation, then of departments.

    A department is a shown unit with units below it; a team is not broken down.
    """
    questions = range(max((len(person) - 1 for person in people), default=0))
    units = [key for key in tree.keys if key in shown and (key == ROOT or tree.children(key))]
    return tuple(Breakdown(unit, question) for unit in units for question in questions)


def divisions_of(
    tree: Tree, people: Iterable[Person], shown: Collection[str], breakdowns: Iterable[Breakdown]
) -> list[Division[Person]]:
    """Return what units and breakdowns amount to: one division, and one for each question in use.

    The first has the nearest shown unit of everybody. That of a question has the nearest unit that
    is broken down by it, with the band there; all others are one class: the shown units give it.
    """
    nearest = tree.nearest(shown)
    divisions: list[Division[Person]] = [{person: nearest[person[0]] for person in people}]
    units_of: dict[int, set[str]] = {}
    for breakdown in breakdowns:
        units_of.setdefault(breakdown.question, set()).add(breakdown.unit)
    for question, units in sorted(units_of.items()):
        broken = tree.nearest(units)
        divisions.append(
            {
                person: (unit, person[question + 1])
                if (unit := broken[person[0]]) in units
                else None
                for person in divisions[0]
            }
        )
    return divisions


def grown(
    kept: tuple[Breakdown, ...],
    tried: Sequence[Breakdown],
    is_safe: Callable[[Sequence[Breakdown]], bool],
    *,
    is_too_much: bool = False,
) -> tuple[Breakdown, ...]:
    """Add one after another what may stand beside all that is kept already.

    Publishing less is never less safe, so where a whole stretch is safe each of its parts is, and
    the stretch is added at once; otherwise its halves are looked at, the first one first. When all
    of the first half could stay, the second is known to be too much as a whole.
    """
    together = (*kept, *tried)
    if not tried or (not is_too_much and is_safe(together)):
        return together
    if len(tried) == 1:
        return kept
    half = len(tried) // 2
    first = grown(kept, tried[:half], is_safe)
    is_too_much = len(first) == len(kept) + half
    return grown(first, tried[half:], is_safe, is_too_much=is_too_much)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the breakdowns of one statistic are chosen beside."""

    tree: Tree
    answers: Answers[Person]
    shown: frozenset[str]
    k: int
    hides_few: bool = False

    def is_safe(self, breakdowns: Sequence[Breakdown]) -> bool:
        return self.hides(breakdowns) and self.keeps_open(breakdowns)

    def hides(self, breakdowns: Iterable[Breakdown]) -> bool:
        """Whether nothing that must stay hidden follows exactly."""
        cells, divisions = self.answers.cells(self.k), self.divisions(breakdowns)
        return find_leak(cells, divisions, self.k, hides_few=self.hides_few) is None

    def keeps_open(self, breakdowns: Iterable[Breakdown]) -> bool:
        """Whether nothing that must stay hidden is known all the same, or nearly."""
        return find_near_leak(self.answers, self.divisions(breakdowns), self.k) is None

    def divisions(self, breakdowns: Iterable[Breakdown]) -> list[Division[Person]]:
        return divisions_of(self.tree, self.answers.counts, self.shown, breakdowns)
