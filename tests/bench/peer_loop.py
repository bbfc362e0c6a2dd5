"""The tests of the standard job as they are usually written: one scipy call per unit and scale.

    python tests/bench/peer_loop.py FOLDER UNITS

Does the first UNITS units only, and prints the seconds of reading and scoring, and those of one
unit: the whole takes minutes.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from peer_pandas import HIGH, ITEMS_PER_SCALE, LOW, score
from scipy import stats


def main(folder: Path, n_units: int) -> None:
    begun = time.perf_counter()
    answers = pd.read_csv(folder / "answers.csv")
    items = answers.columns[1:]
    scores = {}
    for at in range(0, len(items), ITEMS_PER_SCALE):
        names = list(items[at : at + ITEMS_PER_SCALE])
        answers[names[3]] = LOW + HIGH - answers[names[3]]
        scores[at] = score(answers[names])
    read = time.perf_counter() - begun
    begun = time.perf_counter()
    units = sorted(answers["unit"].unique())[:n_units]
    for unit in units:
        inside = answers["unit"] == unit
        for values in scores.values():
            one, rest = values[inside].dropna(), values[~inside].dropna()
            stats.ttest_ind(one, rest, equal_var=False)
            stats.mannwhitneyu(one, rest)
            half = stats.t.ppf(0.975, len(one) - 1) * one.std() / np.sqrt(len(one))
            _ = one.mean() - half, one.mean() + half
    print(json.dumps({"read": read, "unit": (time.perf_counter() - begun) / len(units)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
