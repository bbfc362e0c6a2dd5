"""The codebook: what every column of a file of answers means, for whoever analyses it elsewhere."""

from collections.abc import Iterator
from typing import Final

from baken.instruments.definition import Instrument, Scale
from baken.instruments.exchange.imported import NotExchangeable, Written
from baken.instruments.metric import metric_of

Line = list[str | int | float]

MISSING: Final[list[Line]] = [
    ["empty", -1, "No answer was given."],
    ["empty", -2, "Does not apply; offered where the sheet items says so."],
    ["empty", -3, "Prefers not to say; offered with every question."],
]
"""In a file of answers, on a sheet inside Baken, and what it means."""


def write_codebook(instrument: Instrument, language: str) -> Written:
    """Return the sheets of the codebook.

    Parameters
    ----------
    instrument : Instrument
        A questionnaire.
    language : str
        Comes first; when the instrument does not speak it, its own first language does.

    Raises
    ------
    NotExchangeable
        It is a screening.
    """
    if instrument.kind != "questionnaire":
        raise NotExchangeable
    languages = sorted(instrument.languages, key=lambda one: one != language)
    return {
        "items": list(_items(instrument, languages)),
        "values": list(_values(instrument, languages)),
        "scales": list(_scales(instrument, languages)),
        "questions": list(_others(instrument, languages)),
        "missing": [["in_a_file", "on_a_sheet", "meaning"], *MISSING],
        "about": list(_about(instrument)),
    }


def _items(instrument: Instrument, languages: list[str]) -> Iterator[Line]:
    texts = [f"text {language}" for language in languages]
    yield [
        *("item", *texts, "scale", "scale_name", "dimension", "high_score_is", "item_direction"),
        *("answers", "low", "high", "values_and_labels", "not_applicable", "in_totals"),
    ]
    first = instrument.texts[languages[0]]
    for item in instrument.items:
        scale = instrument.scale(item.scale)
        labels = first.options.get(item.format.key, {})
        yield [
            item.code,
            *(instrument.texts[language].items[item.code] for language in languages),
            item.scale,
            first.scales[item.scale],
            item.dimension,
            scale.high_is,
            "reversed" if item.reversed else "as answered",
            item.format.key,
            item.format.low,
            item.format.high,
            "; ".join(f"{value} = {label}" for value, label in sorted(labels.items())),
            "yes" if item.not_applicable else "no",
            ", ".join(one.key for one in instrument.scales if _takes(one, item.code)),
        ]


def _takes(scale: Scale, code: str) -> bool:
    return scale.is_total and code in scale.items


def _values(instrument: Instrument, languages: list[str]) -> Iterator[Line]:
    yield ["answers", "value", *(f"label {language}" for language in languages)]
    for answers in instrument.formats:
        labels = [instrument.texts[one].options.get(answers.key, {}) for one in languages]
        for value in answers.values:
            said = [own.get(value, "") for own in labels]
            if any(said):
                yield [answers.key, value, *said]


def _scales(instrument: Instrument, languages: list[str]) -> Iterator[Line]:
    names = [f"name {language}" for language in languages]
    yield [
        *("scale", *names, "dimension", "high_score_is", "items", "reversed_items", "scoring"),
        *("least_answered", "own_low", "own_high", "cutoff_operator", "cutoff_0_100"),
        *("cutoff_own", "cutoff_source", "min_group", "is_total", "unconfirmed", "source"),
    ]
    for scale in instrument.scales:
        yield [
            scale.key,
            *(instrument.texts[language].scales[scale.key] for language in languages),
            scale.dimension,
            scale.high_is,
            ", ".join(scale.items),
            ", ".join(one.code for one in instrument.scale_items(scale.key) if one.reversed),
            SCORING,
            scale.min_answered,
            *_metric(instrument, scale),
            scale.min_group or "",
            "yes" if scale.is_total else "no",
            ", ".join(scale.unconfirmed),
            scale.source,
        ]


SCORING: Final = (
    "turn reversed items; item = 100 (answer - low) / (high - low); score = mean of the items "
    "answered, if the share answered is at least least_answered"
)


def _metric(instrument: Instrument, scale: Scale) -> Line:
    metric = metric_of(instrument, scale.key)
    ends: Line = [metric.low, metric.high] if metric else ["", ""]
    if scale.cutoff is None:
        return [*ends, "", "", "", ""]
    own = round(metric.mean(scale.cutoff.value), 6) if metric else ""
    return [*ends, scale.cutoff.operator, scale.cutoff.value, own, scale.cutoff.source]


def _others(instrument: Instrument, languages: list[str]) -> Iterator[Line]:
    texts = [f"text {language}" for language in languages]
    yield ["question", "kind", "value", *texts]
    for one in instrument.backgrounds:
        said = [instrument.texts[language].backgrounds[one.key] for language in languages]
        yield [one.key, "background", "", *said]
        for band in one.bands:
            bands = [instrument.texts[language].bands[one.key][band] for language in languages]
            yield [one.key, "background", band, *bands]
    for question in instrument.open_questions:
        words = [instrument.texts[language].open_questions[question.key] for language in languages]
        yield [question.key, "open", "", *words]


def _about(instrument: Instrument) -> Iterator[Line]:
    yield ["what", "value"]
    yield ["key", instrument.key]
    yield ["version", instrument.version]
    yield ["fingerprint", instrument.fingerprint]
    yield ["structure_only", "yes" if instrument.structure_only else "no"]
    yield ["source", instrument.source]
    yield ["licence", instrument.licence]
    for sentence in instrument.unconfirmed:
        yield ["unconfirmed", sentence]
