"""What waits about the annual report: drawing it up, signing it, telling the committee."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from baken.actionplan.annualreport.law import days_of, law
from baken.actionplan.annualreport.models import AnnualReport, ReportNotice
from baken.actionplan.annualreport.queries import days_of_report, list_reports, list_signatures
from baken.actionplan.annualreport.rules import SIGNS_AS, ReportState
from baken.organisation.permissions import Action, Actor, may
from baken.organisation.waiting import Waiting
from baken.storage.session import Session


def list_waiting(session: Session, *, by: Actor, today: date) -> list[Waiting]:
    """Return what waits about reports for this person: at most one thing for each report."""
    draws_up = may(by, Action.DRAW_UP_REPORT)
    if not draws_up and not may(by, Action.SIGN_REPORT):
        return []
    reports = list_reports(session)
    newest: dict[int, AnnualReport] = {}
    for report in reports:
        newest.setdefault(report.year, report)
    found = [one for report in newest.values() for one in _of(session, report, by, today)]
    if draws_up:
        found += [*_missing(newest, today), *_untold(session)]
    return found


def _missing(newest: dict[int, AnnualReport], today: date) -> Iterator[Waiting]:
    """A year that is over and has no report, while somebody keeps reports here."""
    year = today.year - 1
    if newest and year not in newest:
        ready_by = days_of(year, None, law()).ready_by
        yield Waiting(
            kind="report_missing", path="/annual-reports/new", what=str(year), due_on=ready_by
        )


def _of(session: Session, report: AnnualReport, by: Actor, today: date) -> Iterator[Waiting]:
    path, what, days = f"/annual-reports/{report.id}", str(report.year), days_of_report(report)
    if report.state is ReportState.READY:
        signed = list_signatures(session, report.id)
        mine = {place for place, role in SIGNS_AS.items() if role in by.roles} - set(signed)
        if mine and by.person_id not in {row.person_id for row in signed.values()}:
            yield Waiting(kind="report_sign", path=path, what=what, due_on=days.ready_by)
    elif not may(by, Action.DRAW_UP_REPORT) or today.year <= report.year:
        return
    elif report.state is ReportState.DRAFT:
        yield Waiting(kind="report_draft", path=path, what=what, due_on=days.ready_by)
    elif report.copies_on is None and report.edition == 1:
        yield Waiting(kind="report_copies", path=path, what=what, due_on=days.copies_by)


def _untold(session: Session) -> Iterator[Waiting]:
    """What became known after the signatures and the committee has not heard."""
    asked = (
        select(ReportNotice, AnnualReport.year)
        .join(AnnualReport, AnnualReport.id == ReportNotice.report_id)
        .where(ReportNotice.told_on.is_(None))
        .order_by(ReportNotice.noted_on, ReportNotice.id)
    )
    for notice, year in session.execute(asked):
        yield Waiting(
            kind="report_notice",
            path=f"/annual-reports/{notice.report_id}",
            what=str(year),
            since_on=notice.noted_on,
        )
