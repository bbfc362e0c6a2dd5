"""Handing an organisation over to another adviser, in one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.organisation.errors import Invalid, NotFound
from baken.organisation.handing_out import is_apart
from baken.organisation.handovers import rules
from baken.organisation.handovers.models import Handover
from baken.organisation.invitations import invite
from baken.organisation.models import Person, RoleGrant
from baken.organisation.periods import Period, first_day_uncovered
from baken.organisation.permissions import Action, Actor, Role, require
from baken.organisation.roles import (
    add_grant,
    check_may_add,
    close_grants,
    list_open_grants,
)
from baken.storage.audit import record
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who follows: somebody who has a task here already, or somebody new."""

    person_id: UUID | None = None
    name: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A hand-over as its protocol shows it."""

    id: UUID
    handed_by: str
    handed_at: datetime
    incoming: str
    outgoing: tuple[str, ...]
    from_on: date
    until_on: date
    standing: Mapping[str, Any]


def hand_over(
    session: Session,
    *,
    outgoing: frozenset[UUID],
    incoming: Incoming,
    from_on: date,
    overlap_days: int,
    standing: Mapping[str, Any],
    by: Actor,
    today: date,
    now: datetime,
) -> UUID:
    """End the role of the advisers who leave, give it to the one who follows, write it down.

    Parameters
    ----------
    from_on : date
        First day of the new adviser.
    overlap_days : int
        Days on which both see everything; 0 unless somebody chooses otherwise.
    standing : mapping
        Where things stand, for the protocol.
    """
    require(by, Action.HAND_OVER)
    check_may_add(session, Role.ADVISER, to=incoming.person_id, by=by, today=today)
    rules.check_people(outgoing, incoming.person_id)
    until_on = rules.last_day(from_on, overlap_days)
    grants = [row for row in _advisers(session, today) if row.person_id in outgoing]
    if {row.person_id for row in grants} != outgoing:
        raise NotFound("organisation.no_such_role", "This person does not hold this role.")
    person = _find_or_add(session, incoming)
    add_grant(
        session,
        person.id,
        Role.ADVISER,
        unit_id=None,
        from_on=from_on,
        until_on=None,
        today=today,
    )
    _end(grants, until_on, today=today, now=now)
    _check_no_gap(session, today)
    row = Handover(
        handed_by=by.person_id,
        handed_at=now,
        incoming_id=person.id,
        outgoing=sorted(map(str, outgoing)),
        from_on=from_on,
        until_on=until_on,
        standing=dict(standing),
    )
    session.add(row)
    session.flush()
    record(
        session,
        "organisation.handed_over",
        by=by.person_id,
        subject=f"handover:{row.id}",
        at=now,
        facts={"from_on": from_on.isoformat(), "until_on": until_on.isoformat()},
        private={"name": person.name, "mail": person.mail},
    )
    if person.account_id is None and person.mail:
        invite(session, person.id, by=by, today=today, now=now)
    return row.id


def list_advisers(session: Session, *, by: Actor, today: date) -> list[tuple[UUID, str]]:
    """Return who is adviser today or will be, for choosing who leaves."""
    require(by, Action.HAND_OVER)
    ids = {row.person_id for row in _advisers(session, today)}
    people = session.scalars(select(Person).order_by(Person.name, Person.id))
    return [(person.id, person.name) for person in people if person.id in ids]


def list_followers(session: Session, *, by: Actor, today: date) -> list[tuple[UUID, str]]:
    """Return who may follow: somebody with a role, none that keeps apart from the adviser's.

    Whoever hands over does not follow, an adviser who is there already neither.
    """
    require(by, Action.HAND_OVER)
    held: dict[UUID, set[Role]] = {}
    for row in list_open_grants(session, since=today):
        held.setdefault(row.person_id, set()).add(row.role)
    people = session.scalars(select(Person).order_by(Person.name, Person.id))
    return [
        (person.id, person.name)
        for person in people
        if person.id != by.person_id and _may_follow(held.get(person.id, set()))
    ]


def _may_follow(roles: set[Role]) -> bool:
    readers_only = roles <= {Role.GUEST}
    return not readers_only and not any(
        role is Role.ADVISER or is_apart(Role.ADVISER, role) for role in roles
    )


def list_handovers(session: Session, *, by: Actor) -> list[HandoverRow]:
    """Return all hand-overs, the newest first."""
    require(by, Action.HAND_OVER)
    names = {person.id: person.name for person in session.scalars(select(Person))}
    asked = select(Handover).order_by(Handover.handed_at.desc(), Handover.id)
    return [_row(row, names) for row in session.scalars(asked)]


def get_handover(session: Session, handover_id: UUID, *, by: Actor) -> HandoverRow:
    """Return one hand-over, or raise `NotFound`."""
    for row in list_handovers(session, by=by):
        if row.id == handover_id:
            return row
    raise NotFound("organisation.not_found", "There is nothing at this address.")


def _row(row: Handover, names: Mapping[UUID, str]) -> HandoverRow:
    return HandoverRow(
        id=row.id,
        handed_by=names.get(row.handed_by, ""),
        handed_at=row.handed_at,
        incoming=names.get(row.incoming_id, ""),
        outgoing=tuple(names.get(UUID(who), "") for who in row.outgoing),
        from_on=row.from_on,
        until_on=row.until_on,
        standing=row.standing,
    )


def _advisers(session: Session, today: date) -> list[RoleGrant]:
    return [row for row in list_open_grants(session, since=today) if row.role is Role.ADVISER]


def _find_or_add(session: Session, incoming: Incoming) -> Person:
    if incoming.person_id is not None:
        person = session.get(Person, incoming.person_id)
        if person is None:
            raise NotFound("organisation.no_such_person", "This person does not exist.")
        return person
    if not incoming.name.strip() or "@" not in incoming.mail:
        raise Invalid(
            "organisation.incoming_missing",
            "Choose who follows, or fill in name and mail address of somebody new.",
        )
    person = Person(name=incoming.name.strip(), mail=incoming.mail.strip())
    session.add(person)
    session.flush()
    return person


def _end(grants: list[RoleGrant], until_on: date, *, today: date, now: datetime) -> None:
    for grant in grants:
        if until_on < today or grant.from_on > until_on:
            close_grants([grant], today=today, now=now)
        elif grant.until_on is None or grant.until_on > until_on:
            grant.until_on = until_on


def _check_no_gap(session: Session, today: date) -> None:
    session.flush()
    periods = [Period(row.from_on, row.until_on) for row in _advisers(session, today)]
    alone = first_day_uncovered(periods, since=today)
    if alone is not None:
        raise Invalid(
            "organisation.handover_gap",
            "On {day} nobody would be adviser. Choose an earlier first day for the one who "
            "follows.",
            day=alone,
        )
