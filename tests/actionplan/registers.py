"""A register with people around it, for tests."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from baken.actionplan.register import actions, authors
from baken.actionplan.register.access import STRICT
from baken.actionplan.register.entries import Made, Told
from baken.actionplan.register.reading import EntryReading
from baken.actionplan.register.receipts import new_once, print_receipt
from baken.actionplan.register.rules import Facts
from baken.actionplan.register.setting_up import (
    Arrangement,
    change_register,
    get_register,
    get_word,
    open_register,
)
from baken.organisation.permissions import Actor, Role
from baken.storage.keys import KeyStore
from baken.storage.session import Database

TODAY = date(2026, 3, 2)
WORD = "kanarieplaats"
FACTS = Facts(
    description=f"Een bezoeker riep en gooide met een stoel. {WORD}-beschrijving",
    first_on=date(2026, 2, 27),
    last_on=None,
    place=f"Onthaal {WORD}-plaats",
    third_party="visitor",
    nature="psychological",
    tags=("threat", "insults"),
)
CHOSEN = Arrangement(
    keeper=Role.CONFIDENTIAL_COUNSELLOR,
    contact="Noor Vermeulen, lokaal 12 (fictief)",
    other_route="Vertrouwenspersoon Noor Vermeulen (fictief)",
)


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


@dataclass(frozen=True)
class Kept:
    """An open register."""

    database: Database
    keys: KeyStore
    people: dict[Role, Actor]

    @property
    def id(self) -> Any:
        return self.keeper.organisation_id

    @property
    def keeper(self) -> Actor:
        return self.people[Role.CONFIDENTIAL_COUNSELLOR]

    def tell(self, day: date = TODAY, *, name: str = "", once: str = "", **changes: Any) -> Made:
        """Tell something at the public address."""
        told = Told(replace(FACTS, **changes), once or new_once(), name, "interne post")
        with self.database.session(self.id) as session:
            word = get_word(session, self.keys, by=self.keeper)
            register = get_register(session)
            return authors.tell(session, self.keys, register, told, word=word, today=day)

    def enter(self, day: date = TODAY, **changes: Any) -> Made:
        """Have the keeper write something down."""
        told = Told(replace(FACTS, **changes), new_once())
        with self.database.session(self.id) as session:
            return actions.enter(session, self.keys, told, by=self.keeper, today=day, now=at(day))

    def accept(self, made: Made) -> int:
        with self.database.session(self.id) as session:
            entry = actions.accept(
                session, made.entry.id, seen=made.entry.version, by=self.keeper, now=at(TODAY)
            )
            return entry.number or 0

    def read(self, made: Made, role: Role = Role.CONFIDENTIAL_COUNSELLOR) -> EntryReading:
        with self.database.session(self.id) as session:
            return actions.read_entry(
                session, self.keys, made.entry.id, by=self.people[role], now=at(TODAY)
            )

    def look_up(self, made: Made) -> authors.OwnEntry:
        with self.database.read(self.id) as session:
            register = get_register(session)
            return authors.look_up(session, self.keys, register, print_receipt(made.receipt))

    def choose(self, preset: str) -> None:
        with self.database.session(self.id) as session:
            chosen = replace(CHOSEN, preset=preset)
            contact = self.people[Role.MAIN_CONTACT]
            seen = get_register(session).version
            change_register(session, chosen, seen=seen, by=contact, now=at(TODAY))


def keep_register(
    database: Database, keys: KeyStore, people: dict[Role, Actor], name: str = ""
) -> Kept:
    """Open the register of an organisation, by the strict table of access."""
    contact = people[Role.MAIN_CONTACT]
    with database.session(contact.organisation_id) as session:
        chosen = replace(CHOSEN, preset=STRICT)
        open_register(session, keys, chosen, by=contact, today=TODAY, now=at(TODAY), name=name)
    return Kept(database, keys, people)
