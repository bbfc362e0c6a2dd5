"""What waits about requests, quarterly figures, counsellors, the network and policy advice."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from baken.actionplan.requests.counsellors.queries import (
    CounsellorRow,
    list_conflicts,
    list_counsellors,
)
from baken.actionplan.requests.counsellors.rules import Due, is_short
from baken.actionplan.requests.external.queries import list_services
from baken.actionplan.requests.quarters.models import QuarterSheet
from baken.actionplan.requests.quarters.rules import first_day, quarter_of
from baken.actionplan.requests.situations.queries import count_everybody, list_open
from baken.actionplan.requests.situations.rules import RequestState
from baken.actionplan.requests.vigilance.queries import own_signals, takes_signals
from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session

SOON: Final = timedelta(days=60)
ADVICE_SOON: Final = timedelta(days=180)
_KINDS: Final = {Due.BASIC: "counsellor_training", Due.SUPERVISION: "counsellor_supervision"}
# What the employer does next; everything else is for an adviser.
_BEFORE_EMPLOYER: Final = {RequestState.REPORTED, RequestState.DECIDED}


def list_waiting(session: Session, *, by: Actor, today: date, now: datetime) -> list[Waiting]:
    """Return what waits for this person in this room."""
    found: list[Waiting] = []
    if may(by, Action.HANDLE_REQUESTS) or may(by, Action.DECIDE_REQUESTS):
        found += _requests(session, by)
    if Role.CONFIDENTIAL_COUNSELLOR in by.roles:
        found += _quarter(session, by, today)
    if may(by, Action.KEEP_COUNSELLORS):
        found += _counsellors(session, today)
    if takes_signals(session, by=by, today=today):
        found += _signals(session, by, now)
    if may(by, Action.HANDLE_REQUESTS):
        found += _advice(session, today)
    return found


def _requests(session: Session, by: Actor) -> Iterator[Waiting]:
    for request in list_open(session):
        of_employer = request.state in _BEFORE_EMPLOYER
        action = Action.DECIDE_REQUESTS if of_employer else Action.HANDLE_REQUESTS
        if may(by, action):
            kind = "request_decide" if of_employer else "request_next"
            path = f"/requests/{request.id}"
            yield Waiting(kind=kind, path=path, what=request.group_name, since_on=request.asked_on)


def _quarter(session: Session, by: Actor, today: date) -> Iterator[Waiting]:
    """The quarter that is over, until its figures are there."""
    begun = first_day(today.year, quarter_of(today))
    last = begun - timedelta(days=1)
    there = select(QuarterSheet.id).where(
        QuarterSheet.person_id == by.person_id,
        QuarterSheet.year == last.year,
        QuarterSheet.quarter == quarter_of(last),
    )
    if session.scalars(there).first() is None:
        yield Waiting(kind="quarter", path="/counsellors/quarters", since_on=begun)


def _counsellors(session: Session, today: date) -> Iterator[Waiting]:
    running = [one for one in list_counsellors(session) if one.ended_on is None]
    people = count_everybody(session, today=today) or None
    n_staff = sum(one.is_staff for one in running)
    if is_short(people, n_counsellors=len(running), n_staff=n_staff):
        yield Waiting(kind="counsellor_missing", path="/counsellors")
    for one in running:
        if list_conflicts(session, one, today=today):
            path = f"/counsellors/{one.id}"
            yield Waiting(kind="counsellor_roles", path=path, what=one.name)
        yield from _learning(one, today)


def _learning(one: CounsellorRow, today: date) -> Iterator[Waiting]:
    for due in one.due:
        if due.on - today <= SOON:
            path = f"/counsellors/{one.id}"
            yield Waiting(kind=_KINDS[due.what], path=path, what=one.name, due_on=due.on)


def _signals(session: Session, by: Actor, now: datetime) -> Iterator[Waiting]:
    for signal in own_signals(session, by=by, now=now, only_open=True):
        yield Waiting(kind="signal", path="/vigilance", due_on=signal.answer_by.date())


def _advice(session: Session, today: date) -> Iterator[Waiting]:
    for service in list_services(session):
        if service.due_on is not None and service.due_on - today <= ADVICE_SOON:
            yield Waiting(
                kind="policy_advice",
                path="/counsellors/policy-advice",
                what=service.name,
                due_on=service.due_on,
            )
