"""How many pages a file has, where it says so before it is read."""

from typing import Final

import pypdfium2

from baken.survey.paper.scanning.sources import Source

_HEAD: Final = 1024
_PDF: Final = b"%PDF-"


def count_pages(source: Source) -> int:
    """Return how many pages a PDF says it has; 0 for what does not say so, or cannot be opened."""
    with source.open("rb") as file:
        if _PDF not in file.read(_HEAD):
            return 0
        file.seek(0)
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError:
            return 0  # why it cannot be read is said by reading it
        with document:
            return len(document)
