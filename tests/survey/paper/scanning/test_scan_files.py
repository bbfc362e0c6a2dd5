"""Files as scanners, phones and mischief make them."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from baken.survey.paper.scanning.errors import CannotReadScan
from baken.survey.paper.scanning.files import open_scan
from baken.survey.paper.scanning.readings import Problem

A4 = (595.28, 841.89)
A8 = (148.8, 210.0)  # small paper, so that little has to be packed


def picture(tone: int, size: tuple[int, int] = (165, 234)) -> Image.Image:
    return Image.new("L", size, tone)


def pdf(*pages: Image.Image, password: str | None = None, paper: tuple[float, float] = A8) -> bytes:
    content = io.BytesIO()
    locked = StandardEncryption(password) if password else None
    canvas = Canvas(content, pagesize=paper, encrypt=locked)
    for page in pages:
        canvas.drawImage(ImageReader(page), 0, 0, *paper)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def file_of(folder: Path, content: bytes, name: str = "scan.bin") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def saved(image: Image.Image, kind: str, **more: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **more)
    return content.getvalue()


def huge_png(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def huge_tiff(side: int) -> bytes:
    tags = [(256, side), (257, side), (258, 8), (259, 1), (262, 1), (273, 8), (278, side), (279, 8)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + b"\0" * 12


def tones(path: Path) -> list[int | Problem | None]:
    return [
        page.problem if page.picture is None else round(float(page.picture.mean()))
        for page in open_scan(path)
    ]


def test_pages_come_in_order_whatever_the_file_is_called(tmp_path: Path) -> None:
    pages = [picture(tone) for tone in (250, 200, 150)]
    many = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    fax = saved(picture(255).convert("1"), "TIFF", compression="group4")
    assert tones(file_of(tmp_path, pdf(*pages), "scan.jpg")) == [250, 200, 150]
    assert tones(file_of(tmp_path, many, "scan.pdf")) == [250, 200, 150]
    assert tones(file_of(tmp_path, fax)) == [255]
    hard, grey = picture(255).convert("1"), [picture(255)]
    both = saved(hard, "PDF", resolution=80, save_all=True, append_images=grey)
    files = (fax, saved(hard, "PNG"), both)
    told = [[page.is_bilevel for page in open_scan(file_of(tmp_path, one))] for one in files]
    assert told == [[True], [True], [True, False]]
    assert tones(file_of(tmp_path, saved(picture(90), "JPEG"), "scan.png")) == [90]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_becomes_grey(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((40, 30), 65535, np.uint16))
    elif mode in {"LA", "RGBA"}:
        image = Image.new(mode, (30, 40), (0,) * len(mode))  # wholly transparent: white paper
    else:
        image = picture(255, (30, 40)).convert(mode)
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert tones(file_of(tmp_path, saved(image, kind))) == [255]


def test_a_page_is_drawn_as_fine_as_it_was_scanned_and_no_finer(tmp_path: Path) -> None:
    path = file_of(tmp_path, pdf(picture(255, (310, 438)), picture(255, (1240, 1754))))
    coarse, fine = [page.picture for page in open_scan(path)]
    assert coarse is not None
    assert fine is not None
    assert coarse.shape == pytest.approx((438, 310), abs=2)  # 150 dots per inch stay 150
    assert fine.shape == pytest.approx((877, 620), abs=2)  # 600 are drawn at 300


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "scanning.empty"),
        (b"PK\x03\x04 a workbook", "scanning.not_a_scan"),
        (b"GIF89a" + b"\0" * 50, "scanning.not_a_scan"),
        (b"%PDF-1.7\nnothing more", "scanning.damaged"),
        (b"II*\0\xff\xff\xff\xff", "scanning.damaged"),
        (b"\xff\xd8\xff\xe0 no picture", "scanning.damaged"),
        (b"\x89PNG\r\n\x1a\n no picture", "scanning.damaged"),
        (pdf(picture(255), password="geheim"), "scanning.locked"),
    ],
)
def test_a_file_without_pages_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, key: str
) -> None:
    with pytest.raises(CannotReadScan) as refused:
        list(open_scan(file_of(tmp_path, content)))
    assert refused.value.key == key


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = pdf(picture(255))
    for side in (b"/Width 165", b"/Height 234"):
        assert side in bomb
        bomb = bomb.replace(side, side[:-3] + b"99999")
    for content in (huge_png(60_000), huge_png(12_000), huge_tiff(60_000), bomb):
        assert tones(file_of(tmp_path, content)) == [Problem.TOO_LARGE]
    large = file_of(tmp_path, b"%PDF-")
    with large.open("r+b") as file:
        file.truncate(501 * 2**20)  # takes no room on the disk
    with pytest.raises(CannotReadScan) as refused:
        list(open_scan(large))
    assert refused.value.key == "scanning.too_large"


def test_a_damaged_page_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8)
    for kind in ("PNG", "JPEG"):
        content = saved(Image.fromarray(noise), kind)
        assert tones(file_of(tmp_path, content[: len(content) // 2])) == [Problem.BROKEN]
    pages = [picture(tone) for tone in (250, 200, 150)]
    many = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    with Image.open(io.BytesIO(many)) as image:
        image.seek(1)
        (at,) = image.tag_v2[273]
    hurt = many[:at] + b"\xff" * 60 + many[at + 60 :]
    assert tones(file_of(tmp_path, hurt)) == [250, Problem.BROKEN, 150]


def test_a_document_filled_in_on_a_screen_is_drawn_at_two_hundred(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(*A4)
    document.save(tmp_path / "drawn.pdf")
    document.close()
    (page,) = open_scan(tmp_path / "drawn.pdf")
    assert page.picture is not None
    assert page.picture.shape == pytest.approx((2339, 1654), abs=1)
