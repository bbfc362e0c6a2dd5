"""Which cells of the unit tree may be shown for one statistic, so that nothing small follows.

Cells that are shown form a tree. The *remainder* of a shown cell is what it holds outside the shown
cells below it. By adding and subtracting, a reader can reach exactly the unions of non-empty
remainders, so a release is safe when every non-empty remainder has at least k people and does not
give its members' answers away. The plan is the largest such release, found exactly.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import add

from .thresholds import is_safe
from .tree import ROOT, Tree


@dataclass(frozen=True, slots=True)
class Cell:
    """One label for one statistic.

    `n` counts valid answers. `apart` says, for every telling value (such as lowest score, highest
    score, at risk, not at risk), how many of the n people do *not* have it; all cells of one plan
    name the same values in the same order.
    """

    n: int
    apart: tuple[int, ...] = ()

    def __add__(self, other: "Cell") -> "Cell":
        both = zip(self.apart, other.apart, strict=True)
        return Cell(self.n + other.n, tuple(mine + yours for mine, yours in both))


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be shown for one statistic."""

    shown: frozenset[str]
    """Unit keys, and `ROOT` for the organisation."""
    remainders: Mapping[str, tuple[str, ...]]
    """For every shown cell with a non-empty remainder: the labels in it."""
    groups: tuple[tuple[str, ...], ...]
    """The released partition: the same remainders in tree order, without answers that belong to no
    unit when these are all of the root's remainder. Everything between units is computed on it."""


def release_plan(
    tree: Tree,
    cells: Mapping[str, Cell | int],
    k: int,
    *,
    whole: Collection[str] | None = None,
    weights: Mapping[str, int] | None = None,
    root_is_loose: bool = False,
) -> Plan:
    """Find the release with the most (weighted) cells that tells nothing about fewer than k people.

    Parameters
    ----------
    tree : Tree
        The units.
    cells : Mapping of str to Cell or int
        Valid answers per label (direct members of the node of that name); a number when nothing is
        known to give answers away.
    k : int
        Minimum group of this statistic.
    whole : Collection of str, optional
        Units that may be cells at all (`Merging.whole`); default every unit.
    weights : Mapping of str to int, optional
        What showing a unit is worth; default 1 each. The organisation is always shown when it can.
    root_is_loose : bool
        The root's label holds only answers without a unit (`Merging.root_is_loose`).

    Notes
    -----
    Dynamic programme from the leaves up. The state of a node is what lies below it outside every
    shown cell, counted only as far as it matters. Among equally good releases: higher levels first,
    then more people, then tree order.
    """
    own = _own_cells(tree, cells)
    total = _with_below(tree, own)
    candidates = {ROOT, *(tree.units if whole is None else whole)}
    showable = frozenset(key for key in candidates if is_safe(total[key].n, total[key].apart, k))
    worth = _worth(tree, {key: cell.n for key, cell in total.items()}, weights or {})
    shown = _best_release(tree, own, showable, worth, k)
    remainders = _remainders(tree, own, shown)
    loose = (ROOT,) if root_is_loose else None
    groups = tuple(labels for labels in remainders.values() if labels != loose)
    return Plan(shown=shown, remainders=remainders, groups=groups)


def _own_cells(tree: Tree, cells: Mapping[str, Cell | int]) -> dict[str, Cell]:
    given = {
        tree.key_of(key): Cell(cell) if isinstance(cell, int) else cell
        for key, cell in cells.items()
    }
    nobody = Cell(0, (0,) * max((len(cell.apart) for cell in given.values()), default=0))
    return {key: given.get(key, nobody) for key in tree.keys}


def _with_below(tree: Tree, own: Mapping[str, Cell]) -> dict[str, Cell]:
    total = dict(own)
    for unit in reversed(tree.units):
        above = tree.parent(unit) or ROOT
        total[above] += total[unit]
    return total


def _worth(tree: Tree, size: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """One whole number per node, so that the best release is the one with the largest sum.

    From the most to the least telling digits: weight; number of cells per level, higher levels
    first; people; and one bit per node in tree order, which also remembers what is shown.
    """
    many = len(tree.keys) + 1
    depth = {key: len(tree.ancestors(key)) for key in tree.keys}
    deepest = max(depth.values())
    people = 1 + sum(size.values())
    worth = {}
    for place, key in enumerate(tree.keys):
        digits = weights.get(key, 1) * many ** (deepest + 1) + many ** (deepest - depth[key])
        worth[key] = ((digits * people + size[key]) << len(tree.keys)) | 1 << _bit(tree, place)
    return worth


def _bit(tree: Tree, place: int) -> int:
    return len(tree.keys) - 1 - place


def _best_release(
    tree: Tree,
    own: Mapping[str, Cell],
    showable: frozenset[str],
    worth: Mapping[str, int],
    k: int,
) -> frozenset[str]:
    """The set of shown cells with the largest worth, `ROOT` among them unless it is empty."""
    empty = _state(Cell(0, (0,) * len(own[ROOT].apart)), k)
    tables: dict[str, _Table] = {}
    for key in reversed(tree.keys):
        table = {_state(own[key], k): 0}
        for child in tree.children(key):
            table = _joined(table, tables.pop(child), k)
        if key in showable:
            open_to = [value for state, value in table.items() if _may_remain(state, k)]
            shown = max(open_to) + worth[key]
            # The organisation is shown whenever anything is: its other states do not count.
            table = {empty: shown} if key == ROOT else _with(table, empty, shown)
        tables[key] = table
    # Where the organisation may not be shown, no part of it could be either.
    best = tables[ROOT][empty] if ROOT in showable else 0
    places = enumerate(tree.keys)
    return frozenset(key for place, key in places if best >> _bit(tree, place) & 1)


_State = tuple[int, ...]
"""Who lies outside every shown cell: people, then those apart from each telling value; counted
only as far as it can matter, people up to 2k and those apart up to 2."""

_Table = dict[_State, int]
"""For every state that can be reached: the largest worth of the cells shown below."""


def _state(cell: Cell, k: int) -> _State:
    return (min(cell.n, 2 * k), *(min(others, 2) for others in cell.apart))


def _joined(left: _Table, right: _Table, k: int) -> _Table:
    """Everything that can lie outside after two parts of a node are put together."""
    joined: _Table = {}
    for state, value in left.items():
        for other, more in right.items():
            n, *apart = map(add, state, other)
            _with(joined, _state(Cell(n, tuple(apart)), k), value + more)
    return joined


def _with(table: _Table, state: _State, value: int) -> _Table:
    if value >= table.get(state, 0):
        table[state] = value
    return table


def _may_remain(state: _State, k: int) -> bool:
    """Whether this may be the remainder of a shown cell: nobody, or a group that is safe."""
    return state[0] == 0 or is_safe(state[0], state[1:], k)


def _remainders(
    tree: Tree, own: Mapping[str, Cell], shown: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Labels with answers under the nearest shown cell that holds them."""
    held: dict[str, list[str]] = {key: [] for key in tree.keys if key in shown}
    for label in tree.keys if shown else ():
        if own[label].n:
            held[next(key for key in (label, *tree.ancestors(label)) if key in shown)].append(label)
    return {key: tuple(labels) for key, labels in held.items() if labels}
