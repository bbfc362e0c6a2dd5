"""The unit tree as disclosure control sees it: keys, parents, headcounts, in one fixed order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import TreeError, UnknownUnit

ROOT = "ALL"
"""Key of the whole organisation, whatever the top unit is called where it comes from."""

NO_UNIT = ""
"""Key under which answers without a unit are counted; they are the root's own."""


@dataclass(frozen=True, slots=True)
class UnitNode:
    """One unit. `headcount` counts the people attached to it directly; None = unknown."""

    key: str
    parent: str | None
    headcount: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Units below one root, which is always called `ROOT`. Build it with `Tree.of`.

    A single top unit *is* the organisation and answers to its own key too; several tops hang under
    an implied root without people of its own.
    """

    keys: tuple[str, ...]
    """Every node, a parent before its children, siblings in the order they were given."""
    root_key: str | None
    """The key the root has where the units come from; None for an implied root."""
    _node: Mapping[str, UnitNode]
    _parent: Mapping[str, str]
    _children: Mapping[str, tuple[str, ...]]
    _place: Mapping[str, int]
    _size: Mapping[str, int]

    @classmethod
    def of(cls, nodes: Iterable[UnitNode]) -> "Tree":
        """Build a tree, or raise `TreeError` saying which unit is wrong and what to do."""
        given: dict[str, UnitNode] = {}
        for node in nodes:
            _check_node(node, given)
            given[node.key] = node
        tops = _check_parents(given)
        return _arranged(given, tops)

    @property
    def units(self) -> tuple[str, ...]:
        """Every node but the root: the entries of a results file."""
        return self.keys[1:]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of every node in tree order: how many nodes it has, itself and all below it."""
        return tuple(map(self._size.__getitem__, self.keys))

    def nearest(self, chosen: Collection[str]) -> dict[str, str]:
        """For every node the nearest one at or above it that was chosen; `ROOT` without any."""
        found = {ROOT: ROOT}
        for key in self.units:
            found[key] = key if key in chosen else found[self._parent[key]]
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._node or (key is not None and key in (NO_UNIT, self.root_key))

    def key_of(self, key: str) -> str:
        """The key used here: `ROOT` for the top unit's own key and for answers without unit."""
        if key in self._node:
            return key
        if key in (NO_UNIT, self.root_key):
            return ROOT
        raise UnknownUnit("disclosure.unknown_unit", "There is no unit {key}.", key=key)

    def parent(self, key: str) -> str | None:
        return self._parent.get(key)

    def children(self, key: str) -> tuple[str, ...]:
        return self._children[key]

    def ancestors(self, key: str) -> tuple[str, ...]:
        """From the parent up to and including the root."""
        found = []
        above = self._parent.get(key)
        while above is not None:
            found.append(above)
            above = self._parent.get(above)
        return tuple(found)

    def below(self, key: str) -> tuple[str, ...]:
        """Every unit under this one, itself not included."""
        place = self._place[key]
        return self.keys[place + 1 : place + self._size[key]]

    def is_within(self, key: str, unit: str) -> bool:
        """Whether `key` is the unit itself or one below it."""
        start = self._place[unit]
        return start <= self._place[key] < start + self._size[unit]

    def name(self, key: str) -> str:
        return self._node[key].name or self.root_key_or(key)

    def root_key_or(self, key: str) -> str:
        """The key as it stands where the units come from."""
        return self.root_key if key == ROOT and self.root_key is not None else key

    def headcount(self, key: str) -> int | None:
        """People attached directly; None = unknown."""
        return self._node[key].headcount

    def headcount_with_below(self, key: str) -> int | None:
        """People in the unit and everything below it; None when one of the counts is unknown."""
        counts = [self._node[unit].headcount for unit in (key, *self.below(key))]
        return None if None in counts else sum(count or 0 for count in counts)


def _check_node(node: UnitNode, given: Mapping[str, UnitNode]) -> None:
    if node.key == NO_UNIT:
        raise TreeError(
            "disclosure.unit_without_key",
            "A unit has no name to be found by. Give every unit its own key.",
        )
    if node.key in given:
        raise TreeError(
            "disclosure.duplicate_unit",
            "Unit {key} is given twice. Keep one of the two.",
            key=node.key,
        )
    if node.headcount is not None and node.headcount < 0:
        raise TreeError(
            "disclosure.negative_headcount",
            "Unit {key} has headcount {headcount}. Give 0 or more, or nothing when unknown.",
            key=node.key,
            headcount=node.headcount,
        )


def _check_parents(given: Mapping[str, UnitNode]) -> list[UnitNode]:
    if not given:
        raise TreeError("disclosure.no_units", "There are no units. Give at least one.")
    for node in given.values():
        if node.parent is not None and node.parent not in given:
            raise TreeError(
                "disclosure.unknown_parent",
                "Unit {key} lies under {parent}, which is not one of the units. "
                "Add {parent} or correct the name.",
                key=node.key,
                parent=node.parent,
            )
    tops = [node for node in given.values() if node.parent is None]
    if ROOT in given and not (len(tops) == 1 and tops[0].key == ROOT):
        raise TreeError(
            "disclosure.reserved_key",
            "{key} is the name of the whole organisation; give the unit another key.",
            key=ROOT,
        )
    return tops


def _arranged(given: Mapping[str, UnitNode], tops: Sequence[UnitNode]) -> Tree:
    """Lay the nodes out in tree order under `ROOT`; whatever is not reached runs in a circle."""
    top = tops[0] if len(tops) == 1 else None
    below: dict[str, list[str]] = {}
    parent: dict[str, str] = {}
    for node in given.values():
        if node is not top:
            above = ROOT if node.parent is None or (top and node.parent == top.key) else node.parent
            parent[node.key] = above
            below.setdefault(above, []).append(node.key)
    keys: list[str] = []
    stack = [ROOT]
    while stack:
        key = stack.pop()
        keys.append(key)
        stack.extend(reversed(below.get(key, ())))
    _check_no_circle(given, {*keys, top.key if top else ROOT}, parent)
    root = UnitNode(ROOT, None, top.headcount if top else 0, top.name if top else "")
    size = dict.fromkeys(keys, 1)
    for key in reversed(keys[1:]):
        size[parent[key]] += size[key]
    return Tree(
        keys=tuple(keys),
        root_key=top.key if top else None,
        _node={**{key: given[key] for key in keys[1:]}, ROOT: root},
        _parent=parent,
        _children={key: tuple(below.get(key, ())) for key in keys},
        _place={key: place for place, key in enumerate(keys)},
        _size=size,
    )


def _check_no_circle(
    given: Mapping[str, UnitNode], reached: set[str], parent: Mapping[str, str]
) -> None:
    lost = [key for key in given if key not in reached]
    if not lost:
        return
    circle = [lost[0]]
    while parent[circle[-1]] not in circle:
        circle.append(parent[circle[-1]])
    circle = circle[circle.index(parent[circle[-1]]) :]
    raise TreeError(
        "disclosure.circle",
        "These units lie under each other in a circle: {units}. Correct the parent of one of them.",
        units=", ".join(circle),
    )
