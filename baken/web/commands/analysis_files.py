"""The files an analysis leaves: all formats that were asked for, or none."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from errno import EACCES, ENOTDIR
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any, Final

import msgspec

from baken.instruments.definition import Instrument
from baken.survey.disclosure.tree import Tree

Results = Mapping[str, Any]
Maker = Callable[[Results, Instrument, Tree], bytes]

NOT_YET: Final = ("pdf",)


def _json(found: Results, _: Instrument, __: Tree) -> bytes:
    # The json module of Python, asked to indent, takes ten times longer for as many figures.
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _html(found: Results, instrument: Instrument, tree: Tree) -> bytes:
    written: str = _loaded("analysis_page")(found, instrument, tree)
    return written.encode()


def _xlsx(found: Results, instrument: Instrument, tree: Tree) -> bytes:
    written: bytes = _loaded("analysis_workbook")(found, instrument, tree)
    return written


def _loaded(name: str) -> Callable[..., Any]:
    """Return the maker of that name in the module of that name, loaded when it is asked for.

    The libraries for pages and workbooks take longer to load than a small analysis lasts.
    """
    maker: Callable[..., Any] = getattr(import_module(f"baken.web.commands.{name}"), name)
    return maker


MAKERS: Final[Mapping[str, Maker]] = {"json": _json, "html": _html, "xlsx": _xlsx}


def check_folder(out: Path) -> None:
    """Raise `OSError` when nothing could be written there, before any work is done."""
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(out))
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(out))


def write_results(
    out: Path, formats: Sequence[str], found: Results, instrument: Instrument, tree: Tree
) -> Iterator[Path]:
    """Write results into a folder and return the files; what stood there is replaced."""
    _check_finite(found)
    # Everything is made before anything is written: a folder holds all formats or none.
    contents = {name: MAKERS[name](found, instrument, tree) for name in formats}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        path = out / f"results.{name}"
        beside = out / f".results.{name}.new"
        beside.write_bytes(content)
        beside.replace(path)
        yield path


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
