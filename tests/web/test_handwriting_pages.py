"""Many pictures of handwriting come a page at a time: none is lost, none is shown twice."""

from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from baken.survey.comments import DetachedComment
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from baken.web.pages.results_comments import AT_ONCE, group_comments

UNITS = ("", "a", "b")
TREE = Tree.of([UnitNode("top", None, 0), UnitNode("a", "top", 40), UnitNode("b", "top", 40)])
QUESTIONS = {"first": "Wat eerst?", "then": "Wat dan?"}
WRITTEN = st.tuples(st.sampled_from(UNITS), st.sampled_from(sorted(QUESTIONS)), st.booleans())


@settings(max_examples=40)
@given(st.lists(WRITTEN, max_size=3 * AT_ONCE))
def test_pictures_come_a_page_at_a_time_until_all_were_typed_over(
    written: list[tuple[str, str, bool]],
) -> None:
    heap = [
        DetachedComment(unit or ROOT, question, "" if is_drawn else f"text {n}",
                        b"png" if is_drawn else b"", n.to_bytes(16))
        for n, (unit, question, is_drawn) in enumerate(written)
    ]  # fmt: skip
    texts = sorted(one.text for one in heap if one.text)
    left = {f"written-{one.id.hex()}" for one in heap if one.picture}
    while True:
        groups = list(group_comments(heap, TREE, QUESTIONS, whole="Iedereen"))
        places = [(group.question, group.where) for group in groups]
        assert len(set(places)) == len(places)
        assert sorted(chain.from_iterable(group.texts for group in groups)) == texts
        shown = [one for group in groups for one in group.pictures]
        assert [one.number for one in shown] == list(range(1, len(shown) + 1))
        assert len(shown) == min(AT_ONCE, len(left))
        assert sum(group.n_later for group in groups) == len(left) - len(shown)
        fields = {one.field for one in shown}
        assert len(fields) == len(shown)
        assert fields <= left
        if not shown:
            break
        left -= fields
        heap = [one for one in heap if f"written-{one.id.hex()}" not in fields]
    assert left == set()
