"""Answers and comments are deleted on the day that was agreed; what was counted stays.

Addresses go when a campaign is opened; here go those of one that nobody opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select

from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.answers import PURPOSE, AnswerBlock
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import AFTER_OPENING
from baken.survey.comments import Comment, comments_key_name
from baken.survey.invitations.actions import forget_recipients
from baken.survey.invitations.models import Recipient

ADDRESSES_KEPT: Final = timedelta(days=30)
"""How long after the last day addresses wait for the opening; no letter goes out any more."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is deleted, when, and under which key it was sealed."""

    action: str
    model: Any
    until_on: Callable[[Campaign], date]
    key_name: Callable[[UUID], str]


_KINDS = (
    _Kind("campaign.answers_deleted", AnswerBlock, lambda row: row.answers_until_on, str),
    _Kind(
        "campaign.comments_deleted", Comment, lambda row: row.comments_until_on, comments_key_name
    ),
)


def delete_expired(
    database: Database, keys: KeyStore, *, organisation_id: UUID, today: date
) -> int:
    """Delete the answers and comments whose day has come; return how many heaps went.

    The rows go first, the key after: a kill between the two leaves a key that opens nothing, and
    the next round destroys it. Copies in old backups become unreadable with the key.
    """
    with database.read(organisation_id) as session:
        opened = session.scalars(select(Campaign).where(Campaign.state.in_(AFTER_OPENING))).all()
    due = [(row.id, kind) for row in opened for kind in _KINDS if kind.until_on(row) <= today]
    n_deleted = 0
    for campaign_id, kind in due:
        if not keys.has(organisation_id, PURPOSE, kind.key_name(campaign_id)):
            continue
        with database.session(organisation_id) as session:
            _delete_rows(session, campaign_id, kind)
        crash_point("expiry.rows_deleted")
        keys.destroy(organisation_id, PURPOSE, kind.key_name(campaign_id))
        n_deleted += 1
    return n_deleted


def list_expiries(session: Session, keys: KeyStore) -> list[tuple[str, date]]:
    """Return the heaps that are still there: ``answers`` or ``comments``, and their last day."""
    owner = session.organisation_id
    opened = session.scalars(select(Campaign).where(Campaign.state.in_(AFTER_OPENING))).all()
    return [
        ("comments" if kind.model is Comment else "answers", kind.until_on(row))
        for row in opened
        for kind in _KINDS
        if owner is not None and keys.has(owner, PURPOSE, kind.key_name(row.id))
    ]


def address_days(session: Session) -> list[date]:
    """Return the day on which the addresses of each campaign that still has some are deleted."""
    asked = select(Campaign.id, Campaign.closes_on).join(
        Recipient, Recipient.campaign_id == Campaign.id
    )
    days = {row.id: row.closes_on for row in session.execute(asked.distinct())}
    return [day + ADDRESSES_KEPT + timedelta(days=1) for day in days.values()]


def delete_expired_addresses(session: Session, *, today: date) -> int:
    """Delete the addresses of campaigns whose last day is long over; return of how many."""
    asked = select(Recipient.campaign_id).join(Campaign, Campaign.id == Recipient.campaign_id)
    over = asked.where(Campaign.closes_on < today - ADDRESSES_KEPT).distinct()
    campaigns = session.scalars(over).all()
    for campaign_id in campaigns:
        record(
            session,
            "recipients.expired",
            by=None,
            subject=f"campaign:{campaign_id}",
            facts={"people": forget_recipients(session, campaign_id)},
        )
    return len(campaigns)


def _delete_rows(session: Session, campaign_id: UUID, kind: _Kind) -> None:
    gone = session.execute(delete(kind.model).where(kind.model.campaign_id == campaign_id))
    n_rows = getattr(gone, "rowcount", 0)
    if n_rows:  # none are left when a kill came between the rows and their key
        record(
            session,
            kind.action,
            by=None,
            subject=f"campaign:{campaign_id}",
            facts={"rows": n_rows},
        )
