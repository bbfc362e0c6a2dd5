"""Fonts cut down to the characters of our languages: when they are built, and then no more."""

import importlib.resources
import io
from collections.abc import Collection
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont

_USE_MY_METRICS: Final = 0x0200


def cut_font(package: str, file: str, characters: Collection[int]) -> bytes:
    """Return a font of an installed package as WOFF2, with these characters only."""
    source = importlib.resources.files(package) / "files" / file
    with importlib.resources.as_file(source) as path:
        font = TTFont(path, recalcTimestamp=False)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "tnum", "lnum", "locl", "mark", "ccmp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    _forget_borrowed_widths(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _forget_borrowed_widths(font: TTFont) -> None:
    """Let every composed glyph have its own width.

    The serif’s percent sign says that it is as wide as the stroke within it: browsers believe that
    and set the next letter on top of it.
    """
    for name in font.getGlyphOrder():
        glyph = font["glyf"][name]
        if glyph.isComposite():
            for part in glyph.components:
                part.flags &= ~_USE_MY_METRICS
