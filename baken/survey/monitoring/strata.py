"""Counting the one category that codes may carry: for the whole organisation only."""

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Code, CodeState
from baken.survey.disclosure.rounding import fieldwork_count
from baken.survey.monitoring.models import StratumCount


def record_strata(session: Session, campaign: Campaign, today: date) -> None:
    """Publish the counts of today by the same rule as those of units, and once a day like them."""
    if campaign.stratum is None or campaign.state is not CampaignState.RUNNING:
        return
    published = list_strata(session, campaign.id)
    if any(row.counted_on >= today for row in published):
        return
    last = {row.stratum: row.rounded for row in published}
    answered = _codes(session, campaign.id, is_used=True)
    people = stratum_people(session, campaign.id)
    for band in campaign.stratum["bands"]:
        rounded = fieldwork_count(
            answered[band["key"]],
            k=campaign.min_group,
            headcount=people[band["key"]],
            last=last.get(band["key"]),
        )
        if rounded is not None:
            session.add(
                StratumCount(
                    campaign_id=campaign.id,
                    stratum=band["key"],
                    counted_on=today,
                    rounded=rounded,
                )
            )
    session.flush()


def list_strata(session: Session, campaign_id: UUID) -> list[StratumCount]:
    """Return every published count, oldest first; the last of a band is its present one."""
    asked = (
        select(StratumCount)
        .where(StratumCount.campaign_id == campaign_id)
        .order_by(StratumCount.counted_on, StratumCount.stratum)
    )
    return list(session.scalars(asked))


def stratum_people(session: Session, campaign_id: UUID) -> Counter[str]:
    """Return how many people of each band may answer: the codes that count."""
    return _codes(session, campaign_id, is_used=False)


def _codes(session: Session, campaign_id: UUID, *, is_used: bool) -> Counter[str]:
    """Exact numbers; those of codes that took part are rounded before anybody sees them.

    A form says no band, so whoever took one counts when the slip is exchanged.
    """
    which = (
        Code.state.in_((CodeState.USED, CodeState.PAPER))
        if is_used
        else Code.spare.is_(False) & (Code.state != CodeState.REVOKED)
    )
    asked = (
        select(Code.stratum, func.count())
        .where(Code.campaign_id == campaign_id, Code.stratum.is_not(None), which)
        .group_by(Code.stratum)
    )
    return Counter({band: n for band, n in session.execute(asked) if band})
