"""A former campaign as the start of a new one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session
from baken.survey.campaigns import queries
from baken.survey.campaigns.actions import CampaignPlan, begin_campaign, record_campaign
from baken.survey.campaigns.models import Campaign, Charter


def copy_campaign(
    session: Session,
    former_id: UUID,
    instrument: Instrument,
    *,
    title: str,
    opens_on: date,
    closes_on: date,
    by: Actor,
    public_name: str | None = None,
) -> Campaign:
    """Make a draft that says what a former campaign said, with a title and days of its own.

    Headcounts of bands and strata are left out: they are of that time. The charter comes along as a
    text that nobody has agreed to yet.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire of the former campaign, as it is today.
    """
    require(by, Action.PREPARE_CAMPAIGN)
    former = queries.get_campaign(session, former_id)
    stratum = former.stratum
    plan = replace(
        CampaignPlan.of(former),
        title=title,
        opens_on=opens_on,
        closes_on=closes_on,
        background_headcounts={},
        answers_until_on=None,
        comments_until_on=None,
        stratum=stratum and {**stratum, "people": {}},
    )
    campaign = begin_campaign(session, instrument, plan, public_name=public_name)
    charter = queries.find_charter(session, former_id)
    if charter is not None:
        session.add(Charter(campaign_id=campaign.id, edition=1, words=dict(charter.words)))
        session.flush()
    record_campaign(session, "campaign.created", campaign, by, copied_from=str(former_id))
    return campaign
