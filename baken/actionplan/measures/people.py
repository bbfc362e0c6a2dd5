"""Who decides on a measure and who follows it up."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from baken.actionplan.errors import Denied, Invalid, InvalidTransition
from baken.actionplan.measures.rules import ENDED, MeasureStatus
from baken.organisation.permissions import ALLOWED, Action, Actor, Role, holders_of, may
from baken.organisation.roles import list_open_grants
from baken.storage.session import Session


def check_may_decide(by: Actor, before: MeasureStatus, after: MeasureStatus) -> None:
    """Raise `Denied` when the step is a decision and the person only follows up."""
    is_decision = after in {MeasureStatus.DECIDED, MeasureStatus.STOPPED} or before in ENDED
    if is_decision and not may(by, Action.EDIT_PLANS):
        raise Denied(
            "actionplan.cannot_decide",
            "Your role follows measures up but does not decide on them. "
            "Ask the prevention adviser or a member of the steering group.",
        )


def list_deciders(session: Session, *, on: date) -> frozenset[UUID]:
    """Everybody who holds a role that decides on measures on a day, or is about to."""
    deciding = ALLOWED[Action.EDIT_PLANS]
    grants = list_open_grants(session, since=on)
    return frozenset(one.person_id for one in grants if one.role in deciding)


def check_may_be_decider(roles: Collection[Role]) -> None:
    """Raise `Invalid` when somebody is named who decides and has no right to."""
    if ALLOWED[Action.EDIT_PLANS].isdisjoint(roles):
        raise Invalid(
            "actionplan.decider_without_right",
            "This person has no role that decides on measures. Choose one of: {who}.",
            who=holders_of(Action.EDIT_PLANS),
        )


def check_decider(name: str) -> None:
    """Raise `InvalidTransition` when nobody is named who decides."""
    if not name.strip():
        raise InvalidTransition(
            "actionplan.decider_missing",
            "Name who decides on this measure; then it can be recorded as decided.",
        )


def check_own_unit(by: Actor, unit_ids: frozenset[UUID]) -> None:
    """Raise `Denied` unless the person may follow up a measure of these units.

    Parameters
    ----------
    unit_ids : frozenset of UUID
        The unit of the measure and the units above it; empty for the whole organisation.
    """
    for grant in by.grants:
        if grant.role not in ALLOWED[Action.FOLLOW_UP]:
            continue
        if grant.unit_id in unit_ids:
            return
        # A head without a unit is the head of none.
        if grant.unit_id is None and grant.role != Role.UNIT_HEAD:
            return
    raise Denied(
        "actionplan.not_your_unit",
        "You follow up the measures of your own unit. Ask the prevention adviser for this one.",
    )
