"""Drawing up an annual report."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from baken.actionplan.annualreport import rules
from baken.actionplan.annualreport.answers import Entered
from baken.actionplan.annualreport.choosing import Shape, choose_form
from baken.actionplan.annualreport.content import freeze, read_draft
from baken.actionplan.annualreport.models import AnnualReport, ReportSignature
from baken.actionplan.annualreport.queries import find_last, get_report
from baken.actionplan.annualreport.rules import NotNow, ReportState
from baken.actionplan.annualreport.wording import Sentences
from baken.analysis.releases.canonical import sha256_of
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def start_report(
    session: Session, year: int, shape: Shape, *, by: Actor, today: date, now: datetime
) -> AnnualReport:
    """Begin the report of a year; the form follows from how the service is made."""
    require(by, Action.DRAW_UP_REPORT)
    rules.check_year(year, today=today)
    if find_last(session, year) is not None:
        raise _known(year)
    report = _new(year, 1, shape)
    # What stood in the last report is offered again, where Baken knows nothing itself.
    report.entered = _from_last_year(session, year)
    _add(session, report)
    _record(session, "started", report, by, now, form=str(report.form))
    return report


def reshape(
    session: Session, report_id: UUID, shape: Shape, *, seen: int, by: Actor, now: datetime
) -> AnnualReport:
    """Answer the questions about the service anew; the form may become another one."""
    report = _writable(session, report_id, seen, by)
    report.form = choose_form(shape).form
    report.service, report.has_sections = shape.service, shape.has_sections
    session.flush()
    _record(session, "reshaped", report, by, now, form=str(report.form))
    return report


def fill_in(
    session: Session,
    report_id: UUID,
    entered: Mapping[str, Entered | None],
    *,
    seen: int,
    by: Actor,
    now: datetime,
) -> AnnualReport:
    """Write what people filled in; None takes a field back to what Baken knows."""
    report = _writable(session, report_id, seen, by)
    after = dict(report.entered)
    for key, said in entered.items():
        after.pop(key, None)
        if said is not None:
            rules.check_words(said.value)
            rules.check_words(said.reason)
            after[key] = {"value": said.value, "reason": said.reason}
    if not rules.changes_nothing(report.entered, after):
        report.entered = after
        session.flush()
        _record(session, "filled_in", report, by, now, fields=len(entered))
    return report


def make_ready(
    session: Session,
    report_id: UUID,
    sentences: Sentences,
    *,
    seen: int,
    by: Actor,
    today: date,
    now: datetime,
) -> AnnualReport:
    """Fix the text that is going to be signed, with the words that stand around it."""
    report = _writable(session, report_id, seen, by)
    rules.check_over(report.year, today=today)
    draft = read_draft(session, report, today=today)
    rules.check_no_blocks(draft.findings)
    report.state = ReportState.READY
    report.drafted_on = report.drafted_on or today
    report.content = freeze(session, report, draft, sentences)
    report.sha256 = sha256_of(report.content)
    session.flush()
    _record(session, "ready", report, by, now, sha256=report.sha256)
    return report


def take_back(
    session: Session, report_id: UUID, *, seen: int, by: Actor, now: datetime
) -> AnnualReport:
    """Write on a report again before both have signed; a signature under the old text lapses."""
    require(by, Action.DRAW_UP_REPORT)
    report = get_report(session, report_id)
    check_version(report, seen)
    rules.check_transition(report.state, ReportState.DRAFT)
    session.execute(delete(ReportSignature).where(ReportSignature.report_id == report.id))
    report.state, report.content, report.sha256 = ReportState.DRAFT, None, ""
    session.flush()
    _record(session, "taken_back", report, by, now)
    return report


def correct(
    session: Session, report_id: UUID, reason: str, *, by: Actor, now: datetime
) -> AnnualReport:
    """Begin a new edition of a signed report; it names the one it corrects."""
    require(by, Action.DRAW_UP_REPORT)
    former = get_report(session, report_id)
    if former.state is not ReportState.SIGNED:
        raise NotNow(
            "reports.not_signed",
            "This report was not signed yet: correct it as it is.",
        )
    last = find_last(session, former.year)
    if last is None or last.id != former.id:
        raise NotNow(
            "reports.edition_open",
            "There is a newer edition of this report already. Go on with that one.",
        )
    report = _new(former.year, former.edition + 1, former.shape)
    report.entered = dict(former.entered)
    report.reason = rules.check_reason(reason)
    _add(session, report)
    _record(session, "corrected", report, by, now, edition=report.edition)
    return report


def _new(year: int, edition: int, shape: Shape) -> AnnualReport:
    return AnnualReport(
        id=uuid4(),
        year=year,
        edition=edition,
        form=choose_form(shape).form,
        service=shape.service,
        has_sections=shape.has_sections,
        state=ReportState.DRAFT,
        entered={},
    )


def _from_last_year(session: Session, year: int) -> dict[str, dict[str, Any]]:
    """What describes the service rather than the year, from the report of the year before."""
    last = find_last(session, year - 1)
    if last is None:
        return {}
    return {key: said for key, said in last.entered.items() if key in STANDING}


STANDING = frozenset(
    {
        "company_number",
        "legal_form",
        "phone",
        "director",
        "nace",
        "safety_adviser",
        "training",
        "time",
        "others",
        "others_number",
        "others_time",
        "physician",
        "service_address",
        "external_service",
        "decree_number",
        "decree_on",
        "body",
        "chair",
        "chair_function",
    }
)
"""Fields of section 1 that seldom change from one year to the next."""


def _writable(session: Session, report_id: UUID, seen: int, by: Actor) -> AnnualReport:
    require(by, Action.DRAW_UP_REPORT)
    report = get_report(session, report_id)
    rules.check_draft(report.state)
    check_version(report, seen)
    return report


def _add(session: Session, report: AnnualReport) -> None:
    session.add(report)
    try:
        session.flush()
    except IntegrityError as error:
        if "annual_report" not in str(error.orig):
            raise
        raise _known(report.year) from error


def _known(year: int) -> NotNow:
    return NotNow(
        "reports.known",
        "There is a report of {year} already. Open that one.",
        year=str(year),
    )


def _record(
    session: Session, verb: str, report: AnnualReport, by: Actor, now: datetime, **facts: Any
) -> None:
    record(
        session,
        f"annual_report.{verb}",
        by=by.person_id,
        subject=f"annual_report:{report.id}",
        facts={"year": report.year, **facts},
        at=now,
    )
