"""What stands on a page of our own: headings, texts, lists and tables, in order, by section.

It knows the elements that our documents use. Another one is refused here, where a test meets it,
rather than left out of what somebody prints.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .elements import Element, elements_of

LEVELS: Final = {"h1": 1, "h2": 2, "h3": 3, "summary": 3, "p": 0}
"""Elements that are one text, and the level of those that are headings."""

AROUND: Final = frozenset({"", "html", "body", "main", "section", "div", "details"})
WITHIN: Final = frozenset({"span", "small", "strong", "em", "a"})
LEFT_OUT: Final = frozenset({"head"})

UNSEEN: Final = "unseen"
"""The look of words for whoever hears a page: on paper sign and legend say the same."""

# Not \s: a space that must not break is more than white space.
_SPACE: Final = re.compile(r"[ \t\r\n]+")


class UnknownElement(Exception):
    """A page holds an element that no document had before: a fault in the page, or here."""

    def __init__(self, element: Element) -> None:
        super().__init__(f"<{element.tag}> of line {element.line} has no place in a document")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look: the class of its element, or its name if it has none."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A heading (level 1 to 3), a text (0), an entry of a list, or a cell of a table."""

    runs: tuple[Run, ...]
    look: str = ""
    level: int = 0
    span: int = 1
    is_head: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Entries:
    """A list."""

    entries: tuple[Words, ...]
    look: str = ""


Row = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows that every page repeats, and the others."""

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    look: str = ""


Block = Words | Entries | Grid


@dataclass(frozen=True, slots=True)
class Outline:
    """One document."""

    title: str
    language: str
    sections: tuple[tuple[Block, ...], ...]


def outline_of(page: str) -> Outline:
    """Read a page that our templates made.

    Raises
    ------
    UnknownElement
        At an element that documents do not have.
    """
    whole = elements_of(page)
    title = next(whole.find("title"), None)
    language = next((element.attributes.get("lang", "") for element in whole.find("html")), "")
    return Outline(_words(title).text if title else "", language, tuple(_sections(whole)))


def mark_of(outline: Outline) -> str:
    """What has to stand on every sheet, because sheets are copied one by one; often nothing."""
    blocks = (block for section in outline.sections for block in section)
    marks = (block.text for block in blocks if isinstance(block, Words) and block.look == "mark")
    return next(marks, "")


def said(outline: Outline) -> Iterator[str]:
    """What a page says, piece by piece: no classes, no levels, no kinds of space."""
    for section in outline.sections:
        for block in section:
            for words in _words_of(block):
                yield " ".join(words.text.split())


def _words_of(block: Block) -> Iterator[Words]:
    if isinstance(block, Words):
        yield block
    elif isinstance(block, Entries):
        yield from block.entries
    else:
        for row in (*block.head, *block.body):
            yield from row


def _sections(around: Element) -> Iterator[tuple[Block, ...]]:
    loose: list[Block] = []
    for child in around.inner():
        if child.tag not in AROUND:
            loose.extend(_blocks(child))
            continue
        if loose:
            yield tuple(loose)
            loose = []
        if child.tag == "section":
            yield tuple(block for inner in child.inner() for block in _blocks(inner))
        else:
            yield from _sections(child)
    if loose:
        yield tuple(loose)


def _blocks(element: Element) -> Iterator[Block]:
    if element.tag in AROUND:
        for child in element.inner():
            yield from _blocks(child)
    elif element.tag in LEVELS:
        yield _words(element)
    elif element.tag == "ul":
        yield Entries(tuple(_words(entry) for entry in element.find("li")), element.look)
    elif element.tag == "table":
        yield Grid(_rows(element, "thead"), _rows(element, "tbody"), element.look)
    elif element.tag not in LEFT_OUT:
        raise UnknownElement(element)


def _rows(table: Element, part: str) -> tuple[Row, ...]:
    return tuple(
        tuple(_words(cell) for cell in row.inner())
        for rows in table.find(part)
        for row in rows.find("tr")
    )


def _words(element: Element) -> Words:
    return Words(
        _tidied(_runs(element, "")),
        element.look,
        LEVELS.get(element.tag, 0),
        int(element.attributes.get("colspan", "1")),
        element.tag == "th",
    )


def _runs(element: Element, look: str) -> Iterator[Run]:
    for child in element.children:
        if isinstance(child, str):
            yield Run(_SPACE.sub(" ", child), look)
        elif child.tag == "br":
            yield Run("\n", look)
        elif child.tag not in WITHIN:
            raise UnknownElement(child)
        elif child.look != UNSEEN:
            yield from _runs(child, child.look or child.tag)


def _tidied(runs: Iterator[Run]) -> tuple[Run, ...]:
    """Leave one space between words and none at the ends of a line, as a browser does."""
    tidy: list[Run] = []
    for run in runs:
        begins = not tidy or tidy[-1].text.endswith((" ", "\n"))
        text = run.text.lstrip(" ") if begins else run.text
        if text:
            tidy.append(Run(text, run.look))
    while tidy and not tidy[-1].text.rstrip(" \n"):
        tidy.pop()
    if tidy:
        tidy[-1] = Run(tidy[-1].text.rstrip(" \n"), tidy[-1].look)
    return tuple(tidy)
