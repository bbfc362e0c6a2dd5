import pytest

from baken.survey.disclosure.tree import ROOT
from baken.web.commands.analyse.reading.units import read_units
from baken.web.commands.errors import UnreadableTable


def read(tmp_path, text):
    path = tmp_path / "UNITS.csv"
    path.write_text(text, encoding="utf-8")
    return read_units(path)


def test_a_tree_with_names_and_an_open_headcount(tmp_path):
    found = read(
        tmp_path,
        "name,unit,headcount,parent,cost centre\n"
        "The house,org,,,x\nCare, care ,12.0,org,y\n,b,8,org,z\n",
    )
    assert found.tree.units == ("care", "b")
    assert found.tree.name("care") == "Care"
    assert found.tree.headcount("care") == 12
    assert found.tree.headcount(ROOT) is None
    assert found.ignored == ("cost centre",)


def test_parent_and_name_may_be_left_out(tmp_path):
    assert read(tmp_path, "unit,headcount\na,1\nb,2\n").tree.units == ("a", "b")


def test_people_who_joined_and_left_are_known_where_both_numbers_stand(tmp_path):
    text = "unit,headcount,joined,left\na,20,3,0\nb,20,,\nd,20,0,0\n"
    assert read(tmp_path, text).movers == {"a": 3, "d": 0}
    for half in ("joined,left\na,1,4,\n", "joined\na,1,4\n"):
        with pytest.raises(UnreadableTable, match="row 2, column left: it is empty and the other"):
            read(tmp_path, f"unit,headcount,{half}")
    with pytest.raises(UnreadableTable, match="row 2, column left: “few” is not a whole number"):
        read(tmp_path, "unit,headcount,joined,left\na,1,2,few\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit,people\na,1\n", "UNITS.csv lacks headcount"),
        ("unit,headcount\na,-4\n", "row 2, column headcount: -4 is less than nobody"),
        ("unit,headcount\na,1\nb,ten\n", "row 3, column headcount: “ten” is not a whole number"),
        ('unit,headcount\na,"3,5"\n', "“3,5” is not a whole number"),
        ("unit,headcount\na,2.5\n", "“2.5” is not a whole number"),
        ("unit,headcount\na,1\nb,1\na,2\n", "row 4, column unit: a stands in row 2 already"),
        ("unit,headcount\n,3\n", "row 2, column unit: the unit has no name"),
        ("unit,headcount,parent\na,1,x\n", "Unit a lies under x, which is not one of the units"),
        ("unit,headcount,parent\na,1,b\nb,1,a\n", "under each other in a circle: a, b"),
        ("unit,headcount\nALL,1\nb,1\n", "ALL is the name of the whole organisation"),
        ("unit,headcount\n", "There are no units"),
    ],
)
def test_what_is_wrong_with_the_units_is_said(tmp_path, text, message):
    with pytest.raises(UnreadableTable, match=message):
        read(tmp_path, text)
