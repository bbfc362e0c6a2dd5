"""Comments as if written by hand, in black and white, as a scan cuts them out of a form."""

import importlib.resources
import io
from functools import cache
from textwrap import wrap
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SIZE: Final = 34
_LINE: Final = 52
_WIDTH: Final = 46  # letters on a line
_MARGIN: Final = 16
_SLANT: Final = 0.07
_ROOM: Final = 80  # pixels around a letter, so that none is cut when it is turned


@cache
def _face() -> ImageFont.FreeTypeFont:
    source = importlib.resources.files("font_source_sans_pro") / "files" / "SourceSansPro-It.ttf"
    with importlib.resources.as_file(source) as path:
        return ImageFont.truetype(str(path), _SIZE)


def write_by_hand(text: str, rng: np.random.Generator) -> bytes:
    """Return a PNG of the text, every letter a little askew and off the line."""
    lines = wrap(text, _WIDTH)
    width = 2 * _MARGIN + max(int(_face().getlength(line) * 1.12) for line in lines) + _SIZE
    page = Image.new("L", (width, 2 * _MARGIN + _LINE * len(lines)), 255)
    for row, line in enumerate(lines):
        x, drift = float(_MARGIN), 0.0
        for letter in line:
            drift += float(rng.normal(0, 0.35)) - 0.15 * drift
            y = _MARGIN + row * _LINE + drift
            _put(page, letter, (x, y), float(rng.normal(0, 3.0)))
            x += _face().getlength(letter) * float(rng.normal(1.06, 0.04))
    leaning = page.transform(
        page.size, Image.Transform.AFFINE, (1, _SLANT, -_SLANT * page.height / 2, 0, 1, 0),
        Image.Resampling.BILINEAR, fillcolor=255,
    )  # fmt: skip
    content = io.BytesIO()
    leaning.point(lambda tone: 255 if tone > 150 else 0).convert("1").save(content, "PNG")
    return content.getvalue()


def _put(page: Image.Image, letter: str, at: tuple[float, float], askew: float) -> None:
    ink = Image.new("L", (_ROOM, _ROOM), 0)
    ImageDraw.Draw(ink).text((_ROOM // 4, _ROOM // 4), letter, fill=255, font=_face())
    turned = ink.rotate(askew, Image.Resampling.BILINEAR)
    corner = (round(at[0]) - _ROOM // 4, round(at[1]) - _ROOM // 4)
    page.paste(0, corner, turned)
