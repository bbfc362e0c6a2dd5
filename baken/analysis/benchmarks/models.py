"""What an organisation brings into benchmarks, and the editions that the installation made of it.

Who takes part and with what belongs to the organisation and stands behind its wall. An edition
belongs to the installation: it holds sums, and members by identifiers that name nobody.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class PoolMember(OrganisationOwned, Editable, Base):
    """Whether the organisation agreed to take part; its identifier stands for it in editions.

    One row for ever: whoever withdraws and agrees again is still the same member. Otherwise two
    editions would differ by one organisation and nobody would notice.
    """

    __tablename__ = "pool_member"
    __table_args__ = (UniqueConstraint("organisation_id", name="uq_pool_member_organisation"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    agreed_on: Mapped[date]
    agreed_by: Mapped[UUID]
    withdrawn_on: Mapped[date | None]
    withdrawn_by: Mapped[UUID | None]

    @property
    def takes_part(self) -> bool:
        return self.withdrawn_on is None


class PoolContribution(OrganisationOwned, Base):
    """Released figures of the whole organisation from one survey: people, mean, sd per scale."""

    __tablename__ = "pool_contribution"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), unique=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"))
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    instrument_fingerprint: Mapped[str] = mapped_column(String(64))
    released_on: Mapped[date]
    brought_on: Mapped[date]
    # Scale to n, mean and sd.
    figures: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)


class PoolEdition(Base):
    """One benchmark as it was made; never changed, only followed by another."""

    __tablename__ = "pool_edition"
    __table_args__ = (
        UniqueConstraint(
            "instrument_fingerprint", "is_fictional", "number", name="uq_pool_edition_number"
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    instrument_fingerprint: Mapped[str] = mapped_column(String(64))
    # Examples with made-up figures stand together with examples only.
    is_fictional: Mapped[bool]
    number: Mapped[int]
    made_on: Mapped[date]
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    # Pairs of identifiers: the member, and what it brought.
    members: Mapped[list[list[str]]] = mapped_column(Json)
    # Of every scale that is shown: organisations, people and sums over them.
    scales: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)
    # Hash of the edition before, so that none can be left out unseen.
    previous: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
