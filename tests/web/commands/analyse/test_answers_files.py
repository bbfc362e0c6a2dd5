from pathlib import Path

import pytest

from baken.instruments.library import load_instrument
from baken.survey.disclosure.tree import NO_UNIT, Tree, UnitNode
from baken.web.commands.analyse.reading.answers import count_answers
from baken.web.commands.errors import UnreadableTable

VALUES = Path(__file__).parents[3] / "reference" / "values"
INSTRUMENT = load_instrument(VALUES / "instrument")
CODES = [item.code for item in INSTRUMENT.items]
TREE = Tree.of([UnitNode("org", None, 9), UnitNode("care", "org", 9), UnitNode("office", "org", 9)])
GOOD = ["1"] * len(CODES)


def count(tmp_path, rows, header=None, **options):
    path = tmp_path / "ANSWERS.csv"
    lines = [header or ["unit", *CODES], *rows]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    return count_answers(path, INSTRUMENT, TREE, unit_column="unit", **options)


def counts_of(tally, code):
    column = tally.shape.items.index(code)
    begin, end = tally.shape.offsets[column], tally.shape.offsets[column + 1]
    return tally.total().answers[0, begin:end].tolist()


def test_answers_are_counted_per_unit(tmp_path):
    found = count(tmp_path, [["care", *GOOD], [" care ", *GOOD], ["", *GOOD], ["org", *GOOD]])
    assert found.n_rows == 4
    assert found.tally.rows == {NO_UNIT: 1, "care": 2, "org": 1}
    assert counts_of(found.tally, "PACE1") == [0, 0, 0, 4, 0, 0, 0, 0]
    assert found.oddities == []
    assert found.ignored == ()


def test_numbers_may_be_written_in_more_than_one_way(tmp_path):
    rows = [["care", text, *GOOD[1:]] for text in ("3", " 3 ", "3.0", "+3", "", " ")]
    assert counts_of(count(tmp_path, rows).tally, "PACE1") == [0, 0, 2, 0, 0, 4, 0, 0]


def test_odd_values_become_missing_and_are_reported_where_they_stand(tmp_path):
    odd = ["9", "9", '"3,5"', "-1", "yes", "1e400", "9" * 5000]
    rows = [["care", *GOOD], *(["care", text, *GOOD[1:]] for text in odd)]
    found = count(tmp_path, rows)
    said = [str(oddity) for oddity in found.oddities]
    assert said[:3] == [
        "row 3, column PACE1: “9” lies outside 1 to 5; counted as missing. "
        "2 times in this column, first here.",
        "row 5, column PACE1: “3,5” is not a whole number; counted as missing.",
        "row 6, column PACE1: “-1” lies outside 1 to 5; counted as missing.",
    ]
    assert len(said) == 6
    assert counts_of(found.tally, "PACE1")[2] == 7


def test_a_value_is_counted_over_all_pieces_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("baken.web.commands.analyse.tables.table.CHUNK", 2)
    found = count(tmp_path, [["care", "9", *GOOD[1:]] for _ in range(5)])
    assert found.n_rows == 5
    assert [(odd.first_row, odd.times) for odd in found.oddities] == [(2, 5)]


def test_other_columns_are_named(tmp_path):
    found = count(tmp_path, [["care", *GOOD, "x", "y"]], header=["unit", *CODES, "remark", ""])
    assert found.ignored == ("remark", "(column 15 has no name)")


def test_unknown_units_are_refused_with_row_and_likely_name(tmp_path):
    rows = [["care", *GOOD], ["caer", *GOOD], ["caer", *GOOD], ["zzz", *GOOD]]
    with pytest.raises(UnreadableTable) as error:
        count(tmp_path, rows)
    assert "“caer” in row 3 and 1 more (do you mean “care”?); “zzz” in row 5." in str(error.value)
    assert "Nothing was written" in str(error.value)


def test_many_unknown_units_are_not_all_listed(tmp_path):
    with pytest.raises(UnreadableTable, match="and 2 other names"):
        count(tmp_path, [[f"x{i}", *GOOD] for i in range(10)])


def test_missing_item_columns_are_named(tmp_path):
    with pytest.raises(UnreadableTable, match=r"ANSWERS\.csv lacks TIRE2, TIRE3"):
        count(tmp_path, [["care", *GOOD[2:]]], header=["unit", *CODES[:-2]])


def test_a_header_alone_holds_no_answers(tmp_path):
    with pytest.raises(UnreadableTable, match="a header, but no answers"):
        count(tmp_path, [])
