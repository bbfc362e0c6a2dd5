"""Reading the network: its list for everybody, its signals for those in it, what recurs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from baken.actionplan.errors import Denied
from baken.actionplan.references import find
from baken.actionplan.requests.counsellors.queries import held_roles
from baken.actionplan.requests.quarters.queries import LEAST
from baken.actionplan.requests.vigilance.models import (
    VigilanceContact,
    VigilanceSignal,
    VigilanceTheme,
)
from baken.actionplan.requests.vigilance.rules import answer_by, is_late
from baken.organisation.models import Person
from baken.organisation.permissions import ALLOWED, Action, Actor, may, require
from baken.storage.session import Session

_ZONE: Final = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody who listens."""

    id: UUID
    version: int
    person_id: UUID
    name: str
    mail: str
    for_what: str
    unit_id: UUID | None
    charter_on: date | None
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal that one of the network took."""

    id: UUID
    version: int
    theme: str
    received_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    is_late: bool


def list_contacts(session: Session, *, today: date) -> list[ContactRow]:
    """Return who listens today or will."""
    rows = session.execute(
        select(VigilanceContact, Person)
        .join(Person, Person.id == VigilanceContact.person_id)
        .where(or_(VigilanceContact.until_on.is_(None), VigilanceContact.until_on >= today))
        .order_by(Person.name, VigilanceContact.id)
    )
    return [
        ContactRow(
            one.id,
            one.version,
            one.person_id,
            person.name,
            person.mail,
            one.for_what,
            one.unit_id,
            one.charter_on,
            one.from_on,
            one.until_on,
        )
        for one, person in rows
    ]


def cannot_note(session: Session, contacts: list[ContactRow], *, today: date) -> frozenset[UUID]:
    """Return which of the list have no role with which they could note a signal."""
    takes = ALLOWED[Action.TAKE_SIGNALS]
    return frozenset(
        row.id for row in contacts if not takes & held_roles(session, row.person_id, today=today)
    )


def is_contact(session: Session, person_id: UUID, *, today: date) -> bool:
    """Whether somebody listens in the network today."""
    asked = select(func.count()).where(
        VigilanceContact.person_id == person_id,
        VigilanceContact.from_on <= today,
        or_(VigilanceContact.until_on.is_(None), VigilanceContact.until_on >= today),
    )
    return bool(session.scalar(asked))


def takes_signals(session: Session, *, by: Actor, today: date) -> bool:
    """Whether this person takes signals today."""
    return may(by, Action.TAKE_SIGNALS) and is_contact(session, by.person_id, today=today)


def check_in_network(session: Session, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless this person listens in the network today."""
    require(by, Action.TAKE_SIGNALS)
    if not is_contact(session, by.person_id, today=today):
        raise Denied(
            "requests.not_in_network",
            "Only who stands in the list of the vigilance network notes signals down. Ask the "
            "confidential counsellor.",
        )


def own_signals(
    session: Session, *, by: Actor, now: datetime, only_open: bool = False
) -> list[SignalRow]:
    """Return the signals that this person took: those that wait first, the newest on top."""
    asked = select(VigilanceSignal).where(VigilanceSignal.taken_by == by.person_id)
    if only_open:
        asked = asked.where(VigilanceSignal.answered_at.is_(None))
    rows = session.scalars(asked.order_by(VigilanceSignal.received_at.desc()))
    found = [
        SignalRow(
            one.id,
            one.version,
            one.theme,
            one.received_at,
            answer_by(one.received_at),
            one.answered_at,
            is_late(one.received_at, one.answered_at, now=now),
        )
        for one in rows
    ]
    return sorted(found, key=lambda row: row.answered_at is not None)


def get_own_signal(session: Session, signal_id: UUID, *, by: Actor) -> VigilanceSignal:
    """Return a signal that this person took; that of somebody else is as if it were not there."""
    signal = find(session, VigilanceSignal, signal_id)
    if signal.taken_by != by.person_id:
        find(session, VigilanceSignal, UUID(int=0))
    return signal


def count_themes(session: Session, year: int) -> Mapping[str, int]:
    """Return how many signals of a year were about what, for themes with five or more.

    A theme that is not in it has fewer. No total is given, so none follows.
    """
    begin, end = (datetime(at, 1, 1, tzinfo=_ZONE) for at in (year, year + 1))
    rows = session.execute(
        select(VigilanceSignal.theme, func.count())
        .where(VigilanceSignal.received_at >= begin, VigilanceSignal.received_at < end)
        .group_by(VigilanceSignal.theme)
    )
    return {theme: n for theme, n in rows if n >= LEAST}


def list_themes(session: Session) -> list[VigilanceTheme]:
    """Return what recurs, as it was told, the newest first."""
    asked = select(VigilanceTheme)
    newest = VigilanceTheme.told_on.desc(), VigilanceTheme.title, VigilanceTheme.id
    return list(session.scalars(asked.order_by(*newest)))


def get_theme(session: Session, theme_id: UUID) -> VigilanceTheme:
    """Return one of them or raise `NotFound`."""
    return find(session, VigilanceTheme, theme_id)
