"""Tables of annual reports, of their signatures, and of what became known afterwards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.annualreport.rules import ReportState, Signatory
from baken.actionplan.indicators.yearly import FormType
from baken.storage.base import Base, Editable, OrganisationOwned
from baken.storage.types import Instant, Json, Name


class AnnualReport(OrganisationOwned, Editable, Base):
    """The report of one year; a correction after the signatures is the next edition.

    A database refuses to change what stands in a signed one.
    """

    __tablename__ = "annual_report"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "edition", name="uq_annual_report_edition"),
        UniqueConstraint("organisation_id", "number", name="uq_annual_report_number"),
        CheckConstraint("edition >= 1", name="edition_from_one"),
        CheckConstraint("(number IS NULL) = (state <> 'signed')", name="numbered"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    year: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    form: Mapped[FormType] = mapped_column(Name(FormType))
    service: Mapped[Sharing] = mapped_column(Name(Sharing))
    has_sections: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReportState] = mapped_column(Name(ReportState), default=ReportState.DRAFT)
    # What people wrote: field -> {"value", "reason"}; what Baken knows is read anew each time.
    entered: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json, default=dict)
    # What the edition corrects of the one before; empty for the first.
    reason: Mapped[str] = mapped_column(Text, default="")
    # The first day on which it was ready: from then on later facts go to the committee only.
    drafted_on: Mapped[date | None]
    # The whole report as it is signed, and its fingerprint.
    content: Mapped[dict[str, Any] | None] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # Signed reports of the organisation are numbered without gaps.
    number: Mapped[int | None]
    signed_on: Mapped[date | None]
    # The last line of the record of what was done, at the moment of the last signature.
    audit_head: Mapped[str] = mapped_column(String(100), default="")
    copies_on: Mapped[date | None]
    meeting_on: Mapped[date | None]

    @property
    def shape(self) -> Shape:
        return Shape(self.service, self.has_sections)


class ReportSignature(OrganisationOwned, Base):
    """One of the two signatures under one text."""

    __tablename__ = "annual_report_signature"
    __table_args__ = (UniqueConstraint("report_id", "signs_as"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("annual_report.id"))
    signs_as: Mapped[Signatory] = mapped_column(Name(Signatory))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64))


class ReportNotice(OrganisationOwned, Editable, Base):
    """Something that became known after the signatures: the committee is told, the report stays."""

    __tablename__ = "annual_report_notice"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("annual_report.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    noted_on: Mapped[date]
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    told_on: Mapped[date | None]
