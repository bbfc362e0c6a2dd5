"""Comments after the opening: detached from the closed answers and from each other."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import Base, OrganisationOwned
from baken.storage.keys import KeyStore, seal, unseal
from baken.storage.session import Session
from baken.survey.answers import PURPOSE
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.errors import NotOpened

ID_BYTES = 16


class Comment(OrganisationOwned, Base):
    """One comment, encrypted. Its label stands for at least 2k answers, or for everybody."""

    __tablename__ = "comment"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    label: Mapped[str] = mapped_column(String(36))
    box: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class DetachedComment:
    """What somebody wrote, with the question and where it comes from, as coarse as it must be."""

    label: str
    question: str
    text: str


def comments_key(keys: KeyStore, organisation_id: UUID, campaign_id: UUID) -> bytes:
    """Return the data key of the campaign's comments, made when it does not exist yet."""
    name = comments_key_name(campaign_id)
    if keys.has(organisation_id, PURPOSE, name):
        return keys.get(organisation_id, PURPOSE, name)
    return keys.make(organisation_id, PURPOSE, name)


def write_comments(
    session: Session, key: bytes, campaign_id: UUID, comments: Iterable[DetachedComment]
) -> int:
    """Give every comment a random identifier and add them in that order; return how many."""
    rows: list[dict[str, Any]] = []
    for comment in comments:
        identifier = secrets.token_bytes(ID_BYTES)
        content = json.dumps([comment.question, comment.text]).encode()
        rows.append(
            {
                "id": identifier,
                "organisation_id": session.organisation_id,
                "campaign_id": campaign_id,
                "label": comment.label,
                "box": seal(key, content, _address(campaign_id, identifier)),
            }
        )
    rows.sort(key=lambda row: row["id"])
    if rows:
        session.execute(insert(Comment), rows)
    return len(rows)


def list_comments(
    session: Session, keys: KeyStore, campaign_id: UUID, *, by: Actor
) -> list[DetachedComment]:
    """Return the comments of an opened campaign for the external adviser; each reading is noted."""
    require(by, Action.READ_COMMENTS)
    campaign = get_campaign(session, campaign_id)
    if not campaign.is_opened:
        raise NotOpened(
            "survey.comments_not_opened", "Comments can be read after the survey was opened."
        )
    found = read_comments(session, keys, campaign_id)
    record(
        session,
        "campaign.comments_read",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"comments": len(found)},
    )
    return found


def read_comments(session: Session, keys: KeyStore, campaign_id: UUID) -> list[DetachedComment]:
    """Decrypt all comments, in the order of their random identifiers."""
    asked = select(Comment).where(Comment.campaign_id == campaign_id).order_by(Comment.id)
    rows = list(session.scalars(asked))
    if not rows:
        return []
    key = keys.get(rows[0].organisation_id, PURPOSE, comments_key_name(campaign_id))
    found = []
    for row in rows:
        content = unseal(key, row.box, _address(campaign_id, row.id))
        question, text = json.loads(content)
        found.append(DetachedComment(row.label, question, text))
    return found


def comments_key_name(campaign_id: UUID) -> str:
    return f"{campaign_id}:comments"


def _address(campaign_id: UUID, identifier: bytes) -> bytes:
    return f"comment|{campaign_id.hex}|{identifier.hex()}|box|v1|v1".encode()
