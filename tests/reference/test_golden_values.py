"""The figures of `baken analyse` against values made with R on a data set of our own."""

import dataclasses
import json
import shutil

import pytest

from tests.reference import golden_check, make_answers
from tests.reference.golden_disclosure import check_disclosure

VALUES = golden_check.HERE / "values"
INVENTED = next(one for one in golden_check.DATA_SETS if one.key == "invented")


def test_every_figure_agrees_with_r():
    compared = list(golden_check.compare(INVENTED, VALUES, VALUES / "data"))
    assert [one for one in compared if not one.agrees] == []
    assert len(compared) == 2023


def test_the_data_set_is_what_the_generator_makes():
    data = VALUES / "data"
    assert (data / "invented.csv").read_text(encoding="utf-8") == make_answers.answers_csv()
    assert (data / "invented_headcount.csv").read_text(encoding="utf-8") == make_answers.units_csv()


def test_the_command_says_how_much_agreed(capsys):
    assert golden_check.main(VALUES) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "2068 figures and 11 disclosure cases compared, 0 wrong."


def test_a_wrong_value_is_found(tmp_path, capsys):
    folder = tmp_path / "golden"
    shutil.copytree(VALUES / "invented", folder / "invented")
    shutil.copytree(VALUES / "data", tmp_path / "data")
    file = folder / "invented" / "tests.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    values["PACE"]["kruskal_H"] *= 1 + 2e-9
    file.write_text(json.dumps(values), encoding="utf-8")
    assert golden_check.main(folder) == 1
    assert "1 wrong" in capsys.readouterr().out


def test_an_empty_folder_is_no_agreement(tmp_path):
    assert golden_check.main(tmp_path) == 1


def test_a_folder_without_answers_is_refused(tmp_path):
    (tmp_path / "golden" / "invented").mkdir(parents=True)
    with pytest.raises(SystemExit, match="no folder data"):
        golden_check.main(tmp_path / "golden")


@pytest.mark.parametrize(
    ("kind", "expected", "found", "agrees"),
    [
        ("relative", 100.0, 100.0 + 0.9e-7, True),
        ("relative", 100.0, 100.0 + 1.1e-7, False),
        ("relative", 0.0, 0.9e-12, True),
        ("probability", 0.5, 0.5 + 0.9e-9, True),
        ("probability", 0.5, 0.5 + 1.1e-9, False),
        ("probability", 1e-20, 1.01e-20, False),
        ("exact", 12.0, 12, True),
        ("exact", 12.0, 13, False),
        ("relative", None, None, True),
        ("relative", None, 0.0, False),
        ("relative", 0.0, None, False),
        ("relative", "red", "red?", False),
    ],
)
def test_how_close_is_close_enough(kind, expected, found, agrees):
    one = golden_check.Comparison("figure", "place", expected, found)
    assert dataclasses.replace(one, kind=kind).agrees is agrees


@pytest.mark.attacker
def test_tables_that_leak_cell_by_cell_give_the_attacker_nothing():
    cases = list(check_disclosure(VALUES / "disclosure"))
    assert len(cases) == 11
    assert [(case.leaks, case.differs) for case in cases] == [([], ())] * 11
    shown = {case.name: len(case.shown) for case in cases if case.shown}
    assert shown.pop("D2_two_shifts, broken down") == 5
    assert all(n == 2 or "D1" in name for name, n in shown.items())


@pytest.mark.attacker
def test_a_case_that_does_not_leak_to_begin_with_is_no_case(tmp_path):
    file = next((VALUES / "disclosure").glob("D1*.json"))
    case = json.loads(file.read_text(encoding="utf-8"))
    case["naive_published"] = ["house", "east", "west"]
    (tmp_path / file.name).write_text(json.dumps(case), encoding="utf-8")
    with pytest.raises(ValueError, match="misses the leak"):
        list(check_disclosure(tmp_path))
