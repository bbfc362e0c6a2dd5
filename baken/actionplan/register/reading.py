"""An entry with its texts opened; who asks for one answers for it in `actions` and `authors`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.register import sealing
from baken.actionplan.register.errors import Unreadable
from baken.actionplan.register.models import Entry, EntryAttachment, EntryIdentity, EntryText
from baken.actionplan.register.rules import EntryState, Facts, Identity, Kind
from baken.organisation.models import Person
from baken.storage.keys import KeyStore
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class TextReading:
    """One text: `facts` for what happened and its corrections, `text` for the others.

    `author` is empty for the worker, who stands in no list; only a refusal has a `reason`.
    """

    kind: Kind
    written_on: date
    author: str
    facts: Facts | None
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """That a file is there; `author` is empty for the worker, `digest` is its SHA-256."""

    id: UUID
    name: str
    media_type: str
    size: int
    digest: str
    added_on: date
    author: str


@dataclass(frozen=True, slots=True)
class EntryReading:
    """An entry as somebody reads it who may."""

    id: UUID
    version: int
    state: EntryState
    number: int | None
    recorded_on: date
    purge_on: date
    held_on: date | None
    deleted_on: date | None
    texts: tuple[TextReading, ...]
    files: tuple[FileReading, ...] = ()
    identity: Identity | None = None

    @property
    def facts(self) -> Facts | None:
        """What holds now: the last correction, or what was told first."""
        return next((text.facts for text in reversed(self.texts) if text.facts), None)


def open_entry(session: Session, keys: KeyStore, entry: Entry) -> EntryReading:
    """Open every text of an entry; a deleted one has none.

    Raises
    ------
    Unreadable
        When its key is not in the key store.
    """
    if entry.state is EntryState.DELETED:
        return _reading(entry, (), ())
    key = sealing.get_key(keys, entry.organisation_id, sealing.key_name(entry.id))
    asked = (
        select(EntryText, Person.name)
        .outerjoin(Person, Person.id == EntryText.written_by)
        .where(EntryText.entry_id == entry.id)
        .order_by(EntryText.place)
    )
    texts = tuple(_open(key, text, name or "") for text, name in session.execute(asked).all())
    return _reading(entry, texts, tuple(_list_files(session, key, entry)))


def open_identity(session: Session, keys: KeyStore, entry: Entry) -> Identity | None:
    """Return the name that stands with an entry; None when none was given or it was withdrawn."""
    row = session.get(EntryIdentity, entry.id)
    if row is None:
        return None
    try:
        key = sealing.get_key(keys, entry.organisation_id, sealing.identity_name(entry.id))
    except Unreadable:
        return None  # withdrawn: the database is a copy from before
    content = sealing.open_content(key, entry.organisation_id, entry.id, row.content)
    return sealing.identity_of_content(content)


def _open(key: bytes, text: EntryText, author: str) -> TextReading:
    content = sealing.open_content(key, text.organisation_id, text.id, text.content)
    facts = sealing.facts_of_content(content) if "description" in content else None
    said, reason = content.get("text", ""), content.get("reason", "")
    return TextReading(Kind(text.kind), text.written_on, author, facts, said, reason)


def _list_files(session: Session, key: bytes, entry: Entry) -> Iterator[FileReading]:
    """What files there are, without their content."""
    asked = (
        select(EntryAttachment.id, EntryAttachment.about, EntryAttachment.added_on, Person.name)
        .outerjoin(Person, Person.id == EntryAttachment.added_by)
        .where(EntryAttachment.entry_id == entry.id)
        .order_by(EntryAttachment.place)
    )
    for file_id, sealed, added_on, author in session.execute(asked):
        about = sealing.open_content(key, entry.organisation_id, file_id, sealed)
        yield FileReading(
            file_id,
            about["name"],
            about["media_type"],
            about["size"],
            about["digest"],
            added_on,
            author or "",
        )


def _reading(
    entry: Entry, texts: tuple[TextReading, ...], files: tuple[FileReading, ...]
) -> EntryReading:
    return EntryReading(
        id=entry.id,
        version=entry.version,
        state=EntryState(entry.state),
        number=entry.number,
        recorded_on=entry.recorded_on,
        purge_on=entry.purge_on,
        held_on=entry.held_on,
        deleted_on=entry.deleted_on,
        texts=texts,
        files=files,
    )
