"""How the columns of files from elsewhere were read, kept for the next file."""

from uuid import UUID, uuid4

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json


class ColumnMapping(OrganisationOwned, Editable, Base):
    """The names that columns had in the last file with answers to an instrument; no answers."""

    __tablename__ = "column_mapping"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "instrument_key",
            "instrument_version",
            name="one_mapping_per_instrument",
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    instrument_key: Mapped[str] = mapped_column(String(60))
    instrument_version: Mapped[str] = mapped_column(String(40))
    # What `Columns.named` gives: item or question to the head of its column, and the reading rules.
    columns: Mapped[dict[str, object]] = mapped_column(Json)
