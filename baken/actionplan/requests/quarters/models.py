"""The table of quarterly sheets: counts of one person in one quarter, revision after revision."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, OrganisationOwned
from baken.storage.types import Json


class QuarterSheet(OrganisationOwned, Base):
    """What one person counted in one quarter; a correction is the next revision."""

    __tablename__ = "quarter_sheet"
    __table_args__ = (
        UniqueConstraint(
            "person_id", "year", "quarter", "revision", name="uq_quarter_sheet_revision"
        ),
        CheckConstraint("quarter >= 1 AND quarter <= 4", name="quarter_of_four"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    revision: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)  # key of a field to a whole number
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was corrected
    entered_on: Mapped[date]
