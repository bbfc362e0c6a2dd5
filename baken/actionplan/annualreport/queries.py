"""Reading annual reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.annualreport.law import Days, days_of, law
from baken.actionplan.annualreport.models import AnnualReport, ReportNotice, ReportSignature
from baken.actionplan.annualreport.rules import ReportState, Signatory
from baken.actionplan.errors import NotFound
from baken.actionplan.references import find
from baken.organisation.humans import is_same_human
from baken.organisation.permissions import Actor
from baken.storage.audit import AuditEntry
from baken.storage.session import Session

SIGNED: Final = "annual_report.signed"
"""The act in the record that names the number."""


@dataclass(frozen=True, slots=True)
class YearLine:
    """The newest edition of the report of a year, and how it stands."""

    report: AnnualReport
    n_editions: int


def get_report(session: Session, report_id: UUID) -> AnnualReport:
    """Return one report."""
    return find(session, AnnualReport, report_id)


def list_reports(session: Session) -> list[AnnualReport]:
    """Return every edition, the newest year and edition first."""
    asked = select(AnnualReport).order_by(AnnualReport.year.desc(), AnnualReport.edition.desc())
    return list(session.scalars(asked))


def find_last(session: Session, year: int) -> AnnualReport | None:
    """Return the newest edition of the report of a year; None without one."""
    asked = select(AnnualReport).where(AnnualReport.year == year)
    return session.scalars(asked.order_by(AnnualReport.edition.desc()).limit(1)).first()


def former_of(session: Session, report: AnnualReport) -> AnnualReport | None:
    """Return the edition that this one corrects; None for the first."""
    asked = select(AnnualReport).where(
        AnnualReport.year == report.year, AnnualReport.edition == report.edition - 1
    )
    return session.scalars(asked).first()


def later_of(
    session: Session, report: AnnualReport, *, also_open: bool = False
) -> AnnualReport | None:
    """Return the newest signed edition after this one; `also_open`: one in preparation too."""
    asked = select(AnnualReport).where(
        AnnualReport.year == report.year, AnnualReport.edition > report.edition
    )
    if not also_open:
        asked = asked.where(AnnualReport.state == ReportState.SIGNED)
    return session.scalars(asked.order_by(AnnualReport.edition.desc()).limit(1)).first()


def list_signatures(session: Session, report_id: UUID) -> Mapping[Signatory, ReportSignature]:
    """Return who signed, by place."""
    asked = select(ReportSignature).where(ReportSignature.report_id == report_id)
    found = {row.signs_as: row for row in session.scalars(asked)}
    return {place: found[place] for place in Signatory if place in found}


def has_signed(session: Session, signed: Mapping[Signatory, ReportSignature], by: Actor) -> bool:
    """Whether one of the signatures is of this human, given under whichever log-in."""
    return is_same_human(session, by.person_id, [one.person_id for one in signed.values()])


def list_notices(session: Session, report_id: UUID) -> list[ReportNotice]:
    """Return what became known after the signatures, oldest first."""
    asked = select(ReportNotice).where(ReportNotice.report_id == report_id)
    oldest = ReportNotice.noted_on, ReportNotice.text, ReportNotice.id
    return list(session.scalars(asked.order_by(*oldest)))


def get_notice(session: Session, report_id: UUID, notice_id: UUID) -> ReportNotice:
    """Return something that became known after the signatures of this very report."""
    notice = find(session, ReportNotice, notice_id)
    if notice.report_id != report_id:
        raise NotFound(
            "actionplan.not_found",
            "This does not exist, or no longer. Nothing was changed; go back and choose again.",
        )
    return notice


def next_number(session: Session) -> int:
    """Return the number of the next report that is signed.

    A report that was deleted when its term was over had a number too: the record still has it.
    """
    there = session.scalar(select(func.max(AnnualReport.number))) or 0
    signed = session.scalars(select(AuditEntry.facts).where(AuditEntry.action == SIGNED)).all()
    return max([there, *(int(facts["number"]) for facts in signed if "number" in facts)]) + 1


def days_of_report(report: AnnualReport) -> Days:
    """Return the days of a report."""
    return days_of(report.year, report.drafted_on, law(), report.meeting_on)


def has_report(session: Session, year: int) -> bool:
    """Whether the report of a year was signed."""
    asked = select(AnnualReport.id).where(
        AnnualReport.year == year, AnnualReport.state == ReportState.SIGNED
    )
    return session.scalars(asked.limit(1)).first() is not None


def is_early(report: AnnualReport, *, today: date) -> bool:
    """Whether the year of the report still runs."""
    return today.year <= report.year
