"""Random organisations for property tests: few units, many of them too small."""

from dataclasses import dataclass

from hypothesis import strategies as st

from baken.survey.disclosure.tree import NO_UNIT, Tree, UnitNode

DEEPEST = 5


@dataclass(frozen=True)
class Organisation:
    """A tree with the answers of the people attached directly to each unit."""

    tree: Tree
    rows: dict[str, int]
    k: int

    @property
    def own(self) -> dict[str, int]:
        """The same answers under the keys of the tree."""
        own = dict.fromkeys(self.tree.keys, 0)
        for key, n in self.rows.items():
            own[self.tree.key_of(key)] += n
        return own


@st.composite
def organisations(draw: st.DrawFn, most: int = 12) -> Organisation:
    k = draw(st.integers(5, 20))
    size = draw(st.integers(1, most))
    counts = st.one_of(st.integers(0, k - 1), st.just(0), st.integers(0, 3 * k))
    nodes: list[UnitNode] = []
    rows: dict[str, int] = {}
    depth: dict[str, int] = {}
    for number in range(size):
        key = f"u{number}"
        above = [node.key for node in nodes if depth[node.key] < DEEPEST]
        parent = draw(st.sampled_from([None, *above]))
        depth[key] = 1 if parent is None else depth[parent] + 1
        rows[key] = draw(counts)
        headcount = draw(st.one_of(st.none(), st.integers(rows[key], rows[key] + 4)))
        nodes.append(UnitNode(key, parent, headcount))
    rows[NO_UNIT] = draw(st.sampled_from([0, 0, 1, k, 2 * k]))
    return Organisation(Tree.of(nodes), rows, k)
