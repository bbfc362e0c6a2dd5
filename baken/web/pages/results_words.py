"""The headline and the sentences above a results page, made from the facts of the release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

from babel.lists import format_list

from baken.analysis.releases.story import ScaleFact, Story, UnitFact, tell_story
from baken.survey.disclosure.tree import ROOT
from baken.web import numerals
from baken.web.pages.results_reading import Reading
from baken.web.pages.results_values import Shown
from baken.web.texts import inside

MOST_NAMED: Final = 2
MOST_UNITS: Final = 4
MOST_THEMES: Final = 3


@dataclass(frozen=True, slots=True)
class UnitThemes:
    """A unit with the themes on which it differs, in one phrase."""

    name: str
    href: str
    themes: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A big figure and the sentence that says what it is."""

    figure: str
    sentence: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What stands above the heat map; `n_more_*` counts units that are not named."""

    headline: str
    worse: tuple[UnitThemes, ...]
    n_more_worse: int
    better: tuple[UnitThemes, ...]
    n_more_better: int
    n_alike: int
    n_comparisons: int
    n_merged: int
    n_hidden: int
    figures: tuple[KeyFigure, ...]


def tell(reading: Reading) -> Told:
    """Put the facts of a release in words."""
    story = tell_story(reading.results, reading.instrument)
    worse, better = _by_unit(reading, story.worse), _by_unit(reading, story.better)
    return Told(
        headline=_headline(reading, story),
        worse=tuple(worse[:MOST_UNITS]),
        n_more_worse=len(worse[MOST_UNITS:]),
        better=tuple(better[:MOST_UNITS]),
        n_more_better=len(better[MOST_UNITS:]),
        n_alike=story.n_comparisons - story.n_distinct,
        n_comparisons=story.n_comparisons,
        n_merged=story.n_merged,
        n_hidden=story.n_hidden,
        figures=tuple(_key_figures(reading, story)),
    )


def in_a_row(names: Sequence[str], language: str) -> str:
    """Names as one phrase: a, b and c."""
    return format_list(list(names), locale=numerals.LOCALES[language])


def _headline(reading: Reading, story: Story) -> str:
    heavy = [reading.texts.scales[fact.scale] for fact in story.weighs[:MOST_NAMED]]
    phrase = [*heavy[:1], *(inside(name, reading.texts.language) for name in heavy[1:])]
    say, most, holds = reading.say, in_a_row(phrase, reading.say.language), _what_holds(reading)
    if heavy and holds:
        return say("results.headline", count=len(heavy), most=most, holds=holds)
    if heavy:
        return say("results.headline_most", count=len(heavy), most=most)
    return say("results.headline_small" if story.holds else "results.headline_plain")


def _what_holds(reading: Reading) -> str:
    """The resource with the fewest people at risk, where that is certainly few.

    Never a risk: that few people meet violence is no reason to say that violence holds.
    """
    found = []
    for scale in reading.scales:
        cell = reading.cell(ROOT, scale)
        if scale.high_is == "resource" and isinstance(cell, Shown) and cell.light == "green":
            found.append((cell.share.value if cell.share else 1.0, _theme(reading, scale.key)))
    return min(found, default=(1.0, ""))[1]


def _theme(reading: Reading, scale: str) -> str:
    """A theme in the middle of a sentence; the questionnaire may speak another language."""
    return inside(reading.texts.scales[scale], reading.texts.language)


def _by_unit(reading: Reading, facts: Iterable[UnitFact]) -> list[UnitThemes]:
    """Units in the order of their largest difference, each with its largest themes."""
    facts = list(facts)
    first = {fact.unit: place for place, fact in reversed(list(enumerate(facts)))}
    ordered = sorted(facts, key=lambda fact: first[fact.unit])
    return [
        UnitThemes(reading.unit_name(unit), reading.unit_url(unit), _themes(reading, list(of_unit)))
        for unit, of_unit in groupby(ordered, key=lambda fact: fact.unit)
    ]


def _themes(reading: Reading, facts: Sequence[UnitFact]) -> str:
    names = [_theme(reading, fact.scale) for fact in facts[:MOST_THEMES]]
    return in_a_row(names, reading.say.language)


def _key_figures(reading: Reading, story: Story) -> Iterable[KeyFigure]:
    yield _response(reading, story)
    if story.weighs:
        yield _heaviest(reading, story.weighs[0])


def _response(reading: Reading, story: Story) -> KeyFigure:
    say, language = reading.say, reading.say.language
    if story.response_rate is None or story.headcount is None:
        return KeyFigure(numerals.number(story.n or 0, language), say("results.response_unknown"))
    shown = numerals.percent(story.response_rate, language)
    values = {"n": story.n, "headcount": story.headcount}
    if story.n is not None and story.n > story.headcount:
        return KeyFigure(shown, say("results.response_too_many", **values))
    if story.n == story.headcount:
        return KeyFigure(shown, say("results.response_all", **values))
    cells = [reading.cell(ROOT, scale) for scale in reading.scales]
    margins = [cell.margin for cell in cells if isinstance(cell, Shown)]
    margin = max((ceil(margin) for margin in margins if margin is not None), default=0)
    return KeyFigure(shown, say("results.response", count=margin, **values))


def _heaviest(reading: Reading, fact: ScaleFact) -> KeyFigure:
    language = reading.say.language
    sentence = reading.say(
        "results.heaviest",
        theme=_theme(reading, fact.scale),
        low=numerals.number(100 * fact.share_low, language, 0),
        high=numerals.percent(fact.share_high, language),
    )
    share = numerals.percent(fact.share_at_risk, language)
    return KeyFigure(share, sentence, is_bad=fact.light.startswith("red"))
