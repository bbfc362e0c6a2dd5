"""Workbooks: hostile ones are refused with a sentence, ours hold nothing that runs."""

import contextlib
import io
import os
import random
import subprocess
import sys
import time
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from baken.storage.archives import UnsafeFile
from baken.storage.workbooks import (
    MAX_BYTES,
    Cell,
    Sheet,
    is_workbook,
    open_rows,
    plain_cell,
    safe_cell,
    text_of,
    write_csv,
    write_rows,
)
from tests.storage.hostile_files import CORPUS, good, packed, parts_of, with_sheet

CASES = int(os.environ.get("BAKEN_FUZZ", "20"))
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50)
CELLS = st.one_of(
    st.none(),
    PRINTABLE.filter(lambda text: text != "" and "_x" not in text),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9).map(lambda value: round(value, 3)),
    st.datetimes(datetime(1950, 1, 1), datetime(2199, 1, 1)).map(  # noqa: DTZ001
        lambda value: value.replace(second=0, microsecond=0)
    ),
)


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_refused_with_a_sentence(name: str) -> None:
    content = CORPUS[name]()
    begun = time.process_time()
    with pytest.raises(UnsafeFile) as refused:
        open_rows(content)
    assert time.process_time() - begun < 2
    sentence = str(refused.value)
    assert "Nothing was changed." in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_hostile_files_take_no_memory() -> None:
    program = (
        "import resource\n"
        "from baken.storage.workbooks import open_rows\n"
        "from baken.storage.archives import UnsafeFile\n"
        "from tests.storage.hostile_files import CORPUS, good\n"
        "files = [make() for make in CORPUS.values()]\n"
        "open_rows(good())\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "for content in files:\n"
        "    try: open_rows(content)\n"
        "    except UnsafeFile: pass\n"
        "print((peak() - before) / 1024)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(ended.stdout) < 100


def test_a_file_beyond_the_size_is_refused_unread() -> None:
    with pytest.raises(UnsafeFile, match="larger than 10 MiB"):
        open_rows(good() + bytes(MAX_BYTES))


def test_the_row_limit_is_named_and_kept() -> None:
    assert len(open_rows(good(9), max_rows=10)) == 10
    with pytest.raises(UnsafeFile, match="more than 10 rows"):
        open_rows(good(10), max_rows=10)


def test_what_the_file_says_of_its_own_size_is_not_believed() -> None:
    parts = parts_of(good())
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'ref="A1:C4"', b'ref="A1:A1"')
    assert sheet != parts["xl/worksheets/sheet1.xml"]
    content = packed(parts | {"xl/worksheets/sheet1.xml": sheet})
    assert open_rows(content) == open_rows(good())


def test_a_formula_counts_for_what_it_last_gave() -> None:
    rows = (
        '<row><c t="n"><f>SUM(B1:B9)</f><v>12</v></c><c t="str"><f>T(1)</f><v></v></c></row>'
        '<row><c t="str"><f>HYPERLINK("http://127.0.0.1","x")</f><v>x</v></c></row>'
    )
    assert open_rows(with_sheet(rows)) == [[12], ["x"]]


def test_a_date_beyond_the_calendar_is_said_to_be_wrong_and_no_log_hears_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = write_rows([Sheet("a", [["day"], [date(2026, 3, 1)]])])
    parts = parts_of(content)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v>46082</v>", b"<v>99999999</v>")
    rows = open_rows(packed(parts | {"xl/worksheets/sheet1.xml": sheet}))
    assert rows == [["day"], ["#VALUE!"]]
    assert "99999999" not in "".join(capsys.readouterr())


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
@settings(deadline=None)
def test_what_is_written_comes_back(rows: list[list[Cell]]) -> None:
    written = open_rows(write_rows([Sheet("a", rows)]))
    expected: list[list[Cell]] = []
    for row in rows:
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        expected.append(cells)
    while expected and not expected[-1]:
        expected.pop()
    assert written == expected


def test_instants_are_written_without_their_zone() -> None:
    content = write_rows([Sheet("a", [["at"], [datetime(2026, 3, 1, 12, 30, tzinfo=UTC)]])])
    assert open_rows(content)[1] == [datetime(2026, 3, 1, 12, 30)]  # noqa: DTZ001


def test_the_same_rows_give_the_same_bytes() -> None:
    sheet = Sheet("a", [["x", 1, date(2026, 1, 1)]])
    assert write_rows([sheet]) == write_rows([sheet])


def test_names_of_sheets_are_made_fit() -> None:
    names = ["a/b:c", "", "x" * 40, "X" * 40, "'quoted'", "a b c", "\0"]
    content = write_rows([Sheet(name, []) for name in names])
    assert load_workbook(io.BytesIO(content)).sheetnames == [
        "a b c", "1", "x" * 31, "X" * 27 + " 2", "quoted", "a b c 2", "1 2"
    ]  # fmt: skip


def test_a_text_that_no_spreadsheet_can_hold_is_refused_not_cut_off() -> None:
    with pytest.raises(UnsafeFile, match="32767 characters"):
        write_rows([Sheet("a", [["x" * 32_768]])])
    with pytest.raises(UnsafeFile, match="rows"):
        write_rows([Sheet("a", [[1] * 16_385])])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=1+1", "'=1+1"), ("+32 2", "'+32 2"), ("-5", "'-5"), ("@SUM(A1)", "'@SUM(A1)"),
     ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), ("\0=1", "'\0=1"),
     ("  =1", "'  =1"), ("\u00a0=1", "'\u00a0=1"),
     ("Team 1", "Team 1"), ("", ""), ("a=1", "a=1"), ("'s avonds", "'s avonds")],
)  # fmt: skip
def test_a_cell_that_would_be_computed_begins_with_an_apostrophe(text: str, expected: str) -> None:
    assert safe_cell(text) == expected


@given(st.text(max_size=20))
def test_the_apostrophe_comes_off_again(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text or text.startswith("'")


def test_csv_has_quotes_where_they_are_needed() -> None:
    rows: list[list[Cell]] = [["a", 'say "x", please', None, 1.0, True, date(2026, 3, 1), "=1"]]
    said = '\ufeffa,"say ""x"", please",,1,TRUE,2026-03-01,\'=1\r\n'
    assert write_csv(rows).decode() == said
    assert write_csv([["a;b", "c"]], delimiter=";").decode() == '\ufeff"a;b";c\r\n'


def test_cells_as_somebody_would_type_them() -> None:
    cells: list[Cell] = [None, "x", 12, 12.0, 12.5, True, date(2026, 3, 1)]
    assert [text_of(cell) for cell in cells] == ["", "x", "12", "12", "12.5", "TRUE", "2026-03-01"]
    assert text_of(datetime(2026, 3, 1)) == "2026-03-01"  # noqa: DTZ001


def test_a_workbook_is_known_by_its_bytes() -> None:
    assert is_workbook(good())
    assert not is_workbook(b"number;name\r\n")


def mutated(random_: random.Random) -> bytes:
    """A workbook with some bytes changed, in the file or inside one of its parts."""
    content = good(20)
    if random_.random() < 0.7:
        parts = parts_of(content)
        name = random_.choice(sorted(parts))
        return packed(parts | {name: scrambled(parts[name], random_)})
    return scrambled(content, random_)


def scrambled(content: bytes, random_: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(made) + 1)
        act = random_.randrange(5)
        if act == 0 and at < len(made):
            made[at] = random_.randrange(256)
        elif act == 1:
            del made[at : at + random_.randint(1, 40)]
        elif act == 2:
            made[at:at] = made[at : at + random_.randint(1, 60)] * random_.randint(1, 5)
        elif act == 3:
            made[at:at] = random_.choice(
                [
                    b"<",
                    b"</row>",
                    b"&a;",
                    b"\0",
                    b"1e999",
                    b'r="A1"',
                    b'"',
                    b"-1",
                    b"\xff",
                    b"9" * 30,
                ]
            )
        else:
            del made[at:]
    return bytes(made)


@pytest.mark.attacker
def test_scrambled_workbooks_are_read_or_refused() -> None:
    random_ = random.Random(20261122)
    begun, n_read = time.process_time(), 0
    for _ in range(CASES * 5):
        one = time.process_time()
        with contextlib.suppress(UnsafeFile):
            n_read += bool(open_rows(mutated(random_)))
        assert time.process_time() - one < 5
    print(f"{CASES * 5} workbooks, {n_read} read, {time.process_time() - begun:.0f} s")


def test_levels_upon_levels_are_read_without_harm() -> None:
    assert open_rows(with_sheet("<a>" * 30_000 + "</a>" * 30_000)) == []


def test_the_corpus_is_built_from_a_workbook_that_opens() -> None:
    assert open_rows(good()) == [
        ["number", "name", "people"],
        ["0", "Team 0", 0],
        ["1", "Team 1", 1],
        ["2", "Team 2", 2],
    ]
    assert zipfile.is_zipfile(io.BytesIO(good()))
