"""Two ways to read a CSV file: block by block, and row by row. Both find the same."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from baken.web.commands.analyse.tables import csv_columns
from baken.web.commands.analyse.tables.csv_columns import in_columns
from baken.web.commands.analyse.tables.table import open_table
from baken.web.commands.errors import UnreadableTable

CELLS = st.sampled_from(["", "", "3", "4", "10", "x y", "é", "€uro", 'a"b', "c,d", "e\nf", "\t"])
TEXTS = st.text(st.sampled_from('1,"\n\ré;x'), max_size=40)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("columns") / "ANSWERS.csv"


def by_row(path: Path) -> list | str:
    try:
        with open_table(path) as table:
            return [
                (number, list(row))
                for chunk in table
                for number, row in zip(chunk.numbers, chunk.rows, strict=True)
            ]
    except UnreadableTable as error:
        return error.key


def by_column(path: Path) -> list | str:
    try:
        with open_table(path) as table:
            rows = []
            for piece in in_columns(table):
                columns = [piece.column(place) for place in range(len(table.header))]
                assert all(set(c.which.tolist()) == set(range(len(c.texts))) for c in columns)
                cells = [[column.texts[i] for i in column.which] for column in columns]
                numbers = piece.numbers.tolist()
                rows += zip(numbers, map(list, zip(*cells, strict=True)), strict=True)
            return rows
    except UnreadableTable as error:
        return error.key


def same_both_ways(path: Path, content: bytes, block: int) -> None:
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_columns, "BLOCK", block)
        assert by_column(path) == by_row(path)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12),
    st.sampled_from([(csv.QUOTE_MINIMAL, "\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r\n")]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
    st.sampled_from([8, 64, 4096]),
)
def test_what_a_spreadsheet_writes_is_read_alike(path, rows, how, encoding, block) -> None:
    out = StringIO()
    writer = csv.writer(out, quoting=how[0], lineterminator=how[1])
    writer.writerows([["unit", "A", "B"], *rows])
    same_both_ways(path, out.getvalue().encode(encoding), block)


@given(TEXTS, st.sampled_from([4, 16, 4096]), st.sampled_from(["u,a\n", "u\n", "u,a\r\n", ""]))
@example('1,"2""\n', 4096, "u,a\n")
@example('"1\n2",3\n4,5', 4, "u,a\n")
@example("1,2\n\n,\n3,4\r5,6\n", 4096, "u,a\n")
@example("é,1\n\n", 4, "u,a\n")
@example('1",2\n"3",4\n', 16, "u,a\n")
def test_whatever_is_written_is_read_alike(path, text, block, header) -> None:
    same_both_ways(path, (header + text).encode(), block)


def test_regular_files_are_read_by_the_block(path, monkeypatch) -> None:
    monkeypatch.setattr(csv_columns._Reader, "_row_by_row", None)
    path.write_text('"unit","A"\r\n"care, home",3\r\n"care, home",\r\n,\r\noffice,12\r\n')
    read: list[int] = []
    with open_table(path) as table:
        (piece,) = in_columns(table, read.append)
        units, answers = piece.column(0), piece.column(1)
    assert piece.numbers.tolist() == [2, 3, 5]
    assert (units.texts, units.which.tolist()) == (("care, home", "office"), [0, 0, 1])
    assert (answers.texts, answers.which.tolist()) == (("", "3", "12"), [1, 0, 2])
    assert read == [path.stat().st_size]


def test_a_cell_that_never_ends_is_named(path) -> None:
    path.write_text("unit,A\n" + "a,1\n" * 3 + '"' + "x\n" * 200_000)
    with open_table(path) as table, pytest.raises(UnreadableTable, match="after row 5"):
        list(in_columns(table))
