"""The plan of a team: made when it is first spoken of, weighed, followed up a year later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.actionplan.errors import Invalid, InvalidTransition
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.people import check_own_unit
from baken.actionplan.plans.queries import get_annual_plan
from baken.actionplan.plans.teams import rules
from baken.actionplan.plans.teams.models import TeamItem, TeamPlan
from baken.actionplan.plans.teams.rules import Proportion
from baken.actionplan.references import find, list_units_above
from baken.actionplan.wording import check_text
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session

# As PostgreSQL and as SQLite name the constraint.
_ONCE: Final = ("uq_team_plan_annual_plan_id_unit_id", "team_plan.annual_plan_id")


def find_team_plan(session: Session, annual_plan_id: UUID, unit_id: UUID) -> TeamPlan | None:
    """Return the plan of a unit in a year; None before anybody spoke of it."""
    asked = select(TeamPlan).where(
        TeamPlan.annual_plan_id == annual_plan_id, TeamPlan.unit_id == unit_id
    )
    return session.scalars(asked).one_or_none()


def list_team_plans(session: Session) -> list[TeamPlan]:
    """Return the plans of all teams."""
    return list(session.scalars(select(TeamPlan).order_by(TeamPlan.id)))


def list_items(session: Session, team_plan_id: UUID) -> list[TeamItem]:
    """Return what a team said of its plan, the newest meeting first."""
    asked = select(TeamItem).where(TeamItem.team_plan_id == team_plan_id)
    return list(session.scalars(asked.order_by(TeamItem.held_on.desc(), TeamItem.noted_at.desc())))


def list_teams(session: Session, annual_plan_id: UUID) -> Mapping[UUID, int]:
    """Return the units with measures of their own in a year, and how many they have."""
    asked = select(Measure.unit_id).where(
        Measure.annual_plan_id == annual_plan_id, Measure.unit_id.is_not(None)
    )
    counts: dict[UUID, int] = {}
    for unit_id in session.scalars(asked):
        if unit_id is not None:
            counts[unit_id] = counts.get(unit_id, 0) + 1
    return counts


def note_item(
    session: Session,
    annual_plan_id: UUID,
    unit_id: UUID,
    text: str,
    next_step: str,
    *,
    held_on: date,
    by: Actor,
    today: date,
    now: datetime,
) -> TeamItem:
    """Note what the team said of its plan at a meeting."""
    require(by, Action.FOLLOW_UP)
    check_own_unit(by, list_units_above(session, unit_id, on=today))
    plan = get_annual_plan(session, annual_plan_id)
    rules.check_item(text, next_step, held_on=held_on, starts_on=plan.starts_on, today=today)
    team = _get_or_make(session, annual_plan_id, unit_id)
    item = TeamItem(
        team_plan_id=team.id,
        held_on=held_on,
        text=text.strip(),
        next_step=next_step.strip(),
        noted_at=now,
        noted_by=by.person_id,
    )
    session.add(item)
    session.flush()
    _record(session, "spoken", team, by)
    return item


def weigh(
    session: Session,
    annual_plan_id: UUID,
    unit_id: UUID,
    proportion: Proportion,
    text: str,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> TeamPlan:
    """Say whether the measures of a team are enough for what was found there.

    Parameters
    ----------
    seen : int
        The version that was looked at; 0 before anybody spoke of the plan.
    """
    require(by, Action.EDIT_PLANS)
    rules.check_weighing(proportion, text)
    team = _seen(session, annual_plan_id, unit_id, seen)
    team.proportion = proportion
    team.proportion_text = text.strip()
    team.weighed_on, team.weighed_by = today, by.person_id
    session.flush()
    _record(session, "weighed", team, by)
    return team


def follow_up(
    session: Session,
    annual_plan_id: UUID,
    unit_id: UUID,
    text: str,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> TeamPlan:
    """Write the plan that follows: what stays, what changes, what is new."""
    require(by, Action.EDIT_PLANS)
    if not check_text(text):
        raise Invalid(
            "actionplan.follow_up_empty",
            "Write what stays, what changes and what is new, compared with last year.",
        )
    team = _seen(session, annual_plan_id, unit_id, seen)
    team.follow_up = text.strip()
    team.followed_up_on = today
    session.flush()
    _record(session, "followed_up", team, by)
    return team


def _seen(session: Session, annual_plan_id: UUID, unit_id: UUID, seen: int) -> TeamPlan:
    team = find_team_plan(session, annual_plan_id, unit_id)
    if team is not None:
        check_version(team, seen)
        return team
    return _get_or_make(session, annual_plan_id, unit_id)


def _get_or_make(session: Session, annual_plan_id: UUID, unit_id: UUID) -> TeamPlan:
    found = find_team_plan(session, annual_plan_id, unit_id)
    if found is not None:
        return found
    get_annual_plan(session, annual_plan_id)
    find(session, Unit, unit_id)
    made = TeamPlan(
        id=uuid4(), annual_plan_id=annual_plan_id, unit_id=unit_id, proportion_text="", follow_up=""
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _ONCE):
            raise
        raise InvalidTransition(
            "actionplan.team_plan_begun",
            "Somebody else began the plan of this team just now. "
            "Read what stands there, then save again.",
        ) from error
    return made


def _record(session: Session, verb: str, team: TeamPlan, by: Actor) -> None:
    record(session, f"team_plan.{verb}", by=by.person_id, subject=f"team_plan:{team.id}")
