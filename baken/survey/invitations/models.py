"""Addresses of one campaign. No column holds a time, none a code.

All go when it is opened, and at the latest a month after its last day.
"""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from baken.organisation.models import Organisation
from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Name
from baken.survey.campaigns.models import Campaign
from baken.survey.codes.models import Channel


class Sending(StrEnum):
    """What became of the letters to somebody."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class Letter(StrEnum):
    """A letter that waits to be sent."""

    INVITATION = "campaign_invitation"
    REMINDER = "campaign_reminder"
    REPLACEMENT = "campaign_replacement"


class Recipient(OrganisationOwned, Base):
    """Somebody who is invited.

    The code follows from unit and slip, and from a key outside the database, which goes after the
    opening. Until then whoever has both can tell whether somebody's code was used, never what was
    answered. The database alone tells it only where people cannot be told apart: all codes that go
    by one way to one unit were used, or none.
    """

    __tablename__ = "recipient"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    campaign_id: Mapped[UUID] = mapped_column(
        ForeignKey(Campaign.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    # A mail address, or the lines of a postal one.
    address: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(36))
    language: Mapped[str] = mapped_column(String(10))
    channel: Mapped[Channel] = mapped_column(Name(Channel))
    stratum: Mapped[str | None] = mapped_column(String(40))
    # Which of the unit's slips, drawn by lot; none before the launch.
    slip: Mapped[int | None]
    due: Mapped[Letter | None] = mapped_column(Name(Letter))
    state: Mapped[Sending] = mapped_column(Name(Sending), default=Sending.WAITING)
    # Key of the sentence that says why the mail server refused, and its number.
    refusal: Mapped[str] = mapped_column(String(60), default="")
    refusal_code: Mapped[int | None]
