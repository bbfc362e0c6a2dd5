"""Pages of scans that became forms of a campaign, so that none becomes one a second time.

Of each page stands here a mark that only a key of its campaign can make, and nothing else: no
place, no form, no day. Without the key a mark says nothing of any picture; with it, and with the
very picture in hand, it says that this picture was taken over. Rows have no order. Once its stack
is sealed, a mark names no stack any more; at the opening all go, and the key after them.
"""

import hmac
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.models import TAG_BYTES, TakenPage
from baken.survey.codes.secrets import PAGES, CampaignSecrets

_NO_SYNC = {"synchronize_session": False}


def mark_pages(
    keys: KeyStore, campaign: Campaign, digests: Collection[bytes]
) -> dict[bytes, bytes]:
    """Return the mark of each page, by the SHA-256 of its picture.

    For the caller: the campaign still takes paper; once it was opened the key is gone for good.
    """
    key = CampaignSecrets.of(keys, campaign).ensure(PAGES) if digests else b""
    return {one: hmac.digest(key, one, "sha256")[:TAG_BYTES] for one in digests}


def find_taken(session: Session, campaign_id: UUID, marks: Collection[bytes]) -> set[bytes]:
    """Return those of these marks of which the page was taken over before."""
    asked = select(TakenPage.mark).where(
        TakenPage.campaign_id == campaign_id, TakenPage.mark.in_(marks)
    )
    return set(session.scalars(asked))


def add_taken(session: Session, campaign: Campaign, stack: UUID, marks: Collection[bytes]) -> None:
    """Note that pages were taken over into a stack. For the caller: the campaign is locked."""
    rows = [
        {
            "mark": mark,
            "organisation_id": campaign.organisation_id,
            "campaign_id": campaign.id,
            "stack": stack,
        }
        for mark in sorted(marks)  # by what is as good as chance, not in the order of the pile
    ]
    if rows:
        session.execute(insert(TakenPage), rows)


def part_from_stack(session: Session, campaign_id: UUID, stack: UUID) -> None:
    """Keep the marks of a stack that is sealed, without the stack."""
    session.execute(
        update(TakenPage)
        .where(TakenPage.campaign_id == campaign_id, TakenPage.stack == stack)
        .values(stack=None),
        execution_options=_NO_SYNC,
    )


def forget_stack(session: Session, campaign_id: UUID, stack: UUID) -> None:
    """Delete the marks of a stack that ended unsealed: its forms come again."""
    session.execute(
        delete(TakenPage).where(TakenPage.campaign_id == campaign_id, TakenPage.stack == stack),
        execution_options=_NO_SYNC,
    )


def forget_pages(session: Session, campaign_id: UUID) -> None:
    """Delete all marks of a campaign: it is opened, and no form comes any more."""
    session.execute(
        delete(TakenPage).where(TakenPage.campaign_id == campaign_id),
        execution_options=_NO_SYNC,
    )
