"""Pages of TIFF, JPEG and PNG files. The header is looked at before anything is unpacked."""

import warnings
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import numpy as np
from PIL import Image

from baken.survey.paper.scanning.errors import damaged_scan
from baken.survey.paper.scanning.limits import MAX_POINTS
from baken.survey.paper.scanning.readings import Bilevel, Picture, Problem

_FORMATS: Final = ("JPEG", "PNG", "TIFF")
# What damaged files make Pillow raise; its own errors are of these kinds.
_DAMAGED: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    RuntimeError,
    Image.DecompressionBombError,
)
# Sides above which a JPEG is unpacked at half its size: 400 dots per inch.
_PLENTY: Final = (3300, 4700)


def read_pictures(
    file: BinaryIO, wanted: Callable[[int], bool]
) -> Iterator[Picture | Bilevel | Problem | None]:
    """Yield each picture of the file, or why it cannot be had; None for one not wanted.

    Raises
    ------
    CannotReadScan
        The header is damaged: there is not one picture.
    """
    try:
        image = _opened(file)
    except Image.DecompressionBombError:
        yield Problem.TOO_LARGE
        return
    except _DAMAGED as error:
        raise damaged_scan() from error
    with image:
        yield _unpacked(image) if wanted(1) else None
        # a phone adds smaller versions of the same picture to a JPEG; only a TIFF has pages
        place = 1
        while image.format == "TIFF" and (found := _turned_to(image, place)):
            place += 1
            if found is True and not wanted(place):
                yield None
            else:
                yield _unpacked(image) if found is True else found


def _opened(file: BinaryIO) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(file, formats=_FORMATS)


def _turned_to(image: Image.Image, place: int) -> bool | Problem:
    """Go to a page; False after the last one, a problem where the list of pages is damaged."""
    if image.tell() < place - 1:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(place)
    except EOFError:
        return False
    except _DAMAGED:
        return Problem.BROKEN
    return True


def _unpacked(image: Image.Image) -> Picture | Bilevel | Problem:
    width, height = image.size
    if width * height > MAX_POINTS:
        return Problem.TOO_LARGE
    try:
        if image.format in {"JPEG", "MPO"} and min(width, height) > _PLENTY[0]:
            image.draft("L", (width // 2, height // 2))
        elif image.format in {"JPEG", "MPO"}:
            image.draft("L", (width, height))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what the file says beside its picture
            points = _grey(image)
    except _DAMAGED:
        return Problem.BROKEN
    return Bilevel(points) if image.mode == "1" else points


def _grey(image: Image.Image) -> Picture:
    """Return the picture in grey; what is transparent is white paper."""
    if image.mode.startswith(("I", "F")):
        deep = np.asarray(image, dtype=np.float32)
        top = 65535.0 if deep.max(initial=0.0) > 255 else 255.0
        return (deep * (255.0 / top)).clip(0, 255).astype(np.uint8)
    if image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        paper.alpha_composite(layered)
        return np.asarray(paper.convert("L"), dtype=np.uint8)
    return np.asarray(image.convert("L"), dtype=np.uint8)
