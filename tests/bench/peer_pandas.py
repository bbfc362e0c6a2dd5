"""The standard analysis job in vectorised pandas: what a skilled analyst would write.

    python tests/bench/peer_pandas.py FOLDER

Reads the tables of `sample.write_files`, writes `pandas.json` beside them. No loop over people
or units, except in the release plan. It does less than Baken: no omega, no shrinkage, no
agreement, no effect sizes, no distributions of items.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

K = 10
ITEMS_PER_SCALE = 4
LOW, HIGH = 1, 5
CUT_OFF = 62.5
Z = 1.959963984540054


def main(folder: Path) -> None:
    answers = pd.read_csv(folder / "answers.csv")
    units = pd.read_csv(folder / "units.csv", index_col="unit")
    items = answers.columns[1:]
    scales = [
        list(items[at : at + ITEMS_PER_SCALE]) for at in range(0, len(items), ITEMS_PER_SCALE)
    ]
    for names in scales:
        answers[names[3]] = LOW + HIGH - answers[names[3]]
    scores = pd.DataFrame({f"s{at:02}": score(answers[names]) for at, names in enumerate(scales)})

    department = answers["unit"].map(units["parent"])
    headcount = units["headcount"] + units.groupby("parent")["headcount"].sum().reindex(
        units.index, fill_value=0
    )
    ranks = scores.rank()
    found = pd.concat(
        [describe(scores, ranks, answers["unit"]), describe(scores, ranks, department)]
    )
    found["headcount"] = found.index.get_level_values(0).map(headcount)
    with_intervals(found)
    against_rest(found, scores, ranks)

    shown = pd.Series(False, index=found.index)
    parent = units["parent"]
    for scale, n in found["n"].groupby(level=1):
        keys = release_plan(n.droplevel(1).to_dict(), parent.to_dict())
        shown[[(key, scale) for key in keys]] = True
    for test in ("welch", "mwu"):
        found[f"q_{test}"] = benjamini_hochberg(found[f"p_{test}"].where(shown))
    result = {
        "scales": {
            name: {
                "alpha": alpha(answers[names]),
                "kruskal_p": kruskal(ranks[name], scores[name], answers["unit"]),
            }
            for name, names in zip(scores.columns, scales, strict=True)
        },
        "units": {
            unit: rows.droplevel(0).to_dict("index")
            for unit, rows in found.where(shown, None).groupby(level=0)
        },
    }
    (folder / "pandas.json").write_text(json.dumps(result))


def score(answers: pd.DataFrame) -> pd.Series:
    """0 to 100; at least half of the items answered."""
    enough = answers.notna().sum(axis=1) * 2 >= answers.shape[1]
    return (100 * (answers.mean(axis=1) - LOW) / (HIGH - LOW)).where(enough)


def describe(scores: pd.DataFrame, ranks: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """One row per group and scale."""
    grouped = scores.groupby(group)
    columns = {
        "n": grouped.count(),
        "mean": grouped.mean(),
        "sd": grouped.std(),
        "n_at_risk": (scores >= CUT_OFF).groupby(group).sum(),
        "rank_sum": ranks.groupby(group).sum(),
    }
    return pd.DataFrame({name: table.stack() for name, table in columns.items()})


def with_intervals(found: pd.DataFrame) -> None:
    """Student and Wilson intervals with the finite population correction."""
    n, size = found["n"], found["headcount"]
    t = special.stdtrit(n - 1, 0.975)
    half = t * found["sd"] / np.sqrt(n) * np.sqrt(1 - n / size)
    found["low"], found["high"] = (
        (found["mean"] - half).clip(0),
        (found["mean"] + half).clip(None, 100),
    )
    p, inverse = found["n_at_risk"] / n, (size - n) / (n * (size - 1))
    stretch = 1 + Z**2 * inverse
    centre = (p + Z**2 * inverse / 2) / stretch
    half = Z / stretch * np.sqrt(p * (1 - p) * inverse + Z**2 * inverse**2 / 4)
    found["share_at_risk"], found["share_low"], found["share_high"] = (
        p,
        centre - half,
        centre + half,
    )


def against_rest(found: pd.DataFrame, scores: pd.DataFrame, ranks: pd.DataFrame) -> None:
    """Welch's and the Mann-Whitney test of each group against everybody else, all at once."""
    scale = found.index.get_level_values(1)
    n_all, sum_all = scores.count().loc[scale].array, scores.sum().loc[scale].array
    squares_all = (scores**2).sum().loc[scale].array
    n1, m1, v1 = found["n"], found["mean"], found["sd"] ** 2
    n2 = n_all - n1
    m2 = (sum_all - n1 * m1) / n2
    v2 = (squares_all - (n1 - 1) * v1 - n1 * m1**2 - n2 * m2**2) / (n2 - 1)
    a, b = v1 / n1, v2 / n2
    df = (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))
    found["diff_rest"] = m1 - m2
    found["p_welch"] = 2 * special.stdtr(df, -np.abs((m1 - m2) / np.sqrt(a + b)))
    ties = pd.Series({name: tie_term(scores[name]) for name in scores}).loc[scale].array
    u = found["rank_sum"] - n1 * (n1 + 1) / 2
    sd = np.sqrt(n1 * n2 / 12 * (n_all + 1 - ties / (n_all * (n_all - 1))))
    found["p_mwu"] = 2 * special.ndtr(-(np.abs(u - n1 * n2 / 2) - 0.5) / sd)


def tie_term(scores: pd.Series) -> float:
    times = scores.round(9).value_counts().astype(float)
    return float((times**3 - times).sum())


def alpha(items: pd.DataFrame) -> float:
    covariance = items.dropna().cov().to_numpy()
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def kruskal(ranks: pd.Series, scores: pd.Series, group: pd.Series) -> float:
    sums = ranks.groupby(group).agg(["sum", "count"])
    n = int(sums["count"].sum())
    h = 12 / (n * (n + 1)) * (sums["sum"] ** 2 / sums["count"]).sum() - 3 * (n + 1)
    h /= 1 - tie_term(scores) / (n**3 - n)
    return float(special.chdtrc(len(sums) - 1, h))


def benjamini_hochberg(p: pd.Series) -> pd.Series:
    ordered = p.dropna().sort_values(ascending=False)
    m = len(ordered)
    return (ordered * m / np.arange(m, 0, -1)).cummin().clip(upper=1).reindex(p.index)


def release_plan(n: dict[str, int], parent: dict[str, str]) -> list[str]:
    """The remainder rule per parent: safe, not optimal."""
    children: dict[str, list[str]] = {}
    for unit, above in parent.items():
        if isinstance(above, str):
            children.setdefault(above, []).append(unit)
    shown: list[str] = []
    below = [unit for unit, above in parent.items() if not isinstance(above, str)]
    while below:
        siblings = sorted(children.get(below.pop(), ()), key=lambda unit: n.get(unit, 0))
        hidden = 0
        for unit in siblings:
            if n.get(unit, 0) < K or 0 < hidden < K:
                hidden += n.get(unit, 0)
            else:
                shown.append(unit)
                below.append(unit)
    return shown


if __name__ == "__main__":
    main(Path(sys.argv[1]))
