"""Who answered, as a page shows it: how many, how alike, and what weighing would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from baken.instruments.definition import Scale
from baken.survey.disclosure.tree import ROOT
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import PRIVACY, Shown
from baken.web.pages.results_views import UnitHead, unit_head

Figures = Mapping[str, Any]

# Cramér's V below which response hardly differs between groups, and somewhat; strongly above.
DIFFERS: Final = ((0.1, "hardly"), (0.3, "somewhat"))
# Probability from which a link is called chance.
CHANCE: Final = 0.05
# Points from which a weighted mean stands beside the plain one.
WORTH_SAYING: Final = 1.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whether groups answered alike; `reason` says why nothing can be told, else it is empty."""

    reason: str
    word: str = ""
    indicator: float | None = None
    bias: float | None = None
    cramers_v: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class BandRate:
    """How many of a band answered."""

    name: str
    n: int
    headcount: int | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class Question:
    """A background question: its bands, and whether they answered alike."""

    name: str
    likeness: Likeness
    bands: tuple[BandRate, ...]


@dataclass(frozen=True, slots=True)
class Weighted:
    """A theme of which a weighted mean differs from the plain one; `by` is empty for units."""

    theme: str
    href: str
    plain: float
    weighted: float
    by: str


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A theme on which people on paper scored higher, or lower, than others of their unit."""

    theme: str
    href: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Modes:
    """Paper beside screen in the whole organisation: what differs, of so many themes compared."""

    n_compared: int
    differing: tuple[OnPaper, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole page; `n_weighed` counts the themes of which a weighted mean is known."""

    n: int
    headcount: int | None
    rate: float | None
    margin: float | None
    precision: str
    margin_reason: str
    units: Likeness
    heads: tuple[UnitHead, ...]
    rates: Mapping[str, float | None]
    questions: tuple[Question, ...]
    weighted: tuple[Weighted, ...]
    n_weighed: int
    modes: Modes


def answered_view(reading: Reading) -> Answered:
    """Lay out what a release says about response."""
    results = reading.results
    about, withheld = results["nonresponse"], results["withheld"].get("nonresponse", {})
    weighed = list(_weighed(reading))
    heads = tuple(unit_head(reading, unit) for unit in reading.tree.units)
    entries = results["units"]
    return Answered(
        n=results["n"],
        headcount=results["headcount"],
        rate=results["response_rate"],
        margin=about["margin"],
        precision=about["precision"] or "",
        margin_reason=withheld.get("margin", ""),
        units=_likeness(about["units"], withheld.get("units", "")),
        heads=heads,
        rates={head.key: entries[head.key]["response_rate"] for head in heads if not head.hidden},
        questions=tuple(_questions(reading, about, withheld.get("groups", {}))),
        weighted=tuple(one for one in weighed if abs(one.weighted - one.plain) > WORTH_SAYING),
        n_weighed=len({one.theme for one in weighed}),
        modes=_modes(reading),
    )


def _modes(reading: Reading) -> Modes:
    """Compare paper and screen; releases of before they were compared say nothing of them."""
    compared: Mapping[str, Figures] = reading.results.get("modes", {})
    differing = tuple(
        OnPaper(
            reading.texts.scales[key],
            reading.scale_url(key),
            figures["effect"],
            figures["low"],
            figures["high"],
        )
        for key, figures in compared.items()
        if figures["notable"]
    )
    return Modes(len(compared), differing)


def _likeness(test: Figures, reason: str) -> Likeness:
    if reason or test["cramers_v"] is None:
        return Likeness(reason or "not_estimable")
    strength = test["cramers_v"]
    word = next((word for limit, word in DIFFERS if strength < limit), "strongly")
    return Likeness(
        reason="",
        word="chance" if word != "hardly" and _is_chance(test) else word,
        indicator=test["r_indicator_adjusted"],
        bias=_adjusted_bias(test),
        cramers_v=strength,
        p=test["p"],
    )


def _is_chance(test: Figures) -> bool:
    """Whether as large a link comes about by itself: with many groups V is never near 0."""
    if test["p"] is None:
        return bool(test["r_indicator_adjusted"] == 1)
    return bool(test["p"] >= CHANCE)


def _adjusted_bias(test: Figures) -> float:
    """The largest bias without what chance gives, as the indicator beside it."""
    spread, left = 1 - test["r_indicator"], 1 - test["r_indicator_adjusted"]
    return float(test["largest_bias"] * left / spread) if spread else 0.0


def _questions(reading: Reading, about: Figures, withheld: Figures) -> Iterator[Question]:
    """Every background question whose headcounts are known; of a hidden one only the name."""
    texts = reading.texts
    for background in reading.instrument.backgrounds:
        key = background.key
        test = about["groups"].get(key)
        if test is None:
            if withheld.get(key) == PRIVACY:
                yield Question(texts.backgrounds[key], Likeness(PRIVACY), ())
            continue
        bands = tuple(
            BandRate(
                texts.bands[key][band],
                test["bands"][band]["n"],
                test["bands"][band]["headcount"],
                test["bands"][band]["response_rate"],
            )
            for band in background.bands
            if band in test["bands"]
        )
        yield Question(texts.backgrounds[key], _likeness(test, withheld.get(key, "")), bands)


def _weighed(reading: Reading) -> Iterator[Weighted]:
    """Every weighted mean that is known of a theme of the whole organisation."""
    weights: Mapping[str, Figures] = reading.results.get("weights", {})
    for scale in reading.scales:
        cell = reading.cell(ROOT, scale)
        if isinstance(cell, Shown):
            by_units = reading.results["scales"][scale.key]["mean_weighted"]
            if by_units is not None:
                yield _line(reading, scale, cell.mean, by_units, "")
            for column, scales in weights.items():
                figures = scales.get(scale.key)
                if figures and figures["mean"] is not None:
                    by = reading.texts.backgrounds[column]
                    yield _line(reading, scale, cell.mean, figures["mean"], by)


def _line(reading: Reading, scale: Scale, plain: float, weighted: float, by: str) -> Weighted:
    name, href = reading.texts.scales[scale.key], reading.scale_url(scale.key)
    return Weighted(name, href, plain, weighted, by)
