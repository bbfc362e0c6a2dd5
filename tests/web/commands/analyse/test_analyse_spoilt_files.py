"""Files that something went through: never more than a sentence and a code.

The size of the campaign is read from BAKEN_FUZZ.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from baken.instruments.library import load_instrument
from baken.storage.workbooks import Sheet, write_rows
from baken.web.commands.main import main

INSTRUMENT = Path(__file__).parents[3] / "reference" / "values" / "instrument"
HEADER = ["unit", "shift", *(item.code for item in load_instrument(INSTRUMENT).items)]
CASES = int(os.environ.get("BAKEN_FUZZ", "16"))
TELLING = [b"", b'"', b",", b";", b"\n", b"\r", b"\0", b"\xe9", b"\xff", b"sep=;", b"-", b"=", b"9"]


def good() -> dict[str, bytes]:
    chance = np.random.default_rng(1)
    rows = [
        ["ab"[n % 2], ["day", "night"][n % 3 % 2], *chance.integers(1, 5, 12).tolist()]
        for n in range(40)
    ]
    answers = "\n".join(",".join(map(str, row)) for row in [HEADER, *rows])
    return {
        "answers.csv": answers.encode(),
        "answers.xlsx": write_rows([Sheet("answers", [HEADER, *rows])]),
        "units.csv": b"unit,headcount,parent,name\nall,0,,All\na,30,all,A\nb,25,all,B\n",
        "groups.csv": b"group,headcount\nday,30\nnight,25\n",
        "reference.csv": b"scale,mean,sd,n,source,year,population,format\n"
        b"PACE,50,20,900,Made up,2024,care,1-5\n",
    }


def spoilt(content: bytes, chance: np.random.Generator) -> bytes:
    for _ in range(int(chance.integers(1, 3))):
        first, last = sorted(int(one) for one in chance.integers(0, len(content) + 1, 2))
        last = min(last, first + int(chance.choice([0, 1, 3, 40])))
        new = TELLING[int(chance.integers(len(TELLING)))] * int(chance.choice([1, 1, 2, 70]))
        content = content[:first] + new + content[last:]
    return content


def test_whatever_went_through_a_file_it_ends_with_a_sentence(tmp_path, capsys):
    chance = np.random.default_rng(7)
    files = good()
    codes = set()
    for _ in range(CASES):
        worse = str(chance.choice(sorted(files)))
        for name, content in files.items():
            spoil = name == worse or (name == "units.csv" and chance.random() < 0.1)
            (tmp_path / name).write_bytes(spoilt(content, chance) if spoil else content)
        answers = worse if worse.startswith("answers") else "answers.csv"
        named = {"units": "units.csv", "group-headcounts": "groups.csv"}
        named |= {"reference": "reference.csv"}
        options = [part for key, name in named.items() for part in (f"--{key}", tmp_path / name)]
        options += ["--instrument", INSTRUMENT, "--out", tmp_path / "out", "--formats", "json"]
        with pytest.raises(SystemExit) as end:
            main(["analyse", str(tmp_path / answers), *map(str, options), "--group", "shift"])
        said = capsys.readouterr()
        codes.add(code := end.value.code or 0)
        assert code in {0, 1}, said.err
        assert bool(said.out) == (code == 0)
        assert code == 0 or said.err.strip()
        assert (tmp_path / "out" / "results.json").exists() == (code == 0)
        for left in (tmp_path / "out").glob("*"):
            left.unlink()
    assert codes == {0, 1}
