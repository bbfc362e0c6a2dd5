"""Publishing counts, and giving people more time."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.counts import record_counts
from baken.survey.monitoring.rules import check_is_running, check_new_end
from baken.survey.monitoring.strata import record_strata


def publish_all_counts(session: Session, today: date) -> None:
    """Publish the counts of every running campaign of the organisation."""
    running = select(Campaign.id).where(Campaign.state == CampaignState.RUNNING)
    for campaign_id in session.scalars(running).all():
        publish_counts(session, campaign_id, today)


def publish_counts(session: Session, campaign_id: UUID, today: date) -> None:
    """Publish the counts of today by unit and by stratum; again on the same day changes nothing."""
    record_counts(session, campaign_id, today)
    record_strata(session, get_campaign(session, campaign_id), today)


def extend_campaign(
    session: Session, campaign_id: UUID, *, until: date, seen: int, by: Actor, today: date
) -> Campaign:
    """Give everybody more time; the day that was told first stays visible to who answers.

    The days on which answers and comments are deleted stay as they were promised.
    """
    require(by, Action.CLOSE_CAMPAIGN)
    campaign = lock_campaign(session, campaign_id)
    check_is_running(campaign.state)
    check_version(campaign, seen)
    kept_until = (campaign.answers_until_on, campaign.comments_until_on)
    check_new_end(until, closes_on=campaign.closes_on, kept_until=kept_until, today=today)
    before = campaign.closes_on
    campaign.first_closes_on = campaign.first_closes_on or before
    campaign.closes_on = until
    session.flush()
    record(
        session,
        "campaign.extended",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"from_on": before.isoformat(), "until_on": until.isoformat()},
    )
    return campaign
