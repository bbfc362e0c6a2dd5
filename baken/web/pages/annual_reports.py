"""The annual report of the internal service: the list, the page of one, its sections."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.annualreport import actions
from baken.actionplan.annualreport.choosing import choose_form
from baken.actionplan.annualreport.content import read_draft
from baken.actionplan.annualreport.law import law
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.annualreport.queries import (
    former_of,
    get_report,
    has_signed,
    later_of,
    list_notices,
    list_reports,
    list_signatures,
)
from baken.actionplan.annualreport.rules import ReportState
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.annual_report_words import report_sentences
from baken.web.pages.annual_report_forms import (
    CorrectForm,
    NewReportForm,
    ShapeForm,
)
from baken.web.pages.annual_report_views import (
    NoticeRow,
    ReportRow,
    day_rows,
    finding_lines,
    section_rows,
    signature_views,
)
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

NEW: Final = "actionplan/report_new.html"
SHAPE: Final = "actionplan/report_shape.html"
CORRECT: Final = "actionplan/report_correct.html"


def see_report(session: Session, report_id: UUID, by: Actor) -> AnnualReport:
    """Return a report that this person may see: unsigned, only whoever draws it up or signs it."""
    report = get_report(session, report_id)
    works_on_it = may(by, Action.DRAW_UP_REPORT) or may(by, Action.SIGN_REPORT)
    if report.state is not ReportState.SIGNED and not works_on_it:
        raise NotFoundException
    return report


class AnnualReportPages(Controller):
    """Drawing up a report."""

    path = "/o/{organisation_id:uuid}/annual-reports"

    @get("/", opt={"action": Action.SEE_REPORTS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
    ) -> Response[str]:
        works_on_it = may(actor, Action.DRAW_UP_REPORT) or may(actor, Action.SIGN_REPORT)
        rows = tuple(
            ReportRow.of(one)
            for one in list_reports(session)
            if works_on_it or one.state is ReportState.SIGNED
        )
        return page(
            request,
            "actionplan/reports.html",
            rows=rows,
            kept_since=law().kept_available_since,
        )

    @get("/new", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def new_page(
        self, request: PageRequest, today: NamedDependency[date], language: NamedDependency[str]
    ) -> Response[str]:
        form = NewReportForm.blank(language, {"year": today.year - 1})
        return page(request, NEW, form=form, meanwhile=())

    @post("/new", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def start(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = NewReportForm.read(form, language)

        def write() -> str:
            report = actions.start_report(
                session, sent.year.data or 0, sent.shape(), by=actor, today=today, now=now
            )
            return frame_of(request).url(f"/annual-reports/{report.id}")

        return save(request, session, NEW, sent, write, said="reports.done_started")

    @get("/{report_id:uuid}", opt={"action": Action.SEE_REPORTS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        report, say = see_report(session, report_id, actor), catalogue(language)
        former = former_of(session, report)
        draws_up = may(actor, Action.DRAW_UP_REPORT)
        later = later_of(session, report, also_open=draws_up)
        signed = list_signatures(session, report.id)
        draft = None
        if report.state is ReportState.DRAFT and draws_up:
            draft = read_draft(session, report, today=today)
        return page(
            request,
            "actionplan/report.html",
            report=ReportRow.of(report),
            former=ReportRow.of(former) if former else None,
            later=ReportRow.of(later) if later else None,
            reason=choose_form(report.shape).reason,
            days=day_rows(report, say, today=today),
            sections=section_rows(draft, say) if draft else (),
            findings=finding_lines(draft, say) if draft else (),
            signatures=signature_views(signed),
            has_signed=has_signed(session, signed, actor),
            is_early=today.year <= report.year,
            notices=tuple(NoticeRow.of(one) for one in list_notices(session, report.id)),
            sha256=report.sha256,
            kept_since=law().kept_available_since,
        )

    @get("/{report_id:uuid}/shape", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def shape_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        report = get_report(session, report_id)
        values = {
            "service": report.service,
            "has_sections": report.has_sections,
            "version": report.version,
        }
        form = ShapeForm.blank(language, values)
        return page(request, SHAPE, form=form, meanwhile=(), report=ReportRow.of(report))

    @post("/{report_id:uuid}/shape", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def reshape(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ShapeForm.read(form, language)
        row = ReportRow.of(get_report(session, report_id))

        def write() -> str:
            actions.reshape(session, report_id, sent.shape(), seen=sent.seen, by=actor, now=now)
            return frame_of(request).url(f"/annual-reports/{report_id}")

        return save(request, session, SHAPE, sent, write, said="reports.done_reshaped", report=row)

    @post("/{report_id:uuid}/ready", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def make_ready(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        seen = seen_of(form)
        actions.make_ready(
            session, report_id, report_sentences(), seen=seen, by=actor, today=today, now=now
        )
        see = frame_of(request).url(f"/annual-reports/{report_id}")
        return done(request, see=see, said="reports.done_ready")

    @post("/{report_id:uuid}/draft", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def take_back(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        actions.take_back(session, report_id, seen=seen_of(form), by=actor, now=now)
        see = frame_of(request).url(f"/annual-reports/{report_id}")
        return done(request, see=see, said="reports.done_taken_back")

    @get("/{report_id:uuid}/correct", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def correct_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        row = ReportRow.of(get_report(session, report_id))
        return page(request, CORRECT, form=CorrectForm.blank(language), meanwhile=(), report=row)

    @post("/{report_id:uuid}/correct", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def correct(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        sent = CorrectForm.read(form, language)
        row = ReportRow.of(get_report(session, report_id))

        def write() -> str:
            reason = str(sent.reason.data)
            report = actions.correct(session, report_id, reason, by=actor, now=now)
            return frame_of(request).url(f"/annual-reports/{report.id}")

        return save(
            request, session, CORRECT, sent, write, said="reports.done_corrected", report=row
        )
