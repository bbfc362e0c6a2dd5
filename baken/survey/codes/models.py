"""Codes, and the counts that are shown while a campaign runs. No column holds a time."""

from datetime import date
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Name
from baken.survey.campaigns.models import Campaign

TAG_BYTES = 16


class CodeState(IntEnum):
    """What became of a code."""

    FREE = 0
    USED = 1
    REVOKED = 2
    PAPER = 3  # exchanged for a paper form


class Channel(StrEnum):
    """How a code reaches somebody."""

    MAIL = "mail"
    LETTER = "letter"
    SLIP = "slip"


class Code(OrganisationOwned, Base):
    """The right to answer once. The code itself is kept nowhere, only a keyed hash of it."""

    __tablename__ = "code"
    __table_args__ = (
        CheckConstraint("state BETWEEN 0 AND 3", name="known_state"),
        {"sqlite_with_rowid": False},  # a row number would tell the order
    )
    tag: Mapped[bytes] = mapped_column(LargeBinary(TAG_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    unit: Mapped[str] = mapped_column(String(36))
    channel: Mapped[Channel] = mapped_column(Name(Channel), default=Channel.SLIP)
    state: Mapped[int] = mapped_column(SmallInteger, default=CodeState.FREE)
    # A code beside those of the people: it does not count until a newcomer gets it.
    spare: Mapped[bool] = mapped_column(default=False)
    # Band of the one category that codes may carry; counted for the whole organisation only.
    stratum: Mapped[str | None] = mapped_column(String(40))


class Spare(OrganisationOwned, Base):
    """The spare codes of one unit: how many there are, and what for they were handed out."""

    __tablename__ = "spare"
    __table_args__ = (
        CheckConstraint("dealt_new + dealt_replacing <= issued", name="no_more_than_issued"),
        {"sqlite_with_rowid": False},
    )
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    unit: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    issued: Mapped[int]
    dealt_new: Mapped[int] = mapped_column(default=0)
    dealt_replacing: Mapped[int] = mapped_column(default=0)
    # Once there are cards, no code that stands on one is sent to somebody else.
    cards_printed: Mapped[bool] = mapped_column(default=False)

    @property
    def dealt(self) -> int:
        return self.dealt_new + self.dealt_replacing

    @property
    def left(self) -> int:
        return self.issued - self.dealt


class PaperPlace(OrganisationOwned, Base):
    """The paper places of one unit: as many as slips were exchanged for a form.

    A sealed form takes a place; a form that came back empty, or not at all, leaves it blank.
    """

    __tablename__ = "paper_place"
    __table_args__ = (
        CheckConstraint("taken + blank <= places", name="no_more_than_places"),
        CheckConstraint(
            "taken >= 0 AND blank >= 0 AND waiting >= 0 AND surplus >= 0", name="no_less_than_none"
        ),
        {"sqlite_with_rowid": False},
    )
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    unit: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    places: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    blank: Mapped[int] = mapped_column(default=0)
    # Sheets that were read and are not sealed yet; more than there are places is possible.
    waiting: Mapped[int] = mapped_column(default=0)
    # Forms that found no place: reported, and never sealed.
    surplus: Mapped[int] = mapped_column(default=0)

    @property
    def left(self) -> int:
        return self.places - self.taken - self.blank

    @property
    def unread(self) -> int:
        """Places of which no form was read yet; below 0 where more sheets wait than have one."""
        return self.left - self.waiting

    @property
    def is_settled(self) -> bool:
        """Whether every place is taken or blank and no sheet waits: the box may be opened."""
        return self.left == 0 and self.waiting == 0


class TakenPage(OrganisationOwned, Base):
    """That a page of a scan was taken over; see `taken_pages`."""

    __tablename__ = "taken_page"
    __table_args__ = ({"sqlite_with_rowid": False},)
    mark: Mapped[bytes] = mapped_column(LargeBinary(TAG_BYTES), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    # The stack (`paper_batch.id`) while it can still be given up; None once it is sealed.
    stack: Mapped[UUID | None]


class CampaignCount(OrganisationOwned, Base):
    """How many answered, rounded down, once a day: all that is known while a campaign runs."""

    __tablename__ = "campaign_count"
    __table_args__ = (CheckConstraint("rounded % 5 = 0", name="rounded_to_five"),)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), primary_key=True)
    # Key of a frozen unit, or ALL; an inner unit counts everybody below it too.
    unit: Mapped[str] = mapped_column(String(36), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    rounded: Mapped[int]
