"""Reading the answer form: every value, every kind of question, and whatever somebody may send."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.definition import AnswerFormat, Instrument, OpenQuestion
from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT, is_code
from baken.survey.box.sheet import check_sheet, shape_of
from baken.web.body import Form
from baken.web.pages.respondent_sheet import (
    Problem,
    comment_field,
    fill_from,
    has_answers,
    read_answers,
)


def make_instrument() -> Instrument:
    """The shipped questionnaire with a number to write and a second open question."""
    shipped = load_instrument("vijf-a")
    hours = AnswerFormat("hours", -5, 60, numeric=True)
    first = replace(shipped.items[0], format=hours, not_applicable=True)
    return replace(
        shipped,
        items=(first, *shipped.items[1:]),
        open_questions=(*shipped.open_questions, OpenQuestion("more", 10)),
    )


INSTRUMENT = make_instrument()
NUMBER, CHOICE = INSTRUMENT.items[0], INSTRUMENT.items[1]


def form(**fields: str | list[str]) -> Form:
    return Form(
        {
            name: tuple(value) if isinstance(value, list) else (value,)
            for name, value in fields.items()
        }
    )


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", MISSING),
        ("  ", MISSING),
        ("-5", 0),
        ("0", 5),
        (" 60 ", 65),
        ("pn", PREFER_NOT),
        (["12", "na"], NOT_APPLICABLE),
        (["pn", "12"], PREFER_NOT),
        (["", "pn"], PREFER_NOT),
    ],
)
def test_a_number_is_read_with_what_stands_beside_it(sent: str | list[str], code: int) -> None:
    filled = read_answers(form(**{NUMBER.code: sent}), INSTRUMENT)
    assert filled.answers[0] == code
    assert filled.problems == ()


@pytest.mark.parametrize("sent", ["61", "-6", "1.5", "1e3", "٣", "12345678901", "None", "na na"])
def test_a_number_that_does_not_fit_is_listed_and_kept(sent: str) -> None:
    filled = read_answers(form(**{NUMBER.code: sent}), INSTRUMENT)
    assert filled.problems == (Problem(NUMBER.code, "not_a_number", -5, 60),)
    assert filled.given[NUMBER.code] == sent


def test_open_questions_have_numbered_fields() -> None:
    assert [comment_field(place) for place in range(3)] == ["comment", "comment2", "comment3"]
    sent = form(comment=" een\r\ntwee\x00 ", comment2="é" * 6)
    filled = read_answers(sent, INSTRUMENT)
    assert filled.comments == ("een\ntwee", "é" * 6)
    assert filled.problems == (Problem("comment2", "too_long", high=1),)


def test_whether_somebody_filled_in_anything() -> None:
    assert not has_answers(form(code="x", lang="nl"), INSTRUMENT)
    assert has_answers(form(code="x", comment2=""), INSTRUMENT)
    assert has_answers(form(**{CHOICE.code: ""}), INSTRUMENT)


names = [item.code for item in INSTRUMENT.items] + ["comment", "comment2", "category", "code"]
values = st.one_of(
    st.sampled_from(["1", "5", "0", "-1", "pn", "na", "worker", "", "6"]), st.text(max_size=30)
)


@given(st.dictionaries(st.sampled_from(names), st.lists(values, min_size=1, max_size=3)))
def test_whatever_is_sent_gives_a_sheet_that_the_box_takes_or_a_problem(
    sent: dict[str, list[str]],
) -> None:
    filled = read_answers(form(**sent), INSTRUMENT)
    assert all(map(is_code, INSTRUMENT.items, filled.answers))
    assert {problem.field for problem in filled.problems} <= set(filled.given) <= set(names)
    if not filled.problems:
        sheet = filled.sheet("nl")
        check_sheet(shape_of(INSTRUMENT), ("nl",), sheet)
        again = fill_from(sheet, INSTRUMENT)
        fields = form(**dict(again.given.items()))
        assert read_answers(fields, INSTRUMENT).sheet("nl") == sheet
