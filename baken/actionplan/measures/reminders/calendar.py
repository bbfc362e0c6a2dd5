"""A calendar that a programme fetches: days of measures and nothing else, at a private address.

The address holds a secret of 160 bits of which only the hash is kept: it is shown once, and whoever
lost it makes a new one, which ends the old one. Every fetch looks at the rights of that day.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select

from baken.actionplan.errors import NotFound
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.reminders.models import CalendarFeed
from baken.actionplan.measures.rules import ENDED, MeasureStatus
from baken.actionplan.references import list_units_below
from baken.organisation.models import Person
from baken.organisation.permissions import Action, Actor, Role, may, require
from baken.organisation.roles import list_grants
from baken.storage.audit import record
from baken.storage.session import Session
from baken.survey.campaigns.models import PublicName
from baken.survey.campaigns.queries import find_public_name
from baken.survey.errors import CampaignNotFound

KIND: Final = "calendar"
"""Kind of public name."""

SECRET_BYTES: Final = 20
_SHOWN_FOR_ALL: Final = frozenset({Role.PREVENTION_ADVISER, Role.ADVISER})


class Occasion(StrEnum):
    """What a day in the calendar is about."""

    STARTS = "starts"
    ENDS = "ends"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of one measure; its title is all that is said of it."""

    measure_id: UUID
    occasion: Occasion
    on: date
    title: str


def make_calendar(session: Session, *, by: Actor, today: date) -> str:
    """Make the person's calendar anew and return its secret; an older address ends."""
    require(by, Action.SEE_PLANS)
    _end(session, by)
    secret = secrets.token_hex(SECRET_BYTES)
    feed = CalendarFeed(person_id=by.person_id, made_on=today)
    session.add(feed)
    session.flush()
    session.add(
        PublicName(
            name=_name_of(secret),
            organisation_id=by.organisation_id,
            kind=KIND,
            subject_id=feed.id,
        )
    )
    session.flush()
    record(session, "calendar.made", by=by.person_id, subject=f"person:{by.person_id}")
    return secret


def end_calendar(session: Session, *, by: Actor) -> None:
    """End the person's calendar; its address leads nowhere from now on."""
    require(by, Action.SEE_PLANS)
    if not _end(session, by):
        raise NotFound("actionplan.no_calendar", "You have no calendar address to end.")
    record(session, "calendar.ended", by=by.person_id, subject=f"person:{by.person_id}")


def find_calendar(session: Session, *, by: Actor) -> CalendarFeed | None:
    """Return the person's calendar; None when there is none."""
    asked = select(CalendarFeed).where(CalendarFeed.person_id == by.person_id)
    return session.scalars(asked).one_or_none()


def find_owner(session: Session, secret: str) -> tuple[UUID, UUID]:
    """Return organisation and calendar of a secret; works in a session of no organisation."""
    try:
        found = find_public_name(session, _name_of(secret), kind=KIND)
    except CampaignNotFound as error:
        raise _nothing_here() from error
    return found.organisation_id, found.subject_id


def owner_of(session: Session, calendar_id: UUID, *, today: date) -> Actor:
    """Return whose calendar it is, with the rights of today.

    Raises
    ------
    NotFound
        The calendar was ended, or its owner may see no plans any more.
    """
    feed = session.scalars(select(CalendarFeed).where(CalendarFeed.id == calendar_id)).one_or_none()
    if feed is None:
        raise _nothing_here()
    grants = list_grants(session, feed.person_id, today=today)
    person = session.get_one(Person, feed.person_id)
    owner = Actor(person.id, person.organisation_id, person.name, grants)
    if not may(owner, Action.SEE_PLANS):
        raise _nothing_here()
    return owner


def list_days(session: Session, calendar_id: UUID, *, today: date) -> list[CalendarDay]:
    """Return the days of the measures that its owner follows today, in order."""
    owner = owner_of(session, calendar_id, today=today)
    days = [day for measure in _list_followed(session, owner) for day in days_of(measure)]
    return sorted(days, key=lambda day: (day.on, day.title, day.occasion))


def days_of(measure: Measure) -> list[CalendarDay]:
    """The days of one measure: it starts, it ends, its figure is read."""
    found = [CalendarDay(measure.id, Occasion.ENDS, measure.ends_on, measure.title)]
    if measure.status != MeasureStatus.RUNNING:
        found.append(CalendarDay(measure.id, Occasion.STARTS, measure.starts_on, measure.title))
    by_on = measure.indicator.by_on
    return [*found, CalendarDay(measure.id, Occasion.FIGURE, by_on, measure.title)]


def _list_followed(session: Session, owner: Actor) -> list[Measure]:
    wanted = select(Measure).where(Measure.status.not_in(ENDED))
    if owner.roles.isdisjoint(_SHOWN_FOR_ALL):
        units = list_units_below(session, owner.unit_ids)
        wanted = wanted.where(
            or_(
                Measure.responsible_id == owner.person_id,
                Measure.decider_id == owner.person_id,
                Measure.unit_id.in_(list(units)),
            )
        )
    return list(session.scalars(wanted))


def _end(session: Session, by: Actor) -> bool:
    feed = find_calendar(session, by=by)
    if feed is None:
        return False
    session.execute(
        delete(PublicName).where(PublicName.subject_id == feed.id, PublicName.kind == KIND)
    )
    session.delete(feed)
    session.flush()
    return True


def _name_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:40]


def _nothing_here() -> NotFound:
    return NotFound(
        "actionplan.no_such_calendar",
        "There is no calendar at this address. Make a new one in Baken.",
    )
