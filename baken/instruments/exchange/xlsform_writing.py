"""An instrument as XLSForm, to be asked with KoboToolbox, ODK and the like.

“Does not apply” and “prefer not to say” are not in it: nothing is compulsory, so people leave such
a question open.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from baken.instruments.definition import Instrument, Item
from baken.instruments.exchange.imported import NotExchangeable, Written
from baken.instruments.exchange.xlsform_own import (
    ANSWERS,
    BACKGROUNDS,
    BANDS,
    OPEN,
    OWN,
    own_rows,
)

Line = list[str | int | float]

_NAMES: Final[Mapping[str, str]] = {
    "nl": "Nederlands",
    "fr": "Français",
    "en": "English",
    "de": "Deutsch",
}


def write_xlsform(instrument: Instrument) -> Written:
    """Return the sheets of an XLSForm; `read_xlsform` gives an equal instrument back.

    Raises
    ------
    NotExchangeable
        It is a screening.
    """
    if instrument.kind != "questionnaire":
        raise NotExchangeable
    names = [
        f"{_NAMES.get(one.removesuffix('-easy'), one)} ({one})" for one in instrument.languages
    ]
    labels = [f"label::{name}" for name in names]
    return {
        "survey": [["type", "name", *labels, "constraint"], *_survey(instrument)],
        "choices": [["list_name", "name", *labels], *_choices(instrument)],
        "settings": [
            ["form_title", "form_id", "version", "default_language"],
            [_title(instrument), instrument.key, instrument.version, names[0]],
        ],
        OWN: list(own_rows(instrument)),
    }


def _title(instrument: Instrument) -> str:
    return instrument.texts[instrument.languages[0]].title


def _survey(instrument: Instrument) -> Iterator[Line]:
    blank = [""] * len(instrument.languages)
    runs = groupby(instrument.items, key=lambda item: item.dimension)
    for number, (dimension, run) in enumerate(runs, start=1):
        headings = {one: texts.dimension_headings for one, texts in instrument.texts.items()}
        yield ["begin_group", f"part_{number}", *_said(instrument, headings, dimension)]
        for place, (scale, items) in enumerate(groupby(run, key=lambda item: item.scale)):
            yield ["begin_group", f"{scale}__{place}" if place else scale, *blank]
            yield from (_item(instrument, item) for item in items)
            yield ["end_group"]
        yield ["end_group"]
    yield from _apart(
        BACKGROUNDS,
        blank,
        [
            [
                f"select_one {BANDS}{one.key}",
                one.key,
                *(instrument.texts[lang].backgrounds[one.key] for lang in instrument.languages),
            ]
            for one in instrument.backgrounds
        ],
    )
    yield from _apart(
        OPEN,
        blank,
        [
            [
                "text",
                one.key,
                *(instrument.texts[lang].open_questions[one.key] for lang in instrument.languages),
            ]
            for one in instrument.open_questions
        ],
    )


def _apart(name: str, blank: list[str], lines: list[Line]) -> Iterator[Line]:
    if lines:
        yield ["begin_group", name, *blank]
        yield from lines
        yield ["end_group"]


def _item(instrument: Instrument, item: Item) -> Line:
    texts = {one: own.items for one, own in instrument.texts.items()}
    label = _said(instrument, texts, item.code)
    if item.format.numeric:
        low, high = item.format.low, item.format.high
        return ["integer", item.code, *label, f". >= {low} and . <= {high}"]
    return [f"select_one {ANSWERS}{item.format.key}", item.code, *label]


def _choices(instrument: Instrument) -> Iterator[Line]:
    for answers in instrument.formats:
        labels = {one: own.options.get(answers.key, {}) for one, own in instrument.texts.items()}
        for value in answers.values:
            said = [labels[one].get(value, "") for one in instrument.languages]
            if any(said):
                yield [f"{ANSWERS}{answers.key}", value, *said]
    for background in instrument.backgrounds:
        bands = {one: own.bands[background.key] for one, own in instrument.texts.items()}
        for number, band in enumerate(background.bands, start=1):
            yield [f"{BANDS}{background.key}", number, *_said(instrument, bands, band)]


def _said(instrument: Instrument, texts: Mapping[str, Mapping[str, str]], key: str) -> list[str]:
    return [texts[language][key] for language in instrument.languages]
