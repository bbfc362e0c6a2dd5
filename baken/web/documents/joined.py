"""Several pages of our own as one PDF: one run of page numbers, bookmarks for every part.

They are joined before they are set, as what was read of the pages and not as finished files: so the
whole stays tagged, the same pages give the same bytes, and no second library touches a PDF.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .letters import printable
from .outline import Block, Outline, Words, outline_of, said
from .pdf import Printed, set_outline

DEEPEST: Final = 4
_NEW_PAGE: Final = Words((), look="new-page")


@dataclass(frozen=True, slots=True)
class Piece:
    """One page to be joined; its headings go `deeper` levels down."""

    page: str
    deeper: int = 0
    starts_page: bool = True

    @property
    def words_sha256(self) -> str:
        """Of what the page says: the same words in another layout are the same."""
        words = "\0".join(said(outline_of(self.page)))
        return hashlib.sha256(words.encode()).hexdigest()


def joined(pieces: Sequence[Piece]) -> Printed:
    """Set pages one after the other; title and language are those of the first.

    Raises
    ------
    UnknownElement
        At an element that documents do not have.
    """
    strange: frozenset[str] = frozenset()
    sections: list[tuple[Block, ...]] = []
    first: Outline | None = None
    for piece in pieces:
        text, odd = printable(piece.page)
        outline = outline_of(text)
        first = first or outline
        strange |= odd
        begins = piece.starts_page and bool(sections)
        sections += [(_NEW_PAGE,)] if begins else []
        sections += [tuple(_within(section, piece.deeper)) for section in outline.sections]
    if first is None:
        raise ValueError("Nothing to join.")
    whole = Outline(first.title, first.language, tuple(sections))
    return Printed(set_outline(whole), strange)


def _within(section: tuple[Block, ...], deeper: int) -> Iterator[Block]:
    """The blocks of a part: headings deeper, and no mark of its own on the sheets of the others."""
    for block in section:
        if not isinstance(block, Words):
            yield block
        elif block.level:
            yield replace(block, level=min(block.level + deeper, DEEPEST))
        elif block.look == "mark":
            yield replace(block, look="stamp")
        else:
            yield block
