"""Make the invented data set: about 600 people in 20 units of a tree, always the same.

Run from the root of the repository with ``python -m tests.reference.make_answers``, then make the
values it is compared with again: ``Rscript tests/reference/make_values.R``.
"""

import csv
import io
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "values" / "data"
SEED = 20_260_401

TEAMS = {
    "care": {"": 17, "day": 91, "night": 36, "west": 72, "east": 60},
    "kitchen": {"": 14, "hot": 46, "cold": 33, "serving": 57},
    "office": {"": 22, "pay": 27, "people": 39, "desk": 30, "files": 12},
    "technical": {"": 16, "garden": 21, "repair": 41, "transport": 50, "store": 15},
}
RATES = (0.7, 1.0, 0.95, 0.9, 0.8, 0.6, 0.5)
WITHOUT_UNIT = 7
SCALES = (("PACE", 5, 1, 5, (3, 5)), ("SUPP", 4, 1, 4, (2,)), ("TIRE", 3, 0, 6, ()))


def units_csv() -> str:
    """Return the unit tree with headcounts."""
    rows: list[list[object]] = [["unit", "headcount", "parent", "name"]]
    rows.append(["house", 31, "", "The whole house"])
    for department, teams in TEAMS.items():
        rows.append([department, teams[""], "house", department.capitalize()])
        rows += [[team, size, department, ""] for team, size in teams.items() if team]
    return _csv(rows)


def answers_csv() -> str:
    """Return the answers: unit, then the items; an empty field is a missing answer."""
    chance = np.random.default_rng(SEED)
    codes = [f"{name}{i}" for name, n, *_ in SCALES for i in range(1, n + 1)]
    rows: list[list[object]] = [["unit", *codes]]
    units = [("house", 31)]
    for department, teams in TEAMS.items():
        units += [(team or department, size) for team, size in teams.items()]
    for place, (unit, size) in enumerate(units):
        mood = chance.normal(0, 0.35, len(SCALES))
        n = max(2, round(RATES[place % len(RATES)] * size))
        rows += [[unit, *_sheet(chance, mood)] for _ in range(n)]
    rows += [["", *_sheet(chance, np.zeros(len(SCALES)))] for _ in range(WITHOUT_UNIT)]
    return _csv(rows)


def _sheet(chance: np.random.Generator, mood: np.ndarray) -> list[object]:
    answers: list[object] = []
    for scale, (_, n, low, high, reversed_items) in enumerate(SCALES):
        person = mood[scale] + chance.normal(0, 0.8)
        middle, width = (low + high) / 2, (high - low) / 4
        for item in range(1, n + 1):
            feeling = -person if item in reversed_items else person
            value = round(middle + width * (feeling + chance.normal(0, 0.9)))
            answers.append(min(high, max(low, value)))
        # Some leave an item open, a few most of a scale.
        skip = chance.random(n) < (0.7 if chance.random() < 0.05 else 0.03)
        answers[-n:] = ["" if out else kept for out, kept in zip(skip, answers[-n:], strict=True)]
    return answers


def _csv(rows: list[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    (DATA / "invented_headcount.csv").write_text(units_csv(), encoding="utf-8")
    (DATA / "invented.csv").write_text(answers_csv(), encoding="utf-8")
