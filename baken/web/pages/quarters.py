"""The quarterly table: one's own figures exactly, everybody's only where nobody stands out."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.requests.law import law
from baken.actionplan.requests.quarters import actions, queries
from baken.actionplan.requests.quarters.queries import LEAST, SheetRow
from baken.actionplan.requests.quarters.rules import (
    YEARS_BACK,
    check_quarter,
    fields_for,
    first_day,
)
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web import numerals
from baken.web.body import Form
from baken.web.pages.counsellor_forms import QuarterForm, quarter_form
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page

FORM: Final = "requests/quarter.html"
FILLING: Final = {"action": Action.FILL_QUARTERS}


@dataclass(frozen=True, slots=True)
class Revision:
    """What stood in a sheet, from a day on."""

    entered_on: date
    counts: dict[str, int]
    reason: str


class QuarterPages(Controller):
    """Counts of interventions; never a case."""

    path = "/o/{organisation_id:uuid}/counsellors/quarters"

    @get("/", opt={"action": Action.SEE_QUARTERS}, sync_to_thread=True)
    def table_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        years = range(today.year - 1, today.year - YEARS_BACK, -1)
        found = [queries.shown_counts(session, year, by=actor, today=today) for year in years]
        shown = [one for one in found if one.counts]
        return page(
            request,
            "requests/quarters.html",
            own=_own(session, actor, today=today),
            years=tuple(one.year for one in shown),
            rows_of_form=tuple(
                (one.row, one.texts[language], tuple(year.counts.get(key, "") for year in shown))
                for key, one in law().fields.items()
            ),
            least=LEAST,
        )

    @get("/{year:int}/{quarter:int}", opt=FILLING, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        year: FromPath[int],
        quarter: FromPath[int],
    ) -> Response[str]:
        check_quarter(year, quarter, today=today)
        sheet = queries.own_sheets(session, year, by=actor)[quarter - 1]
        values = {**sheet.counts, "version": sheet.revision}
        form = _form(actor, language).blank(language, values)
        context = _around(session, actor, language, year, quarter)
        return page(request, FORM, form=form, meanwhile=(), **context)

    @post("/{year:int}/{quarter:int}", opt=FILLING, sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        year: FromPath[int],
        quarter: FromPath[int],
    ) -> Response[str]:
        sent = _form(actor, language).read(form, language)
        context = _around(session, actor, language, year, quarter)

        def write() -> str:
            actions.enter_sheet(
                session,
                sent.counts(),
                year=year,
                quarter=quarter,
                seen=sent.seen,
                reason=str(sent["reason"].data or ""),
                by=actor,
                today=today,
            )
            return frame_of(request).url("/counsellors/quarters")

        said = "counsellors.done_counted"
        return save(request, session, FORM, sent, write, said=said, **context)


def _form(actor: Actor, language: str) -> type[QuarterForm]:
    return quarter_form(fields_for(actor.roles), language)


def _own(session: Session, actor: Actor, *, today: date) -> tuple[SheetRow, ...]:
    """The quarters of this year and the one before, with what this person entered."""
    if not may(actor, Action.FILL_QUARTERS):
        return ()
    return tuple(
        sheet
        for year in (today.year, today.year - 1)
        for sheet in reversed(queries.own_sheets(session, year, by=actor))
        if first_day(year, sheet.quarter) <= today
    )


def _around(
    session: Session, actor: Actor, language: str, year: int, quarter: int
) -> dict[str, Any]:
    """What stands around the form of a quarter."""
    labels = {
        one.key: f"{one.texts[language]} ({one.row.replace(' ', numerals.NO_BREAK)})"
        for one in fields_for(actor.roles)
    }
    before = _before(session, actor, year, quarter)
    return {"year": year, "quarter": quarter, "labels": labels, "before": before}


def _before(session: Session, actor: Actor, year: int, quarter: int) -> tuple[Revision, ...]:
    """The revisions that stand already: nothing is overwritten."""
    found = queries.list_revisions(session, actor.person_id, year=year, quarter=quarter)
    return tuple(Revision(one.entered_on, dict(one.counts), one.reason) for one in found)
