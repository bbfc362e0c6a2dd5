"""What the worker does, by the public address: tell, look up, add, take the name back.

Nobody is logged in here and nothing of it stands in the record of acts: that would say when
somebody was at the screen. Who reads an entry afterwards stands there, and the author sees it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from baken.actionplan.register import entries
from baken.actionplan.register.access import readers_of_names
from baken.actionplan.register.entries import Made, Told, add_text, check_told, find_marked
from baken.actionplan.register.errors import InvalidEntry, NotNow, TooMany
from baken.actionplan.register.models import Entry, EntryIdentity, Register
from baken.actionplan.register.reading import EntryReading, open_entry
from baken.actionplan.register.receipts import check_word, mark_of, read_receipt, unknown_receipt
from baken.actionplan.register.rules import (
    MOST_A_DAY,
    MOST_SUPPLEMENTS,
    MOST_WAITING,
    EntryState,
    Kind,
    check_length,
    check_state,
)
from baken.organisation.models import Person
from baken.storage.audit import AuditEntry, list_about
from baken.storage.keys import KeyStore
from baken.storage.session import Session

READ: Final = "register.read"
EXPORTED: Final = "register.exported"
NUMBERED: Final = frozenset({"register.entered", "register.accepted"})


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody read an entry: when, who, and whether it left in an export."""

    at: datetime
    who: str
    is_export: bool


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry as its author sees it."""

    reading: EntryReading
    has_name: bool
    looks: tuple[Look, ...]


def tell(
    session: Session, keys: KeyStore, register: Register, told: Told, *, word: str, today: date
) -> Made:
    """Take an entry by the public address: it waits until the keeper has looked at it."""
    check_word(keys, register, word)
    if not register.takes_public:
        raise NotNow(
            "register.not_public",
            "This register takes no entries by this address. Nothing was sent; your text is still "
            "below. Give it to the person who keeps the register.",
        )
    check_told(told, today=today)
    if not entries.is_there(session, keys, register, told):
        _check_room(session, today)
    readers = readers_of_names(register)
    return entries.write_entry(session, keys, register, told, readers=readers, by=None, today=today)


def look_up(session: Session, keys: KeyStore, register: Register, typed: str) -> OwnEntry:
    """Return the entry of a receipt, with who has read it."""
    entry = find_own(session, keys, register, typed)
    return OwnEntry(
        reading=open_entry(session, keys, entry),
        has_name=session.get(EntryIdentity, entry.id) is not None,
        looks=tuple(_looks(session, register, entry)),
    )


def add_supplement(
    session: Session, keys: KeyStore, register: Register, typed: str, text: str, *, today: date
) -> None:
    """Add what the author wants to say beside it."""
    entry = find_own(session, keys, register, typed)
    check_state(EntryState(entry.state), EntryState.WAITING, EntryState.RECORDED)
    if not text.strip():
        raise InvalidEntry("register.no_supplement", "Write down what you want to add.")
    check_length(text)
    if _stands_there(session, keys, entry, text.strip()):
        return  # the same form sent twice
    if entry.n_texts >= MOST_SUPPLEMENTS:
        raise InvalidEntry(
            "register.many_supplements",
            "This entry holds {most} texts already. Give what you want to add to the person who "
            "keeps the register.",
            most=MOST_SUPPLEMENTS,
        )
    content = {"text": text.strip()}
    add_text(session, keys, entry, Kind.SUPPLEMENT, content, by=None, today=today)


def withdraw_name(
    session: Session, keys: KeyStore, register: Register, typed: str, *, today: date
) -> None:
    """Take the name away from an entry for good; who read it before stays in the record."""
    entry = find_own(session, keys, register, typed)
    if entries.forget_identity(session, keys, entry):
        add_text(session, keys, entry, Kind.NAME_WITHDRAWN, {}, by=None, today=today)


def find_own(session: Session, keys: KeyStore, register: Register, typed: str) -> Entry:
    """Return the entry of a receipt, or raise `WrongWord`; locked where something is written."""
    receipt = read_receipt(typed)
    found = find_marked(session, mark_of(keys, register.organisation_id, receipt))
    if found is None:
        raise unknown_receipt()
    return found if session.read_only else entries.get_entry(session, found.id)


def _stands_there(session: Session, keys: KeyStore, entry: Entry, text: str) -> bool:
    texts = open_entry(session, keys, entry).texts
    return any(one.kind is Kind.SUPPLEMENT and one.text == text for one in texts)


def _check_room(session: Session, today: date) -> None:
    """Raise `TooMany` when more waits than anybody can have meant; what is refused makes room."""
    waiting = select(func.count()).select_from(Entry).where(Entry.state == EntryState.WAITING)
    n_today = session.scalar(waiting.where(Entry.recorded_on == today)) or 0
    n_waiting = session.scalar(waiting) or 0
    if n_today >= MOST_A_DAY or n_waiting >= MOST_WAITING:
        raise TooMany


def _looks(session: Session, register: Register, entry: Entry) -> list[Look]:
    own = list_about(session, f"entry:{entry.id}")
    acts = [act for act in own if act.action == READ]
    begin = min((act.seq for act in own if act.action in NUMBERED), default=None)
    if begin is not None:
        acts += [
            act
            for act in list_about(session, f"register:{register.id}")
            if act.action == EXPORTED and act.seq > begin and _covers(act, entry.recorded_on)
        ]
    names = {person.id: person.name for person in session.scalars(select(Person))} if acts else {}
    acts.sort(key=lambda act: act.seq, reverse=True)
    return [
        Look(act.at, names.get(act.actor, "") if act.actor else "", act.action == EXPORTED)
        for act in acts
    ]


def _covers(act: AuditEntry, recorded_on: date) -> bool:
    first, last = (date.fromisoformat(act.facts[name]) for name in ("from_on", "until_on"))
    return first <= recorded_on <= last
