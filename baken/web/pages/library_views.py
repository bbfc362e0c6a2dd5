"""What the pages of the library show of a questionnaire."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from baken.analysis.releases.organisation import MOST_COUNTED
from baken.instruments.definition import Instrument
from baken.instruments.exchange.reasons import CHANGED
from baken.instruments.origins import Line, in_language
from baken.survey.library.assembling import empty_scales, trim, unset_scales
from baken.survey.library.composing import ScaleSetting
from baken.survey.library.content import Content
from baken.survey.library.own_questions import OWN_OPEN, own_questions
from baken.survey.library.queries import Source
from baken.survey.library.slots import GENERAL, Slot, missing_in
from baken.web import numerals
from baken.web.languages import name_of
from baken.web.pages.library_models import ModelLine, model_lines
from baken.web.pages.library_text_rows import awaited_by, text_pages
from baken.web.pages.library_words import (
    Words,
    cutoff_words,
    listed,
    slot_label,
    version_name,
)
from baken.web.texts import catalogue

State = Literal["ready", "incomplete", "used", "shipped", "structure"]

SHOWN_MISSING = 8
"""Missing texts that the page of a version names; the pages of texts show all of them."""

SHOWN_WIDE = 3
"""Questions with a long row of answers that a warning names."""


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """How far the texts of a language are."""

    code: str
    name: str
    missing: tuple[str, ...]
    n_missing: int
    group: str  # where the first missing text is written

    @property
    def is_complete(self) -> bool:
        return not self.n_missing


@dataclass(frozen=True, slots=True)
class Shelved:
    """A questionnaire in the list; `name` says which version, `code` what files call it."""

    title: str
    name: str
    code: str
    path: str
    state: State
    languages: tuple[str, ...]
    n_items: int
    n_scales: int
    base: str  # "made from version 1", empty for one of Baken
    changed_on: date | None  # None for one of Baken


@dataclass(frozen=True, slots=True)
class VersionView:
    """A questionnaire on its own page; `seen` is 0 for one that nobody changes."""

    most_counted: ClassVar[int] = MOST_COUNTED

    title: str
    name: str  # "own version 2"
    key: str
    version: str
    path: str
    state: State
    is_screening: bool  # no own version is made of it
    seen: int
    is_import: bool
    base: str  # "version 1", empty for an import
    changed_on: date | None  # None for one of Baken
    source: Line
    licence: Line
    unconfirmed: tuple[Line, ...]
    n_items: int
    n_scales: int
    lines: tuple[LanguageLine, ...]
    complete: tuple[str, ...]  # languages in which it can be asked
    unset: tuple[str, ...]
    empty: tuple[str, ...]
    n_wide: int  # questions of which nobody sees how often each answer was given
    wide: str  # the first of them
    refused: tuple[Mapping[str, str], ...]  # of an import: what was not taken
    changed: tuple[Mapping[str, str], ...]  # and what was, but otherwise
    questions: tuple[tuple[str, str], ...]
    open_questions: tuple[tuple[str, str], ...]
    models: tuple[ModelLine, ...]

    @property
    def is_own(self) -> bool:
        return self.state in {"ready", "incomplete", "used"}

    @property
    def may_change(self) -> bool:
        return self.state in {"ready", "incomplete"}


def state_of(source: Source) -> State:
    """Return how far a questionnaire is: only what is ready or shipped can be chosen."""
    if source.row is None:
        return "shipped" if source.instrument.is_usable else "structure"
    if source.row.is_locked:
        return "used"
    return "ready" if source.instrument.is_usable else "incomplete"


def path_of(key: str, version: str) -> str:
    """Return the address of a questionnaire within the organisation."""
    return f"/library/{key}/{version}"


def shelved(source: Source, language: str, changes: Mapping[str, datetime]) -> Shelved:
    """Return the line of a questionnaire in the list."""
    found = source.instrument
    return Shelved(
        title=_title(source.content, language) or found.key,
        name=version_name(found.version, language),
        code=f"{found.key} {found.version}",
        path=path_of(found.key, found.version),
        state=state_of(source),
        languages=tuple(map(name_of, _complete(found))),
        n_items=len(found.items),
        n_scales=len(found.scales),
        base=_made_of(source, language),
        changed_on=_day(changes.get(f"{found.key} {found.version}")),
    )


def version_view(
    source: Source, language: str, changes: Mapping[str, datetime] | None = None
) -> VersionView:
    """Return everything the page of a questionnaire shows."""
    found, content, row = source.instrument, source.content, source.row
    asked = trim(content, source.left_out)
    words = Words(content, language)
    wide = tuple(_wide(asked, words)) if row else ()
    noted = row.refused if row else []
    unset = unset_scales(content, source.left_out)
    return VersionView(
        title=_title(content, language) or found.key,
        name=version_name(found.version, language),
        key=found.key,
        version=found.version,
        path=path_of(found.key, found.version),
        state=state_of(source),
        is_screening=found.kind == "screening",
        seen=row.version if row else 0,
        is_import=row is not None and not row.base_key,
        base=version_name(row.base_version, language) if row and row.base_version else "",
        changed_on=_day((changes or {}).get(f"{found.key} {found.version}")),
        source=in_language(found.source, language),
        licence=in_language(found.licence, language),
        unconfirmed=tuple(in_language(one, language) for one in found.unconfirmed),
        n_items=len(asked.definition["items"]),
        n_scales=len(asked.definition["scales"]),
        lines=tuple(_lines(asked, language, awaited_by(content, unset))) if row else (),
        complete=_complete(found),
        unset=tuple(words.of(f"scales.{key}") for key in unset),
        empty=tuple(words.of(f"scales.{key}") for key in empty_scales(content, source.left_out)),
        n_wide=len(wide),
        wide=listed(wide[:SHOWN_WIDE], language),
        refused=tuple(one for one in noted if one["key"] not in CHANGED),
        changed=tuple(one for one in noted if one["key"] in CHANGED),
        questions=tuple((code, words.of(f"items.{code}")) for code in own_questions(content)),
        open_questions=tuple(
            (one["key"], words.of(f"open_questions.{one['key']}"))
            for one in content.definition.get("open_questions", [])
            if one["key"].startswith(OWN_OPEN)
        ),
        models=model_lines(source, words, language),
    )


def _day(at: datetime | None) -> date | None:
    return at.astimezone(numerals.ZONE).date() if at else None


def _made_of(source: Source, language: str) -> str:
    """Say what an own version began as; "" for one of Baken."""
    if source.row is None:
        return ""
    if not source.row.base_version:
        return catalogue(language)("library.made_by_import")
    base = version_name(source.row.base_version, language)
    return catalogue(language)("library.made_of", base=base)


def _lines(asked: Content, language: str, awaited: Collection[str]) -> Iterator[LanguageLine]:
    words = Words(asked, language)
    pages = {slot.path: page.key for page in text_pages(asked) for slot in page.slots}
    for code in asked.texts:
        missing = [slot for slot in missing_in(asked, code) if slot.path not in awaited]
        yield LanguageLine(
            code=code,
            name=name_of(code),
            missing=tuple(_missing(slot, words) for slot in missing[:SHOWN_MISSING]),
            n_missing=len(missing),
            group=pages[missing[0].path] if missing else GENERAL,
        )


def _missing(slot: Slot, words: Words) -> str:
    """Name a missing text, with what it says in another language where that is written."""
    label, said = slot_label(slot, words), words.written(slot.path)
    if not said or said in label:
        return label
    return catalogue(words.language)("library.missing_as", what=label, text=said)


def _title(content: Content, language: str) -> str:
    return Words(content, language).written("title")


def _wide(asked: Content, words: Words) -> Iterator[str]:
    """Yield the questions with more answers than are ever counted one by one."""
    formats = asked.definition["formats"]
    for item in asked.definition["items"]:
        one = formats[item["format"]]
        if one["high"] - one["low"] >= MOST_COUNTED:
            yield words.of(f"items.{item['code']}")


def _complete(found: Instrument) -> tuple[str, ...]:
    return found.languages if found.is_usable else ()


def scale_rows(
    source: Source, language: str, sent: Mapping[str, ScaleSetting]
) -> tuple[dict[str, Any], ...]:
    """Return the scales with what can be said about each, in order; what was sent goes first."""
    content, words = source.content, Words(source.content, language)
    return tuple(
        {
            "key": key,
            "name": words.of(f"scales.{key}"),
            "note": words.written(f"scale_notes.{key}"),
            "n_items": len(scale["items"]),
            "is_total": bool(scale.get("total")),
            "is_asked": f"scales.{key}" not in source.left_out,
            "dimension": said.dimension,
            "high_is": said.high_is,
            "cutoff": cutoff_words(scale["cutoff"], language) if "cutoff" in scale else "",
            "keeps_cutoff": said.keeps_cutoff,
            "items": tuple(
                (code, words.of(f"items.{code}"), code in said.reversed) for code in scale["items"]
            ),
        }
        for key, scale in content.definition["scales"].items()
        for said in [sent.get(key) or _kept(scale)]
    )


def _kept(scale: Mapping[str, Any]) -> ScaleSetting:
    return ScaleSetting(scale["dimension"], scale["high_is"], tuple(scale.get("reversed", ())))


def other_rows(source: Source, section: str, language: str) -> tuple[dict[str, Any], ...]:
    """Return the background or open questions, with whether they are asked."""
    words = Words(source.content, language)
    return tuple(
        {
            "path": f"{section}.{one['key']}",
            "text": words.of(f"{section}.{one['key']}"),
            "is_asked": f"{section}.{one['key']}" not in source.left_out,
        }
        for one in source.content.definition.get(section, [])
    )
