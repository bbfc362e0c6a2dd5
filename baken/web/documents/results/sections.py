"""What an analysis says beside units: groups, drivers, response, elsewhere, and earlier."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from baken.analysis.releases.drivers import told_direction
from baken.instruments.definition import Texts
from baken.survey.disclosure.tree import ROOT, Tree

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The bands of one background question, and the bands weighed by their headcounts."""

    column: str
    rows: tuple[tuple[str, int, tuple[Figures, ...]], ...]
    weighted: tuple[Figures | None, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a model: its part of what is explained, and whether the outcome rises."""

    name: str
    share: float
    low: float | None
    high: float | None
    share_within: float | None
    direction: str | None


@dataclass(frozen=True, slots=True)
class DriverTable:
    """What hangs together with one outcome, the heaviest first."""

    outcome: str
    explained: float
    factors: tuple[Factor, ...]
    alike: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """An outcome without a model, and why."""

    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Response:
    """Whether those who answered look like those who were asked."""

    margin: float | None
    precision: str | None
    tests: tuple[tuple[str, Figures], ...]
    bands: tuple[tuple[str, str, Figures], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scale beside a reference or an earlier survey: the whole, and each unit by name."""

    scale: str
    whole: Figures | None
    rows: tuple[tuple[str, Figures], ...]


@dataclass(frozen=True, slots=True)
class Sections:
    """All of it; a part that was not asked for, or has nothing to say, is empty."""

    groups: tuple[GroupTable, ...]
    drivers: tuple[DriverTable, ...]
    silences: tuple[Silence, ...]
    response: Response | None
    recommended: Comparison | None
    references: tuple[Comparison, ...]
    trends: tuple[Comparison, ...]
    recommended_since: Comparison | None
    previous: Figures | None


def sections(found: Figures, texts: Texts, scales: tuple[str, ...], tree: Tree) -> Sections:
    """Take the sections out of results, with the names of scales and units."""
    withheld = found["withheld"]
    reasons = withheld.get("drivers", {}) if isinstance(withheld, Mapping) else {}
    return Sections(
        groups=tuple(_groups(found, texts, scales, tree)),
        drivers=tuple(_drivers(found, texts)),
        silences=tuple(Silence(texts.scales[key], reason) for key, reason in reasons.items()),
        response=_response(found, texts),
        recommended=_one(found.get("recommendation", {}), texts, tree),
        references=tuple(_compared(found.get("reference", {}), texts, tree)),
        trends=tuple(_compared(found.get("trend", {}), texts, tree)),
        recommended_since=_one(found.get("recommendation_trend", {}), texts, tree),
        previous=found.get("previous"),
    )


def _one(found: Mapping[str, Mapping[str, Figures]], texts: Texts, tree: Tree) -> Comparison | None:
    """Return the cells of the one scale that there can be, None without any."""
    return next(_compared(found, texts, tree), None)


def _groups(
    found: Figures, texts: Texts, scales: tuple[str, ...], tree: Tree
) -> Iterator[GroupTable]:
    """Yield the groups of the organisation, then those of each department that has them."""
    for column, bands in found["groups"].items():
        weighed = found.get("weights", {}).get(column, {})
        yield GroupTable(
            _question(column, texts),
            _bands(column, bands, texts, scales),
            tuple(weighed.get(key) for key in scales) if weighed else (),
        )
    for unit, entry in found["units"].items():
        for column, bands in entry.get("groups", {}).items():
            named = f"{_question(column, texts)}, {tree.name(unit)}"
            yield GroupTable(named, _bands(column, bands, texts, scales), ())


def _question(column: str, texts: Texts) -> str:
    """The words of a background question; a column of a file has its own name."""
    return texts.backgrounds.get(column, column)


def _band(column: str, band: str, texts: Texts) -> str:
    return texts.bands.get(column, {}).get(band, band)


def _bands(
    column: str, bands: Mapping[str, Figures], texts: Texts, scales: tuple[str, ...]
) -> tuple[tuple[str, int, tuple[Figures, ...]], ...]:
    return tuple(
        (_band(column, band, texts), entry["n"], tuple(entry["scales"][key] for key in scales))
        for band, entry in bands.items()
    )


def _drivers(found: Figures, texts: Texts) -> Iterator[DriverTable]:
    for outcome, factors in found.get("drivers", {}).items():
        model = found["driver_models"][outcome]
        heaviest = sorted(factors, key=lambda key: -factors[key]["weight"])
        explained, within = model["explained"], model["explained_within"]
        yield DriverTable(
            texts.scales[outcome],
            model["explained"],
            tuple(
                Factor(
                    texts.scales[key],
                    factors[key]["share"],
                    _part(factors[key]["low"], explained),
                    _part(factors[key]["high"], explained),
                    _part(factors[key]["within"], within),
                    told_direction(factors[key]),
                )
                for key in heaviest
            ),
            tuple((texts.scales[one], texts.scales[other]) for one, other in model["alike"]),
        )


def _part(weight: float | None, explained: float | None) -> float | None:
    return weight / explained if weight is not None and explained else None


def _response(found: Figures, texts: Texts) -> Response | None:
    about = found.get("nonresponse")
    if about is None:
        return None
    tests = [("", about["units"]), *about["groups"].items()]
    return Response(
        about["margin"],
        about["precision"],
        tuple(
            (_question(name, texts), test) for name, test in tests if test["n_groups"] is not None
        ),
        tuple(
            (_question(column, texts), _band(column, band, texts), figures)
            for column, test in about["groups"].items()
            for band, figures in test["bands"].items()
        ),
    )


def _compared(
    found: Mapping[str, Mapping[str, Figures]], texts: Texts, tree: Tree
) -> Iterator[Comparison]:
    for scale, cells in found.items():
        if cells:
            yield Comparison(
                texts.scales[scale],
                cells.get(ROOT),
                tuple((tree.name(unit), cells[unit]) for unit in cells if unit != ROOT),
            )
