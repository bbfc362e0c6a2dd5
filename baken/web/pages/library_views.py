"""What the pages of the library show of a questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from baken.instruments.definition import Instrument
from baken.instruments.wording import MAX_SHORT
from baken.survey.library.assembling import empty_scales, trim, unset_scales
from baken.survey.library.content import Content, flat
from baken.survey.library.models import LibraryVersion
from baken.survey.library.own_questions import OWN_OPEN, own_questions
from baken.survey.library.queries import Source
from baken.survey.library.slots import GENERAL, Slot, is_good, missing_in, slots_of
from baken.web.languages import name_of
from baken.web.texts import catalogue

State = Literal["ready", "incomplete", "used", "shipped", "structure"]

SHOWN_MISSING = 8
"""Missing texts that the page of a version names; the pages of texts show all of them."""


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
    """A questionnaire in the list."""

    title: str
    name: str
    path: str
    state: State
    languages: tuple[str, ...]
    n_items: int
    n_scales: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """A questionnaire on its own page; `seen` is 0 for one that nobody changes."""

    title: str
    key: str
    version: str
    path: str
    state: State
    seen: int
    base: str  # "vijf-a 1", empty for an import
    source: str
    licence: str
    unconfirmed: tuple[str, ...]
    n_items: int
    n_scales: int
    lines: tuple[LanguageLine, ...]
    complete: tuple[str, ...]  # languages in which it can be asked
    unset: tuple[str, ...]
    empty: tuple[str, ...]
    refused: tuple[Mapping[str, str], ...]
    questions: tuple[tuple[str, str], ...]
    open_questions: tuple[tuple[str, str], ...]

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


def shelved(source: Source, language: str) -> Shelved:
    """Return the line of a questionnaire in the list."""
    found = source.instrument
    return Shelved(
        title=_title(source.content, language) or found.key,
        name=f"{found.key} {found.version}",
        path=path_of(found.key, found.version),
        state=state_of(source),
        languages=tuple(map(name_of, _complete(found))),
        n_items=len(found.items),
        n_scales=len(found.scales),
    )


def version_view(source: Source, language: str) -> VersionView:
    """Return everything the page of a questionnaire shows."""
    found, content, row = source.instrument, source.content, source.row
    asked = trim(content, source.left_out)
    words = Words(content, language)
    return VersionView(
        title=_title(content, language) or found.key,
        key=found.key,
        version=found.version,
        path=path_of(found.key, found.version),
        state=state_of(source),
        seen=row.version if row else 0,
        base=_base(row),
        source=found.source,
        licence=found.licence,
        unconfirmed=found.unconfirmed,
        n_items=len(asked.definition["items"]),
        n_scales=len(asked.definition["scales"]),
        lines=tuple(_lines(asked, language)) if row else (),
        complete=_complete(found),
        unset=tuple(words.of(f"scales.{key}") for key in unset_scales(content, source.left_out)),
        empty=tuple(words.of(f"scales.{key}") for key in empty_scales(content, source.left_out)),
        refused=tuple(row.refused) if row else (),
        questions=tuple((code, words.of(f"items.{code}")) for code in own_questions(content)),
        open_questions=tuple(
            (one["key"], words.of(f"open_questions.{one['key']}"))
            for one in content.definition.get("open_questions", [])
            if one["key"].startswith(OWN_OPEN)
        ),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of a questionnaire as far as they are written, in the reader's language first."""

    content: Content
    language: str

    def of(self, path: str) -> str:
        """Return a text; what nobody wrote is named by its key."""
        texts = self.content.texts
        for language in (self.language, *texts):
            found = flat(texts.get(language, {})).get(path, "")
            if found:
                return found
        return path.rpartition(".")[2]


def slot_label(slot: Slot, words: Words, language: str) -> str:
    """Say what a text is: “Name of the scale “Pace””, “Answer 3 of …”."""
    t = catalogue(language)
    section, _, rest = slot.path.partition(".")
    if section == "title":
        return t("library.slot_title")
    if section in {"scales", "short_scales", "scale_notes", "cutoff_sources"}:
        return t(f"library.slot_{section}", name=words.of(f"scales.{rest}"), most=MAX_SHORT)
    if section in {"options", "bands"}:
        upper, _, last = rest.partition(".")
        name = words.of(f"backgrounds.{upper}") if section == "bands" else upper
        return t(f"library.slot_{section}", name=name, value=last)
    if section in {"dimensions", "dimension_headings"}:
        return t(f"library.slot_{section}", name=t(f"findings.factor_{rest}"))
    return t(f"library.slot_{section}", name=rest)


def group_label(group: str, language: str) -> str:
    """Say what stands in a group of texts."""
    t = catalogue(language)
    key = f"library.group_{group}"
    return t(key) if t.has(key) else t(f"findings.factor_{group}")


def groups_of(content: Content) -> tuple[str, ...]:
    """Return the groups of texts, in the order of reading."""
    return tuple(dict.fromkeys(slot.group for slot in slots_of(content)))


def n_missing(content: Content, group: str) -> int:
    """Return how many texts of a group are missing in any language."""
    written = [flat(texts) for texts in content.texts.values()]
    slots = [slot for slot in slots_of(content) if slot.group == group]
    return sum(not is_good(slot, by_path) for slot in slots for by_path in written)


def _lines(asked: Content, language: str) -> Iterator[LanguageLine]:
    words = Words(asked, language)
    for code in asked.texts:
        missing = missing_in(asked, code)
        yield LanguageLine(
            code=code,
            name=name_of(code),
            missing=tuple(_missing(slot, words, language) for slot in missing[:SHOWN_MISSING]),
            n_missing=len(missing),
            group=missing[0].group if missing else GENERAL,
        )


def _missing(slot: Slot, words: Words, language: str) -> str:
    """Name a missing text, with what it says in another language where that is written."""
    label, said = slot_label(slot, words, language), words.of(slot.path)
    is_named = said in label or said == slot.path.rpartition(".")[2]
    return label if is_named else catalogue(language)("library.missing_as", what=label, text=said)


def _title(content: Content, language: str) -> str:
    title = Words(content, language).of("title")
    return "" if title == "title" else title


def _complete(found: Instrument) -> tuple[str, ...]:
    return found.languages if found.is_usable else ()


def _base(row: LibraryVersion | None) -> str:
    return f"{row.base_key} {row.base_version}" if row and row.base_key else ""


def scale_rows(source: Source, language: str) -> tuple[dict[str, Any], ...]:
    """Return the scales with what can be said about each, in order."""
    content, words = source.content, Words(source.content, language)
    return tuple(
        {
            "key": key,
            "name": words.of(f"scales.{key}"),
            "note": words.of(f"scale_notes.{key}").replace(key, ""),
            "n_items": len(scale["items"]),
            "is_total": bool(scale.get("total")),
            "is_asked": f"scales.{key}" not in source.left_out,
            "dimension": scale["dimension"],
            "high_is": scale["high_is"],
            "items": tuple(
                (code, words.of(f"items.{code}"), code in scale.get("reversed", []))
                for code in scale["items"]
            ),
        }
        for key, scale in content.definition["scales"].items()
    )


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
