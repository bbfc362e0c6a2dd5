"""Reading campaigns."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign, PublicName
from baken.survey.errors import CampaignNotFound

CAMPAIGN_NAME = "campaign"


@dataclass(frozen=True, slots=True)
class Address:
    """What a public name leads to."""

    organisation_id: UUID
    subject_id: UUID


def get_campaign(session: Session, campaign_id: UUID) -> Campaign:
    """Return a campaign of the session's organisation or raise `CampaignNotFound`."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise CampaignNotFound
    return campaign


def lock_campaign(session: Session, campaign_id: UUID) -> Campaign:
    """Return a campaign as it is now; nobody else changes it until this transaction ends."""
    campaign = session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    if campaign is None:
        raise CampaignNotFound
    return campaign


def list_campaigns(session: Session, *, by: Actor) -> list[Campaign]:
    """Return the campaigns of the organisation, the newest first."""
    require(by, Action.SEE_CAMPAIGNS)
    newest = select(Campaign).order_by(Campaign.opens_on.desc(), Campaign.title, Campaign.id)
    return list(session.scalars(newest))


def find_public_name(session: Session, name: str, *, kind: str = CAMPAIGN_NAME) -> Address:
    """Return whose campaign a public name means; works in a session of no organisation."""
    row = session.get(PublicName, name)
    if row is None or row.kind != kind:
        raise CampaignNotFound
    return Address(row.organisation_id, row.subject_id)


def get_public_name(session: Session, campaign_id: UUID) -> str:
    """Return the name under which respondents find a campaign."""
    asked = select(PublicName.name).where(
        PublicName.subject_id == campaign_id, PublicName.kind == CAMPAIGN_NAME
    )
    name = session.scalars(asked).first()
    if name is None:
        raise CampaignNotFound
    return name
