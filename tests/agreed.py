"""The charter of a campaign, written and agreed by the real actions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.charter import PARTS, Agreement, spoken_languages
from baken.survey.campaigns.charter_actions import agree_charter, stamp_of, write_charter
from baken.survey.campaigns.queries import find_charter, get_campaign


def agree(session: Session, campaign_id: UUID, *, by: Actor, **changed: Any) -> None:
    """Write the charter of a draft in its languages and have it agreed a month before it starts.

    Where it is written already, it is agreed again as it stands.
    """
    campaign = get_campaign(session, campaign_id)
    charter = find_charter(session, campaign_id)
    if charter is None:
        words = {
            language: {part: f"Text about {part} ({language})." for part in PARTS}
            for language in spoken_languages(campaign.languages)
        }
        charter = write_charter(session, campaign_id, words, seen=stamp_of(None), by=by)
    on = campaign.opens_on - timedelta(days=30)
    values = {
        "body": "Committee for prevention and protection at work",
        "agreed_on": on,
        "employer": "E. Example, director",
        "workers": "W. Example, workers' representative",
    }
    agreement = Agreement(**(values | changed))
    agree_charter(session, campaign_id, agreement, seen=stamp_of(charter), by=by, today=on)
