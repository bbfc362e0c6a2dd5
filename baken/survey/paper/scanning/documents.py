"""Pages of a PDF, drawn at the resolution at which they were scanned.

Drawing finer than the scan would make a coarse scan look like a fine one, so the picture in the
page decides; a page without one (filled in on a screen) is drawn at `DRAWN_DPI`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from baken.survey.paper.scanning.errors import damaged_scan, locked_scan
from baken.survey.paper.scanning.limits import MAX_POINTS
from baken.survey.paper.scanning.readings import Bilevel, Drawn, Picture, Problem

DRAWN_DPI: Final = 200.0
FINEST_DPI: Final = 300.0
"""Finer scans are drawn at this: reading gains nothing and takes four times as long."""

_POINTS_PER_INCH: Final = 72.0
# Pages of more than 2 metres or less than 2 centimetres are no sheets of paper.
_SIDES: Final = (50.0, 5700.0)
_MAX_PICTURES: Final = 500
# Square points: smaller ones are a logo on a page that was drawn; a scan comes in strips at least.
_LEAST_PICTURE: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class _Scanned:
    """How a page was scanned: `dpi` of its largest picture, and whether it is one of a scanner.

    `bilevel` is the area of its pictures in black and white alone, in square points.
    """

    dpi: float
    is_scanned: bool
    bilevel: float


def read_pages(
    file: BinaryIO, wanted: Callable[[int], bool]
) -> Iterator[Picture | Drawn | Bilevel | Problem | None]:
    """Yield each page of the document, or why it cannot be had; None for one not wanted.

    Raises
    ------
    CannotReadScan
        Locked with a password, or damaged as a whole.
    """
    try:
        document = pypdfium2.PdfDocument(file)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in {
            pdfium.FPDF_ERR_PASSWORD,
            pdfium.FPDF_ERR_SECURITY,
        }:
            raise locked_scan() from error
        raise damaged_scan() from error
    with document:
        if count == 0:
            raise damaged_scan()
        for place in range(count):
            yield _page(document, place) if wanted(place + 1) else None


def _page(document: pypdfium2.PdfDocument, place: int) -> Picture | Drawn | Bilevel | Problem:
    try:
        page = document[place]
    except pypdfium2.PdfiumError:
        return Problem.BROKEN
    try:
        return _drawn(page)
    except pypdfium2.PdfiumError:
        return Problem.BROKEN
    finally:
        page.close()


def _drawn(page: pypdfium2.PdfPage) -> Picture | Drawn | Bilevel | Problem:
    width, height = page.get_size()
    if not all(_SIDES[0] <= side <= _SIDES[1] for side in (width, height)):
        return Problem.TOO_LARGE
    scanned = _scanned_at(page)
    if scanned is None:
        return Problem.TOO_LARGE
    scale = min(scanned.dpi, FINEST_DPI) / _POINTS_PER_INCH
    if width * height * scale**2 > MAX_POINTS:
        return Problem.TOO_LARGE
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    try:
        points: Picture = np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        bitmap.close()
    grey = points if points.ndim == 2 else points[..., 0]
    if not scanned.is_scanned:
        return Drawn(grey)
    return Bilevel(grey) if 2 * scanned.bilevel > width * height else grey


def _scanned_at(page: pypdfium2.PdfPage) -> _Scanned | None:
    """Return what the pictures of a page say of its scan; None for a bomb."""
    largest, dpi, bilevel = _LEAST_PICTURE, DRAWN_DPI, 0.0
    pictures = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
    for seen, image in enumerate(pictures, start=1):
        columns, rows = image.get_px_size()
        if columns * rows > MAX_POINTS or seen > _MAX_PICTURES:
            return None
        left, bottom, right, top = image.get_bounds()
        across, along = sorted((right - left, top - bottom))
        bilevel += across * along if image.get_metadata().bits_per_pixel == 1 else 0.0
        if across * along > largest:
            fewer, more = sorted((columns, rows))
            largest = across * along
            dpi = _POINTS_PER_INCH * min(fewer / across, more / along)
    return _Scanned(dpi, largest > _LEAST_PICTURE, bilevel)
