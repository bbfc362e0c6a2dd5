"""Answers after the opening: one sealed block per label, without anything that tells rows apart.

Only the box writes them and only the counting job reads them. A row has no identifier, no time and
no meaning in its place: the rows of a label are shuffled before they are sealed.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, OrganisationOwned
from baken.storage.keys import KeyDamaged, KeyStore, seal, unseal
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign

PURPOSE = "answers"
LANGUAGE_COLUMN = "@language"
MODE_COLUMN = "@mode"

AT_A_TIME = 64
"""Blocks that are read from the database together."""

_HEAD = struct.Struct("<III")


class AnswerBlock(OrganisationOwned, Base):
    """All answers of one label, encrypted under the data key of the campaign."""

    __tablename__ = "answer_block"
    __table_args__ = (
        CheckConstraint("n >= 5", name="n_at_least_floor"),
        {"sqlite_with_rowid": False},
    )
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    label: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    n: Mapped[int]
    box: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The answers of one label in memory.

    Attributes
    ----------
    label
        Key of a frozen unit, or ALL.
    items
        (n, n_items) array of codes of `baken.instruments.sheet`.
    backgrounds
        (n, n_columns) array: number of the band, or `MISSING`.
    columns
        Names of the background columns; `LANGUAGE_COLUMN` and `MODE_COLUMN` where kept.
    """

    label: str
    items: NDArray[np.int8]
    backgrounds: NDArray[np.int8]
    columns: tuple[str, ...]


def encode_block(block: Block) -> bytes:
    """Return a block as bytes, column by column."""
    names = json.dumps(list(block.columns)).encode()
    n, n_items = block.items.shape
    both = np.hstack([block.items, block.backgrounds]).astype(np.int8)
    return _HEAD.pack(n, n_items, len(names)) + names + both.T.tobytes()


def decode_block(label: str, content: bytes) -> Block:
    """Return the block that `encode_block` wrote; raise `KeyDamaged` when bytes are missing."""
    n, n_items, length = _HEAD.unpack_from(content)
    start = _HEAD.size + length
    columns = tuple(json.loads(content[_HEAD.size : start]))
    width = n_items + len(columns)
    if len(content) != start + n * width:
        raise KeyDamaged(
            "survey.damaged_block",
            "A block of answers is not as long as it says. Restore the database from a backup.",
        )
    both = np.frombuffer(content, np.int8, offset=start).reshape(width, n).T
    return Block(
        label,
        np.ascontiguousarray(both[:, :n_items]),
        np.ascontiguousarray(both[:, n_items:]),
        columns,
    )


def data_key(keys: KeyStore, organisation_id: UUID, campaign_id: UUID) -> bytes:
    """Return the data key of the campaign's answers, made when it does not exist yet."""
    name = str(campaign_id)
    if keys.has(organisation_id, PURPOSE, name):
        return keys.get(organisation_id, PURPOSE, name)
    return keys.make(organisation_id, PURPOSE, name)


def write_block(session: Session, key: bytes, campaign_id: UUID, block: Block) -> None:
    """Seal and add one block."""
    organisation_id = session.organisation_id
    box = seal(key, encode_block(block), _address(organisation_id, campaign_id, block.label))
    session.add(
        AnswerBlock(campaign_id=campaign_id, label=block.label, n=len(block.items), box=box)
    )


def read_blocks(session: Session, keys: KeyStore, campaign_id: UUID) -> Iterator[Block]:
    """Decrypt the answers of an opened campaign, one label after the other.

    A handful of blocks is fetched at a time: a million answers need no more memory than a thousand.
    """
    labels = list(count_labels(session, campaign_id))
    key = b""
    for start in range(0, len(labels), AT_A_TIME):
        part = labels[start : start + AT_A_TIME]
        asked = select(AnswerBlock).where(
            AnswerBlock.campaign_id == campaign_id, AnswerBlock.label.in_(part)
        )
        rows = {row.label: row for row in session.scalars(asked)}
        for row in (rows[label] for label in part):
            key = key or keys.get(row.organisation_id, PURPOSE, str(campaign_id))
            yield _unsealed(key, row)


def count_labels(session: Session, campaign_id: UUID) -> dict[str, int]:
    """Return how many answers carry each label, by label, without reading them."""
    asked = select(AnswerBlock.label, AnswerBlock.n).where(AnswerBlock.campaign_id == campaign_id)
    # Sorted here: databases sort text by different rules, and a backup has to come out the same.
    return dict(sorted((label, n) for label, n in session.execute(asked)))


def list_blocks(session: Session, campaign_id: UUID) -> list[AnswerBlock]:
    """Return the sealed blocks of a campaign, by label."""
    asked = select(AnswerBlock).where(AnswerBlock.campaign_id == campaign_id)
    return sorted(session.scalars(asked), key=lambda row: row.label)


def _unsealed(key: bytes, row: AnswerBlock) -> Block:
    address = _address(row.organisation_id, row.campaign_id, row.label)
    block = decode_block(row.label, unseal(key, row.box, address))
    if len(block.items) != row.n:
        raise KeyDamaged(
            "survey.damaged_block",
            "A block of answers is not as long as it says. Restore the database from a backup.",
        )
    return block


def _address(organisation_id: UUID | None, campaign_id: UUID, label: str) -> bytes:
    owner = organisation_id.hex if organisation_id else ""
    return f"{owner}|answer_block|{campaign_id.hex}|{label}|box|v1|v1".encode()
