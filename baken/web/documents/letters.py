"""The letters that a document can be set in, out of the installed font packages."""

import importlib.resources
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

SANS: Final = "Source Sans Pro"
SERIF: Final = "Source Serif Pro"
SIGNS: Final = "DejaVu Sans Mono"
"""Comes with the typesetter; has the signs of a heat map that the other two lack."""

FILES: Final = (
    ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
)

MORE_SIGNS: Final = frozenset("●○□")

NO_LETTER: Final = "□"
"""Stands for a character that none of the fonts has; the document would be refused otherwise."""

_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of the house, and nothing of what this machine happens to have."""
    folder = Path(_folder().name)
    for package, file in FILES:
        source = importlib.resources.files(package) / "files" / file
        with importlib.resources.as_file(source) as path:
            shutil.copy(path, folder / file)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    # The typesetter reads whole folders, and these packages hold every face in two formats.
    return tempfile.TemporaryDirectory(prefix="baken-fonts-")


@cache
def _letters() -> frozenset[int]:
    package, file = FILES[0]
    source = importlib.resources.files(package) / "files" / file
    with importlib.resources.as_file(source) as path, TTFont(path, lazy=True) as font:
        known = frozenset(font.getBestCmap())
    return known | {ord(sign) for sign in MORE_SIGNS}


def printable(text: str) -> tuple[str, frozenset[str]]:
    """Return a text in letters that can be printed, and the characters that have none."""
    plain = _INVISIBLE.sub("", text)
    letters = _letters()
    strange = frozenset(
        sign for sign in set(plain) if ord(sign) not in letters and sign not in "\n\t"
    )
    if not strange:
        return plain, strange
    return "".join(NO_LETTER if sign in strange else sign for sign in plain), strange
