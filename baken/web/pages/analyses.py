"""Risk analyses: the list, the form and the page of one."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_409_CONFLICT

from baken.actionplan.analyses import actions, queries
from baken.actionplan.analyses.change_actions import list_changes
from baken.actionplan.analyses.programme import list_turns
from baken.actionplan.chain import chain_of_analysis
from baken.actionplan.errors import InvalidTransition
from baken.actionplan.talks.queries import list_talks
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.analysis_forms import AnalysisForm
from baken.web.pages.analysis_views import analysis_view
from baken.web.pages.chain_views import came_of
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.plan_views import AnalysisRow, unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.talk_views import TalkRow
from baken.web.pages.unit_ends import where_it_went

PAGE = "actionplan/analysis.html"
FORM = "actionplan/analysis_form.html"


class AnalysisPages(Controller):
    """What was looked at, with whom, and what it covered."""

    path = "/o/{organisation_id:uuid}/analyses"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        names = unit_names(session)
        rows = tuple(
            (AnalysisRow.of(row), names[row.unit_id] if row.unit_id else "")
            for row in queries.list_analyses(session)
        )
        return page(request, "actionplan/analyses.html", rows=rows)

    @get("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = AnalysisForm.blank(language, {"started_on": today})
        form.offer(session, by=actor, today=today)
        return page(request, FORM, form=form, analysis=None, meanwhile=())

    @post("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = AnalysisForm.read(form, language).offer(session, by=actor, today=today)

        def write() -> str:
            made = actions.start_analysis(session, sent.fields(), by=actor)
            return frame_of(request).url(f"/analyses/{made.id}")

        return save(
            request, session, FORM, sent, write, said="analyses.done_started", analysis=None
        )

    @get("/{analysis_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        about = _about(session, analysis_id, by=actor, today=today, language=language)
        return page(request, PAGE, **about)

    @get("/{analysis_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        analysis = queries.get_analysis(session, analysis_id)
        form = AnalysisForm.of(analysis, language)
        form.offer(session, by=actor, today=today, kept=analysis.unit_id)
        row = AnalysisRow.of(analysis)
        return page(request, FORM, form=form, analysis=row, meanwhile=())

    @post("/{analysis_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        before = queries.get_analysis(session, analysis_id)
        row, kept = AnalysisRow.of(before), before.unit_id
        sent = AnalysisForm.read(form, language)
        sent.offer(session, by=actor, today=today, kept=kept)

        def write() -> str:
            actions.edit_analysis(session, analysis_id, sent.fields(), seen=sent.seen, by=actor)
            return frame_of(request).url(f"/analyses/{analysis_id}")

        def standing() -> AnalysisForm:
            now = AnalysisForm.of(queries.get_analysis(session, analysis_id), language)
            return now.offer(session, by=actor, today=today, kept=kept)

        said = "analyses.done_edited"
        return save(request, session, FORM, sent, write, said=said, standing=standing, analysis=row)

    @post("/{analysis_id:uuid}/close", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def close(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        try:
            actions.close_analysis(session, analysis_id, seen=seen_of(form), by=actor, today=today)
        except InvalidTransition:
            session.rollback()
            about = _about(session, analysis_id, by=actor, today=today, language=language)
            if not about["analysis"].missing:
                raise
            # The page names everything that is missing; the error names the first.
            return page(request, PAGE, status=HTTP_409_CONFLICT, **about)
        see = frame_of(request).url(f"/analyses/{analysis_id}")
        return done(request, see=see, said="analyses.done_closed")


def _about(
    session: Session, analysis_id: UUID, *, by: Actor, today: date, language: str
) -> dict[str, Any]:
    """Everything that the page of an analysis shows."""
    analysis = queries.get_analysis(session, analysis_id)
    chain = chain_of_analysis(session, analysis_id, by=by, today=today)
    talks = list_talks(session, risk_analysis_id=analysis_id)
    changes = list_changes(session, risk_analysis_id=analysis_id)
    return {
        "analysis": analysis_view(session, analysis, today=today, language=language),
        "talks": tuple(TalkRow.of(talk) for talk in talks),
        "n_turns": len(list_turns(session, analysis_id)),
        "came": came_of(session, chain),
        "changes": tuple((one.id, one.title, one.happens_on) for one in changes),
        "gone": where_it_went(session, analysis.unit_id, today=today, language=language),
    }
