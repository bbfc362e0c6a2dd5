"""One page: from its picture to what was answered on it."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.codes import Code, find_mark
from baken.survey.paper.scanning.corners import place_page
from baken.survey.paper.scanning.files import ScanPage
from baken.survey.paper.scanning.frames import Frames, find_frames
from baken.survey.paper.scanning.ink import ink_beside, measure_boxes
from baken.survey.paper.scanning.judging import judge_box, judge_question
from baken.survey.paper.scanning.noise import departures
from baken.survey.paper.scanning.pictures import (
    glimpse_of_page,
    picture_of_page,
    picture_of_question,
    read_field,
)
from baken.survey.paper.scanning.readings import (
    CROP,
    BoxCrop,
    BoxReading,
    BoxState,
    Doubt,
    PageReading,
    Picture,
    Problem,
    QuestionReading,
    QuestionState,
)
from baken.survey.paper.scanning.straightening import Straight, straighten
from baken.survey.paper.scanning.surfaces import is_black, is_blank, share_of_grey, share_of_white
from baken.survey.paper.scanning.thresholds import STANDARD, Thresholds


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a reading holds beside answers.

    Attributes
    ----------
    field_bytes
        What the picture of one open question should take at most; a larger one is typed over.
    crops
        Whether each box is kept for the gallery.
    glimpse
        Whether a small picture of each form page is kept.
    """

    field_bytes: int = 8192
    crops: bool = False
    glimpse: bool = False


USUAL: Final = Wishes()


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """A page of one of our forms, before it is read."""

    number: int
    picture: Picture
    has_grey: bool
    mark: Mark
    code: Code
    layout: Layout
    page: Page


def read_page(
    page: ScanPage,
    layouts: Mapping[str, Layout],
    *,
    wishes: Wishes = USUAL,
    thresholds: Thresholds = STANDARD,
) -> PageReading:
    """Return what stands on one page of a scan.

    Parameters
    ----------
    layouts
        Of the forms of this campaign, by edition.
    """
    if page.picture is None:
        return PageReading(page.number, page.problem or Problem.BROKEN)
    form = _identified(page, page.picture, layouts, thresholds)
    read = _read_form(form, wishes, thresholds) if isinstance(form, _Form) else form
    if page.is_drawn or read.problem in {Problem.BLANK, Problem.BLACK}:
        return read
    return replace(read, digest=_digest(page.picture))


def _has_grey(page: ScanPage, picture: Picture, thresholds: Thresholds) -> bool:
    """Whether the scan shows what is pale, so that what looks empty is empty."""
    if page.is_bilevel or share_of_grey(picture) < thresholds.least_grey:
        return False
    return page.is_drawn or share_of_white(picture) <= thresholds.most_white


def _digest(picture: Picture) -> bytes:
    """Return the same for the same points, whatever file they came in."""
    rows, columns = picture.shape
    total = hashlib.sha256(f"{rows}x{columns}|".encode())
    total.update(np.ascontiguousarray(picture).data)
    return total.digest()


def _identified(
    scan: ScanPage, picture: Picture, layouts: Mapping[str, Layout], thresholds: Thresholds
) -> _Form | PageReading:
    """Return which page of which form this is, or why nobody but a person can tell."""
    number = scan.number
    if is_black(picture, thresholds):
        return PageReading(number, Problem.BLACK)
    found = find_mark(picture)
    if isinstance(found, Problem):
        if found is Problem.NO_CODE and is_blank(picture, thresholds):
            return PageReading(number, Problem.BLANK)
        return _for_a_person(number, picture, found)
    mark, code = found
    layout = layouts.get(mark.edition)
    places = {each.number: each for each in layout.pages} if layout else {}
    if layout and layout.language == mark.language and mark.page in places:
        has_grey = _has_grey(scan, picture, thresholds)
        return _Form(number, picture, has_grey, mark, code, layout, places[mark.page])
    problem = Problem.PROOF if mark.is_proof else Problem.OTHER_FORM
    return _for_a_person(number, picture, problem, mark)


def _for_a_person(
    number: int, picture: Picture, problem: Problem, mark: Mark | None = None
) -> PageReading:
    return PageReading(number, problem, mark, picture=picture_of_page(picture))


def _read_form(form: _Form, wishes: Wishes, thresholds: Thresholds) -> PageReading:
    placement = place_page(form.picture, form.code, form.layout, thresholds)
    if placement is None:
        return _for_a_person(form.number, form.picture, Problem.NO_CORNERS, form.mark)
    straight = straighten(form.picture, placement, form.layout)
    frames = find_frames(straight.ink, form.page.boxes, thresholds)
    base = PageReading(
        number=form.number,
        mark=form.mark,
        dpi=placement.dpi,
        turned=placement.turned,
        glimpse=glimpse_of_page(straight.picture) if wishes.glimpse else None,
    )
    lost = frames.share_lost > thresholds.frames_lost
    if lost or straight.black < thresholds.least_black:
        picture = picture_of_page(straight.picture)
        return replace(base, problem=Problem.DISPLACED, picture=picture)
    boxes = _read_boxes(straight, form.page, frames, thresholds)
    questions = _read_questions(straight, form, frames, boxes, thresholds)
    read = replace(
        base,
        questions=questions,
        fields=tuple(
            read_field(straight, field, wishes.field_bytes, thresholds, has_grey=form.has_grey)
            for field in form.page.fields
        ),
        crops=_crops(straight, frames, boxes) if wishes.crops else (),
    )
    if placement.dpi >= thresholds.least_dpi:
        return read
    return replace(
        read,
        problem=Problem.COARSE,
        questions=tuple(_doubted(straight, form.page, each) for each in questions),
        picture=picture_of_page(straight.picture),
    )


def _read_boxes(
    straight: Straight, page: Page, frames: Frames, thresholds: Thresholds
) -> tuple[BoxReading, ...]:
    measures = measure_boxes(straight.ink, frames, thresholds)
    return tuple(
        judge_box(box.value, measure, seen=bool(seen), thresholds=thresholds)
        for box, measure, seen in zip(page.boxes, measures, frames.seen, strict=True)
    )


def _read_questions(
    straight: Straight,
    form: _Form,
    frames: Frames,
    boxes: Sequence[BoxReading],
    thresholds: Thresholds,
) -> tuple[QuestionReading, ...]:
    places: dict[str, list[int]] = {}
    for place, box in enumerate(form.page.boxes):
        places.setdefault(box.question, []).append(place)
    states = np.array([box.state is BoxState.EMPTY for box in boxes], dtype=np.bool_)
    departs = departures(straight.ink, frames, states, thresholds)
    read = []
    for question, at in places.items():
        own = [boxes[place] for place in at]
        empty = all(box.state is BoxState.EMPTY for box in own)
        reading = judge_question(
            question,
            own,
            frames_seen=bool(frames.seen[at].all()),
            has_grey=form.has_grey,
            beside=ink_beside(straight.ink, frames, at, thresholds) if empty else 0.0,
            departs=float(departs[at].max()),
            thresholds=thresholds,
        )
        if reading.state is QuestionState.DOUBTFUL:
            reading = replace(reading, picture=_strip(straight, form.page, question))
        read.append(reading)
    return tuple(read)


def _doubted(straight: Straight, page: Page, reading: QuestionReading) -> QuestionReading:
    """Return the reading as an offer to a person: the page is not good enough to take it over."""
    if reading.state is QuestionState.DOUBTFUL:
        return reading
    return replace(
        reading,
        state=QuestionState.DOUBTFUL,
        value=None,
        confidence=0.0,
        doubt=Doubt.PAGE,
        guess=reading.value,
        picture=_strip(straight, page, reading.question),
    )


def _strip(straight: Straight, page: Page, question: str) -> bytes:
    return picture_of_question(straight, [box for box in page.boxes if box.question == question])


def _crops(straight: Straight, frames: Frames, boxes: Sequence[BoxReading]) -> tuple[BoxCrop, ...]:
    crops = []
    for (column, row), side, box in zip(frames.corners, frames.sides, boxes, strict=True):
        around = int(side) // 4
        top, left = max(0, int(row) - around), max(0, int(column) - around)
        piece = straight.picture[top : int(row + side) + around, left : int(column + side) + around]
        small = np.asarray(cv2.resize(piece, (CROP, CROP), interpolation=cv2.INTER_AREA), np.uint8)
        seen = small.tobytes()
        crops.append(
            BoxCrop(
                box.ink, box.state, box.confidence, seen, box.trace, box.value, zlib.crc32(seen)
            )
        )
    return tuple(crops)
