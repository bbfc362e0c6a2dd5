"""Opening the newest release of a campaign for a page beside the results page."""

from dataclasses import dataclass
from uuid import UUID

from baken.analysis.releases.models import Release
from baken.analysis.releases.queries import get_newest_release
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.results_reading import Reading, read_release
from baken.web.pages.results_values import is_too_few
from baken.web.pages.results_views import ReleaseView


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A release for one reader; `here` is the address of the campaign.

    `reading` is None when fewer people answered than was agreed: then nothing is said.
    """

    survey: Campaign
    frozen: Release
    here: str
    campaign: str
    min_group: int
    reading: Reading | None
    release: ReleaseView | None


def open_newest(
    request: PageRequest, session: Session, campaign_id: UUID, *, by: Actor, language: str
) -> Opened:
    """Return the newest release; raise `NoSuchRelease` when there is none."""
    campaign = get_campaign(session, campaign_id)
    found = get_newest_release(session, campaign_id, by=by)
    here = frame_of(request).url(f"/campaigns/{campaign_id}")
    if is_too_few(found.results):
        return Opened(campaign, found, here, campaign.title, campaign.min_group, None, None)
    reading = read_release(
        session, found, campaign, by=by, language=language, organisation=frame_of(request).url()
    )
    release = ReleaseView.of(found, campaign, reading)
    return Opened(campaign, found, here, campaign.title, campaign.min_group, reading, release)
