"""How much one file of scans may hold; how long reading it may take: `patience`."""

from typing import Final

MAX_MIB: Final = 500
MAX_PAGES: Final = 1000
"""500 MiB at 200 dots per inch in grey, and what two processes read while somebody waits."""

MAX_POINTS: Final = 50_000_000
"""A4 at 700 dots per inch. More is no scan of a page, or a bomb."""

MOST_PICTURES: Final = 96 * 2**20
"""Bytes of pictures for people. Whole forms leave some 30 kilobytes a page; doubts leave more."""
