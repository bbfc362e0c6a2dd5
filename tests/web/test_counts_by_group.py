"""The exact counts after the opening stand in the order of the tree."""

from types import SimpleNamespace
from typing import Any, cast

from baken.survey.box.queries import Agreement
from baken.survey.disclosure.tree import ROOT, Tree, UnitNode
from baken.web.pages.campaign_views import agreement_view

TREE = Tree.of(
    [
        UnitNode("top", None, 5, "Zorghuis"),
        UnitNode("care", "top", 30, "Zorg"),
        UnitNode("kitchen", "top", 20, "Keuken"),
        UnitNode("night", "care", 20, "Nacht"),
    ]
)


def test_groups_stand_in_the_order_of_the_tree() -> None:
    labels = (("kitchen", 12), ("night", 11), (ROOT, 10), ("care", 13))
    counted = Agreement(46, 46, 0, 46, 46, labels, too_few=False)
    view = agreement_view(cast("Any", SimpleNamespace(tree=TREE)), counted)
    assert view.by_label == (("", 10), ("Zorg", 13), ("Nacht", 11), ("Keuken", 12))
