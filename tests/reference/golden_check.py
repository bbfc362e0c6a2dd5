"""Compare the figures of `baken analyse` with a folder of values made by other software.

Run from the root of the repository: ``python -m tests.reference.golden_check FOLDER``. The folder
holds ``<data set>/units.csv``, ``scales.json`` and ``tests.json``, and where it has them
``lights_*.csv`` and ``disclosure/*.json``; the answers stand in ``data`` inside the folder or
beside it. Ends with 1 when a figure is off.
"""

import contextlib
import io
import json
import math
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.web.commands.main import main as baken
from tests.reference.golden_comparison import Comparison, rows, value
from tests.reference.golden_disclosure import check_disclosure
from tests.reference.golden_formulas import formulas
from tests.reference.golden_methods import method_figures
from tests.reference.golden_samples import Sample, samples, weighting

HERE = Path(__file__).parent


@dataclass(frozen=True)
class DataSet:
    """Answers with known values: name of the folder and the files, and how they are read."""

    key: str
    unit_column: str
    instrument: Path


DATA_SETS = (
    DataSet("lq2002", "COMPID", HERE / "instruments" / "lq2002"),
    DataSet("invented", "unit", HERE / "values" / "instrument"),
)


UNIT_FIGURES = {
    "n": ("n", "exact"),
    "mean": ("mean", "relative"),
    "sd": ("sd", "relative"),
    "ci_shown_lo": ("low", "relative"),
    "ci_shown_hi": ("high", "relative"),
    "risk_p": ("share_at_risk", "relative"),
    "wilson_fpc_clip_lo": ("share_low", "relative"),
    "wilson_fpc_clip_hi": ("share_high", "relative"),
    "diff": ("diff_rest", "relative"),
    "welch_p": ("p_welch", "probability"),
    "mw_p": ("p_mwu", "probability"),
    "welch_q_all": ("q_welch", "probability"),
    "mw_q_all": ("q_mwu", "probability"),
    "g": ("g", "relative"),
    "g_lo": ("g_low", "relative"),
    "g_hi": ("g_high", "relative"),
    "cliff": ("cliff", "relative"),
}
"""Column of units.csv to figure of results.json."""

RESPONSE_FIGURES = {
    "chisq_independence": "chi2",
    "cramers_v": "cramers_v",
    "min_expected": "min_expected",
    "R_indicator": "r_indicator",
    "R_indicator_adj": "r_indicator_adjusted",
    "max_abs_bias_in_sd": "largest_bias",
}
"""Key of nonresponse.json to figure of results.json."""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def find_data(folder: Path) -> Path:
    """The answers stand inside the folder or beside it."""
    for data in (folder / "data", folder.parent / "data"):
        if data.is_dir():
            return data
    raise SystemExit(f"There is no folder data in {folder} or beside it.")


def analyse(data_set: DataSet, data: Path) -> dict[str, Any]:
    """Run the command on a data set, without disclosure control."""
    with tempfile.TemporaryDirectory() as out:
        arguments = [
            *("analyse", str(data / f"{data_set.key}.csv"), "--unit-column", data_set.unit_column),
            *("--units", str(data / f"{data_set.key}_headcount.csv"), "--formats", "json"),
            *("--instrument", str(data_set.instrument), "--out", out, "--unprotected"),
        ]
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                baken(arguments)
            except SystemExit as end:
                if end.code:
                    raise SystemExit(said.getvalue()) from end
        return json.loads((Path(out) / "results.json").read_text(encoding="utf-8"))


def compare(data_set: DataSet, folder: Path, data: Path) -> Iterator[Comparison]:
    """Every figure of one data set."""
    values = folder / data_set.key
    found = analyse(data_set, data)
    instrument = load_instrument(data_set.instrument)
    yield from _units(values / "units.csv", found)
    yield from _scales(values / "scales.json", found)
    yield from _organisation(values / "tests.json", found)
    for file in sorted(values.glob("lights_*.csv")):
        yield from _lights(file, found)
    if (values / "nonresponse.json").is_file():
        yield from _response(values / "nonresponse.json", found)
    if (values / "drivers.json").is_file():
        yield from _drivers(values / "drivers.json", found)
    yield from _methods(values / "units.csv", data_set, data, instrument)
    sample = Sample.read(data, data_set.key, instrument, data_set.unit_column)
    yield from samples(values, sample)


def _units(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    for row in rows(file):
        unit, place = found["units"][row["unit"]], f"{row['scale']}, {row['unit']}"
        figures = unit["scales"][row["scale"]]
        yield Comparison("N", place, float(row["N"]), unit["headcount"], "exact")
        for column, (name, kind) in UNIT_FIGURES.items():
            yield Comparison(column, place, value(row[column]), figures[name], kind)
        at_risk = round(figures["share_at_risk"] * figures["n"], 6)
        yield Comparison("risk_x", place, float(row["risk_x"]), at_risk, "exact")
        rest = figures["mean"] - figures["diff_rest"]
        yield Comparison("rest_mean", place, float(row["rest_mean"]), rest)


def _scales(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    for key, values in json.loads(file.read_text(encoding="utf-8")).items():
        figures = found["scales"][key]
        yield Comparison("alpha", key, values["alpha"], figures["alpha"])
        limits = zip(("alpha_low", "alpha_high"), values["alpha_ci95_feldt"], strict=True)
        for name, limit in limits:
            yield Comparison(name, key, limit, figures[name])
        for code, expected in values["item_rest_r"].items():
            yield Comparison("item_rest", code, expected, figures["items"][code]["item_rest"])
        for code, expected in values["distribution"].items():
            item = figures["items"][code]
            yield Comparison("item n", code, expected["n_valid"], item["n"], "exact")
            yield Comparison("item mean", code, expected["mean"], item["mean"])
            yield Comparison("item sd", code, expected["sd"], item["sd"])
            for n, counted in zip(expected["counts"], item["counts"], strict=True):
                yield Comparison("item counts", code, n, counted, "exact")


def _organisation(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    for key, values in json.loads(file.read_text(encoding="utf-8")).items():
        figures = found["scales"][key]
        low, high = values["org_ci_stratified_fpc"]
        yield Comparison("organisation mean", key, values["org_mean_respondents"], figures["mean"])
        yield Comparison("organisation sd", key, values["org_sd_respondents"], figures["sd"])
        weighted = values["org_mean_stratified"]
        yield Comparison("mean weighted", key, weighted, figures["mean_weighted"])
        yield Comparison("weighted low", key, low, figures["weighted_low"])
        yield Comparison("weighted high", key, high, figures["weighted_high"])
        yield Comparison("kruskal H", key, values["kruskal_H"], figures["kruskal_h"])
        chance = figures["kruskal_p"]
        yield Comparison("kruskal p", key, values["kruskal_p"], chance, "probability")


def _lights(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    scale = file.stem.removeprefix("lights_").upper()
    for row in rows(file):
        figures = found["units"][row["unit"]]["scales"][scale]
        place = f"{scale}, {row['unit']}"
        yield Comparison("light", place, row["light"], figures["light"])
        yield Comparison("light share", place, float(row["risk_p"]), figures["share_at_risk"])
        yield Comparison("light low", place, float(row["lo"]), figures["share_low"])
        yield Comparison("light high", place, float(row["hi"]), figures["share_high"])


def _response(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    values, figures = json.loads(file.read_text(encoding="utf-8")), found["nonresponse"]["units"]
    for expected, name in RESPONSE_FIGURES.items():
        yield Comparison(f"released {name}", "units", values[expected], figures[name])


def _drivers(file: Path, found: dict[str, Any]) -> Iterator[Comparison]:
    """Models of whole scales, where the results have one with the same factors."""
    known = json.loads(file.read_text(encoding="utf-8"))
    for outcome, factors in found["drivers"].items():
        for name in (key for key in known if key.endswith("_scales")):
            if set(known[name]["predictors"]) == set(factors):
                values = {
                    "weight": known[name]["relative_weight_raw"],
                    "low": known[name]["relative_weight_jackknife_low"],
                    "high": known[name]["relative_weight_jackknife_high"],
                    "dominance": known[name]["general_dominance"],
                    "within": known[f"{name}_within_unit"]["relative_weight_raw"],
                }
                for scale, figure in ((s, f) for s in factors for f in values):
                    expected, place = values[figure][scale], f"{outcome}, {scale}"
                    shown = factors[scale][figure]
                    yield Comparison(f"released {figure}", place, expected, shown, "absolute")


def _methods(
    file: Path, data_set: DataSet, data: Path, instrument: Instrument
) -> Iterator[Comparison]:
    expected_rows = rows(file)
    answers = rows(data / f"{data_set.key}.csv")
    units = rows(data / f"{data_set.key}_headcount.csv")
    figures = method_figures(answers, units, instrument, data_set.unit_column)
    for row in expected_rows:
        for name, figure in figures[row["scale"], row["unit"]].items():
            if name in row:
                expected = value(row[name])
                found = None if math.isnan(figure) else figure
                place = f"{row['scale']}, {row['unit']}"
                yield Comparison(f"method {name}", place, expected, found)


def main(folder: Path) -> int:
    """Say what was compared; 0 when everything agrees."""
    compared: dict[tuple[str, str], list[Comparison]] = {}
    for data_set in DATA_SETS:
        if (folder / data_set.key).is_dir():
            for one in compare(data_set, folder, find_data(folder)):
                compared.setdefault((data_set.key, one.figure), []).append(one)
    worked = folder / "formulas" / "formulas.json"
    for one in formulas(worked) if worked.is_file() else ():
        compared.setdefault(("formulas", one.figure), []).append(one)
    if (folder / "bfi").is_dir():
        for one in weighting(folder / "bfi", find_data(folder), "bfi"):
            compared.setdefault(("bfi", one.figure), []).append(one)
    for (key, figure), all_of_it in compared.items():
        off = [one for one in all_of_it if not one.agrees]
        worst = max(one.deviation for one in all_of_it)
        say(f"{key:10} {figure:24} {len(all_of_it):5} compared, {len(off)} off, worst {worst:.1e}")
        for one in off[:5]:
            say(f"    {one.place}: expected {one.expected}, found {one.found}")
    wrong = sum(not one.agrees for all_of_it in compared.values() for one in all_of_it)
    n_cases = 0
    for case in check_disclosure(folder / "disclosure"):
        n_cases += 1
        wrong += case.wrong
        found = [*case.leaks, *case.differs]
        say(f"{case.name}: shown {', '.join(case.shown) or 'nothing'}; wrong: {found}")
    if not compared and not n_cases:
        say(f"There is nothing to compare in {folder}.")
        return 1
    total = sum(map(len, compared.values()))
    say(f"{total} figures and {n_cases} disclosure cases compared, {wrong} wrong.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "values"))
