"""The letters of a form: their metrics, and whether they are all there."""

import importlib.resources
import re
from functools import cache, lru_cache
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from baken.survey.errors import CannotPrint
from baken.survey.paper.composing.ink import Face, Form, GroupLine, Words
from baken.survey.paper.composing.typesetting import POINT

NAMES: Final[dict[Face, str]] = {"regular": "FormSans", "bold": "FormSans-Semibold"}
FILES: Final[dict[Face, str]] = {
    "regular": "SourceSansPro-Regular.ttf",
    "bold": "SourceSansPro-Semibold.ttf",
}
PACKAGE: Final = "font_source_sans_pro"

NO_LETTER: Final = "?"

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


@cache
def fonts() -> dict[Face, TTFont]:
    """Return the faces of a form, known to the drawing program."""
    made: dict[Face, TTFont] = {}
    for face, file in FILES.items():
        source = importlib.resources.files(PACKAGE) / "files" / file
        with importlib.resources.as_file(source) as path:
            made[face] = TTFont(NAMES[face], str(path))
        pdfmetrics.registerFont(made[face])
    return made


@lru_cache(maxsize=20_000)
def measure(text: str, face: Face, size: float) -> float:
    """Return the width of a text in millimetres."""
    width: float = fonts()[face].stringWidth(text, size, "utf-8")
    return width * POINT


def visible(text: str) -> str:
    """Return a text without signs that only steer how it is shown on a screen."""
    return _INVISIBLE.sub("", text)


def missing(text: str) -> frozenset[str]:
    """Return the signs of a text for which there is no letter."""
    known = fonts()["regular"].face.charToGlyph
    return frozenset(sign for sign in visible(text) if ord(sign) not in known)


def with_known(text: str) -> str:
    """Return a text in which a sign without a letter is a question mark."""
    strange = missing(text)
    return "".join(NO_LETTER if sign in strange else sign for sign in visible(text))


def check_letters(form: Form) -> None:
    """Raise `CannotPrint` when a form holds signs for which there is no letter."""
    lines = (one for page in form.ink for one in page if isinstance(one, Words | GroupLine))
    strange = sorted(frozenset().union(*(missing(line.text) for line in lines)))
    if strange:
        raise CannotPrint(
            "survey.form_letters",
            "The letters of the form lack these signs of the questionnaire: {signs}. People who "
            "read this language can answer on a screen.",
            signs=" ".join(strange[:12]),
        )
