"""`baken analyse` with a structure: answers somebody has, scored without the texts."""

import json

import numpy as np
import pytest

from baken.instruments.library import load_instrument
from baken.instruments.metric import metric_of
from baken.web.commands.main import main


def analyse(tmp_path, capsys, key, codes, rows):
    answers, units = tmp_path / "answers.csv", tmp_path / "units.csv"
    lines = [",".join(["unit", *codes]), *(",".join(["A", *map(str, row)]) for row in rows)]
    answers.write_text("\n".join(lines), encoding="utf-8")
    units.write_text(f"unit,headcount,parent\nAll,0,\nA,{len(rows) + 5},All\n", encoding="utf-8")
    files = [str(answers), "--units", str(units), "--instrument", key, "--out", str(tmp_path)]
    with pytest.raises(SystemExit) as caught:
        main(["analyse", *files])
    return caught.value.code or 0, capsys.readouterr().err


def test_a_file_of_bat_12_is_scored_with_its_cut_offs_and_codes_for_names(tmp_path, capsys):
    bat = load_instrument("bat-12")
    rows = np.random.default_rng(7).integers(1, 6, (60, 12))
    codes = [item.code for item in bat.items]
    assert analyse(tmp_path, capsys, "bat-12", codes, rows)[0] == 0
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["scales"]
    means = rows.mean(axis=1)
    metric = metric_of(bat, "total")
    assert metric.mean(found["total"]["mean"]) == pytest.approx(means.mean())
    assert metric.deviation(found["total"]["sd"]) == pytest.approx(means.std(ddof=1))
    for scale, cut in (("total", 2.54), ("total_severe", 2.96)):
        assert found[scale]["share_at_risk"] == pytest.approx((means >= cut).mean())
    page = (tmp_path / "results.html").read_text(encoding="utf-8")
    assert bat.texts["nl"].scales["exhaustion"] in page
    assert set(found["exhaustion"]["items"]) == {"EX1", "EX2", "EX3"}


def test_a_structure_without_items_is_refused_before_anything_is_written(tmp_path, capsys):
    code, said = analyse(tmp_path, capsys, "woccq", ["Q1"], [[1]] * 20)
    assert code == 1
    assert "does not say which items these scales have: resources, task_demands" in said
    assert not (tmp_path / "results.json").exists()
