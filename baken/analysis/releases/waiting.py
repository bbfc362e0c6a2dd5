"""What waits about results: to release them, and to look at new ones."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from baken.analysis.releases.models import Release
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign

NEW_FOR: Final = timedelta(days=30)


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return opened campaigns without results, and results that are new."""
    if not may(by, Action.SEE_OWN_UNIT_RESULTS):
        return []
    released = {
        campaign_id: created_on
        for campaign_id, created_on in session.execute(
            select(Release.campaign_id, Release.created_on).order_by(Release.number)
        )
    }
    campaigns = session.scalars(select(Campaign).where(Campaign.opened_on.is_not(None)))
    releases = may(by, Action.RELEASE_RESULTS)
    found = []
    for campaign in campaigns:
        since = released.get(campaign.id)
        if since is None and releases and not campaign.too_few:
            found.append(_result(campaign, "release", campaign.opened_on))
        elif since is not None and not releases and today - since <= NEW_FOR:
            found.append(_result(campaign, "new_results", since))
    return found


def _result(campaign: Campaign, kind: str, since_on: date | None) -> Waiting:
    path = "/results" if kind == "new_results" else f"/campaigns/{campaign.id}/results"
    return Waiting(kind=kind, path=path, what=campaign.title, since_on=since_on)
