"""Reading campaigns."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns.charter import CharterView, changed_since, view_of_charter
from baken.survey.campaigns.models import Campaign, Charter, PublicName
from baken.survey.campaigns.rules import CampaignState
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
    """Return a campaign as it is now; nobody else changes it until this transaction ends.

    Rows that refer to it can be added meanwhile: an answer does not wait for the back office, and
    whoever changes its code here does not wait for that answer in turn.
    """
    lock = {"key_share": True}
    campaign = session.get(Campaign, campaign_id, with_for_update=lock, populate_existing=True)
    if campaign is None:
        raise CampaignNotFound
    return campaign


def list_campaigns(session: Session, *, by: Actor) -> list[Campaign]:
    """Return the campaigns of the organisation, the newest first."""
    require(by, Action.SEE_CAMPAIGNS)
    newest = select(Campaign).order_by(Campaign.opens_on.desc(), Campaign.title, Campaign.id)
    return list(session.scalars(newest))


def list_asking(session: Session, key: str, version: str) -> list[Campaign]:
    """Return the campaigns, drafts among them, that ask one version of a questionnaire."""
    asked = select(Campaign).where(
        Campaign.instrument_key == key, Campaign.instrument_version == version
    )
    return list(session.scalars(asked.order_by(Campaign.opens_on.desc(), Campaign.id)))


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


def find_charter(session: Session, campaign_id: UUID) -> Charter | None:
    """Return the newest edition of the charter of a campaign, agreed or not."""
    newest = (
        select(Charter)
        .where(Charter.campaign_id == campaign_id)
        .order_by(Charter.edition.desc())
        .limit(1)
    )
    return session.scalars(newest).first()


def list_charters(session: Session, campaign_id: UUID) -> list[Charter]:
    """Return every edition of the charter of a campaign, the newest first."""
    asked = select(Charter).where(Charter.campaign_id == campaign_id)
    return list(session.scalars(asked.order_by(Charter.edition.desc())))


def charter_view(session: Session, campaign: Campaign) -> CharterView | None:
    """Return the charter that everybody may read: agreed, and still what was agreed.

    None while a new edition waits for agreement, and for a campaign that never had a charter.
    """
    charter = find_charter(session, campaign.id)
    if charter is None or charter.agreed_on is None:
        return None
    if campaign.state is CampaignState.DRAFT and changed_since(campaign, charter):
        return None
    return view_of_charter(campaign, charter)
