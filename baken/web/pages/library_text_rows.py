"""The texts of a version as pages of fields: every language side by side, so many at a time."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from baken.instruments.definition import OUTCOMES
from baken.survey.library.content import Content, flat
from baken.survey.library.limits import MAX_TEXT
from baken.survey.library.slots import Slot, is_good, slots_of
from baken.web.languages import name_of
from baken.web.pages.library_words import Words, group_label, slot_label
from baken.web.texts import catalogue

MOST_FIELDS: Final = 240
"""Of one page, whatever the languages are: less than a form may send, and than people can bear."""

TEXTS_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of such a page when each field is full, in a script of which each sign becomes nine."""

BETWEEN: Final = "|"
LONG: Final = ("items", "open_questions", "scale_notes", "cutoff_sources")

Written = Mapping[str, Mapping[str, str]]
"""Language to path to what was typed."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in one language; `field` names its control.

    `is_twice` is a short name that another scale has too: in a table nobody could tell them apart.
    """

    field: str
    code: str
    language: str
    text: str
    is_missing: bool
    is_twice: bool
    most: int


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text in every language."""

    label: str
    cells: tuple[Cell, ...]
    is_long: bool


@dataclass(frozen=True, slots=True)
class TextPage:
    """Texts that are shown together: a group, or a part of one that is too long for a page."""

    group: str
    number: int
    of: int
    slots: tuple[Slot, ...]

    @property
    def key(self) -> str:
        """What stands in the address: “A2”, “A2.3”."""
        return self.group if self.of == 1 else f"{self.group}.{self.number}"

    def label(self, language: str) -> str:
        """Say what stands on the page."""
        name = group_label(self.group, language)
        if self.of == 1:
            return name
        return catalogue(language)("library.group_part", name=name, n=self.number, of=self.of)

    def n_missing(self, content: Content, awaited: Collection[str] = ()) -> int:
        """Return how many of its texts somebody has to write, in any language."""
        written = [flat(texts) for texts in content.texts.values()]
        slots = [slot for slot in self.slots if slot.path not in awaited]
        return sum(not is_good(slot, by_path) for slot in slots for by_path in written)


def awaited_by(content: Content, unset: Collection[str]) -> frozenset[str]:
    """Return the texts that come by themselves once scales have the factor they still lack."""
    scales = content.definition["scales"]
    taken = {scale["dimension"] for scale in scales.values()}
    names = ("dimensions", "dimension_headings") if unset and OUTCOMES not in taken else ()
    return frozenset(
        (*(f"scale_notes.{key}" for key in unset), *(f"{name}.{OUTCOMES}" for name in names))
    )


def text_pages(content: Content) -> tuple[TextPage, ...]:
    """Return the pages of a version, in the order of reading; a scale stays whole if it can."""
    most = max(1, MOST_FIELDS // max(1, len(content.texts)))
    pages = []
    for group, slots in groupby(slots_of(content), key=lambda slot: slot.group):
        parts = list(_split(slots, most))
        pages += [TextPage(group, n, len(parts), part) for n, part in enumerate(parts, start=1)]
    return tuple(pages)


def page_of(pages: tuple[TextPage, ...], asked: str) -> TextPage:
    """Return the page that an address means: its own key, or the first of a group, or the first."""
    group = asked.partition(".")[0]
    wanted = [page for page in pages if page.key == asked]
    return next(iter((*wanted, *(page for page in pages if page.group == group), *pages)))


def text_rows(
    content: Content,
    slots: tuple[Slot, ...],
    language: str,
    written: Written,
    awaited: Collection[str] = (),
) -> Iterator[TextRow]:
    """Yield the rows of a page; what was typed stands over what is kept."""
    words = Words(content, language)
    known = {code: flat(texts) for code, texts in content.texts.items()}
    shown = {code: texts | dict(written.get(code, {})) for code, texts in known.items()}
    heads = {
        code: Counter(_head(texts, one) for one in slots_of(content) if _head(texts, one))
        for code, texts in shown.items()
    }
    for slot in slots:
        cells = tuple(
            Cell(
                field=f"{code}{BETWEEN}{slot.path}",
                code=code,
                language=name_of(code),
                text=texts.get(slot.path, ""),
                is_missing=not is_good(slot, known[code]) and slot.path not in awaited,
                is_twice=heads[code][_head(texts, slot)] > 1,
                most=MAX_TEXT,
            )
            for code, texts in shown.items()
        )
        yield TextRow(slot_label(slot, words), cells, slot.section in LONG)


def _head(texts: Mapping[str, str], slot: Slot) -> str:
    return texts.get(slot.path, "").lower() if slot.is_short else ""


def _split(slots: Iterator[Slot], most: int) -> Iterator[tuple[Slot, ...]]:
    """Yield runs of at most so many slots, broken between scales where that is possible."""
    run: list[Slot] = []
    for _, part in groupby(slots, key=lambda slot: slot.part):
        whole = list(part)
        if run and len(run) + len(whole) > most:
            yield tuple(run)
            run = []
        while len(whole) > most:
            yield tuple(whole[:most])
            whole = whole[most:]
        run += whole
    if run:
        yield tuple(run)
