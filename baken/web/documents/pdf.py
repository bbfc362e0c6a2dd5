"""A page of our own as a PDF: tagged, with its fonts inside, the same bytes for the same page.

The content is that of the HTML page, read from it (`outline`), so the two cannot say different
things. How it looks on paper stands in `document.typ`. No date, no random name and no font of this
machine goes in. The typesetter refuses what a screen reader could not follow (PDF/UA-1).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import msgspec
import typst

from baken.web.texts import catalogue

from .letters import SANS, SERIF, SIGNS, fonts, printable
from .outline import Block, Entries, Grid, Outline, Row, Words, mark_of, outline_of

LAYOUT: Final = Path(__file__).with_name("document.typ")
TOKENS: Final = Path(__file__).parents[1] / "static" / "css" / "tokens.css"

MOST_UPRIGHT: Final = 8
"""Columns that an upright sheet has room for; a section with a wider table lies on its side."""

MOST_COLUMNS: Final = 21
"""Columns that a sheet on its side has room for; the rest follows in a second table."""

NAMES: Final = 36
FIGURES: Final = 28
HEAT: Final = 9
"""Characters after which a name, another cell, or one of a heat map goes on on the next line."""

SWATCH: Final = " " * 5
"""Room for a sign in its box, beside its words."""

# A name without spaces may be longer than its column: then it breaks where it has to.
_LONG: Final = re.compile(r"\S{24,}")
_MAY_BREAK: Final = "\N{ZERO WIDTH SPACE}"

_COLOUR: Final = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and the characters in it that no font of ours has: they are printed as a box."""

    content: bytes
    strange: frozenset[str]


def pdf_of(page: str) -> Printed:
    """Set a page that our templates made.

    Raises
    ------
    UnknownElement
        At an element that documents do not have.
    """
    text, strange = printable(page)
    return Printed(set_outline(outline_of(text)), strange)


def set_outline(outline: Outline) -> bytes:
    """Set what was read of a page, or of several (`joined`), as one PDF."""
    say = catalogue(outline.language)
    given = {
        "title": outline.title,
        "language": outline.language,
        "mark": mark_of(outline),
        "page": say("documents.page", page="{page}", pages="{pages}"),
        "fonts": {"sans": SANS, "serif": SERIF, "signs": SIGNS},
        "colours": _colours(),
        "sections": [_section(section) for section in outline.sections],
    }
    return typst.compile(
        str(LAYOUT),
        root=str(LAYOUT.parent),
        font_paths=fonts(),
        sys_inputs={"given": msgspec.json.encode(given).decode()},
        pdf_standards=["ua-1"],
    )


def _colours() -> Mapping[str, str]:
    """The colours of the house by day: paper has no dark side."""
    by_day, _, _ = TOKENS.read_text(encoding="utf-8").partition("@media")
    return dict(_COLOUR.findall(by_day))


def _section(blocks: tuple[Block, ...]) -> dict[str, Any]:
    grids = [block for block in blocks if isinstance(block, Grid)]
    return {
        "on_its_side": any(_n_columns(grid) > MOST_UPRIGHT for grid in grids),
        "blocks": [given for block in blocks for given in _block(block)],
    }


def _block(block: Block) -> Iterator[dict[str, Any]]:
    if isinstance(block, Words):
        yield {"is": "heading" if block.level else "text", "level": block.level, **_words(block)}
    elif isinstance(block, Entries):
        yield {
            "is": "list",
            "look": block.look,
            "entries": [_words(entry) for entry in block.entries],
        }
    else:
        for part in _cut(block):
            yield {
                "is": "table",
                "look": part.look,
                "widths": _widths(part),
                "head": [_row(row) for row in part.head],
                "body": [_row(row) for row in part.body],
            }


def _words(words: Words) -> dict[str, Any]:
    return {"look": words.look, "runs": [[_breakable(run.text), run.look] for run in words.runs]}


def _breakable(text: str) -> str:
    return _LONG.sub(lambda found: _MAY_BREAK.join(found[0]), text)


def _row(row: Row) -> list[dict[str, Any]]:
    return [{**_words(cell), "span": cell.span, "head": cell.is_head} for cell in row]


def _n_columns(grid: Grid) -> int:
    return max(sum(cell.span for cell in row) for row in (*grid.head, *grid.body))


def _cut(grid: Grid) -> Iterator[Grid]:
    """Cut a table that is wider than a sheet into tables that each begin with its first column."""
    n_columns = _n_columns(grid)
    room = MOST_COLUMNS - 1
    if n_columns <= MOST_COLUMNS:
        yield grid
        return
    for begin in range(1, n_columns, room):
        end = min(begin + room, n_columns)
        yield Grid(
            tuple(_part(row, begin, end) for row in grid.head),
            tuple(_part(row, begin, end) for row in grid.body),
            grid.look,
        )


def _part(row: Row, begin: int, end: int) -> Row:
    """The first cell of a row, and of the others what stands in these columns."""
    starts = accumulate((cell.span for cell in row), initial=0)
    cells = []
    for start, cell in zip(starts, row, strict=False):
        span = min(start + cell.span, end) - max(start, begin)
        if start == 0:
            cells.append(cell)
        elif span > 0:
            cells.append(Words(cell.runs, cell.look, cell.level, span, cell.is_head))
    return tuple(cells)


def _widths(grid: Grid) -> list[int]:
    """How wide each column is beside the others, in characters."""
    heads: list[list[str]] = [[] for _ in range(_n_columns(grid))]
    lines: list[list[str]] = [[] for _ in range(_n_columns(grid))]
    for place, text in (column for row in grid.head for column in _columns(row)):
        heads[place].extend(text.split())
    for place, text in (column for row in grid.body for column in _columns(row)):
        lines[place].extend(text.split("\n"))
    first, *others = (
        max(_longest(words), min(_longest(texts), NAMES if place == 0 else FIGURES)) + 3
        for place, (words, texts) in enumerate(zip(heads, lines, strict=True))
    )
    if grid.look == "heatmap":
        others = [min(max(others), HEAT)] * len(others)
    return [first, *others]


def _longest(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts), default=0)


def _columns(row: Row) -> Iterable[tuple[int, str]]:
    """Where the cells of one column begin, and their text; a sign in its box takes more room."""
    starts = accumulate((cell.span for cell in row), initial=0)
    return (
        (start, cell.text + SWATCH * sum(run.look.startswith("swatch") for run in cell.runs))
        for start, cell in zip(starts, row, strict=False)
        if cell.span == 1
    )
