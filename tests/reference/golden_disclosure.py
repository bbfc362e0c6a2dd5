"""Tables where hiding small cells one by one leaks: what Baken would show, and what follows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import isclose
from pathlib import Path
from typing import Any

from baken.survey.disclosure.answers import Answers
from baken.survey.disclosure.breakdowns import release_breakdowns
from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.attacker import Group, Leak, answers_as_group, leaks


@dataclass(frozen=True)
class DisclosureCase:
    """What is shown of one table, what the attacker makes of it, and what is not as expected."""

    name: str
    shown: tuple[str, ...]
    leaks: list[Leak]
    differs: tuple[str, ...] = ()

    @property
    def wrong(self) -> int:
        return len(self.leaks) + len(self.differs)


def check_disclosure(folder: Path) -> Iterator[DisclosureCase]:
    """Protect every table in the folder, attack it, and compare with what is known of it.

    A table whose cells form a tree is protected merged, as at opening, and as it is; one of two
    divisions as units with a background question beside them.
    """
    for file in sorted(folder.glob("*.json")):
        case = json.loads(file.read_text(encoding="utf-8"))
        low, high = case["answer_range"]
        groups = {
            atom["id"]: answers_as_group(atom["answers"], low, high) for atom in case["atoms"]
        }
        if not leaks(groups, _cells_of(case, case["naive_published"]), case["k"]):
            raise ValueError(f"{file.name}: the attacker misses the leak of the naive release.")
        yield _attacks(case, groups)
        if _is_tree(case):
            yield _protected(case, groups, merged=True)
            yield _protected(case, groups, merged=False)
        else:
            yield _broken_down(case, groups)


def _attacks(case: dict[str, Any], groups: dict[str, Group]) -> DisclosureCase:
    """Compare what follows from given releases, and the size of the best one, with the file."""
    differs = []
    naive = {
        one.groups for one in leaks(groups, _cells_of(case, case["naive_published"]), case["k"])
    }
    for leak in case.get("attack_recovers", ()):
        members = [atom for atom in case["atoms"] if atom["id"] in leak["atoms"]]
        answers = [answer for atom in members for answer in atom["answers"]]
        known = len(answers) == leak["n"] and isclose(sum(answers) / leak["n"], leak["mean"])
        if frozenset(leak["atoms"]) not in naive or not known:
            differs.append(f"not recovered: {leak['atoms']}")
    differs += [
        f"not safe: {cells}"
        for cells in case.get("safe_publications", ())
        if leaks(groups, _cells_of(case, cells), case["k"])
    ]
    names = [cell["id"] for cell in case["cells"] if cell["n"]]
    best = max(
        size
        for size in range(len(names) + 1)
        if any(
            not leaks(groups, _cells_of(case, list(chosen)), case["k"])
            for chosen in combinations(names, size)
        )
    )
    if best != case.get("best_size", best):
        differs.append(f"the best release has {best} cells")
    return DisclosureCase(f"{case['id']}, attacks", (), [], tuple(differs))


def _is_tree(case: dict[str, Any]) -> bool:
    cells = [set(cell["atoms"]) for cell in case["cells"]]
    return all(a <= b or b <= a or not a & b for a, b in combinations(cells, 2))


def _broken_down(case: dict[str, Any], groups: dict[str, Group]) -> DisclosureCase:
    """Take the first two divisions among the cells as units and as bands."""
    everybody = max((cell["atoms"] for cell in case["cells"]), key=len)
    divisions: list[dict[str, str]] = [{}]
    for cell in case["cells"]:
        if len(divisions[-1]) == len(everybody):
            divisions.append({})
        if len(cell["atoms"]) < len(everybody):
            divisions[-1] |= dict.fromkeys(cell["atoms"], cell["id"])
    units, bands = divisions[:2]
    low, high = case["answer_range"]
    values = range(low, high + 1)
    tree = Tree.of(
        [UnitNode("all", None, None), *(UnitNode(one, "all", None) for one in set(units.values()))]
    )
    counts = {
        (units[atom["id"]], bands[atom["id"]]): tuple(map(atom["answers"].count, values))
        for atom in case["atoms"]
    }
    cells: dict[str, Cell] = {}
    for atom, group in groups.items():
        cell = Cell(group.n, group.apart)
        cells[units[atom]] = cells[units[atom]] + cell if units[atom] in cells else cell
    shown = release_plan(tree, cells, case["k"]).shown
    answers = Answers(counts, tuple(map(float, values)))
    kept = release_breakdowns(tree, answers, shown, case["k"])
    names = [*sorted(shown - {ROOT}), *(sorted(set(bands.values())) if kept else ())]
    published = [everybody, *_cells_of(case, names)]
    found = leaks(groups, published, case["k"])
    shown_names = (ROOT, *names)
    return DisclosureCase(
        f"{case['id']}, broken down", shown_names, found, _fewer(case, shown_names)
    )


def _fewer(case: dict[str, Any], shown: tuple[str, ...]) -> tuple[str, ...]:
    best = case.get("best_size", len(shown))
    return () if len(shown) >= best else (f"{len(shown)} cells where {best} could be shown",)


def _cells_of(case: dict[str, Any], names: list[str]) -> list[list[str]]:
    members = {cell["id"]: cell["atoms"] for cell in case["cells"]}
    return [members[name] for name in names]


def _protected(case: dict[str, Any], groups: dict[str, Group], *, merged: bool) -> DisclosureCase:
    tree, unit_of = _tree(case)
    rows = dict.fromkeys(tree.keys, 0)
    for atom, group in groups.items():
        rows[unit_of[atom]] += group.n
    merging = merge_labels(tree, rows, case["k"])
    label_of = {key: key for key in tree.keys} | (dict(merging.label_of) if merged else {})
    cells: dict[str, Cell] = {}
    for atom, group in groups.items():
        label, cell = label_of[unit_of[atom]], Cell(group.n, group.apart)
        cells[label] = cells[label] + cell if label in cells else cell
    plan = release_plan(tree, cells, case["k"], whole=merging.whole if merged else None)
    published = [
        [atom for atom in groups if tree.is_within(label_of[unit_of[atom]], shown)]
        for shown in sorted(plan.shown)
    ]
    how = "merged" if merged else "plan alone"
    found = leaks(groups, published, case["k"])
    names = tuple(sorted(plan.shown))
    differs = () if merged else _fewer(case, names)
    return DisclosureCase(f"{case['id']}, {how}", names, found, differs)


def _tree(case: dict[str, Any]) -> tuple[Tree, dict[str, str]]:
    """The largest cell is the root; atoms outside every other cell are its direct members."""
    cells = sorted(case["cells"], key=lambda cell: -len(cell["atoms"]))
    root, *units = cells
    nodes = [UnitNode(root["id"], None, None)]
    nodes += [UnitNode(unit["id"], root["id"], unit["n"]) for unit in units]
    unit_of = dict.fromkeys(root["atoms"], ROOT)
    for unit in units:
        unit_of |= dict.fromkeys(unit["atoms"], unit["id"])
    return Tree.of(nodes), unit_of
