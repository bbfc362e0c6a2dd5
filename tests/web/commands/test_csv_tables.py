import pytest

from baken.web.commands import tables
from baken.web.commands.errors import UnreadableTable
from baken.web.commands.tables import open_table


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
    monkeypatch.setattr(tables, "CHUNK", 2)
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
        ("unit;a;b\n1;2;3\n", r"separated by a semicolon \(';'\), not by a comma"),
        ("unit\ta\tb, or c\n1\t2\t3\n", "separated by a tab"),
        ("unit,a,b,a,b\n", "more than one column called a, b"),
        ("unit,a\nx,3,5\n", "row 2, has 3 values where the header has 2 columns.*decimal comma"),
        ("unit,a\nx\n", "row 2, has 1 values"),
        (b"unit,a\ncaf\xc3\xa9,1\ncaf\xe9,1\n", "line 3, has a character that is not UTF-8"),
        ("unit,a\n".encode("utf-16"), "saved as UTF-16"),
        (b"PK\x03\x04 and so on", "is a workbook, not a CSV file"),
        ('unit,a\n"x"y,1\n', "is damaged after row 2"),
        ('unit,a\n"x,1\n', "is damaged after row"),
    ],
)
def test_what_is_no_table_is_refused_with_the_place(tmp_path, content, message):
    with pytest.raises(UnreadableTable, match=message):
        rows_of(written(tmp_path, content))


def test_missing_columns_are_named(tmp_path):
    many = [f"c{i}" for i in range(14)]
    with open_table(written(tmp_path, "a\n1\n")) as table:
        assert table.required(["a"]) == [0]
        with pytest.raises(UnreadableTable, match=r"lacks c0, c1, .*c11 and 2 more"):
            table.required(["a", *many])
