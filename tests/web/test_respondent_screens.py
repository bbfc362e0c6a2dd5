"""How many questions stand on one screen, and which of them stay together."""

from itertools import chain, groupby

from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.library import load_instrument
from baken.web.pages.respondent_questions import (
    QUESTIONS_A_SCREEN,
    minutes_of,
    parts_in,
)
from baken.web.pages.respondent_screens import screens_of


@given(st.lists(st.sampled_from("abc"), max_size=40), st.integers(1, 9))
def test_every_question_stands_once_in_order_and_themes_that_fit_stay_whole(themes, most):
    screens = [*screens_of(themes, most)]
    assert [*chain.from_iterable(screens)] == [*range(len(themes))]
    assert all(1 <= len(screen) <= most for screen in screens)
    starts = {screen.start for screen in screens}
    at = 0
    for _, run in groupby(themes):
        length = len([*run])
        n_cuts = len(starts & set(range(at + 1, at + length)))
        assert n_cuts == (length - 1) // most
        at += length


def test_the_full_questionnaire_fits_a_phone_and_keeps_its_scales_together():
    full = load_instrument("vijf-a")
    parts = parts_in(full, "nl")
    assert max(len(part.questions) for part in parts) <= QUESTIONS_A_SCREEN
    assert [question.field for part in parts for question in part.questions][: len(full.items)] == [
        item.code for item in full.items
    ]
    homes = {
        full.item(question.field).scale: set() for part in parts[:-2] for question in part.questions
    }
    for place, part in enumerate(parts[:-2]):
        for question in part.questions:
            homes[full.item(question.field).scale].add(place)
    assert {len(places) for places in homes.values()} == {1}
    content = [(part.screen, part.n_screens) for part in parts if part.key == "A2"]
    assert content == [(1, 3), (2, 3), (3, 3)]
    # Cutting changes nothing of what the promise says about the time.
    n_closed = len(full.items) + len(full.backgrounds)
    assert minutes_of(parts).low == -(-(5 * n_closed + 15) // 60)
