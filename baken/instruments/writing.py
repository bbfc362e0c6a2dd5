"""From an `Instrument` back to what its files say.

What is written reads back as an equal instrument. Only the fingerprint may differ from that of
other files with the same meaning, because it counts what is written: a default that one file
spells out and another leaves to the reader.
"""

from collections.abc import Mapping
from typing import Any, Final

from baken.instruments.definition import (
    MIN_ANSWERED,
    ORANGE_FROM,
    RED_FROM,
    Instrument,
    Item,
    Scale,
    Texts,
)
from baken.instruments.reading import read_content
from baken.instruments.screening_writing import light_tables, screening_table

Table = dict[str, Any]

SECTIONS: Final = (
    "dimensions",
    "dimension_headings",
    "scales",
    "short_scales",
    "scale_notes",
    "cutoff_sources",
    "backgrounds",
    "open_questions",
)
"""The tables of a file of texts that hold one text a name, without items and answers."""

_MAY_BE_ABSENT: Final = ("cutoff_sources", "backgrounds", "open_questions")


def definition_of(instrument: Instrument) -> Table:
    """Return what `definition.toml` says of an instrument; defaults are left out."""
    head: Table = {"key": instrument.key, "version": instrument.version, "kind": instrument.kind}
    if instrument.structure_only:
        head["structure_only"] = True
    head["languages"] = list(instrument.languages)
    head["dimensions"] = list(instrument.dimensions)
    head["source"] = instrument.source
    head["licence"] = instrument.licence
    if instrument.unconfirmed:
        head["unconfirmed"] = list(instrument.unconfirmed)
    return head | {
        name: written
        for name, written in (
            ("formats", _formats(instrument)),
            ("scales", {scale.key: _scale(instrument, scale) for scale in instrument.scales}),
            ("items", [_item(item) for item in instrument.items]),
            (
                "backgrounds",
                [{"key": one.key, "bands": list(one.bands)} for one in instrument.backgrounds],
            ),
            (
                "open_questions",
                [{"key": one.key, "max_bytes": one.max_bytes} for one in instrument.open_questions],
            ),
            ("screening", screening_table(instrument.screening) if instrument.screening else None),
            (
                "models",
                [
                    {"outcome": one.outcome, "factors": list(one.factors)}
                    for one in instrument.models
                ],
            ),
            ("recommendation", instrument.recommendation),
        )
        if written
    }


def texts_of(instrument: Instrument) -> dict[str, Table]:
    """Return what the file of each language says; codes that only stand in are left out."""
    return {language: _texts(instrument, language) for language in instrument.languages}


def complete(
    instrument: Instrument,
    texts: Mapping[str, Mapping[str, Any]],
    *,
    version: str | None = None,
) -> Instrument:
    """Return a structure with somebody's own licensed texts: a questionnaire that can be asked.

    Parameters
    ----------
    instrument : Instrument
        A structure of which every scale has its items.
    texts : mapping
        Language to what is added to its texts, as its file would say it: `items`, `options`, and
        whatever else should read differently. Other languages of the structure fall away; without
        any, all of them stay and everything that is missing is named.
    version : str, optional
        Of the result; that of the structure when left out.

    Raises
    ------
    InvalidInstrument
        With every text that is missing, per language and key.
    """
    definition = definition_of(instrument)
    definition.pop("structure_only", None)
    definition["version"] = version or instrument.version
    own = texts_of(instrument)
    if texts:
        definition["languages"] = list(texts)
        own = {one: _added(own.get(one, {"language": one}), texts[one]) for one in texts}
    return read_content(f"{instrument.key} {instrument.version}", definition, own)


def _added(table: Table, more: Mapping[str, Any]) -> Table:
    """Return a table with what is added; tables inside are added to as well."""
    result = dict(table)
    for key, value in more.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            result[key] = _added(known, value)
        else:
            result[key] = value
    return result


def _formats(instrument: Instrument) -> Table:
    written = {}
    for one in instrument.formats:
        written[one.key] = {"low": one.low, "high": one.high}
        if one.numeric:
            written[one.key]["numeric"] = True
        if one.unknown:
            written[one.key]["unknown"] = True
    return written


def _scale(instrument: Instrument, scale: Scale) -> Table:
    written: Table = {"dimension": scale.dimension, "high_is": scale.high_is}
    written["items"] = list(scale.items)
    turned = [item.code for item in instrument.scale_items(scale.key) if item.reversed]
    if turned and not scale.is_total:
        written["reversed"] = turned
    if scale.cutoff is not None:
        cutoff = scale.cutoff
        written["cutoff"] = {
            "operator": cutoff.operator,
            "value": cutoff.value,
            "source": cutoff.source,
        }
    for name, value, default in (
        ("min_group", scale.min_group, None),
        ("min_answered", scale.min_answered, MIN_ANSWERED),
        ("total", scale.is_total, False),
        ("unconfirmed", list(scale.unconfirmed), []),
    ):
        if value != default:
            written[name] = value
    if (scale.orange_from, scale.red_from) != (ORANGE_FROM, RED_FROM):
        written["lights"] = {"orange_from": scale.orange_from, "red_from": scale.red_from}
    written["source"] = scale.source
    return written


def _item(item: Item) -> Table:
    written: Table = {"code": item.code, "format": item.format.key}
    if item.secondary:
        written["secondary"] = list(item.secondary)
    if item.not_applicable and not item.format.unknown:
        written["not_applicable"] = True
    return written


def _texts(instrument: Instrument, language: str) -> Table:
    texts = instrument.texts[language]
    written: Table = {"language": language, "title": texts.title}
    for section in SECTIONS:
        own = _own(instrument, section, texts)
        if own or section not in _MAY_BE_ABSENT:
            written[section] = own
    written["options"] = {
        key: {
            str(value): label for value, label in labels.items() if _says(instrument, value, label)
        }
        for key, labels in texts.options.items()
    }
    written["items"] = _without_stand_ins(instrument, texts.items)
    if instrument.backgrounds:
        written["bands"] = {
            key: _without_stand_ins(instrument, bands) for key, bands in texts.bands.items()
        }
    if instrument.screening is not None:
        written |= light_tables(texts)
    return written


def _own(instrument: Instrument, section: str, texts: Texts) -> dict[str, str]:
    given: Mapping[str, str] = getattr(texts, section)
    if section in {"backgrounds", "open_questions"}:
        return _without_stand_ins(instrument, given)
    return dict(given)


def _without_stand_ins(instrument: Instrument, given: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of a structure that are more than the name they belong to."""
    return {key: text for key, text in given.items() if instrument.is_usable or text != key}


def _says(instrument: Instrument, value: int, label: str) -> bool:
    return instrument.is_usable or label != str(value)
