"""Files that may go with an entry: what they are is read from their content, not from their name.

Pictures are made anew, so that nothing stays of place, device and maker, and so are PDFs, whose
author and program go. What is to be seen in a picture or on a page stays, names too.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from baken.actionplan.register.bare_pdf import PdfLocked, bare_pdf
from baken.actionplan.register.errors import InvalidEntry

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_FILES: Final = 5
MOST_WAITING_FILES: Final = 100
"""With entries that nobody has looked at: who knows the word on the poster fills no disk."""

_MOST_POINTS: Final = 40_000_000
_NAME_LENGTH: Final = 100
# What Pillow raises at a picture that somebody built by hand; a bomb is none of the usual kinds.
_DAMAGED: Final = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    Image.DecompressionBombError,
    UnidentifiedImageError,
    struct.error,
    zlib.error,
)
_ONE_AT_A_TIME: Final = Lock()
"""A picture of five megabytes may take half a gigabyte while it is made anew."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept: without what stood beside the picture or the pages."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    endings: frozenset[str]
    begins: bytes
    clean: Callable[[bytes], bytes]


def check_file(name: str, content: bytes) -> File:
    """Return a file as it may be kept.

    Raises
    ------
    InvalidEntry
        When it is empty, too large, none of the kinds that are taken, damaged, or when its name
        says something else than its content.
    """
    check_size(len(content))
    kind = next((one for one in _KINDS if content.startswith(one.begins)), None)
    if kind is None:
        raise InvalidEntry(
            "register.file_kind",
            "This file is not taken: a PDF, a JPEG picture or a PNG picture is. Make it one of "
            "these, or give it to the person who keeps the register.",
        )
    ending = name.rpartition(".")[2].lower()
    if ending not in kind.endings:
        raise InvalidEntry(
            "register.file_ending",
            "The name of the file ends in .{ending}, but its content is something else. Save it "
            "anew under its own kind and choose it again.",
            ending=ending[:20],
        )
    try:
        return File(_tidy(name), kind.media_type, kind.clean(content))
    except PdfLocked as error:
        raise InvalidEntry(
            "register.file_locked",
            "This document asks for a password. Save it without one and choose it again.",
        ) from error
    except _DAMAGED as error:
        raise InvalidEntry(
            "register.file_damaged", "This file is damaged. Open it, save it anew and try again."
        ) from error


def check_size(size: int | None) -> None:
    """Raise `InvalidEntry` for an empty or too large file; None: more than is taken."""
    if size is None or size > MOST_BYTES:
        raise InvalidEntry(
            "register.file_large",
            "The file is larger than {most} MB. Make the picture smaller, or give the file to "
            "the person who keeps the register.",
            most=MOST_BYTES // 1024**2,
        )
    if size == 0:
        raise InvalidEntry("register.file_empty", "Choose a file that is not empty.")


def _tidy(name: str) -> str:
    """A name without a folder and without signs that nobody sees."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem, _, ending = last.rpartition(".")
    plain = "".join(sign for sign in stem if sign.isprintable() and sign not in '<>:"|?*')
    return f"{plain.strip()[:_NAME_LENGTH] or 'file'}.{ending.lower()}"


def _whole_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-1024:]:
        raise ValueError("The end of the document is missing.")
    return bare_pdf(content)


def _picture_as(form: str, mode: str) -> Callable[[bytes], bytes]:
    def clean(content: bytes) -> bytes:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what the file says beside its picture
            image = Image.open(io.BytesIO(content), formats=[form])
            if image.width * image.height > _MOST_POINTS:
                raise ValueError("The picture has more points than any screen.")
            # Turned as the camera held it, because that too stood beside the picture.
            upright = ImageOps.exif_transpose(image).convert(mode)
            bare = Image.frombytes(mode, upright.size, upright.tobytes())
            out = io.BytesIO()
            bare.save(out, form)
        return out.getvalue()

    return clean


_KINDS: Final = (
    _Kind("application/pdf", frozenset({"pdf"}), b"%PDF-", _whole_pdf),
    _Kind("image/jpeg", frozenset({"jpg", "jpeg"}), b"\xff\xd8\xff", _picture_as("JPEG", "RGB")),
    _Kind("image/png", frozenset({"png"}), b"\x89PNG\r\n\x1a\n", _picture_as("PNG", "RGBA")),
)
TAKEN: Final[Mapping[str, str]] = {
    f".{ending}": one.media_type for one in _KINDS for ending in sorted(one.endings)
}
"""Endings that a form offers."""
