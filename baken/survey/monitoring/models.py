"""Counts by stratum. No column says more than the day on which everybody is counted."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.survey.campaigns.models import Campaign


class StratumCount(OrganisationOwned, Base):
    """How many of a stratum answered in the whole organisation, rounded down, once a day."""

    __tablename__ = "stratum_count"
    __table_args__ = (CheckConstraint("rounded % 5 = 0", name="rounded_to_five"),)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(60), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    rounded: Mapped[int]
