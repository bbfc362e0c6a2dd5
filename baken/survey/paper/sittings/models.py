"""A sitting, and its counts per unit. Nothing in it leads to a person, a slip or a form."""

from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name
from baken.survey.campaigns.models import Campaign


class Kind(StrEnum):
    """How forms come and go."""

    SITTING = "sitting"  # slips are drawn and exchanged; forms are filled in there and then
    URN = "urn"  # by post or in an urn: a slip in the outer envelope, a form in the inner one


class Sitting(OrganisationOwned, Editable, Base):
    """One occasion on which slips are exchanged; frozen once a witness has signed its counts."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("destroyed >= 0", name="destroyed_not_below_none"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    kind: Mapped[Kind] = mapped_column(Name(Kind))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    leader: Mapped[str] = mapped_column(String(200))
    languages: Mapped[list[str]] = mapped_column(Json)
    # Inner envelopes that were destroyed unopened, because their slip gave no form.
    destroyed: Mapped[int] = mapped_column(default=0)
    is_counted: Mapped[bool] = mapped_column(default=False)
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    witness: Mapped[str] = mapped_column(String(200), default="")
    signed_on: Mapped[date | None]


class SittingCount(OrganisationOwned, Base):
    """The counts of one unit at one sitting: slips by this program, the rest by hand."""

    __tablename__ = "sitting_count"
    __table_args__ = (
        CheckConstraint(
            "slips >= 0 AND handed_out >= 0 AND returned >= 0 AND empty >= 0",
            name="no_less_than_none",
        ),
        {"sqlite_with_rowid": False},
    )
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey(Sitting.id), primary_key=True)
    unit: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    slips: Mapped[int] = mapped_column(default=0)
    handed_out: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
