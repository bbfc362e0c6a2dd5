"""The organisation's own versions of questionnaires."""

from uuid import UUID, uuid4

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class LibraryVersion(OrganisationOwned, Editable, Base):
    """One version of a questionnaire that belongs to one organisation.

    `content` is text, not a JSON column: the order of scales and answers counts, and PostgreSQL
    would forget it.
    """

    __tablename__ = "library_version"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "instrument_key",
            "instrument_version",
            name="uq_library_version_name",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    # Of what can be asked: without what is left out, and with complete languages only.
    fingerprint: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    # Paths of what could be asked and is not: "scales.pace".
    left_out: Mapped[list[str]] = mapped_column(Json)
    # Where it was made from; nowhere for an imported one.
    base_key: Mapped[str | None] = mapped_column(String(60))
    base_version: Mapped[str | None] = mapped_column(String(40))
    # What an import could not take, each with place and reason.
    refused: Mapped[list[dict[str, str]]] = mapped_column(Json)
    # The campaign that asked it first. Without a reference: the library knows no campaigns.
    locked_by_campaign: Mapped[UUID | None]

    @property
    def is_locked(self) -> bool:
        """Whether people were asked this: from then on it never changes."""
        return self.locked_by_campaign is not None

    @property
    def name(self) -> str:
        return f"{self.instrument_key} {self.instrument_version}"
