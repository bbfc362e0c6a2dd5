from datetime import date

import pytest

from baken.storage.workbooks import Sheet, write_rows
from baken.web.commands.analyse.tables import layout
from baken.web.commands.analyse.tables.table import open_table
from baken.web.commands.errors import UnreadableTable


def written(tmp_path, content, name="ANSWERS.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path):
    with open_table(path) as table:
        return [
            (number, list(row))
            for chunk in table
            for number, row in zip(chunk.numbers, chunk.rows, strict=True)
        ]


def test_rows_carry_the_numbers_a_spreadsheet_shows(tmp_path):
    path = written(tmp_path, 'a,b\n1,2\n\n,\n"3\n4",5\n')
    assert rows_of(path) == [(2, ["1", "2"]), (5, ["3\n4", "5"])]


def test_a_byte_order_mark_and_other_line_ends_are_fine(tmp_path):
    path = written(tmp_path, b"\xef\xbb\xbfunit , b\r\n1,2\r\n")
    with open_table(path) as table:
        assert table.header == ("unit", "b")
        assert table.position("b") == 1
        assert table.position("c") is None


def test_a_large_file_comes_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("baken.web.commands.analyse.tables.table.CHUNK", 2)
    path = written(tmp_path, "a\n1\n2\n3\n4\n5\n")
    read = []
    with open_table(path, read.append) as table:
        assert [chunk.numbers for chunk in table] == [(2, 3), (4, 5), (6,)]
    assert read[-1] == path.stat().st_size


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "ANSWERS.csv is empty"),
        ("\n\nunit,a\nx,3\n", "row 3, has 2 values where the header has 0 columns"),
        ("unit,a,b,a,b\n", "more than one column called a, b"),
        ("unit,a\nx,3,5\n", "row 2, has 3 values where the header has 2 columns.*decimal comma"),
        ("unit,a\nx\n", "row 2, has 1 values"),
        (b"unit,a\ncaf\xe9,1\n\x81,1\n", "line 3, has a character that is neither UTF-8 nor"),
        (b"unit,a\nx,1\n\x00,1\n", "is not a text file: line 3 holds a byte that no text has"),
        ("unit,a\n".encode("utf-16"), "saved as UTF-16"),
        (b"PK\x03\x04 and so on", "ANSWERS.csv: The file is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is of an old kind, or protected by a password"),
        ('unit,a\n"x"y,1\n', "is damaged after row 2"),
        ('unit,a\n"x,1\n', "is damaged after row"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(tmp_path, content, message):
    with pytest.raises(UnreadableTable, match=message):
        rows_of(written(tmp_path, content))


@pytest.mark.parametrize(
    "content",
    [
        "unit;a\nx;3,5\n",
        "unit\ta\nx\t3,5\n",
        "sep=;\r\nunit;a\r\nx;3,5\r\n",
        '"sep=|"\nunit|a\nx|3,5\n',
        'unit,a\nx,"3,5"\n',
    ],
)
def test_whatever_a_spreadsheet_calls_csv_is_read(tmp_path, content):
    path = written(tmp_path, content)
    assert rows_of(path) == [(2, ["x", "3,5"])]
    with open_table(path) as table:
        assert table.header == ("unit", "a")
        assert table.notes == ()


def test_characters_of_windows_are_read_and_said(tmp_path):
    path = written(tmp_path, "unit;name\nx;ok\ny;Café “à côté”\n".encode("cp1252"))
    assert rows_of(path) == [(2, ["x", "ok"]), (3, ["y", "Café “à côté”"])]
    with open_table(path) as table:
        assert table.notes[0].startswith("line 3 is not written in UTF-8")


def test_an_accent_at_the_border_of_two_pieces_is_one_character(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "PIECE", 8)
    assert rows_of(written(tmp_path, "unit,a\né,1\n")) == [(2, ["é", "1"])]
    with open_table(written(tmp_path, b"unit,a\n\xe9")) as table:
        assert table.notes[0].startswith("line 2 is not written in UTF-8")


def test_the_first_sheet_of_a_workbook_is_read(tmp_path):
    day = date(2026, 3, 5)
    first = Sheet("one", [["unit", "a", "b"], ["x", 3, 2.0], [], ["y", day], [7, None, "=1"]])
    path = written(tmp_path, write_rows([first, Sheet("two", [["z"]])]), "ANSWERS.csv")
    assert rows_of(path) == [
        (2, ["x", "3", "2"]),
        (4, ["y", "2026-03-05", ""]),
        (5, ["7", "", "=1"]),
    ]
    with open_table(path) as table:
        assert table.notes == ("only the first sheet, one, was read; left aside: two.",)


def test_missing_columns_are_named(tmp_path):
    many = [f"c{i}" for i in range(14)]
    with open_table(written(tmp_path, "a\n1\n")) as table:
        assert table.required(["a"]) == [0]
        with pytest.raises(UnreadableTable, match=r"lacks c0, c1, .*c11 and 2 more"):
            table.required(["a", *many])
