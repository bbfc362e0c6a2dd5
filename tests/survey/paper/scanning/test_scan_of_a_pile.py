"""A pile as it lies on a scanner: forms, and everything that should not lie between them.

`BAKEN_SCAN_PAGES=300 BAKEN_SCAN_DPI=200` reads a large file and says what it took.
"""

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.random import default_rng
from PIL import Image

from baken.survey.paper.layout import Layout
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.apart import FileReading, read_apart
from baken.survey.paper.scanning.assembling import Unclear, assemble
from baken.survey.paper.scanning.patience import Limits
from baken.survey.paper.scanning.readings import Problem
from tests.survey.paper.scanning.pens import Pen, cross, draw
from tests.survey.paper.scanning.printed import Grey, by_opencv, make_layout
from tests.survey.paper.scanning.wear import Wear, wear_out

PAGES = int(os.environ.get("BAKEN_SCAN_PAGES", "0"))
DPI = int(os.environ.get("BAKEN_SCAN_DPI", "200"))
LAYOUT = make_layout() if PAGES else make_layout(pages=2, rows=8)
LAYOUTS = {LAYOUT.edition: LAYOUT}
OTHER = make_layout(edition="ZZZZZZZZ", pages=1, rows=8)
PEN = Pen(0.5, 0.2)
MIB = 2**20


def filled(layout: Layout, number: int, wear: Wear) -> Grey:
    """A page with a cross in the second box of every question, scanned."""
    per_mm, random = DPI / 25.4, default_rng(number)
    page = by_opencv(layout, Mark(layout.edition, "nl", number, "00A"), per_mm)
    for box in layout.page(number).boxes:
        if box.value == 1:
            draw(page, cross(box, PEN, random), per_mm, random)
    return wear_out(page, per_mm, wear, random)


def form(wear: Wear) -> list[Grey]:
    return [filled(LAYOUT, page.number, wear) for page in LAYOUT.pages]


def foreign_pages(white: Grey) -> list[Grey]:
    note, black = white.copy(), np.full_like(white, 8)
    cv2.putText(note, "zie bijlage", (300, 800), cv2.FONT_HERSHEY_SIMPLEX, 2, 30, 3)
    return [note, black]


def scanned(pages: Iterator[Grey], path: Path) -> None:
    first, *others = [Image.fromarray(page) for page in pages]
    first.save(path, "PDF", resolution=DPI, save_all=True, append_images=others)


def pile() -> list[Grey]:
    """Two forms that had an accident, and between them what is none of ours."""
    coffee = Wear(dpi=DPI, rotation=0.5, stains=2)
    copy = Wear(dpi=DPI, rotation=-0.4, photocopy=True)
    first, second = form(coffee), form(copy)
    white = np.full_like(first[0], 252)
    other = filled(OTHER, 1, Wear(dpi=DPI))
    booklet = np.hstack([first[0], second[1]])
    return [*first, *foreign_pages(white), other, booklet, white, *second]


def test_a_pile_with_foreign_sheets_gives_its_forms_and_names_the_rest(tmp_path: Path) -> None:
    pages = pile()
    if PAGES:
        n = len(pages)
        scanned((pages[place % n] for place in range(PAGES)), tmp_path / "scan")
        print(report(tmp_path / "scan"))
        return
    scanned(iter(pages), tmp_path / "scan")
    found = read_apart(tmp_path / "scan", LAYOUTS)
    whole = assemble(found.pages, LAYOUTS)
    assert [[page.number for page in sheet.pages] for sheet in whole.sheets] == [[1, 2], [8, 9]]
    assert [(each.reason, [page.number for page in each.pages]) for each in whole.stretches] == [
        (Unclear.FOREIGN, [3]),
        (Unclear.BLACK, [4]),
        (Unclear.OTHER_FORM, [5]),
        (Unclear.OPEN, [6]),
    ]
    assert [page.number for page in whole.blank] == [7]
    assert [page.problem for page in found.pages][3] is Problem.BLACK
    given = {value for sheet in whole.sheets for page in sheet.pages
             for value in page.answers.values()}  # fmt: skip
    assert given == {1}  # below coffee a question may be in doubt, and none is wrong
    assert sum(found.boxes.counts.values()) == sum(
        len(LAYOUT.page(page.mark.page).boxes) for sheet in whole.sheets for page in sheet.pages
        if page.mark
    )  # fmt: skip


def report(path: Path) -> str:
    """Read a file as the server does, and say how long it took and how much memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    found: FileReading = read_apart(path, LAYOUTS, limits=Limits(3600, 3600))
    took = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = assemble(found.pages, LAYOUTS)
    n = len(found.pages)
    processor = readers.ru_utime + readers.ru_stime
    pictures = sum(page.picture_bytes for page in found.pages)
    return (
        f"\n{path.stat().st_size / MIB:.0f} MiB, {n} pages at {DPI} dpi: {took:.1f} s, "
        f"{n / took:.1f} pages a second, {processor / n * 1000:.0f} ms of processor a page; "
        f"largest reader {readers.ru_maxrss / 1024:.0f} MiB, server +{(after - before) / 1024:.0f} "
        f"MiB, pictures {pictures / MIB:.0f} MiB; {len(whole.sheets)} forms, "
        f"{sum(len(one.pages) for one in whole.stretches)} pages left out; load "
        f"{os.getloadavg()[0]:.1f}"
    )
