"""What is computed of an instrument beside its scales: models of drivers, and a recommendation.

Definitions of one's own name them. For versions that come with Baken they stand in `analysis.toml`,
beside the folders of the versions: these are in use, and so not one word of them changes.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from baken.instruments.definition import DriverModel, Instrument
from baken.instruments.tables import Report, suggestion

ANALYSIS = "analysis.toml"

MAX_FACTORS = 15
"""Of a model; above it the check that looks at every set of factors takes too long."""

LOWEST_RECOMMENDATION = 0
HIGHEST_RECOMMENDATION = 10


def with_analysis(instrument: Instrument, folder: Path) -> Instrument:
    """Return a shipped instrument with what the file in the folder of its key says of it."""
    said = _said(folder).get(instrument.version)
    if said is None:
        return instrument
    models = tuple(
        DriverModel(one["outcome"], tuple(one["factors"])) for one in said.get("models", ())
    )
    return replace(
        instrument,
        models=instrument.models or models,
        recommendation=instrument.recommendation or said.get("recommendation", ""),
    )


@cache
def _said(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / ANALYSIS
    if not path.is_file():
        return {}
    said: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return said


def check_models(instrument: Instrument, file: str, report: Report) -> None:
    """Report models that name what is not there, or that ask one thing twice."""
    known = {scale.key for scale in instrument.scales}
    outcomes: set[str] = set()
    for number, model in enumerate(instrument.models, start=1):
        place = f"models[{number}]"
        missing = [key for key in model.scales if key and key not in known]
        for key in missing:
            report.add(
                file,
                place,
                f"scale {key} does not exist.",
                suggestion(key, known, "Name scales of this instrument."),
            )
        if model.outcome in outcomes:
            report.add(
                file,
                place,
                f"{model.outcome} has a model already.",
                "Name its factors in one model.",
            )
        outcomes.add(model.outcome)
        if not missing:
            _check_model(instrument, model, (file, place), report)


def _check_model(
    instrument: Instrument, model: DriverModel, at: tuple[str, str], report: Report
) -> None:
    for code in _twice([code for key in model.scales if key for code in _items(instrument, key)]):
        report.add(
            *at,
            f"item {code} would stand on two sides of the model.",
            "Leave out one of the two scales that hold it.",
        )
    if len(model.factors) > MAX_FACTORS:
        report.add(
            *at,
            f"{len(model.factors)} factors are too many; {MAX_FACTORS} is the most.",
            "Leave out those that help least.",
        )


def check_recommendation(instrument: Instrument, file: str, report: Report) -> None:
    """Report a recommendation that is not one question from 0 to 10."""
    key = instrument.recommendation
    if not key:
        return
    known = {scale.key for scale in instrument.scales}
    if key not in known:
        report.add(
            file,
            "recommendation",
            f"scale {key} does not exist.",
            suggestion(key, known, "Name a scale of this instrument."),
        )
        return
    codes = _items(instrument, key)
    asked = [item for item in instrument.items if item.code in codes]
    ends = (LOWEST_RECOMMENDATION, HIGHEST_RECOMMENDATION)
    if instrument.structure_only and not asked:
        return
    if [(one.format.low, one.format.high, one.reversed) for one in asked] != [(*ends, False)]:
        report.add(
            file,
            "recommendation",
            f"scale {key} is not one question that is answered {ends[0]} to {ends[1]}.",
            "Name a scale of one such item, not reversed, or leave the key out.",
        )


def _items(instrument: Instrument, key: str) -> tuple[str, ...]:
    return instrument.scale(key).items


def _twice(codes: Sequence[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})
