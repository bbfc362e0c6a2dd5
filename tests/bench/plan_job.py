"""The release plan of a large tree in which many labels are small or all alike.

python tests/bench/plan_job.py NODES
"""

import json
import sys
import time

import numpy as np

from baken.survey.disclosure.merging import merge_labels
from baken.survey.disclosure.plan import Cell, release_plan
from baken.survey.disclosure.tree import Tree, UnitNode

K = 10
BRANCHES = (2, 5, 25)
SIZES = (0, 3, 7, 9, 10, 12, 15, 25)


def main(n_nodes: int) -> None:
    random = np.random.default_rng(20261122)
    took = []
    for branches in BRANCHES:
        above = (None, *(f"u{(node - 1) // branches}" for node in range(1, n_nodes)))
        tree = Tree.of(UnitNode(f"u{node}", parent, 20) for node, parent in enumerate(above))
        sizes = random.choice(SIZES, n_nodes).tolist()
        cells = {
            key: Cell(n, tuple(random.integers(0, n + 1, 2).tolist()))
            for key, n in zip(tree.keys, sizes, strict=True)
        }
        begun = time.process_time()
        merge_labels(tree, {key: cell.n for key, cell in cells.items()}, K)
        release_plan(tree, cells, K)
        took.append(time.process_time() - begun)
    print(json.dumps({"seconds": max(took)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
