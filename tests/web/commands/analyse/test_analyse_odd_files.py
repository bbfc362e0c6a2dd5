"""Files as they come: each oddity has a sentence that says where and what to do, and a code."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from baken.instruments.library import load_instrument
from baken.storage.workbooks import Sheet, write_rows
from baken.web.commands.main import main

INSTRUMENT = Path(__file__).parents[3] / "reference" / "values" / "instrument"
ITEMS = load_instrument(INSTRUMENT).items
CODES = [item.code for item in ITEMS]


@dataclass
class Files:
    """A good pair of files, to be spoilt."""

    folder: Path
    header: list[str]
    rows: list[list[str]]
    units: list[list[str]]
    options: list[str] = field(default_factory=list)
    instrument: Path = INSTRUMENT
    answers: Path = Path()

    def column(self, name: str, values: Callable[[int], str]) -> None:
        place = self.header.index(name)
        for number, row in enumerate(self.rows):
            row[place] = values(number)

    def cell(self, row: int, name: str, value: str) -> None:
        self.rows[row - 2][self.header.index(name)] = value

    def text(self, delimiter: str = ",") -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows([self.header, *self.rows])
        return out.getvalue()

    def write(self, content: bytes) -> None:
        self.answers = self.folder / "answers.csv"
        self.answers.write_bytes(content)


def good(folder: Path) -> Files:
    chance = np.random.default_rng(4)
    rows = []
    for number in range(48):
        level = chance.normal(0.5, 0.2)
        answers = []
        for item in ITEMS:
            top = item.format.high - item.format.low
            answer = int(np.clip(np.rint(top * (level + chance.normal(0, 0.15))), 0, top))
            answers.append(str(item.format.low + (top - answer if item.reversed else answer)))
        rows.append([("care", "office")[number % 2], ("old", "young")[number % 3 % 2], *answers])
    units = [["house", "0", ""], ["care", "30", "house"], ["office", "30", "house"]]
    return Files(folder, ["unit", "age", *CODES], rows, units)


def nothing(files: Files) -> None:
    pass


def all_missing_scale(files: Files) -> None:
    for code in ("SUPP1", "SUPP2", "SUPP3", "SUPP4"):
        files.column(code, lambda _: "")


def one_unit(files: Files) -> None:
    files.column("unit", lambda _: "care")
    files.units = [["care", "60", ""]]


def no_answers(files: Files) -> None:
    files.rows = []


def one_answer(files: Files) -> None:
    files.rows = files.rows[:1]


def stranger(files: Files) -> None:
    files.cell(9, "unit", "cafe")


def silent_unit(files: Files) -> None:
    files.units.append(["garden", "12", "house"])


def no_unit(files: Files) -> None:
    files.cell(3, "unit", "")


def headcount(value: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files.units[1][1] = value

    return change


def constant_item(files: Files) -> None:
    files.column("PACE2", lambda _: "3")


def missing_item(files: Files) -> None:
    files.column("PACE2", lambda _: "")


def turned_already(files: Files) -> None:
    place = files.header.index("PACE3")
    files.column("PACE3", lambda number: str(6 - int(files.rows[number][place])))


def turned_twice(files: Files) -> None:
    files.instrument = files.folder / "instrument"
    shutil.copytree(INSTRUMENT, files.instrument)
    definition = files.instrument / "definition.toml"
    text = definition.read_text(encoding="utf-8")
    definition.write_text(text.replace('["PACE3", "PACE5"]', '["PACE3", "PACE3"]'), "utf-8")


def value(text: str) -> Callable[[Files], None]:
    return lambda files: files.cell(7, "TIRE2", text)


def dates_in_a_workbook(files: Files) -> None:
    table = [files.header, *([row[0], row[1], *map(int, row[2:])] for row in files.rows)]
    table[6][files.header.index("TIRE2")] = date(2026, 3, 5)
    files.write(write_rows([Sheet("answers", table), Sheet("notes", [["x"], ["y"]])]))


def old_workbook(files: Files) -> None:
    files.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100)


def duplicate_header(files: Files) -> None:
    files.header[1] = "PACE1"


def mark(files: Files) -> None:
    files.write(files.text().encode("utf-8-sig"))


def semicolons(files: Files) -> None:
    files.cell(7, "TIRE2", "3,5")
    files.write(files.text(";").encode())


def windows(files: Files) -> None:
    files.units[1][0] = "café"
    files.column("unit", lambda number: ("café", "office")[number % 2])
    files.write(files.text(";").encode("cp1252"))


def shifted(files: Files) -> None:
    files.write(files.text().replace("care,old,", "care,old,3,5,", 1).encode())


def empty(files: Files) -> None:
    files.write(b"")


def folder(files: Files) -> None:
    files.answers = files.folder


def binary(files: Files) -> None:
    files.write(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


def another_file(files: Files) -> None:
    files.write(b"%PDF-1.7\nnothing of the kind\n")


def group(files: Files) -> None:
    files.options = ["--group", "age"]


def small_group(files: Files) -> None:
    group(files)
    files.column("age", lambda number: "old" if number < 4 else "young")


def many_groups(files: Files) -> None:
    group(files)
    files.column("age", str)


def no_such_group(files: Files) -> None:
    files.options = ["--group", "sex"]


def people(*rows: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        group(files)
        path = files.folder / "groups.csv"
        path.write_text("\n".join(["group,headcount", *rows]), encoding="utf-8")
        files.options += ["--group-headcounts", str(path)]

    return change


CASES = [
    (nothing, 0, ["answers.csv: not used: age."]),
    (
        all_missing_scale,
        0,
        ["answers.csv, columns SUPP1, SUPP2, SUPP3, SUPP4: nobody answered, so SUPPORT has no"],
    ),
    (one_unit, 0, ["units.csv: there is one unit only; nothing can be compared."]),
    (no_answers, 1, ["answers.csv has a header, but no answers below it. Nothing was written."]),
    (one_answer, 0, ["answers.csv: fewer than 10 people answered, so all figures are empty."]),
    (stranger, 1, ["“cafe” in row 9", "do you mean “care”", "Correct the name, or add the unit"]),
    (silent_unit, 0, ["units.csv: nobody answered in garden (row 5)."]),
    (no_unit, 0, ["answers.csv, row 3, column unit: names no unit; counts for the whole"]),
    (headcount("0"), 0, ["units.csv, row 3, column headcount: care has 0 people, but 24 answered"]),
    (headcount("23"), 0, ["care has 23 people, but 24 answered: check the headcount"]),
    (headcount(""), 0, ["units.csv, row 3, column headcount: care has no headcount"]),
    (headcount("3,5"), 1, ["row 3, column headcount: “3,5” is not a whole number. Nothing was"]),
    (headcount("-1"), 1, ["row 3, column headcount: -1 is less than nobody"]),
    (constant_item, 0, ["answers.csv, column PACE2: everybody who answered gave 3. Check whether"]),
    (missing_item, 0, ["answers.csv, column PACE2: nobody answered this question."]),
    (turned_already, 0, ["column PACE3: goes against the other questions of PACE", "had done so"]),
    (turned_twice, 1, ["“PACE3” stands in the list twice. Leave one of the two."]),
    (value("3,5"), 0, ["row 7, column TIRE2: “3,5” is not a whole number; counted as missing."]),
    (value(">5"), 0, ["row 7, column TIRE2: “>5” is not a whole number; counted as missing."]),
    (value("NA"), 0, ["row 7, column TIRE2: “NA” was taken for no answer; counted as missing."]),
    (value("9"), 0, ["row 7, column TIRE2: “9” lies outside 0 to 6; counted as missing."]),
    (value("5-mrt"), 0, ["row 7, column TIRE2: “5-mrt” looks like a date, perhaps made by a"]),
    (value("3/05/2026"), 0, ["row 7, column TIRE2: “3/05/2026” looks like a date"]),
    (
        dates_in_a_workbook,
        0,
        ["row 7, column TIRE2: “2026-03-05” looks like a date", "only the first sheet, answers"],
    ),
    (old_workbook, 1, ["answers.csv: This workbook is of an old kind, or protected by a password"]),
    (duplicate_header, 1, ["more than one column called PACE1. Nothing was written. Keep one"]),
    (mark, 0, ["answers.csv: not used: age."]),
    (semicolons, 0, ["row 7, column TIRE2: “3,5” is not a whole number; counted as missing."]),
    (
        windows,
        0,
        ["answers.csv: line 2 is not written in UTF-8; the file was read as Windows-1252"],
    ),
    (shifted, 1, ["answers.csv, row 2, has 16 values where the header has 14 columns", "comma"]),
    (empty, 1, ["answers.csv is empty. Choose another file."]),
    (folder, 2, ["is a directory"]),
    (binary, 1, ["answers.csv is not a text file: line 3 holds a byte that no text has"]),
    (another_file, 1, ["answers.csv lacks unit, PACE1", "Add what is missing"]),
    (group, 0, []),
    (small_group, 0, ["column age: these groups cannot be shown without telling about fewer than"]),
    (
        many_groups,
        1,
        ["Column age of answers.csv holds more than 12 groups; “12” in row 14 is one"],
    ),
    (no_such_group, 1, ["answers.csv lacks sex"]),
    (people("old,40", "young,60"), 0, []),
    (people("old,40"), 0, ["groups.csv: group young of column age has no headcount"]),
    (people("old,40", "young,60", "new,5"), 0, ["groups.csv: nobody of group new answered"]),
    (people("old,40", "old,60"), 1, ["groups.csv, row 3, column group: old stands in the file"]),
    (people("old,many"), 1, ["groups.csv, row 2, column headcount: “many” is no number of people"]),
    (people(",4"), 1, ["groups.csv, row 2, column group: the group has no name"]),
    (people(), 1, ["groups.csv, row 2, column group: there is no group"]),
]


@pytest.mark.parametrize(("spoil", "code", "messages"), CASES)
def test_every_oddity_is_said_with_its_place(tmp_path, capsys, spoil, code, messages):
    files = good(tmp_path)
    spoil(files)
    if files.answers == Path():
        files.write(files.text().encode())
    units = tmp_path / "units.csv"
    lines = ["unit,headcount,parent", *(f'{u},"{n}",{p}' for u, n, p in files.units)]
    units.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "out"
    asked = ["--units", str(units), "--instrument", str(files.instrument), "--out", str(out)]
    with pytest.raises(SystemExit) as end:
        main(["analyse", str(files.answers), *asked, "--formats", "json", *files.options])
    said = " ".join(re.sub(r"[│╭╮╰╯─]", " ", capsys.readouterr().err).split())
    assert (end.value.code or 0) == code, said
    for message in messages:
        assert message in said
    if code:
        assert not out.exists()
    else:
        found = json.loads((out / "results.json").read_text(encoding="utf-8"))
        n = len(files.rows)
        assert found["n"] == (n if n >= 10 else None)
        assert bool(said) == bool(messages), said
