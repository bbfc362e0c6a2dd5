"""Results as a workbook: one sheet a subject, one row a line.

Loaded only when a workbook is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from baken.analysis.releases.drivers import DRIVER_FIGURES, told_direction
from baken.analysis.releases.groups import BAND_FIGURES
from baken.analysis.releases.organisation import ITEM_FIGURES, ORGANISATION_FIGURES
from baken.analysis.releases.recommending import RECOMMENDATION_FIGURES
from baken.analysis.releases.response import RESPONSE_FIGURES
from baken.analysis.releases.units import UNIT_FIGURES
from baken.analysis.releases.weighting import WEIGHT_FIGURES
from baken.instruments.definition import Instrument, Texts
from baken.storage.workbooks import Cell, Sheet, write_rows
from baken.survey.disclosure.tree import ROOT, Tree
from baken.web.texts import Catalogue, catalogue

Figures = Mapping[str, Any]
Row = list[Cell]

REFERENCE_FIGURES: Final = ("diff", "low", "high", "p", "q", "source")
TREND_FIGURES: Final = ("before", "after", "diff", "low", "high", "verdict", "state")


def analysis_workbook(found: Figures, instrument: Instrument, tree: Tree, language: str) -> bytes:
    """Return results (the content of results.json) as an XLSX file."""
    spoken = language if language in instrument.texts else instrument.languages[0]
    words, texts = catalogue(language), instrument.texts[spoken]
    mark = f" ({words('analyse.sheet_mark')})" if found.get("not_for_release") else ""
    named = {
        "about": _about(found, texts, words),
        "organisation": _organisation(found, texts),
        "units": _units(found, texts, tree),
        "items": _items(found, texts),
        "groups": _groups(found, texts),
        "drivers": _drivers(found, texts),
        "response": _response(found, tree),
        "reference": _compared(found.get("reference", {}), REFERENCE_FIGURES, texts, tree),
        "trend": _compared(
            {**found.get("trend", {}), **found.get("recommendation_trend", {})},
            TREND_FIGURES,
            texts,
            tree,
        ),
        "recommendation": _compared(
            found.get("recommendation", {}), RECOMMENDATION_FIGURES, texts, tree
        ),
    }
    sheets = [
        Sheet(words(f"analyse.sheet_{name}") + mark, rows)
        for name, lines in named.items()
        if len(rows := list(lines)) > 1
    ]
    return write_rows(sheets)


def _about(found: Figures, texts: Texts, words: Catalogue) -> Iterator[Row]:
    yield [texts.title]
    if found.get("not_for_release"):
        yield [words("analyse.not_for_release")]
    elif found["withheld"] == "privacy":
        yield [words("analyse.too_few", count=found["min_group"])]
    else:
        yield [words("analyse.promise", count=found["min_group"])]
    yield [words("analyse.about_keys")]
    yield ["instrument", found["instrument"]["key"], found["instrument"]["version"]]
    for name in ("min_group", "n", "headcount", "response_rate"):
        yield [name, found[name]]


def _organisation(found: Figures, texts: Texts) -> Iterator[Row]:
    yield ["scale", "name", *ORGANISATION_FIGURES]
    reasons = _reasons(found)
    for scale, figures in found["scales"].items():
        cells = _cells(figures, ORGANISATION_FIGURES, reasons(scale))
        yield [scale, texts.scales[scale], *cells]


def _units(found: Figures, texts: Texts, tree: Tree) -> Iterator[Row]:
    yield ["unit", "unit_name", "counted_in", "headcount", "scale", "name", *UNIT_FIGURES]
    for unit, entry in found["units"].items():
        reasons = _reasons(entry)
        counted_in = entry.get("withheld", {}).get("counted_in")
        for scale, figures in entry["scales"].items():
            start: Row = [unit, tree.name(unit), counted_in, entry["headcount"]]
            cells = _cells(figures, UNIT_FIGURES, reasons(scale))
            yield [*start, scale, texts.scales[scale], *cells]


def _items(found: Figures, texts: Texts) -> Iterator[Row]:
    yield ["scale", "item", "question", *ITEM_FIGURES]
    for scale, about in found["scales"].items():
        for code, figures in about["items"].items():
            cells = _cells(figures, ITEM_FIGURES[:-1], {})
            counts = figures["counts"]
            shown = " ".join(map(str, counts)) if counts is not None else None
            yield [scale, code, texts.items.get(code, code), *cells, shown]


def _groups(found: Figures, texts: Texts) -> Iterator[Row]:
    start = ["question", "group", "unit", "weighed", "scale", "name"]
    yield [*start, *BAND_FIGURES, *WEIGHT_FIGURES[3:]]
    for unit, about in [(ROOT, found), *found["units"].items()]:
        for column, bands in about.get("groups", {}).items():
            for band, entry in bands.items():
                for scale, figures in entry["scales"].items():
                    cells = _cells(figures, BAND_FIGURES, {})
                    yield [column, band, unit, False, scale, texts.scales[scale], *cells]
    for column in found["groups"]:
        for scale, figures in found.get("weights", {}).get(column, {}).items():
            cells = [figures.get(name) for name in (*BAND_FIGURES, *WEIGHT_FIGURES[3:])]
            yield [column, None, ROOT, True, scale, texts.scales[scale], *cells]


def _drivers(found: Figures, texts: Texts) -> Iterator[Row]:
    yield ["outcome", "name", "scale", "scale_name", "explained", *DRIVER_FIGURES]
    for outcome, factors in found.get("drivers", {}).items():
        explained = found["driver_models"][outcome]["explained"]
        for scale, figures in factors.items():
            start: Row = [outcome, texts.scales[outcome], scale, texts.scales[scale], explained]
            told = {**figures, "direction": told_direction(figures)}
            yield [*start, *(told[name] for name in DRIVER_FIGURES)]
    for outcome, reason in _withheld(found).get("drivers", {}).items():
        yield [outcome, texts.scales[outcome], f"({reason})"]


def _response(found: Figures, tree: Tree) -> Iterator[Row]:
    yield ["unit_or_group", "name", "n", "headcount", "response_rate", *RESPONSE_FIGURES]
    for unit, entry in [(ROOT, found), *found["units"].items()]:
        if entry["n"] is not None:
            start: Row = [unit, tree.name(unit)]
            yield [*start, entry["n"], entry["headcount"], entry["response_rate"]]
    about = found.get("nonresponse") or {"units": {}, "groups": {}}
    for column, test in about["groups"].items():
        for band, rate in test["bands"].items():
            yield [column, band, rate["n"], rate["headcount"], rate["response_rate"]]
    for name, test in [("units", about["units"]), *about["groups"].items()]:
        if test.get("n_groups") is not None:
            yield [name, None, None, None, None, *(test[key] for key in RESPONSE_FIGURES)]


def _compared(
    found: Mapping[str, Mapping[str, Figures]], names: Sequence[str], texts: Texts, tree: Tree
) -> Iterator[Row]:
    yield ["scale", "name", "unit", "unit_name", *names]
    for scale, cells in found.items():
        for unit, figures in cells.items():
            start: Row = [scale, texts.scales[scale], unit, tree.name(unit)]
            yield [*start, *(figures[name] for name in names)]


def _reasons(entry: Figures) -> Any:
    """Return a function from scale to the reasons of its missing figures, by figure."""
    withheld = _withheld(entry)

    def of(scale: str) -> Mapping[str, str]:
        whole = withheld.get("unit") or withheld.get("scales", {}).get(scale)
        if whole:
            return {"n": whole}
        missing: Mapping[str, str] = withheld.get("figures", {}).get(scale, {})
        return missing

    return of


def _withheld(entry: Figures) -> Mapping[str, Any]:
    withheld = entry.get("withheld", {})
    return withheld if isinstance(withheld, Mapping) else {"unit": withheld}


def _cells(figures: Figures, names: Iterable[str], reasons: Mapping[str, str]) -> Row:
    """A figure, the reason between brackets where there is one, or nothing."""
    return [
        f"({reasons[name]})" if figures[name] is None and name in reasons else figures[name]
        for name in names
    ]
