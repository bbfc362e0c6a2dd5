"""Tables where hiding small cells one by one leaks: what Baken would show, and what follows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from tests.reference.attacker import Group, Leak, answers_as_group, leaks

TREE_CASES = ("D1", "D3", "D4")
"""Cases whose cells form a tree; a table of two categories is none."""


@dataclass(frozen=True)
class DisclosureCase:
    """What is shown of one table, and what the attacker makes of it."""

    name: str
    shown: tuple[str, ...]
    leaks: list[Leak]


def check_disclosure(folder: Path) -> Iterator[DisclosureCase]:
    """Protect every tree case in the folder, merged as at opening and as it is, and attack it."""
    for file in sorted(folder.glob("*.json")):
        case = json.loads(file.read_text(encoding="utf-8"))
        if case["id"].startswith(TREE_CASES):
            low, high = case["answer_range"]
            groups = {
                atom["id"]: answers_as_group(atom["answers"], low, high) for atom in case["atoms"]
            }
            if not leaks(groups, _cells_of(case, case["naive_published"]), case["k"]):
                raise ValueError(f"{file.name}: the attacker misses the leak of the naive release.")
            yield _protected(case, groups, merged=True)
            yield _protected(case, groups, merged=False)


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
    return DisclosureCase(f"{case['id']}, {how}", tuple(sorted(plan.shown)), found)


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
