"""Sealed envelopes, drafts and receipts. No column holds a time, no row a number of its own."""

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, OrganisationOwned
from baken.survey.campaigns.models import Campaign


class Envelope(OrganisationOwned, Base):
    """Answers nobody can read. The tag is that of the code: the link is visible, and worthless."""

    __tablename__ = "envelope"
    __table_args__ = ({"sqlite_with_rowid": False},)
    tag: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Draft(OrganisationOwned, Base):
    """Answers somebody wants to finish elsewhere; only the code opens them."""

    __tablename__ = "draft"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)


class Receipt(OrganisationOwned, Base):
    """Hash of an envelope that was opened, so that everybody can see that theirs was counted."""

    __tablename__ = "receipt"
    __table_args__ = ({"sqlite_with_rowid": False},)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
