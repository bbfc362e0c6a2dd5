"""Printed forms as one file to download: a PDF, or one for each unit together in a ZIP."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from .copies import Printing, print_copies

_NO_NAME: Final = re.compile(r"[^\w]+")
# The earliest moment that a ZIP can hold: the same forms are the same bytes on any day.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A file with its kind and the end of its name."""

    content: bytes
    media_type: str
    ending: str


def file_of(printings: Sequence[Printing]) -> PrintedFile:
    """Return the forms of one unit as a PDF, of several as a ZIP with a PDF for each."""
    if len(printings) == 1:
        return PrintedFile(print_copies(printings[0]), "application/pdf", "pdf")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for printing in printings:
            entry = zipfile.ZipInfo(_name_of(printing), _NO_TIME)
            archive.writestr(entry, print_copies(printing))
    return PrintedFile(packed.getvalue(), "application/zip", "zip")


def _name_of(printing: Printing) -> str:
    """Sign, name and number: two units may have one name, and a packet has to be counted."""
    words = _NO_NAME.sub("-", printing.group.name).strip("-")[:_LONGEST]
    return f"{printing.group.sign}-{words}-{printing.copies}.pdf"
