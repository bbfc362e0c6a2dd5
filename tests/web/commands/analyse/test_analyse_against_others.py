"""`baken analyse --reference` and `--previous`: published figures beside others."""

import csv
import json
import re
from pathlib import Path

import pytest
from scipy import stats

from baken.web.commands.main import main

VALUES = Path(__file__).parents[3] / "reference" / "values"
ANSWERS = VALUES / "data" / "invented.csv"
UNITS = VALUES / "data" / "invented_headcount.csv"
INSTRUMENT = VALUES / "instrument"
HEADER = "scale,mean,sd,n,source,year,population,format\n"
ROW = "PACE,50,20,1200,Made-up survey,2024,hospitals,1-5\n"


def run(capsys, out, *more, answers=ANSWERS, units=UNITS):
    files = ["--units", str(units), "--instrument", str(INSTRUMENT), "--out", str(out)]
    with pytest.raises(SystemExit) as end:
        main(["analyse", str(answers), *files, "--formats", "json", *map(str, more)])
    said = capsys.readouterr()
    return end.value.code or 0, " ".join(re.sub(r"[│╭╮╰╯─]", " ", said.err).split())


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def half(tmp_path, keep, name):
    """Every second answer: a pretended survey."""
    rows = ANSWERS.read_text(encoding="utf-8").splitlines()
    chosen = [row for number, row in enumerate(rows[1:]) if number % 2 == keep]
    return written(tmp_path / name, "\n".join([rows[0], *chosen]))


def test_every_shown_cell_is_compared_with_the_reference(tmp_path, capsys):
    file = written(tmp_path / "reference.csv", HEADER + ROW)
    assert run(capsys, tmp_path, "--reference", file)[0] == 0
    found = results(tmp_path)
    cells = found["reference"]["PACE"]
    shown = {
        u for u, entry in found["units"].items() if entry["scales"]["PACE"]["mean"] is not None
    }
    assert set(cells) == {"ALL", *shown}
    assert len(shown) < len(found["units"])
    whole = found["scales"]["PACE"]
    n = found["scales"]["PACE"]["n"]
    expected = stats.ttest_ind_from_stats(whole["mean"], whole["sd"], n, 50, 20, 1200, False)
    assert cells["ALL"]["p"] == pytest.approx(expected.pvalue)
    assert cells["ALL"]["diff"] == pytest.approx(whole["mean"] - 50)
    assert cells["ALL"]["source"] == "Made-up survey (2024), hospitals, n = 1200"


def test_a_reference_without_a_number_of_people_says_so(tmp_path, capsys):
    file = written(tmp_path / "r.csv", HEADER + ROW.replace("1200", ""))
    assert run(capsys, tmp_path, "--reference", file)[0] == 0
    assert results(tmp_path)["reference"]["PACE"]["ALL"]["source"].endswith(", n = ?")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("HURRY,50,20,1200,S,2024,P,1-5\n", "row 2: invented has no scale HURRY"),
        ("PACE,50,20,1200,S,2024,P,0-4\n", "PACE is answered from 1-5, the reference from 0-4"),
        ("PACE,50,20,1200,S,2024,P,\n", "the reference from an unknown range"),
        ("PACE,150,20,1200,S,2024,P,1-5\n", "must lie from 0 to 100"),
        ("PACE,50,0,1200,S,2024,P,1-5\n", "must lie from 0 to 100"),
        ("PACE,nan,20,1200,S,2024,P,1-5\n", "must lie from 0 to 100"),
        ("PACE,50,20,99,S,2024,P,1-5\n", "99 people is too small"),
        ("PACE,50,20,1200,,2024,P,1-5\n", "Name the source and the population"),
        ("PACE,50.3.1,20,1200,S,2024,P,1-5\n", "mean “50.3.1” is not a number"),
        ("PACE,50,20,many,S,2024,P,1-5\n", "n “many” is not a whole number"),
        ("PACE,50,20,1200,S,last year,P,1-5\n", "year “last year” is not a whole number"),
        (ROW + ROW, "row 3: PACE stands in the file already"),
        ("", "there is no reference"),
    ],
)
def test_a_reference_that_does_not_fit_is_named_with_its_row(tmp_path, capsys, row, message):
    file = written(tmp_path / "reference.csv", HEADER + row)
    code, complaints = run(capsys, tmp_path / "out", "--reference", file)
    assert code == 1
    assert message in complaints
    assert not (tmp_path / "out").exists()


def test_the_change_of_what_both_show(tmp_path, capsys):
    assert run(capsys, tmp_path / "one", answers=half(tmp_path, 0, "one.csv"))[0] == 0
    earlier = tmp_path / "one" / "results.json"
    second = half(tmp_path, 1, "two.csv")
    assert run(capsys, tmp_path / "two", "--previous", earlier, answers=second)[0] == 0
    before, after = results(tmp_path / "one"), results(tmp_path / "two")
    trend = after["trend"]["PACE"]
    cell = trend["ALL"]
    assert cell["before"] == before["scales"]["PACE"]["mean"]
    assert cell["diff"] == pytest.approx(cell["after"] - cell["before"])
    assert cell["low"] < cell["diff"] < cell["high"]
    words = {"better", "slightly_better", "worse", "slightly_worse", "stable", "not_shown"}
    assert {one["verdict"] for scale in after["trend"].values() for one in scale.values()} <= words
    for unit in set(trend) - {"ALL"}:
        assert before["units"][unit]["scales"]["PACE"]["mean"] is not None
        assert after["units"][unit]["scales"]["PACE"]["mean"] is not None
    assert len(trend) > 1


def test_a_unit_with_a_part_that_is_new_has_no_trend(tmp_path, capsys):
    assert run(capsys, tmp_path / "one")[0] == 0
    parts = {
        row["parent"] for row in csv.DictReader(UNITS.read_text(encoding="utf-8").splitlines())
    }
    whole = results(tmp_path / "one")["units"]
    unit = next(u for u in whole if u in parts and whole[u]["scales"]["PACE"]["mean"] is not None)
    more = UNITS.read_text(encoding="utf-8").rstrip("\n") + f"\nnewcomers,12,{unit},New\n"
    earlier = tmp_path / "one" / "results.json"
    units = written(tmp_path / "units.csv", more)
    assert run(capsys, tmp_path / "two", "--previous", earlier, units=units)[0] == 0
    trend = results(tmp_path / "two")["trend"]["PACE"]
    assert unit not in trend
    assert "ALL" in trend


def test_small_groups_have_no_trend_of_their_own(tmp_path, capsys):
    assert run(capsys, tmp_path / "one", "--min-group", "9")[0] == 0
    earlier = tmp_path / "one" / "results.json"
    assert run(capsys, tmp_path / "two", "--previous", earlier)[0] == 0
    assert set(results(tmp_path / "two")["trend"]["PACE"]) == {"ALL"}


def test_results_that_cannot_be_compared_are_refused(tmp_path, capsys):
    assert run(capsys, tmp_path / "one")[0] == 0
    other = results(tmp_path / "one") | {"instrument": {"key": "invented", "version": "0"}}
    open_ = results(tmp_path / "one") | {"protected": False}
    for number, (content, message) in enumerate(
        [
            (json.dumps(other), "made with invented 0, these with invented 1"),
            (json.dumps(open_), "made without disclosure control"),
            ("{", "is not a results.json of baken analyse (Expecting"),
            ("[]", "is not a results.json of baken analyse. Nothing"),
            ("\x00", "is not a results.json"),
        ]
    ):
        file = written(tmp_path / f"{number}.json", content)
        out = tmp_path / f"out{number}"
        code, complaints = run(capsys, out, "--previous", file)
        assert (code, message in complaints) == (1, True), complaints
        assert not out.exists()


def test_results_of_other_people_are_named_and_references_are_corrected(tmp_path, capsys):
    file = written(tmp_path / "reference.csv", HEADER + ROW)
    first = tmp_path / "first"
    assert run(capsys, first, "--reference", file)[0] == 0
    cells = results(first)["reference"]["PACE"].values()
    assert all(cell["q"] >= cell["p"] for cell in cells if cell["p"] is not None)
    strange = results(first)
    strange["units"] = {
        f"other {key}": entry | {"parent": "ALL"} for key, entry in strange["units"].items()
    }
    strange |= {"n": 99}
    before = written(tmp_path / "before.json", json.dumps(strange))
    code, said = run(capsys, tmp_path / "second", "--previous", before)
    assert code == 0
    assert "only 0 have the same name" in said
    assert results(tmp_path / "second")["previous"]["n"] == 99
    code, said = run(capsys, tmp_path / "third", "--previous", first / "results.json")
    assert "have the same name" not in said


def test_every_fault_of_every_row_is_named_and_a_comma_is_a_decimal_sign(tmp_path, capsys):
    wrong = "PACE;x;0;99;;2999;P;1-5\nPACE;50,3;20;1200;S;2024;P;0-4\n"
    file = written(tmp_path / "reference.csv", HEADER.replace(",", ";") + wrong)
    code, complaints = run(capsys, tmp_path / "out", "--reference", file)
    assert code == 1
    faults = ("mean “x”", "spread (0.0)", "99 people", "Name the source", "year 2999")
    assert all(fault in complaints for fault in faults)
    assert "row 3: PACE is answered from 1-5" in complaints
    assert "row 3: PACE stands in the file already" in complaints
    comma = HEADER.replace(",", ";") + "PACE;50,3;20,5;1200;S;2024;P;1-5\n"
    file = written(tmp_path / "reference.csv", comma)
    assert run(capsys, tmp_path, "--reference", file)[0] == 0
    point = written(tmp_path / "p.csv", comma.replace(",", "."))
    one = results(tmp_path)["reference"]
    assert run(capsys, tmp_path, "--reference", point)[0] == 0
    assert results(tmp_path)["reference"] == one
