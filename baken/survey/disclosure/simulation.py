"""Before a campaign: which units could be shown at some response, and which to join first.

Expected answers are whole people, rounded down per unit, and the labels are merged as they are when
a campaign is opened. A proposal joins units *before* the launch, so that small teams get a figure
together instead of vanishing into the unit above them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from .errors import DisclosureError
from .merging import Merging, merge_labels
from .tree import ROOT, Tree, UnitNode

RATES: Final = (40, 60, 80)
"""Percent of the people who answer, at which a campaign is looked at before it starts."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Units to count together: as one neighbour, or with the people of the unit above them."""

    units: tuple[str, ...]
    into: str | None
    """The unit above that takes them in; None: they become one unit, in the place of the first."""


@dataclass(frozen=True)
class Outlook:
    """What could be shown at one rate."""

    rate: int
    k: int
    tree: Tree
    merging: Merging
    people: int
    """In the whole organisation; a headcount nobody knows counts as nobody."""
    visible: int
    """People attached to a unit that is shown, or to the organisation itself."""

    @cached_property
    def shown(self) -> frozenset[str]:
        """Units that get figures of their own; none when there are too few answers in all."""
        return frozenset() if self.merging.too_few else self.merging.whole

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """Units with people that are counted together with another one, in tree order."""
        return tuple(
            unit
            for unit in self.tree.units
            if unit not in self.shown and _people_within(self.tree, unit)
        )

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return frozenset(self.hidden)

    def counted_in(self, unit: str) -> str | None:
        """Where the people of a hidden unit are counted; None for a unit that is shown or empty."""
        if unit not in self._hidden:
            return None
        return ROOT if self.merging.too_few else self.merging.counted_in[unit]


def expected(people: int, rate: int) -> int:
    """Return how many answers to expect of so many people: whole ones, rounded down."""
    return people * rate // 100


def outlook(tree: Tree, rate: int, k: int) -> Outlook:
    """Merge the labels as they would be when `rate` percent of every unit answers."""
    if not 0 <= rate <= 100:
        raise DisclosureError("disclosure.bad_rate", "{rate} is no percentage.", rate=rate)
    people = {key: tree.headcount(key) or 0 for key in tree.keys}
    merging = merge_labels(tree, {key: expected(n, rate) for key, n in people.items()}, k)
    shown = {ROOT, *merging.whole}
    visible = 0 if merging.too_few else sum(n for key, n in people.items() if key in shown)
    return Outlook(rate, k, tree, merging, sum(people.values()), visible)


def propose(tree: Tree, rate: int, k: int) -> tuple[Proposal, ...]:
    """Return which units to count together so that everybody is in a unit that is shown.

    Never fewer people than without them: when joining would not help, nothing is proposed.
    """
    before = outlook(tree, rate, k)
    if before.merging.too_few or before.visible == before.people:
        return ()
    found = _Joining(tree, rate, k).run()
    after = outlook(join(tree, found), rate, k)
    return found if after.visible > before.visible else ()


def join(tree: Tree, proposals: Iterable[Proposal]) -> Tree:
    """Return the tree as it is when the proposals were followed."""
    moved: dict[str, str] = {}
    for proposal in proposals:
        target = proposal.into or proposal.units[0]
        for unit in proposal.units:
            for key in (unit, *tree.below(unit)):
                if key != target:
                    moved[key] = target
    people: dict[str, int | None] = {key: tree.headcount(key) for key in tree.keys}
    for key, target in moved.items():
        people[target] = (people[target] or 0) + (people[key] or 0)
    return Tree.of(
        UnitNode(key, tree.parent(key), people[key], tree.name(key))
        for key in tree.keys
        if key not in moved
    )


@dataclass(slots=True)
class _Lump:
    """Neighbours that are too small alone: one unit, or several that are joined."""

    units: list[str]
    people: int


@dataclass(slots=True)
class _Joining:
    """Walks from the leaves up; below a unit that is done everything is nobody or at least k."""

    tree: Tree
    rate: int
    k: int
    people: dict[str, int] = field(default_factory=dict)
    """Of a unit that stays: attached to it directly, once the proposals were followed."""
    lumps: dict[str, _Lump] = field(default_factory=dict)
    """Units that are too small with everything below them."""
    found: dict[str, list[Proposal]] = field(default_factory=dict)
    """Per unit: what is proposed for its children."""

    def run(self) -> tuple[Proposal, ...]:
        self.people = {key: self.tree.headcount(key) or 0 for key in self.tree.keys}
        for key in reversed(self.tree.keys):
            self._settle(key)
        return tuple(one for key in self.tree.keys for one in self.found.get(key, ()))

    def _settle(self, key: str) -> None:
        children = self.tree.children(key)
        small = [self.lumps[child] for child in children if child in self.lumps]
        large = [child for child in children if child not in self.lumps and self._counts(child)]
        joined, rest = self._pack(small)
        if rest.units and joined:
            joined[-1].units += rest.units
            joined[-1].people += rest.people
        elif rest.units:
            self._take(key, rest)
        self.found[key] = [
            *self.found.get(key, ()),
            *(Proposal(tuple(lump.units), None) for lump in joined if len(lump.units) > 1),
        ]
        if not self._is_small(self.people[key]):
            return
        if not large and not joined:
            self._become_lump(key)
        else:
            self._take_smallest(key, large, joined)

    def _counts(self, key: str) -> bool:
        return bool(_people_within(self.tree, key))

    def _is_small(self, people: int) -> bool:
        return people > 0 and expected(people, self.rate) < self.k

    def _pack(self, small: Sequence[_Lump]) -> tuple[list[_Lump], _Lump]:
        """Put neighbours together until they are enough; what is left over is the rest."""
        joined: list[_Lump] = []
        rest = _Lump([], 0)
        for lump in small:
            rest = _Lump(rest.units + lump.units, rest.people + lump.people)
            if not self._is_small(rest.people):
                joined.append(rest)
                rest = _Lump([], 0)
        return joined, rest

    def _take(self, key: str, lump: _Lump) -> None:
        """Let a unit take in small ones below it."""
        self.people[key] += lump.people
        beside = [one for one in self.found.get(key, ()) if one.into is None]
        before = [unit for one in self.found.get(key, ()) if one.into for unit in one.units]
        self.found[key] = [Proposal((*before, *lump.units), key), *beside]

    def _become_lump(self, key: str) -> None:
        """Too small with everything below it: it goes along as a whole, higher up.

        Never the root: nothing is proposed for an organisation that is too small itself.
        """
        self.lumps[key] = _Lump([key], self.people[key])
        for unit in (key, *self.tree.below(key)):
            self.found.pop(unit, None)

    def _take_smallest(self, key: str, large: Sequence[str], joined: Sequence[_Lump]) -> None:
        """The few people of a unit itself take along the smallest group that has nothing below."""
        leaves = [_Lump([unit], self.people[unit]) for unit in large if not self.tree.below(unit)]
        groups = [*leaves, *joined]
        if not groups:
            return
        chosen = min(groups, key=lambda lump: lump.people)
        as_one = Proposal(tuple(chosen.units), None)
        self.found[key] = [one for one in self.found[key] if one != as_one]
        self._take(key, chosen)


def _people_within(tree: Tree, unit: str) -> int:
    return sum(tree.headcount(key) or 0 for key in (unit, *tree.below(unit)))
