"""Where a file of scans lies: readable on a disk that somebody chose, or encrypted on ours."""

from pathlib import Path

from baken.survey.paper.scanning.sealed_files import SealedFile

Source = Path | SealedFile


def size_of(source: Source) -> int:
    """Return how many bytes the file has."""
    return source.size if isinstance(source, SealedFile) else source.stat().st_size
