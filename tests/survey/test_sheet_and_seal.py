from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.storage.keys import KeyDamaged
from baken.survey.box import sealing
from baken.survey.box.sheet import (
    BOX_STEP,
    SEALING_BYTES,
    SMALLEST_BOX,
    Sheet,
    box_size,
    check_sheet,
    decode_sheet,
    encode_sheet,
)
from baken.survey.errors import CannotUnseal, InvalidSheet

CAMPAIGN = uuid4()
PRIVATE, PUBLIC = sealing.make_key_pair()


@st.composite
def shapes_and_sheets(draw):
    n_values = draw(st.lists(st.integers(1, 120), max_size=200))
    bands = draw(st.lists(st.integers(2, 8), max_size=3))
    limits = draw(st.lists(st.integers(1, 2000), max_size=10))
    shape = {
        "items": [[n, draw(st.booleans())] for n in n_values],
        "backgrounds": [[f"b{place}", n] for place, n in enumerate(bands)],
        "open_questions": [[f"o{place}", limit] for place, limit in enumerate(limits)],
    }
    answers = tuple(
        draw(st.sampled_from([-1, -3, 0, n - 1, *([-2] if may else [])]))
        for n, may in shape["items"]
    )
    backgrounds = tuple(draw(st.sampled_from([-1, -3, 0, n - 1])) for n in bands)
    text = st.text(max_size=60)
    comments = tuple(draw(text).encode()[:limit].decode(errors="ignore") for limit in limits)
    return shape, Sheet(
        "nl", answers, backgrounds, comments, draw(st.sampled_from(("screen", "paper")))
    )


@given(shapes_and_sheets())
def test_every_sheet_comes_back_from_a_box_of_one_size(made):
    shape, sheet = made
    check_sheet(shape, ["nl"], sheet)
    size = box_size(shape)
    assert size % BOX_STEP == 0
    unit = str(UUID(int=1))
    box = sealing.seal_envelope(
        PUBLIC, CAMPAIGN, encode_sheet(unit, sheet, size=size - SEALING_BYTES)
    )
    assert len(box) == size
    assert decode_sheet(sealing.open_envelope(PRIVATE, CAMPAIGN, box), shape) == (unit, sheet)


@given(shapes_and_sheets())
def test_the_fullest_sheet_fits(made):
    shape, sheet = made
    full = Sheet(
        "nl",
        sheet.answers,
        sheet.backgrounds,
        tuple("x" * limit for _, limit in shape["open_questions"]),
    )
    check_sheet(shape, ["nl"], full)
    size = box_size(shape) - SEALING_BYTES
    assert decode_sheet(encode_sheet("u" * 36, full, size=size), shape)[1] == full


def test_without_open_questions_a_box_has_one_kibibyte():
    assert box_size({"items": [[5, False]] * 80, "backgrounds": [], "open_questions": []}) == 1024
    assert SMALLEST_BOX == 1024


@given(st.integers(0, 1023), st.integers(1, 255))
def test_a_changed_envelope_does_not_open(place, change):
    sheet = Sheet("nl", (1, 2, 3))
    box = bytearray(sealing.seal_envelope(PUBLIC, CAMPAIGN, encode_sheet("u", sheet, size=976)))
    box[place] ^= change
    with pytest.raises(CannotUnseal):
        sealing.open_envelope(PRIVATE, CAMPAIGN, bytes(box))


def test_an_envelope_opens_with_its_key_in_its_campaign_only():
    box = sealing.seal_envelope(PUBLIC, CAMPAIGN, b"x" * 100)
    other, _ = sealing.make_key_pair()
    for private, campaign, content in (
        (other, CAMPAIGN, box),
        (PRIVATE, uuid4(), box),
        (PRIVATE, CAMPAIGN, box[:-1]),
        (PRIVATE, CAMPAIGN, b""),
    ):
        with pytest.raises(CannotUnseal):
            sealing.open_envelope(private, campaign, content)


def test_the_same_answers_never_look_the_same():
    boxes = {sealing.seal_envelope(PUBLIC, CAMPAIGN, b"x" * 976) for _ in range(20)}
    assert len(boxes) == 20


@given(st.binary(max_size=300))
def test_bytes_that_are_no_sheet_are_refused(content):
    shape = {"items": [[5, False]], "backgrounds": [], "open_questions": []}
    try:
        unit, sheet = decode_sheet(content, shape)
    except CannotUnseal:
        return
    assert encode_sheet(unit, sheet, size=len(content)) == content


def test_a_sheet_longer_than_its_box_is_refused():
    with pytest.raises(InvalidSheet):
        encode_sheet("u", Sheet("nl", (1,) * 100), size=50)


def test_a_draft_opens_with_its_code_only():
    pepper = b"p" * 32
    box = sealing.seal_draft(pepper, CAMPAIGN, "0" * 12, b"answers")
    assert sealing.open_draft(pepper, CAMPAIGN, "0" * 12, box) == b"answers"
    for where in (
        (pepper, CAMPAIGN, "1" * 12),
        (b"q" * 32, CAMPAIGN, "0" * 12),
        (pepper, uuid4(), "0" * 12),
    ):
        with pytest.raises(KeyDamaged):
            sealing.open_draft(*where, box)
    assert sealing.draft_id(pepper, CAMPAIGN, "0" * 12) != sealing.draft_id(
        pepper, CAMPAIGN, "1" * 12
    )
