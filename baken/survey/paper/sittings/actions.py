"""Planning a sitting, counting its forms, signing the protocol, settling what never came back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import check_running
from baken.survey.codes.counts import codes_per_unit
from baken.survey.codes.places import check_blank, list_places, mark_blank
from baken.survey.errors import InvalidSitting, InvalidTransition
from baken.survey.paper.sittings.models import Kind, Sitting, SittingCount
from baken.survey.paper.sittings.queries import (
    SittingView,
    check_before_opening,
    check_unsigned,
    exact_counts,
    lock_sitting,
    view_sitting,
)
from baken.survey.paper.sittings.rules import (
    Counts,
    check_can_sign,
    check_counts,
    check_day,
    check_plausible,
    check_was_held,
    check_witness,
)


@dataclass(frozen=True, slots=True)
class SittingPlan:
    """What is agreed on before a sitting."""

    kind: Kind
    held_on: date
    place: str
    leader: str
    units: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandCount:
    """What was counted by hand of one unit; by post or urn all three are about inner envelopes."""

    handed_out: int
    returned: int
    empty: int


def plan_sitting(session: Session, campaign_id: UUID, plan: SittingPlan, *, by: Actor) -> Sitting:
    """Plan a sitting, or the emptying of an urn, of a running campaign."""
    require(by, Action.PLAN_SITTINGS)
    campaign = get_campaign(session, campaign_id)
    check_running(campaign)
    _check_plan(session, campaign, plan)
    sitting = Sitting(
        campaign_id=campaign_id,
        kind=plan.kind,
        held_on=plan.held_on,
        place=plan.place,
        leader=plan.leader,
        languages=list(plan.languages),
    )
    session.add(sitting)
    session.flush()
    session.add_all(SittingCount(sitting_id=sitting.id, unit=unit) for unit in plan.units)
    session.flush()
    _record(session, "sitting.planned", sitting, by)
    return sitting


def change_sitting(
    session: Session, sitting_id: UUID, plan: SittingPlan, *, seen: int, by: Actor
) -> Sitting:
    """Change what was agreed on; a unit of which slips were exchanged stays."""
    require(by, Action.PLAN_SITTINGS)
    sitting = _unsigned(session, sitting_id, seen)
    _check_plan(session, get_campaign(session, sitting.campaign_id), plan)
    asked = select(SittingCount).where(SittingCount.sitting_id == sitting_id)
    rows = {row.unit: row for row in session.scalars(asked)}
    for unit, row in rows.items():
        if unit not in plan.units and not row.slips:
            session.delete(row)
    session.add_all(
        SittingCount(sitting_id=sitting_id, unit=unit) for unit in plan.units if unit not in rows
    )
    sitting.kind, sitting.held_on = plan.kind, plan.held_on
    sitting.place, sitting.leader = plan.place, plan.leader
    sitting.languages = list(plan.languages)
    flag_modified(sitting, "languages")  # units stand in rows of their own
    session.flush()
    _record(session, "sitting.changed", sitting, by)
    return sitting


def count_sitting(
    session: Session,
    sitting_id: UUID,
    counted: Mapping[str, HandCount],
    *,
    destroyed: int,
    remarks: str,
    seen: int,
    by: Actor,
    is_sure: bool = False,
) -> SittingView:
    """Keep what was counted by hand after a sitting; it may be counted again until it is signed.

    Raises
    ------
    ImplausibleCount
        More than there are codes, and nobody has said that it is right; nothing is kept.
    """
    require(by, Action.EXCHANGE_SLIPS)
    sitting = _unsigned(session, sitting_id, seen)
    asked = select(SittingCount).where(SittingCount.sitting_id == sitting_id)
    for row in session.scalars(asked):
        one = counted.get(row.unit, HandCount(0, 0, 0))
        row.handed_out, row.returned, row.empty = one.handed_out, one.returned, one.empty
    sitting.destroyed, sitting.remarks = destroyed, remarks
    sitting.is_counted = True
    # Counts stand in rows of their own: who signs has seen these, not those of before.
    flag_modified(sitting, "remarks")
    session.flush()
    view = view_sitting(session, sitting_id, by=by)
    check_counts(view.counts)
    if not is_sure or not remarks.strip():
        codes = codes_per_unit(session, sitting.campaign_id)
        check_plausible(view.counts, codes=codes, destroyed=destroyed)
    _record(session, "sitting.counted", sitting, by)
    return view


def sign_sitting(
    session: Session, sitting_id: UUID, *, witness: str, seen: int, by: Actor, today: date
) -> SittingView:
    """Record that a witness signed the protocol, freeze the counts and note the blank forms.

    Forms that came back empty, or not at all, leave their places blank. Of post and urn nothing is
    noted here: what lies in an inner envelope is known when it is opened.
    """
    require(by, Action.EXCHANGE_SLIPS)
    sitting = _unsigned(session, sitting_id, seen)
    check_witness(witness, (sitting.leader, by.name))
    counts = exact_counts(session, sitting)
    check_was_held(sitting.held_on, today=today)
    check_can_sign(counts, is_counted=sitting.is_counted, remarks=sitting.remarks)
    if sitting.kind is Kind.SITTING:
        _note_blanks(session, sitting.campaign_id, counts)
    sitting.witness, sitting.signed_on = witness.strip(), today
    session.flush()
    _record(session, "sitting.signed", sitting, by)
    return view_sitting(session, sitting_id, by=by)


def settle_blanks(session: Session, campaign_id: UUID, unit: str, *, n: int, by: Actor) -> None:
    """Note after the closing that forms of a unit came back empty or not at all.

    Raises
    ------
    InvalidTransition
        While the survey runs a form may still come, and after the opening nothing changes.
    NoPlaceLeft
        More than there are places left.
    """
    require(by, Action.SETTLE_PAPER)
    campaign = lock_campaign(session, campaign_id)
    if campaign.state is not CampaignState.CLOSED:
        raise InvalidTransition(
            "survey.settle_not_closed",
            "Forms that did not come back are noted between the closing and the opening. Nothing "
            "was changed.",
        )
    if n < 1:
        raise InvalidSitting("survey.settle_none", "Write how many forms: 1 or more.")
    check_blank(session, campaign_id, unit, n)
    mark_blank(session, campaign_id, unit, n)
    record(session, "paper.settled", by=by.person_id, subject=f"campaign:{campaign_id}", facts={})


def _note_blanks(session: Session, campaign_id: UUID, counts: tuple[Counts, ...]) -> None:
    # No sheet begins to wait meanwhile, and nobody else changes places of several units.
    lock_campaign(session, campaign_id)
    places = list_places(session, campaign_id)
    for one in counts:
        # What was sealed or read already cannot have come back empty, whatever was counted.
        n = min(one.blank, places[one.unit].unread)
        if n > 0:
            mark_blank(session, campaign_id, one.unit, n)


def _check_plan(session: Session, campaign: Campaign, plan: SittingPlan) -> None:
    check_day(plan.held_on, opens_on=campaign.opens_on, closes_on=campaign.closes_on)
    if not plan.units or not set(plan.units) <= set(list_places(session, campaign.id)):
        raise InvalidSitting("survey.sitting_no_units", "Choose at least one unit with people.")
    if not plan.languages or not set(plan.languages) <= set(campaign.languages):
        raise InvalidSitting(
            "survey.sitting_no_language", "Choose at least one language of this survey."
        )


def _unsigned(session: Session, sitting_id: UUID, seen: int) -> Sitting:
    sitting = lock_sitting(session, sitting_id)
    check_unsigned(sitting)
    check_before_opening(get_campaign(session, sitting.campaign_id))
    check_version(sitting, seen)
    return sitting


def _record(session: Session, action: str, sitting: Sitting, by: Actor) -> None:
    """Say that it was done; never how many came: the protocol on paper has the numbers."""
    record(
        session,
        action,
        by=by.person_id,
        subject=f"campaign:{sitting.campaign_id}",
        facts={"held_on": sitting.held_on.isoformat(), "kind": sitting.kind.value},
    )
