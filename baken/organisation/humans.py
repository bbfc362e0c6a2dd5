"""Which entries of people are one human, so that "two people" is never one with two log-ins."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from baken.organisation.accounts.log_in import normal_mail
from baken.organisation.models import Account, Person
from baken.storage.session import Session


def entries_of_human(session: Session, person_id: UUID) -> frozenset[UUID]:
    """Return every entry of the organisation that is the same human as one of them, that one too.

    Compared are the account, the address of the entry and the one the account logs in with. A part
    after a plus sign reaches the same box, so it is left out. Two addresses of one human that have
    nothing in common are two people to Baken: nothing in its tables tells them apart from two.
    """
    rows = session.execute(
        select(Person.id, Person.account_id, Person.mail, Account.mail).outerjoin(
            Account, Account.id == Person.account_id
        )
    )
    marks = {
        key: {
            mark
            for mark in (account_id, address_of_box(mail), address_of_box(log_in or ""))
            if mark
        }
        for key, account_id, mail, log_in in rows
    }
    mine = marks.get(person_id, set())
    return frozenset({person_id, *(key for key, found in marks.items() if found & mine)})


def is_same_human(session: Session, person_id: UUID, others: Iterable[UUID | None]) -> bool:
    """Whether somebody is one of some others, under whichever entry; None is nobody."""
    wanted = {one for one in others if one is not None}
    return bool(wanted) and not wanted.isdisjoint(entries_of_human(session, person_id))


def address_of_box(mail: str) -> str:
    """Return the address of the box that a mail arrives in: small letters, nothing after a plus."""
    name, at, domain = normal_mail(mail).rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}" if at else ""
