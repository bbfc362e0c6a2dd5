"""What is written by hand below an open question; `BAKEN_PAGES` as for `test_scan_reading`."""

import os

import cv2
import numpy as np
import pytest
from numpy.random import default_rng

from baken.survey.paper.scanning.handwriting import Written, find_handwriting
from baken.survey.paper.scanning.pages import Wishes
from baken.survey.paper.scanning.thresholds import STANDARD
from tests.survey.paper.scanning.drawn import DARK, LAYOUT, PER_MM, blank_form, read
from tests.survey.paper.scanning.hands import make_field_trials, read_fields, word
from tests.survey.paper.scanning.pens import Pen, Stroke, draw

PAGES = int(os.environ.get("BAKEN_PAGES", "2"))
SEED = int(os.environ.get("BAKEN_PAGES_SEED", "1"))


def test_no_field_with_handwriting_is_taken_for_an_empty_one() -> None:
    """However pale the pencil, and however short the word."""
    pages = PAGES if PAGES > 20 else 1
    score = read_fields(make_field_trials(SEED, pages))
    if pages > 1:
        print(f"\nseed {SEED}\n{score.report()}")
        assert score.share_asked("clean") <= 0.02
        assert score.share_asked("damaged") <= 0.20  # the rim of coffee looks like a pencil
    assert score.missed == []
    assert score.fields.total() == 3 * pages


@pytest.mark.parametrize("pen", [DARK, Pen(0.4, 0.8)])
def test_a_row_of_small_letters_is_no_printed_line(pen: Pen) -> None:
    """As long as a line, and as dark along its length: it was taken for one, and lost."""
    page = blank_form(2).copy()
    (room,) = LAYOUT.page(2).fields
    x, y = room.x + 10, room.y + 9
    letters = np.array([(x + n * 0.6, y - 1.4 * (n % 2)) for n in range(90)])
    draw(page, [Stroke(letters, pen)], PER_MM, default_rng(4))
    assert read(page).fields[0].has_ink
    assert not read(blank_form(2)).fields[0].has_ink


def test_a_word_across_a_printed_line_is_no_stain() -> None:
    """It stands on both sides of the line; filled in between, it would be as thick as coffee."""
    page = blank_form(2).copy()
    (room,) = LAYOUT.page(2).fields
    x, y = room.x + 40, room.y + 9
    w = np.array([(x, y - 0.8), (x + 1, y + 1), (x + 2, y - 0.6), (x + 3, y + 1), (x + 4, y - 0.8)])
    draw(page, [Stroke(w, Pen(0.42, 0.66))], PER_MM, default_rng(4))
    assert read(page).fields[0].has_ink


def test_words_of_one_height_are_whole_in_their_picture() -> None:
    """They make a band as long and as dark as a line; it was taken out of the middle of them."""
    paper = np.full((240, 1200), 255, np.uint8)
    random, x, strokes = default_rng(6), 5.0, []
    while x < 110:
        strokes.append(Stroke(word(x, 15.0, 5, random), Pen(0.5, 0.3)))
        x = float(strokes[-1].path[:, 0].max()) + 1.5
    draw(paper, strokes, PER_MM, random)
    ink = np.asarray((255 - paper) / 255, np.float32)
    written = ink > 0.3
    ink[200:202] = 0.8  # a printed line below them
    hand = find_handwriting(ink, STANDARD, has_grey=True)
    assert hand.written is Written.SOMETHING
    assert hand.strokes[written].mean() > 0.95
    assert not hand.strokes[195:].any()


def test_a_doubtful_field_is_shown_as_it_was_seen() -> None:
    page = blank_form(2).copy()
    (room,) = LAYOUT.page(2).fields
    faint = np.array([(room.x + 20, room.y + 12), (room.x + 21.5, room.y + 11.5)])
    draw(page, [Stroke(faint, Pen(0.35, 0.93))], PER_MM, default_rng(4))
    (field,) = read(page).fields
    assert (field.has_ink, field.is_doubtful) == (True, True)
    assert field.picture is not None
    seen = cv2.imdecode(np.frombuffer(field.picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert seen is not None
    assert seen.shape == pytest.approx((28 * 5, 158 * 5), abs=1)


def test_handwriting_becomes_a_small_picture_and_an_empty_field_none() -> None:
    page = blank_form(2).copy()
    (empty,) = read(page).fields
    assert (empty.has_ink, empty.picture) == (False, None)
    (field,) = LAYOUT.page(2).fields
    random = default_rng(2)
    for place in range(12):
        x = field.x + 5 + place * 12
        waves = np.linspace(0, 12, 60)
        path = np.column_stack([x + waves * 0.8, field.y + 12 + 2.5 * np.sin(3 * waves)])
        draw(page, [Stroke(path, DARK)], PER_MM, random)
    (written,) = read(page).fields
    assert written.has_ink
    assert written.picture is not None
    assert len(written.picture) < 8192
    (small,) = read(page, wishes=Wishes(field_bytes=1500)).fields
    assert small.has_ink
    assert small.picture is not None
    assert len(small.picture) <= 1500
    (large,) = read(page, wishes=Wishes(field_bytes=100)).fields
    assert large.picture == written.picture  # does not fit: shown as well as can be, to be typed
