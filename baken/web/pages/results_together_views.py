"""What hangs together with an outcome, as a page shows it: nothing that was withheld."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from baken.analysis.releases.drivers import told_direction
from baken.web import numerals
from baken.web.charts.parts import Part, parts
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_words import in_a_row
from baken.web.texts import inside

Figures = Mapping[str, Any]

UNCLEAR: Final = "unclear"


@dataclass(frozen=True, slots=True)
class Factor:
    """A theme and its part of what is explained; shares from 0 to 1, None where there is none.

    `direction` is `rises`, `falls` or `unclear`: what the outcome does when this theme is higher.
    """

    name: str
    short: str
    href: str
    share: float
    low: float | None
    high: float | None
    within: float | None
    check: float | None
    direction: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A model that is shown, the heaviest theme first.

    `beside` names the themes that cannot be told from the heaviest, `alike` the pairs of themes
    that ask nearly the same.
    """

    key: str
    name: str
    explained: float
    explained_within: float | None
    figure: dict[str, Any]
    factors: tuple[Factor, ...]
    has_limits: bool
    beside: str
    same_order: bool | None
    alike: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Silent:
    """An outcome without a model: why, in a word that has a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Together:
    """The whole page; `is_counted` is False for results of before models were counted."""

    is_counted: bool
    outcomes: tuple[Outcome, ...]
    silent: tuple[Silent, ...]


def together_view(reading: Reading) -> Together:
    """Lay out the models of a release, in the order of the questionnaire."""
    results = reading.results
    withheld: Figures = results["withheld"].get("drivers", {})
    models: Figures = results.get("driver_models", {})
    keys = [scale.key for scale in reading.scales]
    return Together(
        is_counted="drivers" in results,
        outcomes=tuple(_outcome(reading, key) for key in keys if key in models),
        silent=tuple(
            Silent(reading.texts.scales[key], withheld[key]) for key in keys if key in withheld
        ),
    )


def _outcome(reading: Reading, key: str) -> Outcome:
    model = reading.results["driver_models"][key]
    factors = sorted(_factors(reading, key, model), key=lambda one: -one.share)
    has_limits = all(one.low is not None for one in factors)
    names = reading.texts.scales
    return Outcome(
        key=key,
        name=names[key],
        explained=model["explained"],
        explained_within=model["explained_within"],
        figure=_picture(factors, reading.say.language),
        factors=tuple(factors),
        has_limits=has_limits,
        beside=_beside(reading, factors) if has_limits else "",
        same_order=model["same_order"],
        alike=tuple((names[one], names[other]) for one, other in model["alike"]),
    )


def _factors(reading: Reading, key: str, model: Figures) -> Iterator[Factor]:
    texts, explained, within = reading.texts, model["explained"], model["explained_within"]
    for factor, figures in reading.results["drivers"][key].items():
        yield Factor(
            name=texts.scales[factor],
            short=texts.short_scales[factor],
            href=reading.scale_url(factor),
            share=figures["share"],
            low=_part(figures["low"], explained),
            high=_part(figures["high"], explained),
            within=_part(figures["within"], within),
            check=_part(figures["dominance"], explained),
            direction=told_direction(figures) or UNCLEAR,
        )


def _part(weight: float | None, explained: float | None) -> float | None:
    return None if weight is None or not explained else weight / explained


def _beside(reading: Reading, factors: Sequence[Factor]) -> str:
    """Name the themes whose interval overlaps that of the heaviest one."""
    first, *others = factors
    low = first.low or 0.0
    names = [one.name for one in others if one.high is not None and one.high >= low]
    language = reading.texts.language
    return in_a_row([inside(name, language) for name in names], reading.say.language)


def _picture(factors: Sequence[Factor], language: str) -> dict[str, Any]:
    bars = [
        Part(one.short, one.share, one.low, one.high, numerals.percent(one.share, language))
        for one in factors
    ]
    return parts(bars, numerals.percent(0, language).removeprefix("0"))
