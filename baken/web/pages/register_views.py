"""Entries of the register as pages show them, in the reader's language."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from baken.actionplan.register.authors import Look, OwnEntry
from baken.actionplan.register.counts import YearCounts
from baken.actionplan.register.files import MOST_BYTES, MOST_FILES, TAKEN
from baken.actionplan.register.lists import Choice, lists
from baken.actionplan.register.queries import EntryRow
from baken.actionplan.register.reading import EntryReading, FileReading, TextReading
from baken.actionplan.register.retention import gone_on
from baken.actionplan.register.rules import EntryState, Facts, Identity
from baken.web.numerals import ZONE

FILES_TAKEN: Final = {
    "most_files": MOST_FILES,
    "most_mib": MOST_BYTES // 1024**2,
    "endings": ",".join(TAKEN),
}
"""What pages say of the files that go with an entry."""


def words_of(choices: Iterable[Choice], language: str) -> dict[str, str]:
    """Key to words of a list."""
    return {choice.key: choice.texts[language] for choice in choices}


@dataclass(frozen=True, slots=True)
class FactsView:
    """What happened, in words."""

    description: str
    first_on: date
    last_on: date | None
    place: str
    third_party: str
    nature: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts, language: str) -> "FactsView":
        known = lists()
        tags = words_of(known.tags, language)
        return cls(
            description=facts.description,
            first_on=facts.first_on,
            last_on=facts.last_on,
            place=facts.place,
            third_party=words_of(known.third_parties, language)[facts.third_party],
            nature=words_of(known.natures, language)[facts.nature],
            tags=tuple(tags[tag] for tag in facts.tags),
        )


@dataclass(frozen=True, slots=True)
class TextView:
    """One text of an entry."""

    kind: str
    written_on: date
    author: str
    facts: FactsView | None
    text: str
    reason: str

    @classmethod
    def of(cls, text: TextReading, language: str) -> "TextView":
        facts = FactsView.of(text.facts, language) if text.facts else None
        return cls(text.kind.value, text.written_on, text.author, facts, text.text, text.reason)


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry that somebody reads."""

    id: str
    version: int
    state: str
    number: int | None
    recorded_on: date
    purge_on: date
    held_on: date | None
    deleted_on: date | None
    gone_on: date | None
    texts: tuple[TextView, ...]
    files: tuple[FileReading, ...]
    identity: Identity | None

    @classmethod
    def of(cls, reading: EntryReading, language: str) -> "EntryView":
        return cls(
            id=str(reading.id),
            version=reading.version,
            state=reading.state.value,
            number=reading.number,
            recorded_on=reading.recorded_on,
            purge_on=reading.purge_on,
            held_on=reading.held_on,
            deleted_on=reading.deleted_on,
            gone_on=gone_on(reading.deleted_on) if reading.deleted_on else None,
            texts=tuple(TextView.of(text, language) for text in reading.texts),
            files=reading.files,
            identity=reading.identity,
        )


@dataclass(frozen=True, slots=True)
class LookView:
    """That somebody read an entry, on a day of the place."""

    on: date
    who: str
    is_export: bool

    @classmethod
    def of(cls, look: Look) -> "LookView":
        return cls(look.at.astimezone(ZONE).date(), look.who, look.is_export)


@dataclass(frozen=True, slots=True)
class OwnView:
    """An entry as its author sees it."""

    entry: EntryView
    has_name: bool
    looks: tuple[tuple[LookView, int], ...]  # the same reader on one day once, with how often
    takes_more: bool

    @classmethod
    def of(cls, own: OwnEntry, language: str) -> "OwnView":
        takes_more = own.reading.state in (EntryState.WAITING, EntryState.RECORDED)
        entry = EntryView.of(own.reading, language)
        looks = Counter(map(LookView.of, own.looks))
        return cls(entry, own.has_name, tuple(looks.items()), takes_more)


@dataclass(frozen=True, slots=True)
class RowView:
    """An entry in the list of those who may read it."""

    id: str
    version: int
    state: str
    number: int | None
    nature: str
    recorded_on: date
    purge_on: date
    held_on: date | None
    review_on: date | None
    deleted_on: date | None
    gone_on: date | None
    n_texts: int
    is_ending: bool

    @classmethod
    def of(cls, row: EntryRow, language: str, today: date) -> "RowView":
        return cls(
            id=str(row.id),
            version=row.version,
            state=row.state.value,
            number=row.number,
            nature=words_of(lists().natures, language).get(row.nature, ""),
            recorded_on=row.recorded_on,
            purge_on=row.purge_on,
            held_on=row.held_on,
            review_on=row.review_on,
            deleted_on=row.deleted_on,
            gone_on=gone_on(row.deleted_on) if row.deleted_on else None,
            n_texts=row.n_texts,
            is_ending=row.is_ending(today) and row.held_on is None,
        )


@dataclass(frozen=True, slots=True)
class CountRow:
    """A year of counts; None: withheld."""

    year: str
    total: int | None
    by_nature: tuple[int | None, ...]

    @classmethod
    def of(cls, counts: YearCounts) -> "CountRow":
        natures = (choice.key for choice in lists().natures)
        by_nature = tuple(counts.by_nature.get(key) for key in natures)
        return cls(str(counts.year), counts.total, by_nature)
