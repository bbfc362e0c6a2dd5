"""Whether the surveys of an organisation let it leave, or be removed."""

from sqlalchemy import select

from baken.analysis.errors import CannotLeave
from baken.analysis.tallies.models import StoredTally
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState

# Before the launch there are no keys, after the scrubbing none are left.
_AT_REST = frozenset({CampaignState.DRAFT, CampaignState.SCRUBBED})
# Somebody may be answering, or answers are being opened this very moment.
_BUSY = frozenset({CampaignState.RUNNING, CampaignState.OPENED, CampaignState.BACKED_UP})


def check_can_export(session: Session) -> None:
    """Raise `CannotLeave` unless every survey is a draft, or over with its results counted.

    Keys and single answers never leave, so what was not counted would be lost on the way.
    """
    counted = set(session.scalars(select(StoredTally.campaign_id)))
    for campaign in session.scalars(select(Campaign).order_by(Campaign.opens_on, Campaign.id)):
        if campaign.state not in _AT_REST:
            raise CannotLeave(
                "analysis.survey_on_its_way",
                "The survey {title} is on its way: its keys and answers never leave this "
                "installation. Close and open it first, and export when the last copies of its "
                "keys are gone (seven days after the opening; its page gives the day).",
                title=campaign.title,
            )
        is_over = campaign.state is CampaignState.SCRUBBED and not campaign.too_few
        if is_over and campaign.id not in counted:
            raise CannotLeave(
                "analysis.survey_not_counted",
                "The answers to the survey {title} were not counted yet, and single answers never "
                "leave this installation. Make its first results, then export.",
                title=campaign.title,
            )


def check_can_remove(session: Session) -> None:
    """Raise `CannotLeave` while a survey runs or its answers are being opened."""
    asked = select(Campaign).where(Campaign.state.in_(_BUSY)).order_by(Campaign.opens_on)
    for campaign in session.scalars(asked.limit(1)):
        raise CannotLeave(
            "analysis.survey_runs",
            "The survey {title} is running or being opened. Close it, or wait until the opening is "
            "done; after that the organisation can be removed.",
            title=campaign.title,
        )
