"""The end of reports: where an organisation chose a term, they go when it is over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select

from baken.actionplan.annualreport.models import AnnualReport, ReportNotice, ReportSignature
from baken.organisation.removals.holds import is_held
from baken.storage.audit import record
from baken.storage.retention import delete_each
from baken.storage.session import Database, Session


def days_due(session: Session, years: int | None) -> dict[UUID, date]:
    """Return the day on which each report goes: so many years after the end of its year."""
    if years is None:
        return {}
    rows = session.execute(select(AnnualReport.id, AnnualReport.year))
    return {row.id: date(row.year + 1 + years, 1, 1) for row in rows}


def names_of(session: Session) -> dict[UUID, str]:
    """Return what people call each report: its year, and the edition from the second one on."""
    rows = session.execute(select(AnnualReport.id, AnnualReport.year, AnnualReport.edition))
    return {
        row.id: f"{row.year}/{row.edition}" if row.edition > 1 else f"{row.year}" for row in rows
    }


def delete_due(
    database: Database,
    *,
    years: int | None,
    organisation_id: UUID,
    today: date,
    now: datetime,
) -> int:
    """Delete the reports whose term is over, each in a transaction; return how many."""
    return delete_each(
        database,
        organisation_id,
        lambda session: days_due(session, years),
        lambda session, report_id: _delete(session, report_id, now),
        today=today,
    )


def _delete(session: Session, report_id: UUID, now: datetime) -> bool:
    """Delete a report; false where it is gone, or where somebody holds everything since."""
    if is_held(session):
        return False
    report = session.get(AnnualReport, report_id, with_for_update=True)
    if report is None:
        return False
    facts = {"year": report.year, "edition": report.edition, "number": report.number}
    for table in (ReportNotice, ReportSignature):
        session.execute(delete(table).where(table.report_id == report_id))
    session.delete(report)
    session.flush()
    subject = f"annual_report:{report_id}"
    record(session, "annual_report.deleted", by=None, subject=subject, facts=facts, at=now)
    return True
