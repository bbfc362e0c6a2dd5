from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.survey.paper.layout import Layout, Page
from baken.survey.paper.marks import Mark
from baken.survey.paper.scanning.assembling import Assembly, Unclear, assemble
from baken.survey.paper.scanning.gaps import Gap, gaps_in
from baken.survey.paper.scanning.readings import PageReading, Problem

EDITION = "K7QF2M9D"
LAYOUTS = {EDITION: Layout(EDITION, "nl", large=False, pages=tuple(Page(n) for n in range(1, 5)))}


def scan(pattern: str) -> list[PageReading]:
    """Pages of a scan: a digit is a page, `-` blank, `x` foreign, `o` two pages on one picture,
    `f` another form, `B` begins another unit."""
    pages, unit, number = [], "00A", count(1)
    for sign in pattern.replace(" ", ""):
        if sign == "B":
            unit = "00B"
        elif sign == "-":
            pages.append(PageReading(next(number), Problem.BLANK))
        elif sign == "o":
            pages.append(PageReading(next(number), Problem.SEVERAL_CODES))
        elif sign == "f":
            mark = Mark("ZZZZZZZZ", "nl", 1, "00A")
            pages.append(PageReading(next(number), Problem.OTHER_FORM, mark))
        elif sign == "x":
            pages.append(PageReading(next(number), Problem.NO_CODE))
        else:
            pages.append(PageReading(next(number), mark=Mark(EDITION, "nl", int(sign), unit)))
    return pages


def shown(assembly: Assembly) -> tuple[list[list[int]], list[tuple[Unclear, list[int]]]]:
    sheets = [[page.number for page in sheet.pages] for sheet in assembly.sheets]
    unclear = [(each.reason, [page.number for page in each.pages]) for each in assembly.stretches]
    return sheets, unclear


@pytest.mark.parametrize(
    ("pattern", "sheets", "unclear"),
    [
        ("1234 1234", [[1, 2, 3, 4], [5, 6, 7, 8]], []),
        ("1-2-3-4- 1234", [[1, 3, 5, 7], [9, 10, 11, 12]], []),
        ("4321 4321", [[1, 2, 3, 4], [5, 6, 7, 8]], []),
        ("1234 124 1234", [], [(Unclear.INCOMPLETE, list(range(1, 12)))]),
        (
            "1234 12234 1234 1234",
            [[14, 15, 16, 17]],
            [(Unclear.INCOMPLETE, list(range(1, 14)))],
        ),
        ("1234 2134 1234", [[1, 2, 3, 4], [9, 10, 11, 12]], [(Unclear.TURNED, [5, 6, 7, 8])]),
        ("1234 1x34 1234", [[1, 2, 3, 4], [9, 10, 11, 12]], [(Unclear.UNREADABLE, [5, 6, 7, 8])]),
        ("1234 x 1234", [[1, 2, 3, 4], [6, 7, 8, 9]], [(Unclear.FOREIGN, [5])]),
        ("12x34", [], [(Unclear.INCOMPLETE, [1, 2, 3, 4, 5])]),
        ("x234 1234", [[5, 6, 7, 8]], [(Unclear.UNREADABLE, [1, 2, 3, 4])]),
        ("123 B 1234", [[4, 5, 6, 7]], [(Unclear.INCOMPLETE, [1, 2, 3])]),
        (
            "1234 oo ff x 1234",
            [[1, 2, 3, 4], [10, 11, 12, 13]],
            [(Unclear.OPEN, [5, 6]), (Unclear.OTHER_FORM, [7, 8]), (Unclear.FOREIGN, [9])],
        ),
        ("", [], []),
    ],
)
def test_only_what_is_certain_becomes_a_sheet(
    pattern: str, sheets: list[list[int]], unclear: list[tuple[Unclear, list[int]]]
) -> None:
    found = assemble(scan(pattern), LAYOUTS)
    in_scan_order = [sorted(sheet) for sheet in shown(found)[0]]
    assert (in_scan_order, shown(found)[1]) == (sheets, unclear)
    for sheet in found.sheets:
        assert [page.mark.page for page in sheet.pages if page.mark] == [1, 2, 3, 4]


def test_a_turned_or_unreadable_sheet_is_proposed_and_not_taken() -> None:
    turned, unreadable = assemble(scan("1234 3412 1234 12x4 1234"), LAYOUTS).stretches
    (sheet,) = turned.proposed
    assert [page.number for page in sheet.pages] == [7, 8, 5, 6]
    (sheet,) = unreadable.proposed
    third = sheet.pages[2]
    assert (third.mark, third.problem) == (Mark(EDITION, "nl", 3, "00A"), Problem.NO_CODE)


@pytest.mark.parametrize(
    ("pattern", "proposed"),
    [
        ("1122 3344 1234", [[1, 3, 5, 7], [2, 4, 6, 8], [9, 10, 11, 12]]),  # leaves mixed
        ("1234 124 1234", [[1, 2, 3, 4], [8, 9, 10, 11]]),  # a page lost: what is whole beside it
        ("1234 12234 123", [[1, 2, 3, 4]]),
        ("12x34", []),
    ],
)
def test_of_pages_that_nobody_can_place_what_may_belong_together_is_proposed(
    pattern: str, proposed: list[list[int]]
) -> None:
    found = assemble(scan(pattern), LAYOUTS)
    (stretch,) = found.stretches
    assert found.sheets == ()
    assert stretch.reason is Unclear.INCOMPLETE
    assert [[page.number for page in sheet.pages] for sheet in stretch.proposed] == proposed


def test_the_pile_of_one_unit_takes_no_form_of_another() -> None:
    found = assemble(scan("1234 B 1234"), LAYOUTS, unit="00A")
    assert shown(found) == ([[1, 2, 3, 4]], [(Unclear.OTHER_UNIT, [5, 6, 7, 8])])


Fault = tuple[str, int, int]
FAULTS = st.tuples(
    st.sampled_from(["none", "lost", "twice", "swapped", "foreign"]),
    st.integers(0, 19),
    st.integers(1, 3),
)


@given(FAULTS, st.lists(st.integers(0, 24), max_size=6))
def test_no_fault_of_a_pile_makes_a_sheet_of_two_forms(fault: Fault, backs: list[int]) -> None:
    """Whatever happens once in a pile, a sheet that is taken holds pages of one form only."""
    kind, at, length = fault
    pile = [(form, page) for form in range(5) for page in range(1, 5)]
    if kind == "lost":
        del pile[at : at + length]
    elif kind == "twice":
        pile[at:at] = pile[at : at + length]
    elif kind == "swapped" and at + 1 < len(pile):
        pile[at], pile[at + 1] = pile[at + 1], pile[at]
    readings, origin = [], {}
    marks: list[tuple[int, int] | None] = list(pile)
    if kind == "foreign":
        marks.insert(at, None)
    for number, place in enumerate(marks, start=1):
        if place is None:
            readings.append(PageReading(number, Problem.NO_CODE))
            continue
        origin[number] = place[0]
        readings.append(PageReading(number, mark=Mark(EDITION, "nl", place[1], "00A")))
    for back in sorted(backs, reverse=True):
        readings.insert(back, PageReading(1000 + back, Problem.BLANK))
    found = assemble(readings, LAYOUTS)
    for sheet in found.sheets:
        assert len({origin[page.number] for page in sheet.pages}) == 1
    kept = [page for sheet in found.sheets for page in sheet.pages]
    kept += [page for stretch in found.stretches for page in stretch.pages] + list(found.blank)
    assert sorted(page.number for page in kept) == sorted(page.number for page in readings)


@pytest.mark.parametrize(
    ("pattern", "gaps"),
    [
        ("1234 124 1234", [Gap(7, 3, 4)]),
        ("1234 12234", [Gap(7, 3, 2)]),
        ("12 1234 123", [Gap(3, 3, 1), Gap(9, 4, 0)]),
        ("12x4 1234", []),
    ],
)
def test_where_a_page_is_missing_or_twice_is_named(pattern: str, gaps: list[Gap]) -> None:
    assert list(gaps_in(scan(pattern), 4)) == gaps
    assert [gap.is_repeated for gap in gaps] == [pattern == "1234 12234" for _ in gaps]
