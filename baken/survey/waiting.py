"""What waits in the life of a campaign: to launch, to close, to open, to read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, Role, may
from baken.organisation.waiting import Waiting
from baken.storage.audit import AuditEntry
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.comments import Comment

ENDS_SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFacts:
    """Where a campaign is in its life; without its units, which can be many."""

    id: UUID
    title: str
    state: CampaignState
    opens_on: date
    closes_on: date
    closed_on: date | None = None
    opened_on: date | None = None
    too_few: bool = False
    copies_expire_on: date | None = None


def list_facts(session: Session) -> tuple[CampaignFacts, ...]:
    """Return where every campaign of the organisation is, the newest first."""
    newest = select(
        Campaign.id,
        Campaign.title,
        Campaign.state,
        Campaign.opens_on,
        Campaign.closes_on,
        Campaign.closed_on,
        Campaign.opened_on,
        Campaign.too_few,
        Campaign.copies_expire_on,
    ).order_by(Campaign.opens_on.desc(), Campaign.id)
    return tuple(CampaignFacts(**row) for row in session.execute(newest).mappings())


def list_waiting(
    session: Session, campaigns: Iterable[CampaignFacts], *, by: Actor, today: date
) -> list[Waiting]:
    """Return what waits in these campaigns for this person."""
    if not may(by, Action.SEE_CAMPAIGNS):
        return []
    campaigns = tuple(campaigns)
    found = [one for campaign in campaigns for one in _steps(campaign, by, today)]
    if may(by, Action.READ_COMMENTS) and any(campaign.opened_on for campaign in campaigns):
        unread = _with_unread_comments(session)
        found += [
            Waiting(
                kind="read_comments",
                path=f"/campaigns/{campaign.id}/comments",
                what=campaign.title,
                since_on=campaign.opened_on,
            )
            for campaign in campaigns
            if campaign.id in unread
        ]
    return found


def _steps(campaign: CampaignFacts, by: Actor, today: date) -> Iterator[Waiting]:
    """The next step in the life of one campaign, where this person may take it."""
    path, what, state = f"/campaigns/{campaign.id}", campaign.title, campaign.state
    if state is CampaignState.DRAFT and may(by, Action.LAUNCH_CAMPAIGN):
        yield Waiting(kind="launch", path=f"{path}/launch", what=what, due_on=campaign.opens_on)
    if state is CampaignState.RUNNING and may(by, Action.CLOSE_CAMPAIGN):
        yield from _end_of_run(campaign, today)
    if state is CampaignState.CLOSED and may(by, Action.OPEN_CAMPAIGN):
        first = campaign.closes_on + timedelta(days=1)
        if today >= first:  # nobody opens before the day that people were told
            since = max(campaign.closed_on or first, first)
            yield Waiting(kind="open", path=f"{path}/open", what=what, since_on=since)
    expires = campaign.copies_expire_on
    if expires is not None and today <= expires and Role.ADMINISTRATOR in by.roles:
        yield Waiting(kind="key_copies", path=path, what=what, due_on=expires)


def _end_of_run(campaign: CampaignFacts, today: date) -> Iterator[Waiting]:
    path, what, last = f"/campaigns/{campaign.id}", campaign.title, campaign.closes_on
    if last < today:
        since = last + timedelta(days=1)
        yield Waiting(kind="close", path=f"{path}/close", what=what, since_on=since)
    elif last - today <= ENDS_SOON:
        yield Waiting(kind="campaign_ends", path=path, what=what, due_on=last)


def _with_unread_comments(session: Session) -> set[UUID]:
    """Campaigns with comments that nobody has read yet; the record says who did."""
    written = set(session.scalars(select(Comment.campaign_id).distinct()))
    if not written:
        return set()
    read = select(AuditEntry.subject).where(AuditEntry.action == "campaign.comments_read")
    return written - {UUID(subject.partition(":")[2]) for subject in session.scalars(read)}
