"""Where the cells of CSV lines stand in their bytes, found for a whole block of lines at once.

Only what is written regularly is split here: as many cells on every line as there are columns,
quotation marks around whole cells. For anything else there is no answer, and the `csv` module of
Python reads it cell by cell.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NEWLINE: Final = ord("\n")
RETURN: Final = ord("\r")
QUOTE: Final = ord('"')

EMPTY: Final = 0
"""Stands for a cell without a character; no text holds this byte."""

LONG: Final = 255
"""Stands for a cell of more than one byte, and for the one byte 255."""

LONGEST: Final = 131_072
"""Characters of a cell beyond which the `csv` module takes the file for damaged."""

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a block of lines.

    Attributes
    ----------
    n_lines : int
        Lines of the block, empty ones included.
    lines : (n_rows,) array
        Which of them have anything in their cells.
    symbols : (n_columns, n_rows) array
        The only byte of a cell, `EMPTY`, or `LONG`.
    starts, ends : (n_rows, n_columns) arrays
        Where the text of a cell begins and ends, quotation marks left out.
    """

    n_lines: int
    lines: Places
    symbols: NDArray[np.uint8]
    starts: Places
    ends: Places


def split(block: bytes, *, n_columns: int, separator: int) -> Cells | None:
    """Find the cells of whole lines, each with its line end; None unless they are regular."""
    content = np.frombuffer(block, dtype=np.uint8)
    ends = _cell_ends(block, content, n_columns, separator)
    if ends is None:
        return None
    starts = np.zeros_like(ends)
    np.add(ends[:-1], 1, out=starts[1:])
    if b"\r" in block:
        last = ends[n_columns - 1 :: n_columns]
        last -= content[last - 1] == RETURN
        if int((content[last] == RETURN).sum()) != block.count(b"\r"):
            return None
    if b'"' in block:
        is_quoted = content[starts] == QUOTE
        starts += is_quoted
        ends -= is_quoted
    lengths = ends - starts
    if int(lengths.max(initial=0)) > LONGEST:
        return None
    symbols = _symbols(block, content, starts, lengths).reshape(-1, n_columns)
    lines = np.flatnonzero(symbols.any(axis=1))
    places = starts.reshape(symbols.shape), ends.reshape(symbols.shape)
    if len(lines) < len(symbols):
        symbols, places = symbols[lines], (places[0][lines], places[1][lines])
    n_lines = len(starts) // n_columns
    return Cells(n_lines, lines, np.ascontiguousarray(symbols.T), *places)


def _cell_ends(
    block: bytes, content: NDArray[np.uint8], n_columns: int, separator: int
) -> Places | None:
    """Return where cells end; None unless every line has its number of cells."""
    is_newline = content == NEWLINE
    is_end = is_newline | (content == separator)
    if b'"' in block:
        inside = _inside_quotes(content, separator)
        if inside is None:
            return None
        is_newline &= ~inside
        is_end &= ~inside
    ends = np.flatnonzero(is_end)
    n_lines = int(np.count_nonzero(is_newline))
    is_regular = len(ends) == n_lines * n_columns and is_newline[ends[n_columns - 1 :: n_columns]]
    return ends if np.all(is_regular) else None


def _inside_quotes(content: NDArray[np.uint8], separator: int) -> NDArray[np.bool_] | None:
    """Return what stands within quotation marks; None unless these stand around whole cells.

    Two of them beside each other within a cell are one that was written, and change nothing here:
    the first closes, the second opens.
    """
    is_quote = content == QUOTE
    places = np.flatnonzero(is_quote)
    opening, closing = places[::2], places[1::2]
    if len(opening) != len(closing):
        return None
    # the byte "before" the first is the last one, a line end
    before, after = content[opening - 1], content[closing + 1]
    begins = (before == separator) | (before == NEWLINE) | (before == QUOTE)
    stops = (after == separator) | (after == NEWLINE) | (after == RETURN) | (after == QUOTE)
    if not (begins.all() and stops.all()):
        return None
    return (np.cumsum(is_quote, dtype=np.uint8) & 1).astype(np.bool_)


def _symbols(
    block: bytes, content: NDArray[np.uint8], starts: Places, lengths: Places
) -> NDArray[np.uint8]:
    symbols = content[starts]
    if not block.isascii():
        symbols[symbols > 127] = LONG
    symbols[lengths != 1] = LONG
    symbols[lengths == 0] = EMPTY
    return symbols
