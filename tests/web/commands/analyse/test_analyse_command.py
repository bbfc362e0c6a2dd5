import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from baken.web.commands.main import main

VALUES = Path(__file__).parents[3] / "reference" / "values"
ANSWERS = VALUES / "data" / "invented.csv"
UNITS = VALUES / "data" / "invented_headcount.csv"
INSTRUMENT = VALUES / "instrument"


def run(capsys, out, *more, answers=ANSWERS, units=UNITS, instrument=INSTRUMENT):
    files = ["--units", str(units), "--instrument", str(instrument), "--out", str(out)]
    with pytest.raises(SystemExit) as end:
        main(["analyse", str(answers), *files, *more])
    said = capsys.readouterr()
    return end.value.code or 0, said.out, " ".join(re.sub(r"[│╭╮╰╯─]", " ", said.err).split())


def results(out):
    return json.loads((out / "results.json").read_text(encoding="utf-8"))


def test_results_are_written_in_every_format(tmp_path, capsys):
    out = tmp_path / "new" / "folder"
    code, said, complaints = run(capsys, out)
    assert code == 0
    names = ["results.json", "results.html", "results.xlsx", "results.pdf"]
    assert said.splitlines() == [str(out / name) for name in names]
    assert complaints == (
        "invented.csv, row 589, column unit: names no unit; counts for the whole organisation "
        "only. 7 times, first here. results.pdf: SHA-256 "
        + sha256((out / "results.pdf").read_bytes()).hexdigest()
    )
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    found = results(out)
    assert found["n"] == 594
    assert found["units"]["files"]["withheld"] == {"unit": "merged", "counted_in": "office"}
    assert "not_for_release" not in found


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    for name in ("one", "two"):
        run(capsys, tmp_path / name)
    for name in ("results.json", "results.html", "results.xlsx", "results.pdf"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_without_protection_every_output_says_so(tmp_path, capsys):
    code, _, complaints = run(capsys, tmp_path, "--unprotected")
    assert code == 0
    assert "not for release" in complaints
    assert results(tmp_path)["not_for_release"] is True
    assert results(tmp_path)["units"]["files"]["n"] == 8
    page = (tmp_path / "results.html").read_text(encoding="utf-8")
    assert page.count("Not for release") == 2


def test_a_higher_minimum_hides_more(tmp_path, capsys):
    run(capsys, tmp_path, "--min-group", "30", "--formats", "json")
    assert results(tmp_path)["units"]["pay"]["n"] is None
    assert not (tmp_path / "results.html").exists()


def test_fewer_answers_than_the_minimum_say_nothing(tmp_path, capsys):
    few = tmp_path / "few.csv"
    few.write_text("\n".join(ANSWERS.read_text(encoding="utf-8").splitlines()[:10]), "utf-8")
    code, _, _ = run(capsys, tmp_path / "out", answers=few)
    assert code == 0
    assert results(tmp_path / "out")["withheld"] == "privacy"
    assert results(tmp_path / "out")["n"] is None
    page = (tmp_path / "out" / "results.html").read_text(encoding="utf-8")
    assert "Too few answers" in page
    assert "<table" not in page


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-group", "4"], "The minimum group is 4; it must be 5 or more"),
        (["--language", "nl"], "invented is not in nl. It is in: en."),
        (["--formats", "docx"], "There is no format docx"),
        (["--formats", ","], "Name at least one format: json, html, xlsx, pdf"),
        (["--reference", "none.csv"], "'none.csv' does not exist"),
        (["--previous", "none.json"], "'none.json' does not exist"),
        (["--group", "PACE1"], "PACE1 is a question of invented"),
        (["--group", "unit"], "unit is the column of the units already"),
        (["--group-headcounts", str(UNITS)], "Headcounts of groups need --group"),
        (["--group-headcounts", "none.csv"], "'none.csv' does not exist"),
        (["--colour", "blue"], "No such option"),
    ],
)
def test_what_is_asked_wrongly_ends_with_two_and_writes_nothing(tmp_path, capsys, options, message):
    code, _, complaints = run(capsys, tmp_path / "out", *options)
    assert code == 2
    assert message in complaints
    assert not (tmp_path / "out").exists()


def test_files_that_are_not_there_end_with_two(tmp_path, capsys):
    assert run(capsys, tmp_path / "out", answers=tmp_path / "none.csv")[0] == 2
    assert run(capsys, tmp_path / "out", units=tmp_path / "none.csv")[0] == 2


def test_a_file_that_is_wrong_ends_with_one_and_writes_nothing(tmp_path, capsys):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("unit;PACE1\ncare;3\n", encoding="utf-8")
    code, _, complaints = run(capsys, tmp_path / "out", answers=wrong)
    assert code == 1
    assert "wrong.csv lacks PACE2, PACE3" in complaints
    assert not (tmp_path / "out").exists()


def test_an_unknown_unit_column_and_instrument_are_named(tmp_path, capsys):
    code, _, complaints = run(capsys, tmp_path / "out", "--unit-column", "team")
    assert (code, "invented.csv lacks team" in complaints) == (1, True)
    code, _, complaints = run(capsys, tmp_path / "out", instrument="no-such-thing")
    assert (code, "no-such-thing" in complaints) == (1, True)


def test_an_output_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, _, complaints = run(capsys, tmp_path / "file" / "out")
    assert code == 1
    assert str(tmp_path / "file" / "out") in complaints


def test_warnings_name_the_place(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("baken.web.commands.analyse.warnings.MOST_OF_A_KIND", 2)
    header, first, second, *others = ANSWERS.read_text(encoding="utf-8").splitlines()
    unit, *items = first.split(",")
    odd = [",".join([unit, value, *items[1:]]) for value in ("8", "9", '"3,5"')]
    answers = tmp_path / "odd.csv"
    answers.write_text("\n".join([header, second, *odd, *others]), encoding="utf-8")
    units = tmp_path / "units.csv"
    text = UNITS.read_text(encoding="utf-8").replace("files,12,", "files,7,")
    units.write_text(
        re.sub("$", ",x", text.strip(), flags=re.MULTILINE).replace("name,x", "name,cost"), "utf-8"
    )
    code, _, complaints = run(capsys, tmp_path / "out", answers=answers, units=units)
    assert code == 0
    assert "units.csv: not used: cost." in complaints
    assert "odd.csv, row 3, column PACE1: “8” lies outside 1 to 5" in complaints
    assert "odd.csv: 1 other values were counted as missing." in complaints
    assert "column headcount: files has 7 people, but 8 answered" in complaints
    assert "units.csv, row 16" in complaints


def test_the_command_loads_neither_the_web_framework_nor_the_database(tmp_path):
    code = (
        "import sys\n"
        "from baken.web.commands.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "loaded = {'litestar', 'uvicorn', 'plotly', 'sqlalchemy'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    files = ["--units", UNITS, "--instrument", INSTRUMENT, "--out", tmp_path]
    subprocess.run([sys.executable, "-c", code, "analyse", ANSWERS, *files], check=True)
