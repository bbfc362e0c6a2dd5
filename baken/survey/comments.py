"""Comments after the opening: detached from the closed answers and from each other.

What was written by hand on a form that was scanned is a picture until the adviser has typed it
over; then the picture is deleted.
"""

import base64
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from baken.survey.errors import NotOpened, TypedOverBefore

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
    picture: bytes = b""
    """PNG of what was written by hand and is not typed over yet; then the text is empty."""
    id: bytes = b""
    """Drawn at random when it is kept."""


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
        rows.append(
            {
                "id": identifier,
                "organisation_id": session.organisation_id,
                "campaign_id": campaign_id,
                "label": comment.label,
                "box": seal(key, _to_bytes(comment), _address(campaign_id, identifier)),
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
        found.append(_from_bytes(row, content))
    return found


def type_over(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    typed: Mapping[bytes, str],
    *,
    by: Actor,
) -> int:
    """Put text in the place of pictures of handwriting, which are deleted; return how many.

    Parameters
    ----------
    typed : Mapping of bytes to str
        Identifier of a comment to what is written on its picture. An empty text leaves the picture.

    Raises
    ------
    TypedOverBefore
        Somebody else was first, or it is no picture of this campaign; nothing was changed.
    """
    require(by, Action.READ_COMMENTS)
    campaign = get_campaign(session, campaign_id)
    wanted = {one: text.strip() for one, text in typed.items() if text.strip()}
    if not wanted:
        return 0
    asked = select(Comment).where(Comment.campaign_id == campaign_id, Comment.id.in_(wanted))
    # In one order, so that two people never wait for each other.
    rows = list(session.scalars(asked.order_by(Comment.id).with_for_update()))
    if len(rows) != len(wanted):  # typed over, or deleted on their day with their key
        raise _typed_over_before()
    key = keys.get(campaign.organisation_id, PURPOSE, comments_key_name(campaign_id))
    for row in rows:
        known = _from_bytes(row, unseal(key, row.box, _address(campaign_id, row.id)))
        if not known.picture:
            raise _typed_over_before()
        typed_over = replace(known, text=wanted[row.id], picture=b"")
        row.box = seal(key, _to_bytes(typed_over), _address(campaign_id, row.id))
    session.flush()
    record(
        session,
        "campaign.handwriting_typed",
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={"pictures": len(rows)},
    )
    return len(rows)


def _typed_over_before() -> TypedOverBefore:
    return TypedOverBefore(
        "survey.typed_over_before",
        "Somebody else typed one of these over in the meantime. Nothing was saved; what you typed "
        "over of the others is still on the page. Read it through and save again.",
    )


def _to_bytes(comment: DetachedComment) -> bytes:
    parts = [comment.question, comment.text]
    if comment.picture:
        parts.append(base64.b64encode(comment.picture).decode())
    return json.dumps(parts).encode()


def _from_bytes(row: Comment, content: bytes) -> DetachedComment:
    question, text, *picture = json.loads(content)
    shown = base64.b64decode(picture[0]) if picture else b""
    return DetachedComment(row.label, question, text, shown, row.id)


def comments_key_name(campaign_id: UUID) -> str:
    return f"{campaign_id}:comments"


def _address(campaign_id: UUID, identifier: bytes) -> bytes:
    return f"comment|{campaign_id.hex}|{identifier.hex()}|box|v1|v1".encode()
