"""Releases: results that were frozen, numbered and given a hash."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Json


class Release(OrganisationOwned, Base):
    """One frozen set of results of one campaign; never changed, only followed by another."""

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number", name="uq_release_campaign_number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int]
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    tally_id: Mapped[UUID] = mapped_column(ForeignKey("tally.id"))
    created_on: Mapped[date]
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    instrument_fingerprint: Mapped[str] = mapped_column(String(64))
    min_group: Mapped[int]
    software_version: Mapped[str] = mapped_column(String(40))
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    results: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
