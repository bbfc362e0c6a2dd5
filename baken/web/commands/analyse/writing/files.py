"""The files an analysis leaves: all formats that were asked for, or none."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from errno import EACCES, ENOTDIR
from functools import cached_property
from hashlib import sha256
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any, Final

import msgspec

from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree

MOST_SAID: Final = 200
"""Characters that a list of strange characters may take in a note."""

PAGE: Final = "baken.web.documents.results.page"
WORKBOOK: Final = "baken.web.documents.results.workbook"
LANGUAGE: Final = f"{__package__}.language"

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """Results with what is needed to say them in words.

    Attributes
    ----------
    wanted : str or None
        Language that was asked for.
    """

    found: Results
    instrument: Instrument
    tree: Tree
    wanted: str | None = None

    @cached_property
    def language(self) -> str:
        """Language of the page, the workbook and the PDF."""
        chosen: str = _loaded(LANGUAGE, "language_of")(self.instrument, self.wanted)
        return chosen

    @cached_property
    def page(self) -> str:
        """The HTML page, which is printed as well."""
        made: str = _loaded(PAGE, "analysis_page")(
            self.found, self.instrument, self.tree, self.language
        )
        return made


@dataclass(frozen=True, slots=True)
class Made:
    """The content of a file, and what whoever asked for it should know about it."""

    content: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written."""

    path: Path
    notes: tuple[str, ...]


Maker = Callable[[Report], Made]


def _json(report: Report) -> Made:
    # The json module of Python, asked to indent, takes ten times longer for as many figures.
    return Made(msgspec.json.format(msgspec.json.encode(report.found), indent=1) + b"\n")


def _html(report: Report) -> Made:
    return Made(report.page.encode())


def _xlsx(report: Report) -> Made:
    make = _loaded(WORKBOOK, "analysis_workbook")
    return Made(make(report.found, report.instrument, report.tree, report.language))


def _pdf(report: Report) -> Made:
    printed = import_module("baken.web.documents.pdf").pdf_of(report.page)
    digest = f"SHA-256 {sha256(printed.content).hexdigest()}"
    if not printed.strange:
        return Made(printed.content, (digest,))
    signs = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in sorted(printed.strange))
    return Made(
        printed.content,
        (
            digest,
            f"no letter to print {signs[:MOST_SAID]} with, a box stands in its place. Write these "
            "names in letters of the Latin, Greek or Cyrillic alphabet for a printed copy.",
        ),
    )


def _loaded(module: str, name: str) -> Callable[..., Any]:
    """Return a maker of a module, loaded when it is asked for.

    The libraries for pages, workbooks and print take longer to load than a small analysis lasts.
    """
    maker: Callable[..., Any] = getattr(import_module(module), name)
    return maker


MAKERS: Final[Mapping[str, Maker]] = {"json": _json, "html": _html, "xlsx": _xlsx, "pdf": _pdf}


def check_language(instrument: Instrument, wanted: str | None) -> None:
    """Refuse a language that the questionnaire is not in, before any work is done."""
    if wanted is not None:
        _loaded(LANGUAGE, "language_of")(instrument, wanted)


def check_folder(out: Path) -> None:
    """Raise `OSError` when nothing could be written there, before any work is done."""
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(out))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(out))


def write_results(out: Path, formats: Sequence[str], report: Report) -> Iterator[Written]:
    """Write results into a folder and return the files; what stood there is replaced."""
    _check_finite(report.found)
    # Everything is made before anything is written: a folder holds all formats or none.
    contents = {name: MAKERS[name](report) for name in formats}
    out.mkdir(parents=True, exist_ok=True)
    for name, made in contents.items():
        path = out / f"results.{name}"
        beside = out / f".results.{name}.new"
        beside.write_bytes(made.content)
        beside.replace(path)
        yield Written(path, made.notes)


def _check_finite(found: Any, where: str = "results") -> None:
    """Raise `ValueError` at a number that is none: a fault in a method, which a null would hide."""
    if isinstance(found, float) and not isfinite(found):
        raise ValueError(f"{where} is {found}")
    if isinstance(found, Mapping):
        for name, value in found.items():
            _check_finite(value, f"{where}.{name}")
    elif isinstance(found, list | tuple):
        for place, value in enumerate(found):
            _check_finite(value, f"{where}.{place}")
