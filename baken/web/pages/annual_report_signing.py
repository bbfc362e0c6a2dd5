"""What happens to a report that is ready: two signatures, its documents, and the committee."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.annualreport import signing
from baken.actionplan.annualreport.content import freeze, read_draft
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.annualreport.queries import get_report, has_signed, list_signatures
from baken.actionplan.annualreport.rules import SIGNS_AS, ReportState, Signatory
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.annual_report import Source, paper_of, report_page
from baken.web.documents.annual_report_data import report_json, report_workbook
from baken.web.documents.annual_report_words import report_sentences
from baken.web.documents.docx import docx_of
from baken.web.documents.pdf import pdf_of
from baken.web.pages.annual_report_forms import DaysForm, NoticeForm
from baken.web.pages.annual_report_views import ReportRow, signature_views, source_of
from baken.web.pages.annual_reports import see_report
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import LANGUAGES

SIGN: Final = "actionplan/report_sign.html"
DAYS: Final = "actionplan/report_days.html"
NOTICE: Final = "actionplan/report_notice.html"
SIGNING: Final = {"action": Action.SIGN_REPORT, "fresh": True}
TYPES: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


class ReportSigningPages(Controller):
    """From ready on."""

    path = "/o/{organisation_id:uuid}/annual-reports/{report_id:uuid}"

    @get("/sign", opt=SIGNING, sync_to_thread=True)
    def sign_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        report = get_report(session, report_id)
        if report.state is not ReportState.READY or report.content is None:
            raise NotFoundException
        signed = list_signatures(session, report.id)
        mine = [place for place, role in SIGNS_AS.items() if role in actor.roles]
        has_done = has_signed(session, signed, actor)
        source = source_of(report, report.content, signed.values())
        return page(
            request,
            SIGN,
            report=ReportRow.of(report),
            paper=paper_of(source, language),
            sha256=report.sha256,
            signatures=signature_views(signed),
            places=() if has_done else tuple(str(one) for one in mine if one not in signed),
        )

    @post("/sign", opt=SIGNING, sync_to_thread=True)
    def sign(
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
        place = form.get("as")
        if place not in set(Signatory):
            raise NotFoundException
        seen = str(form.get("sha256") or "")
        report = signing.sign(
            session,
            report_id,
            Signatory(str(place)),
            seen_sha256=seen,
            by=actor,
            today=today,
            now=now,
        )
        is_done = report.state is ReportState.SIGNED
        said = "reports.done_frozen" if is_done else "reports.done_signed"
        return done(request, see=frame_of(request).url(f"/annual-reports/{report_id}"), said=said)

    @get("/days", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def days_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        report = get_report(session, report_id)
        form = _days_form(report, language)
        return page(request, DAYS, form=form, meanwhile=(), report=ReportRow.of(report))

    @post("/days", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def note_days(
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
        sent = DaysForm.read(form, language)
        row = ReportRow.of(get_report(session, report_id))

        def write() -> str:
            signing.note_days(
                session,
                report_id,
                copies_on=sent.copies_on.data,
                meeting_on=sent.meeting_on.data,
                seen=sent.seen,
                by=actor,
                now=now,
            )
            return frame_of(request).url(f"/annual-reports/{report_id}")

        def standing() -> DaysForm:
            return _days_form(get_report(session, report_id), language)

        return save(
            request,
            session,
            DAYS,
            sent,
            write,
            said="reports.done_days",
            standing=standing,
            report=row,
        )

    @get("/notices/new", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def notice_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        row = ReportRow.of(get_report(session, report_id))
        return page(request, NOTICE, form=NoticeForm.blank(language), meanwhile=(), report=row)

    @post("/notices/new", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def add_notice(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
    ) -> Response[str]:
        sent = NoticeForm.read(form, language)
        row = ReportRow.of(get_report(session, report_id))

        def write() -> str:
            words = str(sent.text.data)
            signing.add_notice(session, report_id, words, by=actor, today=today, now=now)
            return frame_of(request).url(f"/annual-reports/{report_id}")

        return save(request, session, NOTICE, sent, write, said="reports.done_notice", report=row)

    @post(
        "/notices/{notice_id:uuid}/told",
        opt={"action": Action.DRAW_UP_REPORT},
        sync_to_thread=True,
    )
    def tell(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        report_id: FromPath[UUID],
        notice_id: FromPath[UUID],
    ) -> Response[str]:
        seen = seen_of(form)
        signing.tell_committee(
            session, report_id, notice_id, seen=seen, by=actor, today=today, now=now
        )
        see = frame_of(request).url(f"/annual-reports/{report_id}")
        return done(request, see=see, said="reports.done_told")

    @get(
        "/documents/{spoken:str}/{kind:str}",
        opt={"action": Action.SEE_REPORTS},
        sync_to_thread=True,
    )
    def document(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        report_id: FromPath[UUID],
        spoken: FromPath[str],
        kind: FromPath[str],
    ) -> Response[bytes]:
        report = see_report(session, report_id, actor)
        if spoken not in LANGUAGES or kind not in TYPES:
            raise NotFoundException
        content = report.content
        if content is None and not may(actor, Action.DRAW_UP_REPORT):
            raise NotFoundException  # whoever signs reads what was laid ready
        if content is None:
            content = freeze(
                session, report, read_draft(session, report, today=today), report_sentences()
            )
        source = source_of(report, content, list_signatures(session, report.id).values())
        name = f"report-{report.year}-{report.edition}-{spoken}.{kind}"
        return Response(
            _made(source, kind, spoken, request.app.state.static_root),
            media_type=TYPES[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _made(source: Source, kind: str, language: str, static_root: str) -> bytes:
    if kind == "json":
        return report_json(source)
    if kind == "xlsx":
        return report_workbook(source, language)
    set_page = report_page(source, language=language, static_root=static_root)
    return docx_of(set_page) if kind == "docx" else pdf_of(set_page).content


def _days_form(report: AnnualReport, language: str) -> DaysForm:
    values = {
        "copies_on": report.copies_on,
        "meeting_on": report.meeting_on,
        "version": report.version,
    }
    return DaysForm.blank(language, values)
