"""Files from elsewhere as other programs write them: what is taken, and what is named instead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.library import load_instrument
from baken.instruments.sheet import MISSING, NOT_APPLICABLE, PREFER_NOT, is_code
from baken.storage.workbooks import Sheet, write_rows
from baken.survey.box.importing.columns import Columns, in_order, suggest
from baken.survey.box.importing.files import Column, Line, Table, read_table
from baken.survey.box.importing.reading import Omission, read_answers
from baken.survey.box.importing.values import Reason, Rules
from baken.survey.errors import CannotImport

INSTRUMENT = load_instrument("vijf-a", "1")
ITEMS = INSTRUMENT.items
FIRST, SECOND = ITEMS[0], ITEMS[1]
UNITS = [
    {"key": key, "parent": above, "number": number, "name": name, "kind": "team", "headcount": 9}
    for key, above, number, name in (
        ("k-top", None, "0", "Huis"),
        ("k-a", "k-top", "12", "Zorg A"),
        ("k-b", "k-top", "13", "Nacht"),
        ("k-c", "k-top", "14", "Nacht"),
    )
]


def read(content, columns=None, **layout):
    table = read_table(content, **layout)
    return read_answers(table, columns or suggest(table, INSTRUMENT), INSTRUMENT, UNITS)


def firsts(reading):
    """The codes of the first question, person by person."""
    return [sheet.answers[0] for _, sheet in reading.letters]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (f"eenheid,{FIRST.code}\nZorg A,3\n".encode(), "UTF-8"),
        (f"eenheid;{FIRST.code}\nZorg A;3\n".encode("utf-8-sig"), "UTF-8"),
        (f"sep=;\r\nunité;{FIRST.code};x\r\nZorg A;3;né\r\n".encode("cp1252"), "Windows-1252"),
        (f"eenheid\t{FIRST.code}\nZorg A\t3\n".encode("utf-16"), "UTF-16"),
        (f'Jaar 2024, zorg\n"eenheid";"{FIRST.code}";"x"\nZorg A;3;"a, b, c"'.encode(), "UTF-8"),
    ],
    ids=["plain", "mark", "windows", "utf-16", "title"],
)  # fmt: skip
def test_text_files_of_every_kind_are_read_alike(content, encoding):
    table = read_table(content)
    assert table.encoding == encoding
    reading = read(content)
    assert [(unit, sheet.answers[0]) for unit, sheet in reading.letters] == [("k-a", 2)]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "survey.import_empty"),
        (b"a;b\n", "survey.import_no_lines"),
        (b'a;b\n"1;2\n', "survey.import_not_csv"),
        (b"a;b\n\x81;1\n", "survey.import_not_text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "survey.import_not_text"),
        (b"\n\n\n", "survey.import_empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content, key):
    with pytest.raises(CannotImport) as error:
        read_table(content)
    assert error.value.key == key


def test_odd_values_are_named_with_row_and_column_and_count_as_missing():
    odd = ["3,5", "NA", ">5", "6", "2026-03-05", "x" * 90, "3", "3.0", " 4 "]
    said = [f'{number};{FIRST.code};"{value}";5' for number, value in enumerate(odd)]
    content = "\n".join([f"nr;naam;{FIRST.code};{SECOND.code}", *said, "9;z;NA;5"]).encode()
    reading = read(content)
    assert firsts(reading) == [MISSING] * 6 + [2, 2, 3, MISSING]
    assert all(sheet.answers[1] == 4 for _, sheet in reading.letters)
    assert [(one.row, one.value, one.reason, one.times) for one in reading.oddities] == [
        (2, "3,5", Reason.FRACTION, 1),
        (3, "NA", Reason.NO_NUMBER, 2),
        (4, ">5", Reason.NO_NUMBER, 1),
        (5, "6", Reason.OUTSIDE, 1),
        (6, "2026-03-05", Reason.NO_NUMBER, 1),
        (7, "x" * 40, Reason.NO_NUMBER, 1),
    ]
    assert str(reading.oddities[1]) == (
        f"row 3, column C: {FIRST.code}: “NA” is no answer to this question (2 times)"
    )


def test_a_sheet_of_a_workbook_with_a_title_dates_and_truth_values():
    rows = [
        ["Bevraging 2023", None, None],
        ["Eenheid", FIRST.code, SECOND.code],
        ["12", 3, 2.0],
        [None, date(2023, 5, 3), 1],
        ["Nacht", True, 5],
        ["Elders", 4, date(2024, 2, 1)],
        [],
        ["zorg a", 1, None, "beyond the header"],
    ]
    content = write_rows([Sheet("Uitleg", [["lees mij"]]), Sheet("Data", rows)])
    table = read_table(content, sheet="Data")
    assert (table.sheets, table.head_row) == (("Uitleg", "Data"), 2)
    reading = read(content, sheet="Data")
    assert [unit for unit, _ in reading.letters] == ["k-a", "", "", "", "k-a"]
    assert firsts(reading) == [2, MISSING, MISSING, 3, 0]
    assert [(one.row, one.reason) for one in reading.oddities] == [
        (4, Reason.DATE), (5, Reason.NO_NUMBER), (6, Reason.DATE),
    ]  # fmt: skip
    assert [(one.said, one.reason, one.rows) for one in reading.strangers] == [
        ("Nacht", "several", [5]), ("Elders", "unknown", [6]), ("", "empty", [4]),
    ]  # fmt: skip
    with pytest.raises(CannotImport, match="Row 7"):
        read_table(content, sheet="Data", head_row=7)


def test_rows_that_shifted_or_say_nothing_are_left_out_and_listed():
    content = f"eenheid,{FIRST.code},{SECOND.code}\n12,3,5,5\n12,,\n12,2\n12,3,4,,\n".encode()
    reading = read(content)
    assert [(one.row, one.reason) for one in reading.left_out] == [
        (2, Omission.SHIFTED), (3, Omission.NO_ANSWER),
    ]  # fmt: skip
    assert (reading.n_rows, firsts(reading)) == (4, [1, 2])


def test_columns_of_one_name_are_nobodys_until_somebody_chooses():
    table = read_table(f"eenheid;{FIRST.code};{FIRST.code};{SECOND.code}\n12;1;2;3\n".encode())
    assert table.repeated == (FIRST.code,)
    columns = suggest(table, INSTRUMENT)
    assert columns.items == {SECOND.code: 3}
    chosen = Columns(unit=0, items={FIRST.code: 2})
    assert firsts(read_answers(table, chosen, INSTRUMENT, UNITS)) == [1]
    with pytest.raises(CannotImport, match="C: "):
        read_answers(table, Columns(items={FIRST.code: 2, SECOND.code: 2}), INSTRUMENT, UNITS)
    for wrong in (Columns(), Columns(items={FIRST.code: 9}), Columns(items={"nothing": 1})):
        with pytest.raises(CannotImport):
            read_answers(table, wrong, INSTRUMENT, UNITS)


def test_a_layout_that_nobody_confirmed_is_mapped_in_order_and_kept_by_name():
    heads = [f"Vraag {number}" for number in range(1, len(ITEMS) + 1)]
    line = ["12", *("0" for _ in ITEMS)]
    table = read_table((";".join(["Dienst", *heads]) + "\n" + ";".join(line)).encode())
    columns = in_order(suggest(table, INSTRUMENT), table, INSTRUMENT, first=1)
    assert list(columns.items.values()) == list(range(1, len(ITEMS) + 1))
    ruled = Columns(0, columns.items, rules=Rules(lowest=0, prefer_not=("99",)))
    reading = read_answers(table, ruled, INSTRUMENT, UNITS)
    assert set(reading.letters[0][1].answers) == {0}
    again = suggest(table, INSTRUMENT, ruled.named(table))
    assert (again.unit, again.items, again.rules) == (0, ruled.items, ruled.rules)


def test_labels_and_words_of_the_file_are_understood():
    item = next(item for item in ITEMS if item.not_applicable)
    other = next(item for item in ITEMS if not item.not_applicable)
    label = INSTRUMENT.texts["fr"].options[item.format.key][item.format.high]
    content = f"{item.code};{other.code}\n{label};1\nNVT;nvt\n99;1\n".encode()
    table = read_table(content)
    rules = Rules(not_applicable=("nvt",), prefer_not=("99",))
    columns = Columns(items={item.code: 0, other.code: 1}, rules=rules)
    reading = read_answers(table, columns, INSTRUMENT, UNITS)
    place = INSTRUMENT.position(item.code)
    top = item.format.n_values - 1
    codes = [sheet.answers[place] for _, sheet in reading.letters]
    assert codes == [top, NOT_APPLICABLE, PREFER_NOT]
    assert [one.reason for one in reading.oddities] == [Reason.NOT_OFFERED]


def test_background_and_comments_come_along_when_their_columns_are_chosen():
    question = INSTRUMENT.backgrounds[0]
    label = INSTRUMENT.texts["nl"].bands[question.key][question.bands[1]]
    text = "Meer rust\n\0graag"
    table = read_table(
        f'a;b;c\n3;{label};"{text}"\n3;{question.bands[0]};\n3;7;\n'.encode().replace(b"\0", b"")
    )
    columns = Columns(items={FIRST.code: 0}, backgrounds={question.key: 1}, comments={"improve": 2})
    reading = read_answers(table, columns, INSTRUMENT, UNITS)
    assert [sheet.backgrounds[0] for _, sheet in reading.letters] == [1, 0, MISSING]
    assert [sheet.comments for _, sheet in reading.letters] == [("Meer rust\ngraag",), ("",), ("",)]
    assert [one.reason for one in reading.oddities] == [Reason.NO_BAND]


def test_columns_are_called_as_in_a_spreadsheet():
    assert [Column(place, "").letters for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 130),
    st.floats(-9, 9).map(lambda number: round(number, 2)),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["NA", "3,5", ">5", "nvt", "5", " 4", "é", "=1", "Zorg A"]),
    st.text(max_size=8),
)


@given(st.lists(st.lists(WILD, min_size=3, max_size=3), min_size=1, max_size=12))
def test_whatever_stands_in_the_cells_only_answers_come_out_and_nobody_is_lost(cells):
    heads = ("eenheid", FIRST.code, SECOND.code)
    table = Table(
        columns=tuple(Column(place, head) for place, head in enumerate(heads)),
        lines=tuple(Line(number, row) for number, row in enumerate(cells, start=2)),
        head_row=1,
    )
    reading = read_answers(table, suggest(table, INSTRUMENT), INSTRUMENT, UNITS)
    for _, sheet in reading.letters:
        assert all(map(is_code, ITEMS, sheet.answers))
    assert len(reading.letters) + len(reading.left_out) == reading.n_rows
    assert reading.n_without_unit == sum(len(one.rows) for one in reading.strangers)
