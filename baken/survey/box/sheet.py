"""An answer sheet on its way into the box, and the bytes that are sealed."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from baken.instruments.definition import Instrument
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT
from baken.survey.campaigns.models import SheetShape
from baken.survey.errors import CannotUnseal, InvalidSheet

Mode = Literal["screen", "paper"]
MODES: tuple[Mode, ...] = ("screen", "paper")
_MODE_OF: dict[bytes, Mode] = {b"screen": "screen", b"paper": "paper"}

SMALLEST_BOX = 1024
"""Bytes of an envelope without open questions."""

BOX_STEP = 256
SEALING_BYTES = 48
"""What sealing adds: an ephemeral public key and an authentication tag."""

HANDWRITING_BYTES = 8192
"""Of a picture of handwriting at most; a picture that needs more is typed over instead."""

PNG = b"\x89PNG\r\n\x1a\n"
"""How every picture of handwriting begins."""

_UNIT_BYTES = 36
_LANGUAGE_BYTES = 8
_LENGTH = struct.Struct("<H")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one person answered.

    Attributes
    ----------
    language
        The language in which the questions were read.
    answers
        Codes of `baken.instruments.sheet`, in item order.
    backgrounds
        Per background question the number of the band, `MISSING` or `PREFER_NOT`.
    comments
        Per open question what was written; empty when nothing was.
    pictures
        Per open question a PNG of what was written by hand, or nothing; empty where there is none
        at all.
    """

    language: str
    answers: tuple[int, ...]
    backgrounds: tuple[int, ...] = ()
    comments: tuple[str, ...] = ()
    mode: Mode = "screen"
    pictures: tuple[bytes, ...] = ()


def shape_of(instrument: Instrument, *, handwriting: bool = False) -> SheetShape:
    """Return what the box has to know of an instrument, as a campaign keeps it.

    `handwriting`: whether its envelopes have room for pictures of what was written by hand.
    """
    shape = SheetShape(
        items=[[len(item.format.values), item.not_applicable] for item in instrument.items],
        backgrounds=[[question.key, len(question.bands)] for question in instrument.backgrounds],
        open_questions=[
            [question.key, question.max_bytes] for question in instrument.open_questions
        ],
    )
    if handwriting and shape["open_questions"]:
        shape["handwriting"] = HANDWRITING_BYTES
    return shape


def room_for_pictures(shape: SheetShape) -> int:
    """Bytes that a picture of handwriting may have; 0: this campaign keeps none."""
    return shape.get("handwriting", 0)


def box_size(shape: SheetShape) -> int:
    """Return the size in bytes that all envelopes of a campaign have, full or empty."""
    longest = [_UNIT_BYTES, _LANGUAGE_BYTES, max(len(mode) for mode in MODES)]
    longest += [len(shape["items"]), len(shape["backgrounds"])]
    longest += [limit for _, limit in shape["open_questions"]]
    if room_for_pictures(shape):
        longest += [room_for_pictures(shape)] * len(shape["open_questions"])
    needed = sum(_LENGTH.size + length for length in longest) + SEALING_BYTES
    return max(SMALLEST_BOX, ceil(needed / BOX_STEP) * BOX_STEP)


def check_sheet(shape: SheetShape, languages: Sequence[str], sheet: Sheet) -> None:
    """Raise `InvalidSheet` unless the sheet can belong to the campaign."""
    fits = (
        sheet.language in languages
        and sheet.mode in MODES
        and len(sheet.answers) == len(shape["items"])
        and len(sheet.backgrounds) == len(shape["backgrounds"])
        and len(sheet.comments) == len(shape["open_questions"])
        and all(map(_is_answer, sheet.answers, shape["items"]))
        and all(map(_is_band, sheet.backgrounds, shape["backgrounds"]))
        and _has_fitting_pictures(shape, sheet)
    )
    if not fits:
        raise InvalidSheet(
            "survey.sheet_does_not_fit",
            "These answers do not belong to this questionnaire. Nothing was saved; open the page "
            "of the survey again.",
        )
    for comment, (key, limit) in zip(sheet.comments, shape["open_questions"], strict=True):
        if len(comment.encode()) > limit:
            raise InvalidSheet(
                "survey.comment_too_long",
                "What you wrote is longer than fits. Shorten it and send it again; your other "
                "answers are still on the page.",
                question=key,
                limit=limit,
            )


def check_opened(shape: SheetShape, languages: Sequence[str], sheet: Sheet) -> None:
    """Raise `CannotUnseal` unless what lay in an envelope is a sheet that could be sent."""
    try:
        check_sheet(shape, languages, sheet)
    except InvalidSheet as error:
        raise _not_a_sheet() from error


def encode_sheet(unit: str, sheet: Sheet, *, size: int) -> bytes:
    """Return unit and sheet as `size` bytes: the parts, then zeros."""
    parts = [
        unit.encode(),
        sheet.language.encode(),
        sheet.mode.encode(),
        bytes(code & 0xFF for code in sheet.answers),
        bytes(code & 0xFF for code in sheet.backgrounds),
        *(comment.encode() for comment in sheet.comments),
        *sheet.pictures,
    ]
    content = b"".join(_LENGTH.pack(len(part)) + part for part in parts)
    if len(content) > size:
        raise InvalidSheet(
            "survey.sheet_too_long", "These answers are longer than fits. Nothing was saved."
        )
    return content.ljust(size, b"\0")


def decode_sheet(content: bytes, shape: SheetShape) -> tuple[str, Sheet]:
    """Return unit and sheet; raise `CannotUnseal` when the bytes are not those of a sheet."""
    parts: list[bytes] = []
    place = 0
    n_open = len(shape["open_questions"])
    # Where no picture was added the padding is read as that many empty ones.
    for _ in range(5 + n_open * (2 if room_for_pictures(shape) else 1)):
        if place + _LENGTH.size > len(content):
            raise _not_a_sheet()
        (length,) = _LENGTH.unpack_from(content, place)
        place += _LENGTH.size
        parts.append(content[place : place + length])
        place += length
    if place > len(content) or any(content[place:]):
        raise _not_a_sheet()
    try:
        return _sheet_of(parts[: 5 + n_open], parts[5 + n_open :])
    except (ValueError, KeyError) as error:
        raise _not_a_sheet() from error


def _sheet_of(parts: list[bytes], pictures: list[bytes]) -> tuple[str, Sheet]:
    unit, language, mode, answers, backgrounds, *comments = parts
    return unit.decode(), Sheet(
        language=language.decode(),
        answers=_signed(answers),
        backgrounds=_signed(backgrounds),
        comments=tuple(comment.decode() for comment in comments),
        mode=_MODE_OF[mode],
        pictures=tuple(pictures) if any(pictures) else (),
    )


def _not_a_sheet() -> CannotUnseal:
    return CannotUnseal(
        "survey.not_a_sheet",
        "An envelope does not hold an answer sheet of this survey. Nothing was written.",
    )


def _signed(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"{len(content)}b", content)


def _has_fitting_pictures(shape: SheetShape, sheet: Sheet) -> bool:
    if not any(sheet.pictures):
        return not sheet.pictures or len(sheet.pictures) == len(shape["open_questions"])
    return (
        sheet.mode == "paper"
        and len(sheet.pictures) == len(shape["open_questions"])
        and all(
            not one or (one.startswith(PNG) and len(one) <= room_for_pictures(shape))
            for one in sheet.pictures
        )
    )


def _is_answer(code: int, item: list[int]) -> bool:
    n_values, may_be_not_applicable = item
    if code == NOT_APPLICABLE:
        return bool(may_be_not_applicable)
    return code in {MISSING, PREFER_NOT} or 0 <= code < n_values


def _is_band(code: int, question: list[int]) -> bool:
    return code in {MISSING, PREFER_NOT} or 0 <= code < question[1]
