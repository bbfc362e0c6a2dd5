"""Whether the surveys of an organisation let it leave, arrive, or be removed."""

from sqlalchemy import select

from baken.analysis.errors import CannotLeave
from baken.analysis.releases.models import Release
from baken.storage.portability.errors import damaged
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP

# Before the launch there are no keys, after the scrubbing none are left.
_AT_REST = frozenset({CampaignState.DRAFT, CampaignState.SCRUBBED})
# Somebody may be answering, or answers are being opened this very moment.
_BUSY = frozenset({CampaignState.RUNNING, CampaignState.OPENED, CampaignState.BACKED_UP})


def check_can_export(session: Session) -> None:
    """Raise `CannotLeave` unless every survey is a draft, or over with its results released.

    Keys, single answers and counts never leave: what was not released would be lost on the way.
    """
    released = set(session.scalars(select(Release.campaign_id)))
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
        if is_over and campaign.id not in released:
            raise CannotLeave(
                "analysis.survey_not_counted",
                "The answers to the survey {title} were not counted yet, and neither answers nor "
                "counts leave this installation. Make its first results, then export.",
                title=campaign.title,
            )


def check_arrived(session: Session) -> None:
    """Raise `DamagedExport` when a survey came in as no export of ours writes one.

    The file may be made by anybody: its surveys have to be what they would be had they been held
    here, and nothing of them under way.
    """
    smallest = dict(session.execute(select(Campaign.id, Campaign.min_group_at_launch)).all())
    for campaign in session.scalars(select(Campaign)):
        if campaign.state not in _AT_REST:
            raise damaged("a survey that is under way")
        if campaign.min_group < FLOOR_MIN_GROUP:
            raise damaged("a smallest group that is too small")
        if campaign.state is CampaignState.DRAFT and campaign.launched_on is not None:
            raise damaged("a draft that was launched")
        if campaign.state is CampaignState.SCRUBBED and not _is_as_launched(campaign):
            raise damaged("a survey whose units or smallest group were changed")
    for release in session.scalars(select(Release)):
        if release.min_group < (smallest[release.campaign_id] or FLOOR_MIN_GROUP):
            raise damaged("results of groups that are too small")


def _is_as_launched(campaign: Campaign) -> bool:
    k = campaign.min_group_at_launch
    return k is not None and k >= FLOOR_MIN_GROUP and campaign.has_intact_tree


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
