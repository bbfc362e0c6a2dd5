"""One section of an annual report: its fields beside what Baken knows."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.annualreport import actions
from baken.actionplan.annualreport.answers import answers_of
from baken.actionplan.annualreport.content import Draft, read_draft
from baken.actionplan.annualreport.form import Field, Named, the_form
from baken.actionplan.annualreport.models import AnnualReport
from baken.actionplan.annualreport.queries import get_report
from baken.actionplan.annualreport.rules import ReportState
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.annual_report_forms import (
    WHY,
    add_spare_rows,
    entered_in,
    section_form,
    shown_values,
)
from baken.web.pages.annual_report_views import ReportRow, field_views, section_rows
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue

SECTION: Final = "actionplan/report_section.html"


class ReportSectionPages(Controller):
    """Filling in a report, a section at a time."""

    path = "/o/{organisation_id:uuid}/annual-reports/{report_id:uuid}/sections"

    @get("/{key:str}", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def section_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        report_id: FromPath[UUID],
        key: FromPath[str],
    ) -> Response[str]:
        report = get_report(session, report_id)
        if report.state is not ReportState.DRAFT:
            raise NotFoundException
        desk = _Desk(session, report, key, language, today)
        form = desk.blank_form()
        return page(request, SECTION, form=form, meanwhile=(), **desk.context(form))

    @post("/{key:str}", opt={"action": Action.DRAW_UP_REPORT}, sync_to_thread=True)
    def fill_in(
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
        key: FromPath[str],
    ) -> Response[str]:
        report = get_report(session, report_id)
        desk = _Desk(session, report, key, language, today)
        sent = desk.kind().read(form, language)
        add_spare_rows(sent, desk.asked)
        missing = desk.first_unfounded(sent)

        def write() -> str:
            found = entered_in(sent, desk.asked, desk.draft.answers)
            actions.fill_in(session, report_id, found, seen=sent.seen, by=actor, now=now)
            at = f"#{sent[missing].id}" if missing else ""
            return frame_of(request).url(f"/annual-reports/{report_id}/sections/{key}") + at

        def standing() -> Any:
            return _Desk(session, get_report(session, report_id), key, language, today).blank_form()

        return save(
            request,
            session,
            SECTION,
            sent,
            write,
            said="reports.done_filled_unfounded" if missing else "reports.done_filled",
            standing=standing,
            **desk.context(sent),
        )


class _Desk:
    """One section on the desk: its fields, their answers, the form that they make."""

    def __init__(
        self, session: Session, report: AnnualReport, key: str, language: str, today: date
    ) -> None:
        self.report, self.language = report, language
        self.section: Named = _section(key)
        self.draft: Draft = read_draft(session, report, today=today)
        self.asked: tuple[Field, ...] = tuple(
            one.field for one in self.draft.answers.values() if one.field.section == key
        )

    def kind(self) -> Any:
        return section_form(self.asked, self.report.form, self.language)

    def blank_form(self) -> Any:
        values = shown_values(self.draft.answers, self.asked)
        form = self.kind().blank(self.language, {**values, "version": self.report.version})
        add_spare_rows(form, self.asked)
        return form

    def first_unfounded(self, sent: Any) -> str:
        """The first field that says something else than what Baken knew, without saying why."""
        if not sent.validate():
            return ""
        read = entered_in(sent, self.asked, self.draft.answers)
        found = {key: one for key, one in read.items() if one}
        given = {key: one.given for key, one in self.draft.answers.items() if one.given}
        for key, answer in answers_of(self.asked, given, found).items():
            if answer.is_changed and answer.entered and not answer.entered.reason.strip():
                return WHY + key
        return ""

    def context(self, form: Any) -> dict[str, Any]:
        say = catalogue(self.language)
        keys = [row.key for row in section_rows(self.draft, say)]
        place = keys.index(self.section.key) if self.section.key in keys else 0
        number = "" if self.section.key == "annex" else f"{self.section.key}. "
        return {
            "report": ReportRow.of(self.report),
            "title": number + self.section.label[self.language],
            "views": field_views(form, self.asked, self.draft, say, kind=self.report.form),
            "key": self.section.key,
            "next_key": keys[place + 1] if place + 1 < len(keys) else "",
        }


def _section(key: str) -> Named:
    found = next((one for one in the_form().sections if one.key == key), None)
    if found is None:
        raise NotFoundException
    return found
