"""Everything `baken analyse` can be asked for at once, in every format, and how far it is."""

import io
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from baken.instruments.library import load_instrument
from baken.storage.workbooks import Sheet, list_sheets, open_rows, write_rows
from baken.web.commands.analyse.progress import LARGE, followed
from baken.web.commands.main import main

INSTRUMENT = Path(__file__).parents[3] / "reference" / "values" / "instrument"
ITEMS = load_instrument(INSTRUMENT).items
UNITS = ["=1+1", "b", "c", "d"]
HEADER = ["unit", "shift", *(item.code for item in ITEMS)]


def people(seed: int, n: int = 160) -> list[list[str | int]]:
    """Who is tired also feels pace and lacks support."""
    chance = np.random.default_rng(seed)
    rows = []
    for number in range(n):
        level, answers = chance.normal(0, 0.2), []
        for item in ITEMS:
            top = item.format.high - item.format.low
            sign = -1 if item.scale == "SUPPORT" else 1
            answer = np.clip(np.rint(top * (0.5 + sign * level + chance.normal(0, 0.15))), 0, top)
            answers.append(int(item.format.low + (top - answer if item.reversed else answer)))
        rows.append([UNITS[number % 4], ["day", "night"][number // 4 % 2], *answers])
    return rows


def run(folder: Path, capsys, name: str, rows: list, *options: str) -> Path:
    answers, units, out = folder / f"{name}.xlsx", folder / "units.csv", folder / name
    answers.write_bytes(write_rows([Sheet("answers", [HEADER, *rows])]))
    units.write_text(
        "unit;headcount;parent;name\nall;0;;House\n"
        + "".join(f"{unit};80;all;Unit {place}\n" for place, unit in enumerate(UNITS)),
        encoding="utf-8",
    )
    files = [str(answers), "--units", str(units), "--instrument", str(INSTRUMENT)]
    with pytest.raises(SystemExit) as end:
        main(["analyse", *files, "--out", str(out), *options])
    said = capsys.readouterr()
    assert not end.value.code, said.err
    return out


class Nesting(HTMLParser):
    """Every element that is opened is closed, in order; texts are kept."""

    def __init__(self, page):
        super().__init__()
        self.stack, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in {"meta", "br"}:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_everything_at_once_in_every_format(tmp_path, capsys):
    run(tmp_path, capsys, "before", people(1), "--formats", "json")
    reference, groups = tmp_path / "reference.csv", tmp_path / "groups.csv"
    reference.write_text(
        "scale,mean,sd,n,source,year,population,format\nPACE,50,20,900,Made up,2024,care,1-5\n",
        encoding="utf-8",
    )
    groups.write_text("group;headcount\nday;150\nnight;170\n", encoding="utf-8")
    options = ["--previous", str(tmp_path / "before" / "results.json"), "--group", "shift"]
    options += ["--reference", str(reference), "--group-headcounts", str(groups)]
    out = run(tmp_path, capsys, "after", people(2), *options)
    found = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert set(found["groups"]["shift"]) == {"day", "night"}
    assert set(found["drivers"]) == {"TIRED"}
    assert found["drivers"]["TIRED"]["SUPPORT"]["direction"] == "falls"
    assert found["weights"]["shift"]["PACE"]["raked"] is True
    assert set(found["trend"]["PACE"]) == {"ALL", *UNITS}
    check_page((out / "results.html").read_text(encoding="utf-8"))
    check_workbook((out / "results.xlsx").read_bytes(), found)


def check_page(page):
    read = Nesting(page)
    assert read.stack == []
    said = " ".join(" ".join(read.texts).split())
    for heading in (
        "By group: shift",
        "Weighed: each group counts for the number of people",
        "What hangs together with Tiredness?",
        "When this rises",
        "Who answered?",
        "Pace: Made up (2024), care, n = 900.",
        "Compared with the earlier survey",
    ):
        assert heading in said


def check_workbook(content, found):
    sheets = ["Read first", "Organisation", "Units", "Questions", "Groups", "Drivers"]
    assert list_sheets(content) == (*sheets, "Response", "Elsewhere", "Trend")
    head, *units = open_rows(content, sheet="Units")
    assert [row[head.index("unit")] for row in units[::3]] == UNITS
    for row in units:
        cell = found["units"][row[0]]["scales"][row[head.index("scale")]]
        assert row[head.index("mean")] == pytest.approx(cell["mean"])
        assert row[head.index("light")] == cell["light"]
    head, *drivers = open_rows(content, sheet="Drivers")
    model = found["drivers"]["TIRED"]
    assert {row[2]: row[head.index("weight")] for row in drivers} == {
        scale: pytest.approx(figures["weight"]) for scale, figures in model.items()
    }
    head, *groups = open_rows(content, sheet="Groups")
    weighed = [row for row in groups if row[head.index("weighed")]]
    assert [row[:2] for row in weighed] == [["shift", None]] * len(found["weights"]["shift"])
    assert {row[1] for row in groups if not row[head.index("weighed")]} == {"day", "night"}
    assert len(open_rows(content, sheet="Trend")) == 1 + sum(map(len, found["trend"].values()))
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = [book.read(name) for name in book.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in part or b"<f " in part for part in parts)


def test_a_workbook_that_is_not_for_release_says_so_on_every_sheet(tmp_path, capsys):
    out = run(tmp_path, capsys, "free", people(3, 9), "--unprotected", "--formats", "xlsx")
    content = (out / "results.xlsx").read_bytes()
    assert all(name.endswith("(not for release)") for name in list_sheets(content))
    assert "not protected" in str(open_rows(content)[1][0])


def test_what_is_hidden_stands_in_no_cell_of_a_workbook(tmp_path, capsys):
    rows = [row for row in people(4) if row[0] != "d"] + people(5, 16)[3::4]
    out = run(tmp_path, capsys, "few", rows, "--formats", "xlsx")
    head, *units = open_rows((out / "results.xlsx").read_bytes(), sheet="Units")
    (hidden,) = {row[0]: row for row in units if row[0] == "d"}.values()
    assert [cell for cell in hidden[3:] if cell is not None] == ["TIRED", "Tiredness", "(merged)"]
    assert hidden[head.index("counted_in")] == "ALL"


def test_how_far_it_is_stands_on_a_screen_or_is_asked_for(tmp_path, capsys):
    file = tmp_path / "answers.csv"
    file.write_bytes(b"x" * 200)
    screen, paper = io.StringIO(), io.StringIO()
    with followed(Console(file=paper), file, None) as hears:
        assert hears is None
    with followed(Console(file=paper), file, wanted=True) as hears:
        for done in (50, 51, 200):
            hears(done)
    assert paper.getvalue() == "answers.csv: 20 % read\nanswers.csv: 100 % read\n"
    with followed(Console(file=screen, force_terminal=True), file, wanted=True) as hears:
        hears(100)
    assert "Counting answers.csv" in screen.getvalue()
    with followed(Console(file=screen, force_terminal=True), file, None) as hears:
        assert hears is None
    with file.open("r+b") as grown:
        grown.truncate(LARGE)
    with followed(Console(file=screen, force_terminal=True), file, None) as hears:
        assert hears is not None
    with followed(Console(file=screen, force_terminal=True), file, wanted=False) as hears:
        assert hears is None
