"""Pages into sheets, by the order in which they were scanned: nothing else ties them together.

Forms carry no number, so two pages belong together only because one follows the other. A sheet is
certain when its pages stand in the order of the form, each once, all of one unit, and nothing near
them is unexplained. Everything else is a stretch of pages that a person compares with the pile.
What no reader can see: a leaf exchanged with the same leaf of another form of the same unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from baken.survey.paper.layout import Layout
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.readings import PageReading, Problem


class Unclear(StrEnum):
    """Why a stretch of pages is no sheet without a person."""

    FOREIGN = "foreign"
    """Pages of something else, or of which nothing can be read; no sheet next to them lacks one."""
    BLACK = "black"
    BROKEN = "broken"
    """The file is damaged there."""
    TOO_LARGE = "too_large"
    """More points than a scan of a page has."""
    OTHER_FORM = "other_form"
    """Forms of another survey, language or version."""
    OPEN = "open"
    """Two pages on one picture: a booklet that was scanned open."""
    OTHER_UNIT = "other_unit"
    """Forms of another unit than the one whose pile this is."""
    TURNED = "turned"
    """Every page once, but not in the order of the form."""
    UNREADABLE = "unreadable"
    """A page that cannot be read, where the sheet lacks one."""
    INCOMPLETE = "incomplete"
    """Pages are missing or stand here twice; sheets next to them may be concerned too."""


_OF_PROBLEM: Final = {
    Problem.SEVERAL_CODES: Unclear.OPEN,
    Problem.BLACK: Unclear.BLACK,
    Problem.BROKEN: Unclear.BROKEN,
    Problem.TOO_LARGE: Unclear.TOO_LARGE,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form: its pages in their order. Some may still have to be looked at."""

    edition: str
    language: str
    unit: str
    pages: tuple[PageReading, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pages in the order of the scan, and why they are no sheet.

    `proposed` are sheets to offer to the person who looks: each may be one form, or may not.
    """

    reason: Unclear
    pages: tuple[PageReading, ...]
    proposed: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembly:
    """All pages of a scan: each stands in one sheet or one stretch, or is blank."""

    sheets: tuple[Sheet, ...]
    stretches: tuple[Stretch, ...]
    blank: tuple[PageReading, ...]


Key = tuple[str, str, str]


def assemble(
    readings: Sequence[PageReading], layouts: Mapping[str, Layout], unit: str | None = None
) -> Assembly:
    """Return the sheets of a scan.

    Parameters
    ----------
    readings
        All pages in the order of the scan.
    layouts
        Of the forms of this campaign, by edition.
    unit
        Sign of the unit whose pile was scanned; None when units may follow each other.
    """
    pages = [page for page in readings if not page.is_blank]
    blank = tuple(page for page in readings if page.is_blank)
    sheets: list[Sheet] = []
    stretches: list[Stretch] = []
    for key, run in _runs(pages, layouts):
        if key is None:
            stretches += [
                Stretch(reason, tuple(part)) for reason, part in groupby(run, key=_why_not_ours)
            ]
        elif unit is not None and key[2] != unit:
            stretches.append(Stretch(Unclear.OTHER_UNIT, tuple(run)))
        else:
            order = [page.number for page in layouts[key[0]].pages]
            whole, unclear = _cut(run, key, sorted(order))
            sheets += whole
            stretches += unclear
    return Assembly(tuple(sheets), tuple(stretches), blank)


def _runs(
    pages: Sequence[PageReading], layouts: Mapping[str, Layout]
) -> Iterator[tuple[Key | None, list[PageReading]]]:
    """Yield stretches of pages of one unit, edition and language, and those of nothing known.

    A page of which nothing could be read stays with the pages around it when both sides are of one
    kind and the sheet before it is not complete: it may be the page that is missing there.
    """
    keys = [_key(page, layouts) for page in pages]
    for place, key in enumerate(keys):
        if key is None and pages[place].mark is None:
            keys[place] = _key_of_gap(keys, pages, place, layouts)
    paired = zip(keys, pages, strict=True)
    for key, run in groupby(paired, key=lambda pair: pair[0]):
        yield key, [page for _, page in run]


def _why_not_ours(page: PageReading) -> Unclear:
    if page.problem in _OF_PROBLEM:
        return _OF_PROBLEM[page.problem]
    return Unclear.FOREIGN if page.mark is None else Unclear.OTHER_FORM


def _key(page: PageReading, layouts: Mapping[str, Layout]) -> Key | None:
    mark = page.mark
    if mark is None or mark.edition not in layouts:
        return None
    layout = layouts[mark.edition]
    if mark.language != layout.language or mark.page not in {each.number for each in layout.pages}:
        return None
    return mark.edition, mark.language, mark.unit


def _key_of_gap(
    keys: Sequence[Key | None],
    pages: Sequence[PageReading],
    place: int,
    layouts: Mapping[str, Layout],
) -> Key | None:
    before = keys[place - 1] if place else None
    after = next((key for key in keys[place + 1 :] if key is not None), None)
    last = _page_number(pages[place - 1]) if place else None
    following = next((page.mark.page for page in pages[place + 1 :] if page.mark), 1)
    if before is not None and (last is None or last < len(layouts[before[0]].pages)):
        return before
    return after if following > 1 else None


def _page_number(page: PageReading) -> int | None:
    return page.mark.page if page.mark else None


def _cut(
    run: Sequence[PageReading], key: Key, order: Sequence[int]
) -> tuple[list[Sheet], list[Stretch]]:
    """Cut a run of pages of one kind into sheets and what is unclear."""
    numbers = [_page_number(page) for page in run]
    length = len(order)
    for usual in (list(order), *_other_orders(order)):
        # a pile scanned from its back: certain only when all of it is in that order
        if numbers == usual * (len(run) // length) and len(run) % length == 0:
            return [_sheet(key, run[at : at + length]) for at in range(0, len(run), length)], []
    parts = _parts(run, numbers, list(order))
    return _sorted_out(parts, key, order)


def _other_orders(order: Sequence[int]) -> Iterator[list[int]]:
    """Yield how a whole pile may lie turned: last page first, or the back of each leaf first."""
    yield list(order[::-1])
    if len(order) % 2 == 0:
        leaves = [list(order[at : at + 2]) for at in range(0, len(order), 2)]
        yield [page for leaf in leaves for page in leaf[::-1]]
        yield [page for leaf in leaves[::-1] for page in leaf]


def _parts(
    run: Sequence[PageReading], numbers: Sequence[int | None], order: list[int]
) -> list[tuple[bool, list[PageReading]]]:
    """Return whole sheets (True) and what stands between them (False), in the order of the scan."""
    parts: list[tuple[bool, list[PageReading]]] = []
    at = 0
    while at < len(run):
        if list(numbers[at : at + len(order)]) == order:
            parts.append((True, list(run[at : at + len(order)])))
            at += len(order)
            continue
        if not parts or parts[-1][0]:
            parts.append((False, []))
        parts[-1][1].append(run[at])
        at += 1
    return parts


def _sorted_out(
    parts: Sequence[tuple[bool, list[PageReading]]], key: Key, order: Sequence[int]
) -> tuple[list[Sheet], list[Stretch]]:
    """Return what is certain; whole sheets next to pages that nobody can place are not."""
    sheets: list[Sheet] = []
    stretches: list[Stretch] = []
    loose: list[PageReading] = []
    for place, (whole, pages) in enumerate(parts):
        near = [part for part in (place - 1, place + 1) if 0 <= part < len(parts)]
        if not whole and (explained := _explained(pages, key, order)):
            stretches.append(explained)
        elif not whole or any(_is_loose(parts[part], key, order) for part in near):
            loose += pages
            continue
        else:
            sheets.append(_sheet(key, pages))
        if loose:
            stretches.append(_mixed(loose, key, order))
            loose = []
    if loose:
        stretches.append(_mixed(loose, key, order))
    return sheets, stretches


def _mixed(loose: Sequence[PageReading], key: Key, order: Sequence[int]) -> Stretch:
    """Return pages that nobody can place, with what may belong together.

    Where every page is there equally often, forms were mixed: the first of each, the second of
    each, and so on. Otherwise what stands there as a whole form may be one.
    """
    by_number = [[page for page in loose if _page_number(page) == number] for number in order]
    if len(loose) == len(order) * len(by_number[0]) and len(set(map(len, by_number))) == 1:
        proposed = [_sheet(key, pages) for pages in zip(*by_number, strict=True)]
    else:
        parts = _parts(loose, [_page_number(page) for page in loose], list(order))
        proposed = [_sheet(key, pages) for whole, pages in parts if whole]
    return Stretch(Unclear.INCOMPLETE, tuple(loose), tuple(proposed))


def _is_loose(part: tuple[bool, list[PageReading]], key: Key, order: Sequence[int]) -> bool:
    whole, pages = part
    return not whole and _explained(pages, key, order) is None


def _explained(pages: Sequence[PageReading], key: Key, order: Sequence[int]) -> Stretch | None:
    """Return a stretch that is one sheet in all likelihood; a person still has to say so."""
    if len(pages) != len(order):
        return None
    numbers = [_page_number(page) for page in pages]
    if sorted(number for number in numbers if number is not None) == list(order):
        return Stretch(Unclear.TURNED, tuple(pages), (_sheet(key, pages),))
    fits = all(number in {None, due} for number, due in zip(numbers, order, strict=True))
    if not fits or all(number is None for number in numbers):
        return None
    filled = [_placed(page, key, due) for page, due in zip(pages, order, strict=True)]
    return Stretch(Unclear.UNREADABLE, tuple(pages), (_sheet(key, filled),))


def _placed(page: PageReading, key: Key, number: int) -> PageReading:
    """Return an unreadable page with the mark it must have had; its problem stays."""
    if page.mark is not None:
        return page
    edition, language, unit = key
    return PageReading(
        page.number,
        page.problem,
        Mark(edition, language, number, unit),
        page.dpi,
        page.turned,
        picture=page.picture,
        glimpse=page.glimpse,
    )


def _sheet(key: Key, pages: Sequence[PageReading]) -> Sheet:
    edition, language, unit = key
    return Sheet(
        edition, language, unit, tuple(sorted(pages, key=lambda it: _page_number(it) or 0))
    )
