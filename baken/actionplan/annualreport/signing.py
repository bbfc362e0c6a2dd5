"""Signing a report: two people, one text; then it has a number and stays as it is."""

from datetime import date, datetime
from uuid import UUID, uuid4

from baken.actionplan.annualreport import rules
from baken.actionplan.annualreport.content import read_draft
from baken.actionplan.annualreport.known.accidents import OF_ACCIDENTS
from baken.actionplan.annualreport.models import AnnualReport, ReportNotice, ReportSignature
from baken.actionplan.annualreport.queries import (
    SIGNED,
    get_notice,
    get_report,
    has_signed,
    list_signatures,
    next_number,
)
from baken.actionplan.annualreport.rules import InvalidReport, NotNow, ReportState, Signatory
from baken.actionplan.indicators.accidents.models import AccidentDraft
from baken.actionplan.indicators.accidents.queries import find_draft
from baken.actionplan.wording import check_text
from baken.analysis.releases.canonical import sha256_of
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import list_entries, record
from baken.storage.base import check_version
from baken.storage.session import Session


def sign(
    session: Session,
    report_id: UUID,
    signs_as: Signatory,
    *,
    seen_sha256: str,
    by: Actor,
    today: date,
    now: datetime,
) -> AnnualReport:
    """Sign the text that was read; with the second signature the report is frozen and numbered."""
    require(by, Action.SIGN_REPORT)
    report = get_report(session, report_id)
    # One after the other: of two who sign at once, the second one closes the report.
    session.get(AnnualReport, report.id, with_for_update=True, populate_existing=True)
    if report.state is not ReportState.READY:
        raise NotNow(
            "reports.not_ready", "This report is not there to be signed: it is written on, or done."
        )
    signed = list_signatures(session, report.id)
    rules.check_signs(
        signs_as,
        by,
        signed,
        is_second_time=has_signed(session, signed, by),
        sha256=sha256_of(report.content),  # of the text itself: what stands beside it may be old
        seen=seen_sha256,
    )
    _check_accidents(session, report, today)
    session.add(
        ReportSignature(
            report_id=report.id,
            signs_as=signs_as,
            person_id=by.person_id,
            name=by.name,
            signed_at=now,
            sha256=report.sha256,
        )
    )
    facts = {"year": report.year, "as": str(signs_as), "sha256": report.sha256}
    if len(signed) + 1 == len(Signatory):
        _close(session, report, today)
        facts["number"] = str(report.number)
    session.flush()
    subject = f"annual_report:{report.id}"
    record(session, SIGNED, by=by.person_id, subject=subject, facts=facts, at=now)
    return report


def _check_accidents(session: Session, report: AnnualReport, today: date) -> None:
    """Raise `NotNow` when accidents or hours moved since the report was laid ready.

    After the signatures such a fact is a correction that the committee hears; before, it counts.
    """
    frozen = (report.content or {}).get("fields", {})
    now = read_draft(session, report, today=today).values
    if any(frozen.get(key) != now.get(key) for key in OF_ACCIDENTS):
        raise NotNow(
            "reports.accidents_moved",
            "Accidents or hours of {year} were changed since this report was laid ready. Take it "
            "back to draft and lay it ready again, so that they count.",
            year=str(report.year),
        )


def _close(session: Session, report: AnnualReport, today: date) -> None:
    """Number the report, and fix the accidents of its year: what is known later is told apart."""
    (last,) = list_entries(session, limit=1)
    report.audit_head = f"{last.seq}:{last.hash.hex()}"
    report.number = next_number(session)
    report.state, report.signed_on = ReportState.SIGNED, today
    if find_draft(session, report.year) is None:
        drafted_on = report.drafted_on or today
        session.add(AccidentDraft(year=report.year, drafted_on=drafted_on))


def note_days(
    session: Session,
    report_id: UUID,
    *,
    copies_on: date | None,
    meeting_on: date | None,
    seen: int,
    by: Actor,
    now: datetime,
) -> AnnualReport:
    """Write down when the committee got its copies, and on which meeting the report stands."""
    require(by, Action.DRAW_UP_REPORT)
    report = get_report(session, report_id)
    check_version(report, seen)
    rules.check_days(copies_on, meeting_on, drafted_on=report.drafted_on)
    report.copies_on, report.meeting_on = copies_on, meeting_on
    session.flush()
    said = {
        "copies_on": copies_on.isoformat() if copies_on else None,
        "meeting_on": meeting_on.isoformat() if meeting_on else None,
    }
    subject = f"annual_report:{report.id}"
    record(
        session, "annual_report.days_noted", by=by.person_id, subject=subject, facts=said, at=now
    )
    return report


def add_notice(
    session: Session, report_id: UUID, text: str, *, by: Actor, today: date, now: datetime
) -> ReportNotice:
    """Write down something that became known after the signatures, for the committee."""
    require(by, Action.DRAW_UP_REPORT)
    report = get_report(session, report_id)
    if report.state is not ReportState.SIGNED:
        raise NotNow(
            "reports.not_signed",
            "This report was not signed yet: correct it as it is.",
        )
    clean = check_text(text)
    if not clean:
        raise InvalidReport("reports.notice_empty", "Write what became known.")
    notice = ReportNotice(
        id=uuid4(), report_id=report.id, text=clean, noted_on=today, noted_by=by.person_id
    )
    session.add(notice)
    session.flush()
    subject = f"annual_report:{report.id}"
    record(session, "annual_report.notice_added", by=by.person_id, subject=subject, at=now)
    return notice


def tell_committee(
    session: Session,
    report_id: UUID,
    notice_id: UUID,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> ReportNotice:
    """Write down that the committee was told today of something that belongs to this report."""
    require(by, Action.DRAW_UP_REPORT)
    notice = get_notice(session, report_id, notice_id)
    check_version(notice, seen)
    notice.told_on = notice.told_on or today
    session.flush()
    subject = f"annual_report:{notice.report_id}"
    record(session, "annual_report.notice_told", by=by.person_id, subject=subject, at=now)
    return notice
