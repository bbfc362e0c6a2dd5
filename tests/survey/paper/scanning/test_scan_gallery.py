"""Boxes that are kept to look at: all are counted, some are shown."""

from dataclasses import replace

from baken.survey.paper.scanning.gallery import Boxes
from baken.survey.paper.scanning.pages import Wishes
from baken.survey.paper.scanning.pictures import picture_of_box
from baken.survey.paper.scanning.readings import BoxCrop, BoxState
from tests.survey.paper.scanning.drawn import LAYOUT, filled, read


def test_the_gallery_counts_all_boxes_and_keeps_the_least_certain_by_their_ink() -> None:
    page, _ = filled("cross", "corrected", "half-hearted", "tick")
    crops = read(page, wishes=Wishes(crops=True)).crops
    assert len(crops) == len(LAYOUT.page(1).boxes)
    whole = Boxes()
    whole.add(crops)
    rows = {row.state: row for row in whole.with_pictures(picture_of_box).rows}
    assert rows[BoxState.WITHDRAWN].count == 1
    assert [one.ink for one in rows[BoxState.MARKED].boxes] == sorted(
        crop.ink for crop in crops if crop.state is BoxState.MARKED
    )
    assert rows[BoxState.EMPTY].boxes[0].picture.startswith(b"\x89PNG")
    # in two processes, in any order: the same boxes are kept
    sure = [BoxCrop(n / 1000, BoxState.EMPTY, 1.0, b"", lot=n * 7919 % 501) for n in range(500)]
    doubtful = replace(sure[0], ink=0.9, confidence=0.1)
    together, first, second = Boxes(room=5), Boxes(room=5), Boxes(room=5)
    together.add([*sure, doubtful])
    for half, part in ((first, sure[::2]), (second, [doubtful, *sure[1::2]])):
        for crop in part:
            half.add([crop])
    first.merge(second)
    assert first.rows == together.rows
    (row,) = first.rows
    assert (row.count, len(row.boxes), row.boxes[-1].confidence) == (501, 10, 0.1)
