"""What every way of writing an entry shares: its rows, its key, its number, its next text."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from baken.actionplan.register import sealing
from baken.actionplan.register.errors import InvalidEntry, NoRegister
from baken.actionplan.register.models import Entry, EntryIdentity, EntryText, Register
from baken.actionplan.register.receipts import mark_of, receipt_of
from baken.actionplan.register.rules import (
    MOST_IN_LINE,
    EntryState,
    Facts,
    Identity,
    Kind,
    check_facts,
    purge_on,
)
from baken.storage.contents import Content
from baken.storage.keys import KeyStore
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Told:
    """What a form brought: with the same `once`, the same words count once, however often sent."""

    facts: Facts
    once: str
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """An entry and the receipt of its author; `is_new` is false for a form sent again."""

    entry: Entry
    receipt: str
    is_new: bool


def get_entry(session: Session, entry_id: UUID) -> Entry:
    """Return an entry of the session's organisation, locked for what follows."""
    found = session.get(
        Entry, entry_id, with_for_update=not session.read_only, populate_existing=True
    )
    if found is None:
        raise NoRegister
    return found


def find_marked(session: Session, mark: bytes) -> Entry | None:
    """Return the entry of a receipt."""
    return session.scalars(select(Entry).where(Entry.mark == mark)).one_or_none()


def check_told(told: Told, *, today: date) -> None:
    """Raise `InvalidEntry` unless all of it can be written down."""
    check_facts(told.facts, today=today)
    if max(len(told.name), len(told.contact)) > MOST_IN_LINE:
        raise InvalidEntry(
            "register.long_name",
            "A name and a way to reach somebody have at most {most} characters each.",
            most=MOST_IN_LINE,
        )


def is_there(session: Session, keys: KeyStore, register: Register, told: Told) -> bool:
    """Whether this very form made an entry before."""
    owner = register.organisation_id
    mark = mark_of(keys, owner, _receipt_of(keys, owner, told))
    return find_marked(session, mark) is not None


def write_entry(
    session: Session,
    keys: KeyStore,
    register: Register,
    told: Told,
    *,
    readers: frozenset[str],
    by: UUID | None,
    today: date,
) -> Made:
    """Write a new entry that waits, or find the one that this form made before.

    A name is kept only where one was given; `readers` are the roles for which it is.
    """
    owner = register.organisation_id
    # One after the other, so that a button pressed twice finds what the first press made.
    session.get(Register, register.id, with_for_update=True, populate_existing=True)
    receipt = _receipt_of(keys, owner, told)
    mark = mark_of(keys, owner, receipt)
    before = find_marked(session, mark)
    if before is not None:
        return Made(before, receipt, is_new=False)
    facts = told.facts.tidied()
    entry = Entry(
        id=uuid4(),
        organisation_id=owner,
        state=EntryState.WAITING,
        recorded_on=today,
        purge_on=purge_on(today),
        nature=facts.nature,
        n_texts=0,
        mark=mark,
    )
    keys.make(owner, sealing.PURPOSE, sealing.key_name(entry.id))
    session.add(entry)
    session.flush()
    content = sealing.facts_to_content(facts)
    add_text(session, keys, entry, Kind.FACTS, content, by=by, today=today)
    if told.name.strip():
        identity = Identity(told.name.strip(), told.contact.strip(), readers)
        _keep_identity(session, keys, entry, identity, today)
    return Made(entry, receipt, is_new=True)


def add_text(
    session: Session,
    keys: KeyStore,
    entry: Entry,
    kind: Kind,
    content: Content,
    *,
    by: UUID | None,
    today: date,
) -> None:
    """Add a text at the end of an entry; nothing that stands there is touched."""
    key = sealing.get_key(keys, entry.organisation_id, sealing.key_name(entry.id))
    entry.n_texts += 1
    text = EntryText(
        id=uuid4(),
        organisation_id=entry.organisation_id,
        entry_id=entry.id,
        place=entry.n_texts,
        kind=kind,
        written_on=today,
        written_by=by,
    )
    text.content = sealing.seal_content(key, entry.organisation_id, text.id, content)
    session.add(text)
    session.flush()


def give_number(session: Session, register: Register, entry: Entry) -> int:
    """Record an entry under the next number; two keepers at once wait for each other."""
    session.get(Register, register.id, with_for_update=True, populate_existing=True)
    entry.number = (session.scalar(select(func.max(Entry.number))) or 0) + 1
    entry.state = EntryState.RECORDED
    entry.purge_on = purge_on(entry.recorded_on)
    entry.refused_on = None
    session.flush()
    return entry.number


def forget_identity(session: Session, keys: KeyStore, entry: Entry) -> bool:
    """Destroy the name that stands with an entry, its key first; whether there was one."""
    name = sealing.identity_name(entry.id)
    if keys.has(entry.organisation_id, sealing.PURPOSE, name):  # to destroy one rewrites the store
        keys.destroy(entry.organisation_id, sealing.PURPOSE, name)
    found = session.get(EntryIdentity, entry.id)
    if found is not None:
        session.delete(found)
        session.flush()
    return found is not None


def _receipt_of(keys: KeyStore, owner: UUID, told: Told) -> str:
    """Return the receipt of what a form brought: other words in the same form are another entry."""
    content = {**sealing.facts_to_content(told.facts.tidied()), "by": [told.name, told.contact]}
    return receipt_of(keys, owner, json.dumps([told.once, content], sort_keys=True))


def _keep_identity(
    session: Session, keys: KeyStore, entry: Entry, identity: Identity, today: date
) -> None:
    key = keys.make(entry.organisation_id, sealing.PURPOSE, sealing.identity_name(entry.id))
    plain = sealing.identity_to_content(identity)
    content = sealing.seal_content(key, entry.organisation_id, entry.id, plain)
    session.add(
        EntryIdentity(
            organisation_id=entry.organisation_id,
            entry_id=entry.id,
            agreed_on=today,
            content=content,
        )
    )
    session.flush()
