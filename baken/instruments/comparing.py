"""What is different between two versions of a questionnaire, one line for each difference.

The structure is compared by its names: a question is the same question when it has the same code.
Texts are compared one by one and language by language. A text of something that came or went is
part of that line and is not told again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from baken.instruments.definition import AnswerFormat, Instrument, Item, Scale

Wording = Mapping[str, Mapping[str, str]]
"""Language to the path of a text ("items.P1", "options.often.1") to the text."""

Value = str | float | bool | None

What = Literal[
    "language", "scale", "item", "format", "background", "open_question", "model", "text", "head"
]
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes
    ----------
    name
        Of a text its path; of a language its code; of a model its outcome; of anything else its key
        or code.
    field
        Which property changed ("cutoff", "reversed"); empty for what came, went, or is a text.
    before, after
        On the questionnaire's own numbers; None where there is nothing.
    language
        Of a text.
    """

    what: What
    how: How
    name: str
    field: str = ""
    before: Value = None
    after: Value = None
    language: str = ""


T = TypeVar("T")
_Properties = Sequence[tuple[str, Callable[[T], Value]]]


def _apart(one: Iterable[str], other: Iterable[str]) -> Value:
    """Return what stands in the first and not in the second."""
    known = set(other)
    return ", ".join(name for name in one if name not in known) or None


def _cutoff(scale: Scale) -> Value:
    return f"{scale.cutoff.operator} {scale.cutoff.value:g}" if scale.cutoff else None


def _lights(scale: Scale) -> Value:
    return f"{scale.orange_from:g} / {scale.red_from:g}"


_OF_SCALES: Final[_Properties[Scale]] = (
    ("dimension", lambda scale: scale.dimension),
    ("high_is", lambda scale: scale.high_is),
    ("cutoff", _cutoff),
    ("cutoff_source", lambda scale: scale.cutoff.source if scale.cutoff else None),
    ("min_answered", lambda scale: scale.min_answered),
    ("min_group", lambda scale: scale.min_group),
    ("lights", _lights),
    ("total", lambda scale: scale.is_total),
)
_OF_ITEMS: Final[_Properties[Item]] = (
    ("scale", lambda item: item.scale),
    ("reversed", lambda item: item.reversed),
    ("format", lambda item: item.format.key),
    ("not_applicable", lambda item: item.not_applicable),
    ("secondary", lambda item: ", ".join(item.secondary) or None),
)
_OF_FORMATS: Final[_Properties[AnswerFormat]] = (
    ("range", lambda one: f"{one.low} – {one.high}"),
    ("numeric", lambda one: one.numeric),
    ("unknown", lambda one: one.unknown),
)


def compare(
    old: Instrument, new: Instrument, *, before: Wording, after: Wording
) -> tuple[Change, ...]:
    """Return every difference: what came and went, how it is scored, what it says.

    Parameters
    ----------
    before, after
        The texts of both, those of languages that are not complete included.
    """
    structure = [
        *_came_and_went("language", before, after),
        *_heads(old, new),
        *_named("scale", _by_key(old.scales), _by_key(new.scales), _OF_SCALES),
        *_totals(old, new),
        *_named("item", _by_code(old), _by_code(new), _OF_ITEMS),
        *_named("format", _formats(old), _formats(new), _OF_FORMATS),
        *_named("background", _bands(old), _bands(new), [("bands", lambda text: text)]),
        *_named("open_question", _lengths(old), _lengths(new), [("max_bytes", lambda n: n)]),
        *_models(old, new),
    ]
    new_or_gone = {(change.what, change.name) for change in structure if change.how != "changed"}
    return (*structure, *_texts(before, after, new_or_gone))


def wording_of(instrument: Instrument) -> dict[str, dict[str, str]]:
    """Return the texts of a questionnaire by language and path."""
    return {language: _paths(instrument, language) for language in instrument.languages}


def owner_of(path: str) -> tuple[str, str]:
    """Return what a text belongs to: its kind, and its key or code."""
    section, _, rest = path.partition(".")
    kind = _OWNERS.get(section, "")
    return kind, rest.partition(".")[0] if section in {"options", "bands"} else rest


_OWNERS: Final = {
    "scales": "scale",
    "short_scales": "scale",
    "scale_notes": "scale",
    "cutoff_sources": "scale",
    "items": "item",
    "options": "format",
    "backgrounds": "background",
    "bands": "background",
    "open_questions": "open_question",
}


def _paths(instrument: Instrument, language: str) -> dict[str, str]:
    texts = instrument.texts[language]
    found = {"title": texts.title}
    for section in (
        "dimensions",
        "dimension_headings",
        "scales",
        "short_scales",
        "scale_notes",
        "cutoff_sources",
        "items",
        "backgrounds",
        "open_questions",
    ):
        own: Mapping[str, str] = getattr(texts, section)
        found |= {f"{section}.{key}": text for key, text in own.items()}
    for key, labels in texts.options.items():
        found |= {f"options.{key}.{value}": label for value, label in labels.items()}
    for key, bands in texts.bands.items():
        found |= {f"bands.{key}.{band}": label for band, label in bands.items()}
    return found


def _heads(old: Instrument, new: Instrument) -> Iterator[Change]:
    for name in ("source", "licence"):
        was, is_now = getattr(old, name), getattr(new, name)
        if was != is_now:
            yield Change("head", "changed", name, before=was, after=is_now)
    if old.recommendation != new.recommendation:
        was, is_now = old.recommendation or None, new.recommendation or None
        yield Change("head", "changed", "recommendation", before=was, after=is_now)
    kept = [code for code in _by_code(old) if code in _by_code(new)]
    if kept != [code for code in _by_code(new) if code in _by_code(old)]:
        yield Change("head", "changed", "order")


def _came_and_went(what: What, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    old, new = list(old), list(new)
    yield from (Change(what, "removed", name) for name in old if name not in new)
    yield from (Change(what, "added", name) for name in new if name not in old)


def _named(
    what: What, old: Mapping[str, T], new: Mapping[str, T], properties: _Properties[T]
) -> Iterator[Change]:
    yield from _came_and_went(what, old, new)
    for name in new:
        if name not in old:
            continue
        for field, read in properties:
            was, is_now = read(old[name]), read(new[name])
            if was != is_now:
                yield Change(what, "changed", name, field, was, is_now)


def _totals(old: Instrument, new: Instrument) -> Iterator[Change]:
    """Yield what a total counts no longer, and what it counts now."""
    before = {scale.key: scale for scale in old.scales if scale.is_total}
    for scale in new.scales:
        if scale.is_total and scale.key in before:
            was, is_now = before[scale.key].items, scale.items
            gone, more = _apart(was, is_now), _apart(is_now, was)
            if gone or more:
                yield Change("scale", "changed", scale.key, "counted", gone, more)


def _models(old: Instrument, new: Instrument) -> Iterator[Change]:
    """Yield which outcomes have a declared model, and which factors one has no longer, or now."""
    before, after = ({one.outcome: one.factors for one in side.models} for side in (old, new))
    yield from _came_and_went("model", before, after)
    for outcome, factors in after.items():
        if outcome in before:
            gone, more = _apart(before[outcome], factors), _apart(factors, before[outcome])
            if gone or more:
                yield Change("model", "changed", outcome, "factors", gone, more)


def _texts(before: Wording, after: Wording, new_or_gone: set[tuple[What, str]]) -> Iterator[Change]:
    for language in after:
        if language not in before:
            continue
        old, new = before[language], after[language]
        for path in dict.fromkeys((*new, *old)):
            was, is_now = old.get(path), new.get(path)
            if was == is_now or owner_of(path) in new_or_gone:
                continue
            how: How = "added" if was is None else "removed" if is_now is None else "changed"
            yield Change("text", how, path, "", was, is_now, language)


def _by_key(scales: Iterable[Scale]) -> dict[str, Scale]:
    return {scale.key: scale for scale in scales}


def _by_code(instrument: Instrument) -> dict[str, Item]:
    return {item.code: item for item in instrument.items}


def _formats(instrument: Instrument) -> dict[str, AnswerFormat]:
    return {one.key: one for one in instrument.formats}


def _bands(instrument: Instrument) -> dict[str, str]:
    return {one.key: ", ".join(one.bands) for one in instrument.backgrounds}


def _lengths(instrument: Instrument) -> dict[str, int]:
    return {one.key: one.max_bytes for one in instrument.open_questions}
