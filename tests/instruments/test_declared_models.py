"""Models of drivers and the recommendation: declared, checked, written, and left out."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from baken.analysis.tallies.driver_cells import declared_models
from baken.instruments.definition import DriverModel, Instrument
from baken.instruments.errors import InvalidInstrument
from baken.instruments.exchange.as_json import read_json, write_json
from baken.instruments.library import list_instruments, load_instrument
from baken.instruments.models import check_models, check_recommendation
from baken.instruments.reading import read_content
from baken.instruments.tables import Report
from baken.instruments.writing import definition_of, texts_of
from baken.survey.library.assembling import trim
from baken.survey.library.content import Content

SHORT = load_instrument("vijf-a-kort")
PULS = load_instrument("puls")


def read(instrument: Instrument, **changed: object) -> Instrument:
    """Read what an instrument says, with other words in its definition."""
    definition = {**definition_of(instrument), **changed}
    return read_content("changed", definition, texts_of(instrument))


def test_shipped_models_fit_and_stand_outside_the_fingerprint() -> None:
    declared = {}
    for one in list_instruments():
        instrument, report = load_instrument(one.key, one.version), Report()
        check_models(instrument, "analysis.toml", report)
        check_recommendation(instrument, "analysis.toml", report)
        assert report.problems == []
        for model in instrument.models:
            dimensions = {instrument.scale(key).dimension for key in model.factors}
            assert dimensions == {"A1", "A2", "A3", "A4", "A5"}
            assert instrument.scale(model.outcome).dimension == "O"
        if instrument.models:
            declared[one.key, one.version] = [model.outcome for model in instrument.models]
    outcomes = ["exhaustion", "engagement", "intention_to_leave"]
    assert declared == {
        ("vijf-a", "1"): outcomes,
        ("vijf-a", "2"): outcomes,
        ("vijf-a-kort", "1"): ["exhaustion"],
        ("puls", "1"): ["recommendation"],
    }
    assert PULS.recommendation == "recommendation"
    # surveys that run are bound to these
    prints = [load_instrument(*one).fingerprint[:8] for one in sorted(declared)]
    assert prints == ["32c83bd7", "efcb0632", "174b9584", "3c0dc5b4"]


def test_the_page_of_vijf_a_lists_what_is_declared() -> None:
    page = (
        (Path(__file__).parents[2] / "docs/reference/vijf-a.md")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    for version in ("1", "2"):
        for model in load_instrument("vijf-a", version).models:
            (line,) = [one for one in page if one.startswith(f"* `{model.outcome}`:")]
            assert re.findall(r"`(\w+)`", line) == list(model.scales)


def test_what_is_declared_is_written_read_and_part_of_the_fingerprint() -> None:
    copy = read(SHORT)
    assert replace(copy, fingerprint=SHORT.fingerprint) == SHORT
    less = read(SHORT, models=[{"outcome": "exhaustion", "factors": ["workload"]}])
    assert less.models == (DriverModel("exhaustion", ("workload",)),)
    assert declared_models(less) == less.models
    assert less.fingerprint != copy.fingerprint
    sent = read_json(write_json(PULS))
    back = read_content("back", dict(sent.definition), dict(sent.texts))
    assert (back.models, back.recommendation) == (PULS.models, PULS.recommendation)
    # nothing named: every outcome, with all scales of the five A's
    (usual,) = declared_models(replace(SHORT, models=()))
    assert set(usual.factors) == set(SHORT.models[0].factors)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"models": [{"outcome": "exhaustion", "factors": ["workloads"]}]}, "Did you mean"),
        ({"models": [{"outcome": "sleep", "factors": ["workload"]}]}, "sleep does not exist"),
        ({"models": [{"outcome": "exhaustion", "factors": []}]}, "Name at least one"),
        ({"models": [{"outcome": "exhaustion", "factors": ["exhaustion"]}]}, "two sides"),
        ({"models": 2 * [{"outcome": "exhaustion", "factors": ["workload"]}]}, "has a model"),
        ({"models": [{"outcome": "exhaustion"}]}, "factors: this key is missing"),
        ({"models": [{"outcome": "exhaustion", "factor": ["workload"]}]}, "not known here"),
        ({"recommendation": "workload"}, "not one question"),
        ({"recommendation": "again"}, "again does not exist"),
    ],
)
def test_a_declaration_that_does_not_fit_is_named(changed: dict, said: str) -> None:
    with pytest.raises(InvalidInstrument) as refused:
        read(SHORT, **changed)
    assert said in str(refused.value)


def test_more_factors_than_can_be_looked_at_are_refused() -> None:
    long = load_instrument("vijf-a")
    factors = [scale.key for scale in long.scales if scale.dimension != "O"]
    with pytest.raises(InvalidInstrument, match="17 factors are too many; 15 is the most"):
        read(long, models=[{"outcome": "exhaustion", "factors": factors}])


def test_a_structure_may_name_a_recommendation_that_has_no_item_yet() -> None:
    first, *others = PULS.scales
    bare = replace(
        PULS,
        structure_only=True,
        scales=(replace(first, items=()), *others),
        items=PULS.items[1:],
    )
    for instrument, n in ((bare, 0), (replace(bare, structure_only=False), 1)):
        report = Report()
        check_recommendation(instrument, "definition.toml", report)
        assert len(report.problems) == n


def test_a_scale_that_is_left_out_leaves_the_models_too() -> None:
    content = Content(definition_of(PULS), texts_of(PULS))
    less = trim(content, ("scales.point_workload",)).definition["models"]
    assert less[0]["factors"] == [key for key in PULS.models[0].factors if key != "point_workload"]
    without = trim(content, ("scales.recommendation",)).definition
    assert (without["models"], "recommendation" in without) == ([], False)
    # what was made before there were models says nothing of them, and keeps its fingerprint
    before = {
        name: part
        for name, part in content.definition.items()
        if name not in {"models", "recommendation"}
    }
    kept = trim(Content(before, content.texts), ("scales.point_workload",)).definition
    assert not {"models", "recommendation"} & set(kept)
