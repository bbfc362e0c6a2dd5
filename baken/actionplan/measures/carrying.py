"""A measure that goes on in the plan of the next year, with the reason why it did not end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.indicators.types import as_settings
from baken.actionplan.measures import queries, rules
from baken.actionplan.measures.models import Measure, ProgressNote
from baken.actionplan.measures.rules import ENDED, MeasureStatus, PlanFrame
from baken.actionplan.wording import check_text
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

# As PostgreSQL and as SQLite name the constraint.
_ONCE: Final = ("uq_measure_continues_id", "measure.continues_id")
_TAKEN_OVER: Final = (
    "finding_id", "unit_id", "title", "method", "responsible_id", "responsible_name", "decider_id",
    "decider_name", "who_does_what", "means_organisational", "means_material", "means_financial",
    "prevention_level", "scope", "domains", "is_reported", "initiator", "indicator_kind",
    "budget", "prevention_hours", "priority_id", "strategy", "topic", "changes_work", "decided_on",
)  # fmt: skip


def carry_over(
    session: Session,
    measure_id: UUID,
    reason: str,
    *,
    objective_id: UUID,
    ends_on: date,
    into: PlanFrame,
    seen: int,
    by: Actor,
) -> Measure:
    """Let a measure go on in a later plan; the old one keeps its status until its year ends.

    Parameters
    ----------
    into : PlanFrame
        The plan in which it goes on, still in the making.
    """
    require(by, Action.EDIT_PLANS)
    old = queries.get_measure(session, measure_id)
    # Two people who carry it over at once do so one after the other.
    session.get(Measure, old.id, with_for_update=True, populate_existing=True)
    check_version(old, seen)
    check_can_carry(
        MeasureStatus(old.status), reason, ends_on=old.ends_on, into=into,
        is_carried=find_continuation(session, old.id) is not None,
    )  # fmt: skip
    rules.check_may_add(into)
    if objective_id not in into.objective_ids:
        raise Invalid(
            "actionplan.objective_not_chosen",
            "This objective was not chosen for the year. Choose it in the annual plan first.",
        )
    rules.check_period(into.starts_on, ends_on, into)
    # A day that lies before the new year would be read before anything was done in it.
    by_on = old.indicator.by_on if old.indicator.by_on >= into.starts_on else ends_on
    indicator = replace(old.indicator, by_on=by_on)
    new = Measure(
        id=uuid4(),
        annual_plan_id=into.annual_plan_id,
        objective_id=objective_id,
        starts_on=into.starts_on,
        ends_on=ends_on,
        status=MeasureStatus.DECIDED if old.decided_on else MeasureStatus.PLANNED,
        since_edition=into.edition_to_advise,
        continues_id=old.id,
        carried_reason=reason.strip(),
        indicator_settings=as_settings(indicator),
        **{name: getattr(old, name) for name in _TAKEN_OVER},
    )
    keep_once(session, new)
    record(
        session,
        "measure.carried",
        by=by.person_id,
        subject=f"measure:{new.id}",
        facts={"from": str(old.id), "annual_plan": str(into.annual_plan_id)},
    )
    return new


def check_can_carry(
    status: MeasureStatus, reason: str, *, ends_on: date, into: PlanFrame, is_carried: bool
) -> None:
    """Raise unless the measure may go on in that plan, for a reason."""
    if status in ENDED:
        raise InvalidTransition(
            "actionplan.measure_ended",
            "This measure is over. Take it up again before changing it.",
        )
    if is_carried:
        raise _carried_already()
    if into.ends_on <= ends_on:
        raise Invalid(
            "actionplan.carried_back",
            "A measure goes on in the plan of a later year. Choose a plan that ends after {on}.",
            on=ends_on,
        )
    if not check_text(reason):
        raise Invalid(
            "actionplan.carry_reason_missing",
            "Say why it goes on: what was not reached this year, and what makes next year "
            "different.",
        )


def find_continuation(session: Session, measure_id: UUID) -> Measure | None:
    """Return the measure in which one goes on in a later year; None when it does not."""
    return session.scalars(select(Measure).where(Measure.continues_id == measure_id)).first()


def list_history(session: Session, measure: Measure) -> list[Measure]:
    """Return the measures of earlier years that this one goes on from, the oldest first."""
    found: list[Measure] = []
    before = measure.continues_id
    while before is not None and all(one.id != before for one in found):
        found.append(queries.get_measure(session, before))
        before = found[-1].continues_id
    return found[::-1]


def carried_ids(session: Session, measures: Iterable[Measure]) -> frozenset[UUID]:
    """Return which of these measures go on in a later year."""
    known = [measure.id for measure in measures]
    asked = select(Measure.continues_id).where(Measure.continues_id.in_(known))
    return frozenset(found for found in session.scalars(asked) if found is not None)


def end_year(session: Session, annual_plan_id: UUID, *, by: Actor, now: datetime) -> None:
    """Close the measures of a year that ends: each was closed, or goes on in a later year.

    Raises
    ------
    InvalidTransition
        A measure of the year is open and nobody said what becomes of it.
    """
    forgotten = list_forgotten(session, annual_plan_id)
    if forgotten:
        raise InvalidTransition(
            "actionplan.measures_open",
            "{n} measures of this year are still open, such as {title}. Close each with its "
            "reason, or let it go on in the plan of the next year.",
            n=len(forgotten),
            title=f"“{forgotten[0].title}”",
        )
    for measure in _list_open(session, annual_plan_id):
        _close(session, measure, by=by, now=now)


def list_forgotten(session: Session, annual_plan_id: UUID) -> list[Measure]:
    """Return the open measures of a year of which nobody said what becomes of them."""
    is_open = _list_open(session, annual_plan_id)
    carried = carried_ids(session, is_open)
    return [measure for measure in is_open if measure.id not in carried]


def _list_open(session: Session, annual_plan_id: UUID) -> list[Measure]:
    measures = queries.list_measures(session, annual_plan_id=annual_plan_id)
    return [measure for measure in measures if measure.status not in ENDED]


def keep_once(session: Session, measure: Measure) -> None:
    """Add a measure that goes on from another; raise when that one goes on already."""
    session.add(measure)
    try:
        session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _ONCE):
            raise
        raise _carried_already() from error


def _carried_already() -> InvalidTransition:
    return InvalidTransition(
        "actionplan.carried_already",
        "This measure goes on in the plan of a later year already. Change it there.",
    )


def _close(session: Session, measure: Measure, *, by: Actor, now: datetime) -> None:
    follows = find_continuation(session, measure.id)
    session.add(
        ProgressNote(
            measure_id=measure.id,
            noted_at=now,
            noted_by=by.person_id,
            text=follows.carried_reason if follows else "",
            status_before=measure.status,
            status_after=MeasureStatus.CARRIED,
        )
    )
    measure.status = MeasureStatus.CARRIED
