"""What was read on a page. Values only: whoever shows or keeps a reading loads no picture library.

A picture in a reading is a small PNG. Nothing in a reading is certain merely because it has a
value: `state` says whether a person must look, and only an answer without doubt may be taken over.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from baken.instruments.sheet import MISSING
from baken.survey.paper.marks import Mark

Picture = NDArray[np.uint8]
"""Grey, rows x columns, 0 black to 255 white."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A page that no scanner made, such as a form filled in on a screen."""

    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Bilevel:
    """A page of which the file has black and white alone, whatever it was drawn at."""

    picture: Picture


class Problem(StrEnum):
    """Why nothing on a page may be taken over without a person."""

    BROKEN = "broken"
    """The file is damaged here, or stops."""
    TOO_LARGE = "too_large"
    """More points than a scan of a page has; it was not unpacked."""
    BLACK = "black"
    BLANK = "blank"
    """Nothing on it: the back of a sheet. Nobody needs to look."""
    NO_CODE = "no_code"
    """No square code that could be read: a foreign page, or a damaged one of ours."""
    SEVERAL_CODES = "several_codes"
    FOREIGN_CODE = "foreign_code"
    """A square code of something else."""
    PROOF = "proof"
    OTHER_FORM = "other_form"
    """A form of this program, but not of this campaign."""
    NO_CORNERS = "no_corners"
    """Too few corner marks, or marks that do not agree with the square code."""
    DISPLACED = "displaced"
    """Frames of boxes are not where they were printed."""
    COARSE = "coarse"
    """Fewer points than `Thresholds.least_dpi`."""


class BoxState(StrEnum):
    EMPTY = "empty"
    MARKED = "marked"
    WITHDRAWN = "withdrawn"
    """Wholly blackened: how the form says to correct a mark."""
    DOUBTFUL = "doubtful"


class QuestionState(StrEnum):
    ANSWERED = "answered"
    CORRECTED = "corrected"
    """One clear mark, and another one clearly withdrawn."""
    UNANSWERED = "unanswered"
    DOUBTFUL = "doubtful"


class Doubt(StrEnum):
    """Why a person must look at one question."""

    PAGE = "page"
    """The whole page has a problem."""
    SEVERAL = "several"
    """More than one box has a mark."""
    UNCLEAR = "unclear"
    """There is something in a box, but whether it is a mark cannot be said."""
    WITHDRAWN = "withdrawn"
    """A blackened box and no mark in its place: withdrawn, or filled in as an answer."""
    BESIDE = "beside"
    """No box is marked, but there is ink beside or between the boxes."""
    NO_GREY = "no_grey"
    """No box is marked, but the scan has lost what was pale: a light mark may be gone."""
    FRAME = "frame"
    """The frame of a box cannot be seen, so neither can what stands in it."""


@dataclass(frozen=True, slots=True)
class BoxReading:
    """One box.

    Attributes
    ----------
    value
        As in `Box.value`.
    ink
        Share of the inside that is dark, 0 to 1.
    confidence
        0 (at the border between two states) to 1.
    trace
        Share of the inside that is at least faint, 0 to 1.
    """

    value: int
    ink: float
    state: BoxState
    confidence: float
    trace: float = 0.0


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """One question.

    Attributes
    ----------
    value
        The answer as on the answer sheet, `MISSING` when no box is marked, None in doubt.
    guess
        In doubt: what to offer to the person who looks, or None. Never taken over unseen.
    confidence
        Of the least certain box; 0 in doubt.
    picture
        In doubt: the strip of the page with its boxes.
    """

    question: str
    state: QuestionState
    value: int | None
    boxes: tuple[BoxReading, ...]
    confidence: float = 0.0
    doubt: Doubt | None = None
    guess: int | None = None
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """The room for handwriting below an open question: `picture` (1 bit) only when it has ink.

    When it is doubtful whether anything was written, `picture` is the whole field, for a person:
    with `has_ink` there is something to be seen, without it the scan may have lost what was there.
    """

    question: str
    has_ink: bool
    picture: bytes | None = None
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class BoxCrop:
    """A box as it was seen, for the gallery.

    Attributes
    ----------
    ink, trace, confidence, value
        As in `BoxReading`.
    picture
        `CROP` x `CROP` bytes of grey; a PNG once it has left the reader.
    lot
        Chance number by which a fair sample is drawn.
    """

    ink: float
    state: BoxState
    confidence: float
    picture: bytes
    trace: float = 0.0
    value: int = 0
    lot: int = 0


CROP: Final = 48


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page.

    Attributes
    ----------
    number
        Place in the scan, from 1.
    problem
        Why a person must look at the whole page; None when there is no such reason.
    dpi
        Points per inch of paper, measured by the corner marks; None when they were not found.
    turned
        By how many degrees the page lay turned clockwise: 0, 90, 180 or 270.
    picture
        The whole page, small and grey, when a person must look at all of it.
    glimpse
        The whole page, smaller, to see which pages belong together.
    digest
        SHA-256 of the picture as it was unpacked; empty where it has no grain of a scanner, by
        which alone two pages that say the same are not the same.
    """

    number: int
    problem: Problem | None = None
    mark: Mark | None = None
    dpi: float | None = None
    turned: int = 0
    questions: tuple[QuestionReading, ...] = ()
    fields: tuple[FieldReading, ...] = ()
    picture: bytes | None = None
    crops: tuple[BoxCrop, ...] = ()
    glimpse: bytes | None = None
    digest: bytes = b""

    @property
    def is_blank(self) -> bool:
        return self.problem is Problem.BLANK

    @property
    def hides_pale(self) -> bool:
        """Whether something looks empty here that the scan may have lost."""
        return any(one.doubt is Doubt.NO_GREY for one in self.questions) or any(
            one.is_doubtful and not one.has_ink for one in self.fields
        )

    @property
    def picture_bytes(self) -> int:
        """How much its pictures take."""
        pictures = [self.picture, self.glimpse, *(one.picture for one in self.fields)]
        pictures += [one.picture for one in self.questions]
        return sum(map(len, filter(None, pictures)))

    @property
    def doubtful(self) -> tuple[QuestionReading, ...]:
        """The questions a person must look at."""
        return tuple(each for each in self.questions if each.state is QuestionState.DOUBTFUL)

    @property
    def answers(self) -> dict[str, int]:
        """What may be taken over as it is, `MISSING` included; nothing of a page in doubt."""
        return {
            each.question: each.value
            for each in self.questions
            if each.value is not None and each.state is not QuestionState.DOUBTFUL
        }


def unanswered(question: str, boxes: tuple[BoxReading, ...], confidence: float) -> QuestionReading:
    """Return the reading of a question without any mark."""
    return QuestionReading(question, QuestionState.UNANSWERED, MISSING, boxes, confidence)
