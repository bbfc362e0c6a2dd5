"""The sheets of the screenings, and the organisation's own wording and bands."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Json, Name
from baken.survey.screening.marks import read_group
from baken.survey.screening.rules import Period, SheetFields, SheetState


class ScreeningWording(OrganisationOwned, Base):
    """Lights and bands as an organisation words them; a change is a new row, never an edit.

    `content` is text, not a JSON column: the order of the lights counts.
    """

    __tablename__ = "screening_wording"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date]


class ScreeningSheet(OrganisationOwned, Editable, Base):
    """What a group says of the lights of a unit in a period, from figures of the organisation."""

    __tablename__ = "screening_sheet"
    __table_args__ = (
        UniqueConstraint("unit_id", "from_on", "until_on", "edition", name="uq_screening_sheet"),
        CheckConstraint("until_on >= from_on", name="until_after_from"),
        CheckConstraint("(state = 'agreed') = (agreed_on IS NOT NULL)", name="agreed_on_a_day"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    # A correction of what was agreed is a new edition; the highest one that was agreed counts.
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[SheetState] = mapped_column(Name(SheetState), default=SheetState.DRAFT)
    # Which lights and bands: those that come with Baken, or the organisation's own.
    instrument_version: Mapped[str] = mapped_column(String(40))
    wording_id: Mapped[UUID | None] = mapped_column(ForeignKey("screening_wording.id"))
    people_named: Mapped[list[dict[str, str]]] = mapped_column(Json)
    met_on: Mapped[date | None]
    marks: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)
    started_on: Mapped[date]
    # Known from the agreement on: who recorded it, and how many people the unit had.
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    people: Mapped[int | None]

    @property
    def period(self) -> Period:
        return Period(self.from_on, self.until_on)

    @property
    def fields(self) -> SheetFields:
        return SheetFields(self.from_on, self.until_on, read_group(self.people_named), self.met_on)
