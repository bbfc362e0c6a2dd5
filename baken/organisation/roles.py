"""Giving roles to people, changing their last day, taking them away."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from baken.organisation.errors import Denied, Invalid, NotFound
from baken.organisation.handing_out import (
    HANDS_OUT,
    check_first_day,
    check_may_give,
    check_period,
    check_together,
    check_unit,
    roles_to_give,
)
from baken.organisation.humans import entries_of_human
from baken.organisation.models import Organisation, Person, RoleGrant, Unit
from baken.organisation.open_invitations import end_open
from baken.organisation.periods import Period, first_day_uncovered
from baken.organisation.permissions import Action, Actor, Grant, Role, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def list_grants(session: Session, person_id: UUID, *, today: date) -> frozenset[Grant]:
    """Return the roles that a person holds on a day; the last day counts."""
    rows = list_open_grants(session, since=today, person_id=person_id)
    return frozenset(Grant(row.role, row.unit_id) for row in rows if row.from_on <= today)


def as_human(session: Session, by: Actor, *, today: date) -> Actor:
    """Return somebody with all roles that this human holds, under whichever entry.

    For rules that keep two roles of one human apart; what somebody may do goes by one entry.
    """
    others = entries_of_human(session, by.person_id) - {by.person_id}
    found = [list_grants(session, one, today=today) for one in others]
    return replace(by, grants=by.grants.union(*found))


def holds_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a role holds on a day; the last day counts."""
    return (RoleGrant.from_on <= day, *_is_open(day))


def list_open_grants(
    session: Session, *, since: date, person_id: UUID | None = None
) -> list[RoleGrant]:
    """Return the roles that hold on a day or begin later, of one person or of everybody."""
    wanted = select(RoleGrant).where(*_is_open(since))
    if person_id is not None:
        wanted = wanted.where(RoleGrant.person_id == person_id)
    return list(session.scalars(wanted.order_by(RoleGrant.from_on, RoleGrant.id)))


def list_roles_to_give(session: Session, *, by: Actor, today: date) -> frozenset[Role]:
    """Return the roles that the person may hand out to others today."""
    return roles_to_give(by.roles, has_main_contact=_has_main_contact(session, today))


def give_role(
    session: Session,
    person_id: UUID,
    role: Role,
    *,
    unit_id: UUID | None = None,
    from_on: date,
    until_on: date | None = None,
    by: Actor,
    today: date,
    now: datetime,
) -> RoleGrant:
    """Give somebody a role from a day until a day, both included."""
    roles = enter_rights(session, by=by, today=today)
    _check_may_give(session, role, person_id, by=by, roles=roles, today=today)
    grant = add_grant(
        session, person_id, role, unit_id=unit_id, from_on=from_on, until_on=until_on, today=today
    )
    record(
        session,
        "role.given",
        by=by.person_id,
        subject=f"person:{person_id}",
        at=now,
        facts={"role": role, **_days(grant)},
    )
    return grant


def change_last_day(
    session: Session,
    grant_id: UUID,
    until_on: date | None,
    *,
    version: int,
    by: Actor,
    today: date,
    now: datetime,
) -> None:
    """Let a role end on another day, sooner or later; that day is its last one."""
    roles = enter_rights(session, by=by, today=today)
    grant = _get_open(session, grant_id, today=today)
    check_version(grant, version)
    if until_on is not None and until_on < today:
        raise Invalid(
            "organisation.last_day_past",
            "The last day lies in the past. Choose today or later, or take the role away at once.",
        )
    if _is_longer(until_on, grant.until_on):
        _check_may_give(session, grant.role, grant.person_id, by=by, roles=roles, today=today)
    period = Period(grant.from_on, until_on)
    check_period(grant.role, period)
    person_id = grant.person_id
    check_together(
        _as_grant(grant),
        period,
        _held(session, person_id, today, but=grant.id),
        _held_elsewhere(session, person_id, today),
    )
    grant.until_on = until_on
    _check_somebody_left(session, [grant.role], today=today)
    record(
        session,
        "role.changed",
        by=by.person_id,
        subject=f"person:{grant.person_id}",
        at=now,
        facts={"role": grant.role, **_days(grant)},
    )


def take_away(
    session: Session, grant_id: UUID, *, version: int, by: Actor, today: date, now: datetime
) -> None:
    """End a role at once, also one that has not begun."""
    enter_rights(session, by=by, today=today)
    grant = _get_open(session, grant_id, today=today)
    check_version(grant, version)
    close_grants([grant], today=today, now=now)
    _check_somebody_left(session, [grant.role], today=today)
    record(
        session,
        "role.taken_away",
        by=by.person_id,
        subject=f"person:{grant.person_id}",
        at=now,
        facts={"role": grant.role},
    )


def take_away_all(
    session: Session, person_id: UUID, *, by: Actor, today: date, now: datetime
) -> int:
    """End every role of somebody who leaves, and an open invitation; return how many roles."""
    enter_rights(session, by=by, today=today)
    grants = list_open_grants(session, since=today, person_id=person_id)
    if not grants:
        raise NotFound("organisation.no_such_role", "This person does not hold this role.")
    close_grants(grants, today=today, now=now)
    end_open(session, person_id, now=now)
    _check_somebody_left(session, {grant.role for grant in grants}, today=today)
    record(
        session,
        "person.left",
        by=by.person_id,
        subject=f"person:{person_id}",
        at=now,
        facts={"roles": len(grants)},
    )
    return len(grants)


def enter_rights(session: Session, *, by: Actor, today: date) -> frozenset[Role]:
    """Take the turn of changing rights in this organisation; return the roles that `by` holds now.

    Two people who act on each other's rights come one after the other, and whoever comes second
    is asked again whether the right is still there.

    Raises
    ------
    Denied
        The person may not hand out rights, or not any more.
    """
    require(by, Action.EDIT_PEOPLE)
    session.scalars(
        select(Organisation)
        .where(Organisation.id == by.organisation_id)
        .with_for_update(key_share=True)
    ).one()
    held = frozenset(grant.role for grant in list_grants(session, by.person_id, today=today))
    if held.isdisjoint(HANDS_OUT):
        raise Denied(
            "organisation.rights_gone",
            "Your own role was taken away in the meantime. Nothing was changed.",
        )
    return held


def check_may_add(
    session: Session, role: Role, *, to: UUID | None = None, by: Actor, today: date
) -> None:
    """Raise `Denied` unless the person may give `role`: to somebody new unless `to` says who."""
    roles = enter_rights(session, by=by, today=today)
    _check_may_give(session, role, to, by=by, roles=roles, today=today)


def check_may_give_all(session: Session, person_id: UUID, *, by: Actor, today: date) -> None:
    """Raise `Denied` unless `by` may give all that somebody without an account holds or will hold.

    Whoever says where the link to the account goes says who becomes that person.
    """
    roles = enter_rights(session, by=by, today=today)
    grants = list_open_grants(session, since=today)
    others = {grant.role for grant in grants if grant.person_id != person_id}
    may_give = roles_to_give(roles, has_main_contact=Role.MAIN_CONTACT in others)
    if not may_give.issuperset(grant.role for grant in grants if grant.person_id == person_id):
        raise Denied(
            "organisation.not_to_invite",
            "This person holds a role that you may not hand out, so you do not say where the "
            "invitation goes either. Ask the main contact.",
        )


def add_grant(
    session: Session,
    person_id: UUID,
    role: Role,
    *,
    unit_id: UUID | None,
    from_on: date,
    until_on: date | None,
    today: date,
) -> RoleGrant:
    """Write a role down once it is clear that it may be given; the caller records it."""
    period = Period(from_on, until_on)
    check_unit(role, unit_id)
    check_first_day(from_on, today=today)
    check_period(role, period)
    if session.get(Person, person_id) is None:
        raise NotFound("organisation.no_such_person", "This person does not exist.")
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise NotFound("organisation.no_such_unit", "This unit does not exist.")
    check_together(
        Grant(role, unit_id),
        period,
        _held(session, person_id, today),
        _held_elsewhere(session, person_id, today),
    )
    grant = RoleGrant(
        person_id=person_id, role=role, unit_id=unit_id, from_on=from_on, until_on=until_on
    )
    session.add(grant)
    session.flush()
    return grant


def close_grants(grants: Iterable[RoleGrant], *, today: date, now: datetime) -> None:
    """End roles at this instant."""
    for grant in grants:
        grant.until_on = max(today, grant.from_on)
        grant.ended_at = now


def _is_open(since: date) -> tuple[ColumnElement[bool], ...]:
    until_on = RoleGrant.until_on
    return (RoleGrant.ended_at.is_(None), or_(until_on.is_(None), until_on >= since))


def _check_may_give(
    session: Session,
    role: Role,
    to: UUID | None,
    *,
    by: Actor,
    roles: Collection[Role],
    today: date,
) -> None:
    check_may_give(
        role,
        to,
        by=by.person_id,
        roles=roles,
        has_main_contact=_has_main_contact(session, today),
    )


def _has_main_contact(session: Session, today: date) -> bool:
    grants = list_open_grants(session, since=today)
    return any(grant.role is Role.MAIN_CONTACT for grant in grants)


def _get_open(session: Session, grant_id: UUID, *, today: date) -> RoleGrant:
    grant = session.get(RoleGrant, grant_id, populate_existing=True)
    is_over = grant is not None and (
        grant.ended_at is not None or (grant.until_on is not None and grant.until_on < today)
    )
    if grant is None or is_over:
        raise NotFound("organisation.no_such_role", "This person does not hold this role.")
    return grant


def _held(
    session: Session, person_id: UUID, today: date, *, but: UUID | None = None
) -> list[tuple[Grant, Period]]:
    rows = list_open_grants(session, since=today, person_id=person_id)
    return [(_as_grant(row), Period(row.from_on, row.until_on)) for row in rows if row.id != but]


def _held_elsewhere(session: Session, person_id: UUID, today: date) -> list[tuple[Grant, Period]]:
    others = entries_of_human(session, person_id) - {person_id}
    return [one for other in others for one in _held(session, other, today)]


def _as_grant(row: RoleGrant) -> Grant:
    return Grant(row.role, row.unit_id)


def _is_longer(until_on: date | None, before: date | None) -> bool:
    return before is not None and (until_on is None or until_on > before)


def _days(grant: RoleGrant) -> dict[str, str]:
    days = {"from_on": grant.from_on.isoformat()}
    return days if grant.until_on is None else {**days, "until_on": grant.until_on.isoformat()}


def _check_somebody_left(session: Session, changed: Collection[Role], *, today: date) -> None:
    """On every day from today on somebody who can log in hands out rights."""
    if HANDS_OUT.isdisjoint(changed):
        return
    session.flush()
    able = set(session.scalars(select(Person.id).where(Person.account_id.is_not(None))))
    periods = [
        Period(grant.from_on, grant.until_on)
        for grant in list_open_grants(session, since=today)
        if grant.role in HANDS_OUT and grant.person_id in able
    ]
    alone = first_day_uncovered(periods, since=today)
    if alone is not None:
        raise Invalid(
            "organisation.nobody_left",
            "From {day} on nobody who can log in would hand out rights here. Let somebody else "
            "be main contact or administrator first.",
            day=alone,
        )
