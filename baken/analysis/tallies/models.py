"""Where the counts of a campaign are kept: encrypted like the answers they come from."""

from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned


class StoredTally(OrganisationOwned, Base):
    """The tally of one campaign, sealed under a data key of its own."""

    __tablename__ = "tally"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), unique=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
