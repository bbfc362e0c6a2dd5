"""Building an `Instrument` from the tables of its definition file.

Only the form of each field is looked at here; whether the parts fit together is the work of
`checking`.
"""

from dataclasses import dataclass
from math import isfinite
from typing import cast

from baken.instruments.definition import (
    DIMENSIONS,
    MIN_ANSWERED,
    ORANGE_FROM,
    RED_FROM,
    UNCONFIRMED,
    AnswerFormat,
    Background,
    CutOff,
    Direction,
    DriverModel,
    Instrument,
    Item,
    Kind,
    OpenQuestion,
    Operator,
    Scale,
    Texts,
)
from baken.instruments.metric import Metric
from baken.instruments.screening_reading import build_screening
from baken.instruments.tables import Table, suggestion

KEY = (r"[a-z][a-z0-9_-]*", "small letters, digits, - and _, beginning with a letter")
ANY_KEY = (r"[A-Za-z][A-Za-z0-9_-]*", "letters, digits, - and _, beginning with a letter")
VERSION = (r"[0-9A-Za-z][0-9A-Za-z._-]*", "digits, letters, dots and dashes")
# The second part: the same questions in easy language, offered beside the ordinary texts.
LANGUAGE = (r"[a-z]{2,3}(-easy)?", "a code of two or three small letters, such as nl, or nl-easy")


@dataclass(frozen=True, slots=True)
class _Membership:
    """Which scale an item is in, and how it counts there."""

    scale: str
    dimension: str
    reversed: bool


def build_instrument(table: Table, texts: dict[str, Texts], fingerprint: str) -> Instrument:
    """Return the instrument of a definition table; problems go to the report of the table."""
    structure_only = table.flag("structure_only")
    lights = _lights(table.table("lights", optional=True), (ORANGE_FROM, RED_FROM))
    formats = _formats(table.table("formats", optional=structure_only))
    items = tuple(table.tables("items", optional=structure_only))
    of_items = {str(entry.peek("code")): formats.get(str(entry.peek("format"))) for entry in items}
    scales, memberships = _scales(
        table.table("scales"), lights, of_items, may_be_empty=structure_only
    )
    instrument = Instrument(
        key=table.name("key", *KEY),
        version=table.name("version", *VERSION),
        kind=cast("Kind", table.choice("kind", ("questionnaire", "screening"))),
        languages=table.names("languages"),
        dimensions=table.names("dimensions"),
        formats=tuple(formats.values()),
        items=tuple(_item(entry, formats, memberships) for entry in items),
        scales=scales,
        backgrounds=tuple(map(_background, table.tables("backgrounds", optional=True))),
        open_questions=tuple(map(_open_question, table.tables("open_questions", optional=True))),
        texts=texts,
        source=table.text("source"),
        licence=table.text("licence"),
        fingerprint=fingerprint,
        structure_only=structure_only,
        unconfirmed=table.names("unconfirmed", optional=True),
        screening=build_screening(table.table("screening", optional=True)),
        models=tuple(map(build_model, table.tables("models", optional=True))),
        recommendation=table.text("recommendation", ""),
    )
    table.no_more()
    return instrument


def _lights(table: Table, otherwise: tuple[float, float]) -> tuple[float, float]:
    orange = table.number("orange_from", otherwise[0])
    red = table.number("red_from", otherwise[1])
    table.no_more()
    orange, red = (
        value if value is not None else default
        for value, default in zip((orange, red), otherwise, strict=True)
    )
    if not 0 < orange < red < 1:
        table.problem(
            "",
            f"the lights change at {orange} and {red}.",
            "Use shares between 0 and 1, orange_from below red_from.",
        )
    return orange, red


def _formats(table: Table) -> dict[str, AnswerFormat]:
    formats = {}
    for key in table:
        entry = table.table(key)
        low, high = entry.whole("low"), entry.whole("high")
        numeric, unknown = entry.flag("numeric"), entry.flag("unknown")
        entry.no_more()
        if low is None or high is None:
            # a stand-in, so that the items of this format are not called unknown as well
            low, high = 0, 1
        formats[key] = AnswerFormat(key, low, high, numeric, unknown)
    return formats


def _scales(
    table: Table,
    lights: tuple[float, float],
    formats: dict[str, AnswerFormat | None],
    *,
    may_be_empty: bool,
) -> tuple[tuple[Scale, ...], dict[str, _Membership]]:
    scales = []
    memberships: dict[str, _Membership] = {}
    for key in table:
        entry = table.table(key)
        scale = _scale(key, entry, lights, formats, may_be_empty=may_be_empty)
        turned = () if scale.is_total else _reversed(entry, scale)
        entry.no_more()
        scales.append(scale)
        for code in () if scale.is_total else scale.items:
            if code in memberships:
                table.problem(
                    f"{key}.items",
                    f"item {code} is already in scale {memberships[code].scale}.",
                    "An item belongs to one scale; take it out of one of the two.",
                )
            memberships.setdefault(code, _Membership(key, scale.dimension, code in turned))
    return tuple(scales), memberships


def _scale(
    key: str,
    entry: Table,
    lights: tuple[float, float],
    formats: dict[str, AnswerFormat | None],
    *,
    may_be_empty: bool,
) -> Scale:
    high_is = cast("Direction", entry.choice("high_is", ("risk", "resource")))
    orange, red = _lights(entry.table("lights", optional=True), lights)
    min_answered = entry.number("min_answered", MIN_ANSWERED)
    items = entry.names("items", optional=may_be_empty)
    return Scale(
        key=key,
        dimension=entry.choice("dimension", DIMENSIONS),
        items=items,
        high_is=high_is,
        cutoff=_cutoff(entry.table("cutoff", optional=True), [formats.get(code) for code in items]),
        min_group=entry.whole("min_group", None),
        min_answered=MIN_ANSWERED if min_answered is None else min_answered,
        source=entry.text("source"),
        orange_from=orange,
        red_from=red,
        is_total=entry.flag("total"),
        unconfirmed=_unconfirmed(entry),
    )


def _unconfirmed(entry: Table) -> tuple[str, ...]:
    named = entry.names("unconfirmed", optional=True)
    for part in named:
        if part not in UNCONFIRMED:
            entry.problem(
                "unconfirmed", f"“{part}” is no part of a scale.", f"Use {', '.join(UNCONFIRMED)}."
            )
    return named


def _cutoff(table: Table, formats: list[AnswerFormat | None]) -> CutOff | None:
    if table.is_absent:
        return None
    operator = cast("Operator", table.choice("operator", (">=", "<")))
    value = table.number("value")
    source = table.text("source")
    on_answers = table.flag("on_answers")
    table.no_more()
    if value is None:
        return CutOff(operator, 50.0, source)
    return CutOff(operator, _score(table, value, formats) if on_answers else float(value), source)


def _score(table: Table, value: float, formats: list[AnswerFormat | None]) -> float:
    """Return a mean of answers as a score; the answers must have one range."""
    if not isfinite(value):
        return value  # `checking` says that it lies outside
    ranges = {(one.low, one.high) for one in formats if one is not None and one.low < one.high}
    if len(ranges) != 1:
        table.problem(
            "on_answers",
            "the items of this scale do not share one range.",
            "Write the value on 0-100 and take on_answers away.",
        )
        return 50.0
    return Metric(*ranges.pop()).score(value)


def _reversed(entry: Table, scale: Scale) -> tuple[str, ...]:
    turned = entry.names("reversed", optional=True)
    for code in turned:
        if code not in scale.items:
            entry.problem(
                "reversed",
                f"item {code} is not in this scale.",
                suggestion(code, scale.items, "Name items of this scale only."),
            )
    return turned


def _item(
    entry: Table, formats: dict[str, AnswerFormat], memberships: dict[str, _Membership]
) -> Item:
    code = entry.name("code", *ANY_KEY)
    wanted = entry.text("format")
    if wanted and wanted not in formats:
        entry.problem(
            "format",
            f"answer format “{wanted}” of item {code} does not exist.",
            suggestion(wanted, formats, f"Add [formats.{wanted}]."),
        )
    member = memberships.get(code)
    if code and member is None:
        entry.problem(
            "code", f"item {code} is in no scale.", "Add it to the items of a scale, or remove it."
        )
    member = member or _Membership("", "", reversed=False)
    answer_format = formats.get(wanted, AnswerFormat(wanted, 0, 1))
    not_applicable = entry.flag("not_applicable")
    if not_applicable and answer_format.unknown:
        entry.problem(
            "not_applicable",
            f"format “{wanted}” offers “I do not know” in this place.",
            "Take one of the two away.",
        )
    item = Item(
        code=code,
        format=answer_format,
        scale=member.scale,
        reversed=member.reversed,
        dimension=member.dimension,
        secondary=entry.names("secondary", optional=True),
        not_applicable=not_applicable or answer_format.unknown,
    )
    entry.no_more()
    return item


def _background(entry: Table) -> Background:
    background = Background(entry.name("key", *ANY_KEY), entry.names("bands"))
    entry.no_more()
    return background


def build_model(entry: Table) -> DriverModel:
    """Return the model of one table; problems go to the report of the table."""
    model = DriverModel(entry.text("outcome"), entry.names("factors"))
    entry.no_more()
    return model


def _open_question(entry: Table) -> OpenQuestion:
    key = entry.name("key", *ANY_KEY)
    max_bytes = entry.whole("max_bytes")
    entry.no_more()
    return OpenQuestion(key, 1 if max_bytes is None else max_bytes)
