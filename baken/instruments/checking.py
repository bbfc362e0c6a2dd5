"""Whether the parts of an instrument fit together.

Each rule reports what it finds and goes on, so that one run shows everything there is to repair.
"""

import re
from collections import Counter
from collections.abc import Iterable

from baken.instruments.building import ANY_KEY, LANGUAGE
from baken.instruments.definition import (
    DIMENSIONS,
    FLOOR_MIN_GROUP,
    MAX_BACKGROUNDS,
    MAX_VALUES,
    AnswerFormat,
    CutOff,
    Instrument,
    Scale,
)
from baken.instruments.models import check_models, check_recommendation
from baken.instruments.screening_reading import check_screening
from baken.instruments.tables import Report, suggestion

MAX_COMMENT_BYTES = 10_000
"""Every envelope is padded to the longest possible sheet; a longer comment would make all big."""

RESERVED = re.compile(r"(?i)code|csrf|lang|unit|language|mode|stratum|headcount|comment\d*")
"""Names of other fields of the answer form and of other columns of an answer file."""


def check_instrument(instrument: Instrument, file: str, report: Report) -> None:
    """Report everything that does not fit in the definition itself."""
    _check_languages(instrument, file, report)
    _check_dimensions(instrument, file, report)
    _check_names(instrument, file, report)
    for answer_format in instrument.formats:
        _check_format(answer_format, file, report)
    for scale in instrument.scales:
        _check_scale(instrument, scale, file, report)
    _check_items(instrument, file, report)
    _check_backgrounds(instrument, file, report)
    _check_open_questions(instrument, file, report)
    check_models(instrument, file, report)
    check_recommendation(instrument, file, report)
    check_screening(instrument, file, report)


def _check_languages(instrument: Instrument, file: str, report: Report) -> None:
    for language in instrument.languages:
        if not re.fullmatch(LANGUAGE[0], language):
            report.add(file, "languages", f"“{language}” is not a language.", f"Use {LANGUAGE[1]}.")


def _check_dimensions(instrument: Instrument, file: str, report: Report) -> None:
    for key in instrument.dimensions:
        if key not in DIMENSIONS:
            report.add(
                file,
                "dimensions",
                f"dimension “{key}” does not exist.",
                f"Use {', '.join(DIMENSIONS)}.",
            )
        elif not instrument.scales_of(key):
            report.add(
                file, "dimensions", f"dimension {key} has no scale.", "Remove it, or add a scale."
            )
    for scale in instrument.scales:
        if instrument.dimensions and scale.dimension not in instrument.dimensions:
            report.add(
                file,
                f"scales.{scale.key}.dimension",
                f"dimension {scale.dimension} is not in the list “dimensions”.",
                "Add it there.",
            )


def _check_names(instrument: Instrument, file: str, report: Report) -> None:
    for path in [
        *(f"formats.{answer_format.key}" for answer_format in instrument.formats),
        *(f"scales.{scale.key}" for scale in instrument.scales),
    ]:
        if not re.fullmatch(ANY_KEY[0], path.partition(".")[2]):
            report.add(file, path, "this cannot be a name.", f"Use {ANY_KEY[1]}.")
    _check_fields(instrument, file, report)


def _check_fields(instrument: Instrument, file: str, report: Report) -> None:
    """Items and backgrounds share the fields of one form and the columns of one file."""
    codes = [item.code for item in instrument.items]
    for section, keys in (
        ("items", codes),
        ("backgrounds", [background.key for background in instrument.backgrounds]),
    ):
        for key in keys:
            if RESERVED.fullmatch(key):
                report.add(
                    file,
                    section,
                    f"“{key}” is the name of another field of the form.",
                    "Choose another name.",
                )
    for background in instrument.backgrounds:
        if background.key in codes:
            report.add(
                file,
                "backgrounds",
                f"“{background.key}” is also the code of an item.",
                "Choose another name.",
            )


def _check_format(answer_format: AnswerFormat, file: str, report: Report) -> None:
    key = f"formats.{answer_format.key}"
    low, high = answer_format.low, answer_format.high
    if low >= high:
        report.add(file, key, f"low ({low}) is not below high ({high}).", "Correct one of the two.")
    elif answer_format.n_values > MAX_VALUES:
        report.add(
            file,
            key,
            f"{low} to {high} are {answer_format.n_values} values; {MAX_VALUES} is the most.",
            "Use a coarser question or a smaller range.",
        )


def _check_scale(instrument: Instrument, scale: Scale, file: str, report: Report) -> None:
    path = f"scales.{scale.key}"
    codes = [item.code for item in instrument.items]
    for code in scale.items:
        if code not in codes:
            report.add(
                file,
                f"{path}.items",
                f"item {code} does not exist.",
                suggestion(code, codes, "Add it under [[items]], or remove it here."),
            )
    if scale.is_total:
        _check_total(instrument, scale, file, report)
    if scale.cutoff is not None:
        _check_cutoff(scale, scale.cutoff, file, report)
    if scale.min_group is not None and scale.min_group < FLOOR_MIN_GROUP:
        report.add(
            file,
            f"{path}.min_group",
            f"{scale.min_group} is below {FLOOR_MIN_GROUP}; people could be recognised.",
            f"Use {FLOOR_MIN_GROUP} or more, or leave the key out.",
        )
    if not 0 < scale.min_answered <= 1:
        report.add(
            file,
            f"{path}.min_answered",
            f"{scale.min_answered} is not a share of the items.",
            "Use a number above 0 and at most 1; 0.5 is half of the items.",
        )


def _check_total(instrument: Instrument, total: Scale, file: str, report: Report) -> None:
    """Report a total whose parts point the other way: their answers would be turned wrongly."""
    for scale in instrument.scales:
        parts = {*scale.items} & {*total.items}
        if not scale.is_total and parts and scale.high_is != total.high_is:
            report.add(
                file,
                f"scales.{total.key}.high_is",
                f"scale {scale.key}, of which it takes items, says “{scale.high_is}”.",
                "Let both say the same, or leave these items out of the total.",
            )


def _check_cutoff(scale: Scale, cutoff: CutOff, file: str, report: Report) -> None:
    path = f"scales.{scale.key}.cutoff"
    if not 0 <= cutoff.value <= 100:
        report.add(
            file,
            f"{path}.value",
            f"{cutoff.value:g} lies outside 0-100, where every score is.",
            "Use a score on that scale.",
        )
    expected = ">=" if scale.high_is == "risk" else "<"
    if cutoff.operator != expected:
        report.add(
            file,
            f"{path}.operator",
            f"“{cutoff.operator}” contradicts high_is = “{scale.high_is}”.",
            f"Use “{expected}”.",
        )


def _check_items(instrument: Instrument, file: str, report: Report) -> None:
    for code in _twice(item.code for item in instrument.items if item.code):
        report.add(
            file, "items", f"code {code} is used by two items.", "Give each item its own code."
        )
    for item in instrument.items:
        for key in item.secondary:
            if key not in DIMENSIONS or key == item.dimension:
                report.add(
                    file,
                    f"items ({item.code}).secondary",
                    f"“{key}” is not another dimension.",
                    f"Use {', '.join(DIMENSIONS)}, other than {item.dimension}.",
                )


def _check_backgrounds(instrument: Instrument, file: str, report: Report) -> None:
    if len(instrument.backgrounds) > MAX_BACKGROUNDS:
        report.add(
            file,
            "backgrounds",
            f"there are {len(instrument.backgrounds)} background questions; "
            f"{MAX_BACKGROUNDS} is the most, so that nobody can be recognised.",
            "Remove the ones that help least.",
        )
    for key in _twice(background.key for background in instrument.backgrounds):
        report.add(
            file, "backgrounds", f"key {key} is used twice.", "Give each question its own key."
        )
    for background in instrument.backgrounds:
        if len(background.bands) == 1:
            report.add(
                file,
                f"backgrounds ({background.key}).bands",
                "there is only one band.",
                "Name at least two.",
            )


def _check_open_questions(instrument: Instrument, file: str, report: Report) -> None:
    for key in _twice(question.key for question in instrument.open_questions):
        report.add(
            file, "open_questions", f"key {key} is used twice.", "Give each question its own key."
        )
    for question in instrument.open_questions:
        if not 1 <= question.max_bytes <= MAX_COMMENT_BYTES:
            report.add(
                file,
                f"open_questions ({question.key}).max_bytes",
                f"{question.max_bytes} bytes is no length for an answer.",
                f"Use 1 to {MAX_COMMENT_BYTES}.",
            )


def _twice(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]
