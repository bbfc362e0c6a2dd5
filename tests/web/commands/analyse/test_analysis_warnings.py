"""What is said about the files of an analysis: no more than there is, and nothing kept back."""

from pathlib import Path

import numpy as np
import pytest

from baken.instruments.library import load_instrument
from baken.web.commands.analyse.writing.files import Report, write_results
from baken.web.commands.main import main

INSTRUMENT = Path(__file__).parents[3] / "reference" / "values" / "instrument"
QUESTIONS = load_instrument(INSTRUMENT)


def answers(key: str | Path, n: int, seed: int = 1) -> str:
    """Sheets made by chance alone; everybody in one unit, half of them in the day shift."""
    items = load_instrument(str(key)).items
    chance = np.random.default_rng(seed)
    rows = [["unit", "shift", *(item.code for item in items)]]
    for number in range(n):
        given = [int(chance.integers(one.format.low, one.format.high + 1)) for one in items]
        rows.append(["a", ("day", "night")[number % 2], *map(str, given)])
    return "\n".join(",".join(row) for row in rows)


def said(folder: Path, capsys: pytest.CaptureFixture[str], key: str | Path, *more: str) -> str:
    files = [str(folder / "answers.csv"), "--units", str(folder / "units.csv")]
    options = ["--instrument", str(key), "--out", str(folder / "out"), "--formats", "json", *more]
    with pytest.raises(SystemExit) as end:
        main(["analyse", *files, *options])
    err = capsys.readouterr().err
    assert not end.value.code, err
    return err


def test_a_single_unit_that_answered_is_not_called_silent(tmp_path, capsys):
    (tmp_path / "answers.csv").write_text(answers(INSTRUMENT, 35), encoding="utf-8")
    (tmp_path / "units.csv").write_text("unit,headcount\na,60\n", encoding="utf-8")
    text = said(tmp_path, capsys, INSTRUMENT)
    assert "there is one unit only" in text
    assert "nobody answered in" not in text


def test_chance_is_not_taken_for_a_question_turned_around(tmp_path, capsys):
    (tmp_path / "units.csv").write_text("unit,headcount\na,60\n", encoding="utf-8")
    (tmp_path / "answers.csv").write_text(answers("bat-12", 47), encoding="utf-8")
    named = [line for line in said(tmp_path, capsys, "bat-12").splitlines() if "against" in line]
    assert len(named) <= 2
    # a question that is in a scale and in the total as well is named once
    header, *rows = answers("bat-12", 47).splitlines()
    codes = header.split(",")[2:]
    given = ["5" if number % 2 else "1" for number in range(47)]
    lines = [
        ",".join([*row.split(",")[:2], str(6 - int(one)), *[one] * (len(codes) - 1)])
        for row, one in zip(rows, given, strict=True)
    ]
    (tmp_path / "answers.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    text = said(tmp_path, capsys, "bat-12")
    assert text.count(f"column {codes[0]}: goes against") == 1


def test_a_file_of_headcounts_is_spoken_of_like_the_others(tmp_path, capsys):
    (tmp_path / "answers.csv").write_text(answers(INSTRUMENT, 60), encoding="utf-8")
    (tmp_path / "units.csv").write_text("unit,headcount\na,80\n", encoding="utf-8")
    groups = tmp_path / "groups.csv"
    groups.write_bytes("group;headcount;büro\nday;40;x\nnight;40;x\n".encode("cp1252"))
    text = said(tmp_path, capsys, INSTRUMENT, "--group", "shift", "--group-headcounts", str(groups))
    assert "groups.csv: line 1 is not written in UTF-8" in text
    assert "groups.csv: not used: büro." in text


@pytest.mark.parametrize("number", [float("nan"), float("inf"), np.float64("-inf")])
def test_a_number_that_is_none_is_never_written_as_a_hole(tmp_path, number):
    found = {"n": 20, "units": {"a": {"mean": [1.0, number]}}}
    with pytest.raises(ValueError, match=r"results\.units\.a\.mean\.1 is"):
        list(write_results(tmp_path / "out", ["json"], Report(found, QUESTIONS, None)))
    assert not (tmp_path / "out").exists()


def test_decimal_commas_are_answers_and_what_cannot_be_used_is_said_last(tmp_path, capsys):
    (tmp_path / "units.csv").write_text("unit,headcount\na,60\n", encoding="utf-8")
    header, *rows = answers(INSTRUMENT, 35).splitlines()
    wide = [row.replace(",", ";").split(";") for row in rows]
    comma = [";".join([*row[:2], *(f"{one},0" for one in row[2:])]) for row in wide]
    (tmp_path / "answers.csv").write_text(
        "\n".join([header.replace(",", ";"), *comma]), encoding="utf-8"
    )
    text = said(tmp_path, capsys, INSTRUMENT)
    assert "counted as missing" not in text
    assert "NOTHING of columns" not in text
    words = [";".join([*row[:2], *("often" for _ in row[2:])]) for row in wide]
    (tmp_path / "answers.csv").write_text(
        "\n".join([header.replace(",", ";"), *words]), encoding="utf-8"
    )
    last = said(tmp_path, capsys, INSTRUMENT).strip().splitlines()
    assert any(line.startswith("answers.csv: NOTHING of columns") for line in last)
    # a question nobody was asked is no such thing
    silent = [";".join([*row[:2], *("NA" for _ in row[2:])]) for row in wide]
    (tmp_path / "answers.csv").write_text(
        "\n".join([header.replace(",", ";"), *silent]), encoding="utf-8"
    )
    assert "NOTHING of columns" not in said(tmp_path, capsys, INSTRUMENT)


def test_a_scale_whose_questions_contradict_each_other_names_the_turned_ones(tmp_path, capsys):
    (tmp_path / "units.csv").write_text("unit,headcount\na,60\n", encoding="utf-8")
    header, *rows = answers(INSTRUMENT, 45).splitlines()
    codes = header.split(",")
    scale = next(
        one for one in QUESTIONS.scales if any(q.reversed for q in QUESTIONS.scale_items(one.key))
    )
    lines = []
    for number, row in enumerate(rows):
        cells = row.split(",")
        for code in scale.items:  # all questions alike, also those the instrument turns around
            cells[codes.index(code)] = str(1 + number % 5)
        lines.append(",".join(cells))
    (tmp_path / "answers.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    text = said(tmp_path, capsys, INSTRUMENT)
    assert f"the questions of {scale.key} contradict each other" in text
