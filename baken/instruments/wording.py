"""The texts of an instrument in one language: reading them and checking that none is missing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from baken.instruments.definition import MAX_VALUES, AnswerFormat, Instrument, Texts
from baken.instruments.screening_reading import build_light_texts, check_light_texts
from baken.instruments.tables import Report, Table, suggestion

MAX_SHORT = 12
"""A column head of the heat map; longer ones do not fit on paper."""


_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")


def build_texts(table: Table, language: str, *, structure_only: bool = False) -> Texts:
    """Return the texts of one file; problems of form go to the report of the table.

    Of a structure the texts of questions and answers may be absent; `with_stand_ins` fills them.
    """
    written = table.text("language")
    if written and written != language:
        table.problem(
            "language", f"“{written}” stands in the file of “{language}”.", f"Write “{language}”."
        )
    texts = Texts(
        language=language,
        title=table.text("title"),
        dimensions=table.table("dimensions").all_texts(),
        dimension_headings=table.table("dimension_headings").all_texts(),
        scales=table.table("scales").all_texts(),
        short_scales=table.table("short_scales").all_texts(),
        scale_notes=table.table("scale_notes").all_texts(),
        items=table.table("items", optional=structure_only).all_texts(),
        options=_options(table.table("options", optional=structure_only)),
        backgrounds=table.table("backgrounds", optional=True).all_texts(),
        bands=_bands(table.table("bands", optional=True)),
        open_questions=table.table("open_questions", optional=True).all_texts(),
        cutoff_sources=table.table("cutoff_sources", optional=True).all_texts(),
        lights=build_light_texts(table.table("lights", optional=True)),
        screening_note=table.text("screening_note", ""),
    )
    table.no_more()
    return texts


def with_stand_ins(instrument: Instrument, texts: Texts) -> Texts:
    """Return the texts of a structure with a code for each absent question, a number per answer."""
    numbers = {
        answer_format.key: {value: str(value) for value in answer_format.values}
        for answer_format in instrument.formats
        if not answer_format.numeric and answer_format.n_values <= MAX_VALUES
    }
    options = {key: dict(labels) for key, labels in texts.options.items()}
    for key, labels in numbers.items():
        options[key] = labels | options.get(key, {})
    return replace(
        texts,
        items={item.code: item.code for item in instrument.items if item.code} | {**texts.items},
        options=options,
        backgrounds={one.key: one.key for one in instrument.backgrounds} | {**texts.backgrounds},
        bands={
            one.key: {band: band for band in one.bands} | {**texts.bands.get(one.key, {})}
            for one in instrument.backgrounds
        },
        open_questions={one.key: one.key for one in instrument.open_questions}
        | {**texts.open_questions},
    )


def check_texts(instrument: Instrument, texts: Texts, file: str, report: Report) -> None:
    """Report every text that is missing, unknown or too long in one language."""
    codes = [item.code for item in instrument.items if item.code]
    scales = [scale.key for scale in instrument.scales]
    for section, given, wanted in (
        ("dimensions", texts.dimensions, instrument.dimensions),
        ("dimension_headings", texts.dimension_headings, instrument.dimensions),
        ("scales", texts.scales, scales),
        ("short_scales", texts.short_scales, scales),
        ("scale_notes", texts.scale_notes, scales),
        ("items", texts.items, codes),
        ("backgrounds", texts.backgrounds, [entry.key for entry in instrument.backgrounds]),
        ("open_questions", texts.open_questions, [one.key for one in instrument.open_questions]),
    ):
        _compare(section, given, wanted, file, report)
    cut = [scale.key for scale in instrument.scales if scale.cutoff]
    if texts.cutoff_sources:
        _compare("cutoff_sources", texts.cutoff_sources, cut, file, report)
    _check_short(texts.short_scales, file, report)
    _check_options(instrument, texts, file, report)
    _check_bands(instrument, texts, file, report)
    check_light_texts(instrument, texts, file, report)


def check_heads(texts: Texts, file: str, report: Report) -> None:
    """Report heads of columns that stand for two scales: nobody could tell them apart.

    Only of files that people write: what was kept before this rule has to stay readable.
    """
    given = texts.short_scales
    for key, text in given.items():
        first = next(other for other, head in given.items() if head.lower() == text.lower())
        if text and first != key:
            report.add(
                file,
                f"short_scales.{key}",
                f"“{text}” is the head of {first} too.",
                "Give each scale a head of its own.",
            )


def _options(table: Table) -> dict[str, dict[int, str]]:
    return {key: _labels(table.table(key)) for key in table}


def _labels(table: Table) -> dict[int, str]:
    labels: dict[int, str] = {}
    for written, label in table.all_texts().items():
        if _WHOLE.fullmatch(written):
            labels[int(written)] = label
        else:
            table.problem(written, "an answer is a whole number.", "Write the number as the key.")
    return labels


def _bands(table: Table) -> dict[str, dict[str, str]]:
    return {key: table.table(key).all_texts() for key in table}


def _compare(
    section: str, given: Iterable[str], wanted: Iterable[str], file: str, report: Report
) -> None:
    given, wanted = list(given), list(wanted)
    for key in wanted:
        if key not in given:
            report.add(file, f"{section}.{key}", "the text is missing.", "Write it.")
    for key in given:
        if key not in wanted:
            report.add(
                file,
                f"{section}.{key}",
                "nothing in definition.toml has this name.",
                suggestion(key, wanted, "Remove the text."),
            )


def _check_short(short_scales: Mapping[str, str], file: str, report: Report) -> None:
    for key, text in short_scales.items():
        if len(text) > MAX_SHORT:
            report.add(
                file,
                f"short_scales.{key}",
                f"“{text}” has {len(text)} characters.",
                f"Use at most {MAX_SHORT}; it is the head of a narrow column.",
            )


def _check_options(instrument: Instrument, texts: Texts, file: str, report: Report) -> None:
    _compare_keys("options", texts.options, [one.key for one in instrument.formats], file, report)
    for answer_format in instrument.formats:
        if answer_format.n_values > MAX_VALUES:
            continue  # the range itself is the mistake; `checking` reports it
        labels = texts.options.get(answer_format.key, {})
        for value in _to_label(instrument, answer_format):
            if value not in labels:
                report.add(
                    file,
                    f"options.{answer_format.key}.{value}",
                    "the label of this answer is missing.",
                    "Write it.",
                )
        for value in labels:
            if value not in answer_format.values:
                report.add(
                    file,
                    f"options.{answer_format.key}.{value}",
                    f"the format goes from {answer_format.low} to {answer_format.high}.",
                    "Remove the label.",
                )


def _to_label(instrument: Instrument, answer_format: AnswerFormat) -> list[int]:
    """Return all values; of a number those that some other language labels."""
    if not answer_format.numeric:
        return list(answer_format.values)
    labelled: set[int] = set()
    for texts in instrument.texts.values():
        labelled.update(texts.options.get(answer_format.key, {}))
    return [value for value in answer_format.values if value in labelled]


def _check_bands(instrument: Instrument, texts: Texts, file: str, report: Report) -> None:
    known = [background.key for background in instrument.backgrounds]
    _compare_keys("bands", texts.bands, known, file, report)
    for background in instrument.backgrounds:
        given = texts.bands.get(background.key, {})
        _compare(f"bands.{background.key}", given, background.bands, file, report)


def _compare_keys(
    section: str, given: Iterable[str], known: list[str], file: str, report: Report
) -> None:
    for key in given:
        if key not in known:
            report.add(
                file,
                f"{section}.{key}",
                "nothing in definition.toml has this name.",
                suggestion(key, known, "Remove the table."),
            )
