"""What waits about results: to release them, and to look at new ones."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.analysis.releases.models import Release
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session
from baken.survey.waiting import CampaignFacts

NEW_FOR: Final = timedelta(days=30)


def list_released(session: Session) -> dict[UUID, date]:
    """Return when the newest results of each campaign were released."""
    asked = select(Release.campaign_id, Release.created_on).order_by(Release.number)
    return {row.campaign_id: row.created_on for row in session.execute(asked)}


def list_waiting(
    campaigns: Iterable[CampaignFacts],
    released: Mapping[UUID, date],
    *,
    by: Actor,
    today: date,
) -> Iterator[Waiting]:
    """Return opened campaigns without results, and results that are new to this person."""
    releases = may(by, Action.RELEASE_RESULTS)
    reads = may(by, Action.SEE_OWN_UNIT_RESULTS) and not releases
    for campaign in campaigns:
        since = released.get(campaign.id)
        if since is None and releases and campaign.opened_on and not campaign.too_few:
            yield Waiting(
                kind="release",
                path=f"/campaigns/{campaign.id}/results",
                what=campaign.title,
                since_on=campaign.opened_on,
            )
        elif since is not None and reads and today - since <= NEW_FOR:
            yield Waiting(kind="new_results", path="/results", what=campaign.title, since_on=since)
