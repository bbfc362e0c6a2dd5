"""Priorities: the grid, themes, and the page of one."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.chain import chain_of_priority
from baken.actionplan.priorities import actions, queries, rules
from baken.actionplan.priorities.models import Priority
from baken.actionplan.priorities.rules import PriorityState, Smart
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.chain_views import stations_of
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.measure_origin import open_years
from baken.web.pages.plan_forms import PlanForm, as_id
from baken.web.pages.priority_forms import PriorityDecisionForm, PriorityForm
from baken.web.pages.priority_views import PriorityRow, ThemeView, corners, priority_view
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue


class PriorityPages(Controller):
    """What comes first, and why."""

    path = "/o/{organisation_id:uuid}/priorities"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        names = {theme.id: theme.title for theme in queries.list_themes(session)}
        found = queries.list_priorities(session)
        rows = tuple(
            PriorityRow.of(one, names[one.theme_id] if one.theme_id else "") for one in found
        )
        themes = tuple(
            ThemeView(
                theme.id,
                theme.title,
                theme.story,
                tuple(
                    (one.id, one.statement)
                    for one in queries.list_findings_of_theme(session, theme.id)
                ),
                tuple(
                    row for row, one in zip(rows, found, strict=True) if one.theme_id == theme.id
                ),
            )
            for theme in queries.list_themes(session)
        )
        dropped = tuple(row for row in rows if row.state == PriorityState.DROPPED)
        return page(
            request,
            "actionplan/priorities.html",
            rows=rows,
            corners=corners(rows),
            dropped=dropped,
            themes=themes,
        )

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = [one for one in (request.query_params.get("finding", ""),) if one]
        form = PriorityForm.blank(language, {"finding_ids": asked}).offer(session)
        return show(request, _at(request), form)

    @post("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
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
        sent = PriorityForm.read(form, language).offer(session)

        def write() -> str:
            made = actions.propose_priority(session, sent.fields(), by=actor, today=today)
            return frame_of(request).url(f"/priorities/{made.id}")

        return keep(request, session, _at(request), sent, write, said="priorities.done_proposed")

    @get("/{priority_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        priority = queries.get_priority(session, priority_id)
        chain = chain_of_priority(session, priority, by=actor, today=today)
        return page(
            request,
            "actionplan/priority.html",
            priority=priority_view(session, priority, by=actor, today=today, language=language),
            stations=stations_of(chain, "priority", by=actor, language=language),
            years=open_years(session, today=today),
        )

    @get("/{priority_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        priority = queries.get_priority(session, priority_id)
        return show(request, _at(request, priority), _form(session, priority_id, language))

    @post("/{priority_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at(request, queries.get_priority(session, priority_id))
        sent = PriorityForm.read(form, language).offer(session)

        def write() -> str:
            actions.edit_priority(session, priority_id, sent.fields(), seen=sent.seen, by=actor)
            return at.back

        def standing() -> PlanForm:
            return _form(session, priority_id, language)

        said = "priorities.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{priority_id:uuid}/decide", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def decide_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        priority = queries.get_priority(session, priority_id)
        form = PriorityDecisionForm.blank(language, {"version": priority.version})
        form.offer_bodies(session, by=actor, today=today).offer(_next(priority))
        return show(request, _decision_at(request, priority), form)

    @post("/{priority_id:uuid}/decide", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def decide(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        priority = queries.get_priority(session, priority_id)
        at = _decision_at(request, priority)
        sent = PriorityDecisionForm.read(form, language)
        # What was sent stays on offer: whether it still may be, the action says.
        offered = {*_next(priority), sent.after.data}
        sent.offer_bodies(session, by=actor, today=today)
        sent.offer([each for each in PriorityState if each in offered])

        def write() -> str:
            actions.decide_priority(
                session,
                priority_id,
                PriorityState(sent.after.data),
                reason=sent.reason.data,
                decided_in_id=as_id(sent.decided_in.data),
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            now = queries.get_priority(session, priority_id)
            form_now = PriorityDecisionForm.blank(language, {"version": now.version})
            return form_now.offer_bodies(session, by=actor, today=today).offer(_next(now))

        said = "priorities.done_decided"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _form(session: Session, priority_id: UUID, language: str) -> PriorityForm:
    priority = queries.get_priority(session, priority_id)
    form = PriorityForm.of(priority, actions.fields_of(session, priority), language)
    return form.offer(session)


def _next(priority: Priority) -> list[PriorityState]:
    return [each for each in PriorityState if each in rules.TRANSITIONS[priority.state]]


def _at(request: PageRequest, priority: Priority | None = None) -> FormAt:
    frame = frame_of(request)
    asked = tuple(f"smart_{each}" for each in Smart)
    return FormAt(
        verb="plan",
        title="priorities.edit_title" if priority else "priorities.new",
        back=frame.url(f"/priorities/{priority.id}" if priority else "/priorities"),
        back_label=priority.title if priority else catalogue(frame.language)("priorities.title"),
        save="analyses.save",
        parts=(
            Part(("title", "kind", "theme_id", "story", "finding_ids")),
            Part(
                ("urgency", "feasibility"),
                title="priorities.part_weigh",
                story="priorities.weigh_story",
            ),
            Part(asked, title="priorities.part_smart", story="priorities.smart_story"),
        ),
    )


def _decision_at(request: PageRequest, priority: Priority) -> FormAt:
    return FormAt(
        verb="plan",
        title="priorities.decide",
        back=frame_of(request).url(f"/priorities/{priority.id}"),
        back_label=priority.title,
        save="analyses.save",
        parts=(Part(("after", "decided_in", "reason")),),
    )
