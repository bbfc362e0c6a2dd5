"""Causes of priorities, and the themes that bundle them."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.priorities import actions, queries
from baken.actionplan.priorities.models import Cause, Priority, Theme
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.priority_forms import CauseForm, ThemeForm
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.texts import catalogue


class CausePages(Controller):
    """Why something is so."""

    path = "/o/{organisation_id:uuid}/priorities/{priority_id:uuid}/causes"

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        at = _cause_at(request, queries.get_priority(session, priority_id))
        return show(request, at, CauseForm.blank(language))

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
        priority_id: FromPath[UUID],
    ) -> Response[str]:
        at = _cause_at(request, queries.get_priority(session, priority_id))
        sent = CauseForm.read(form, language)

        def write() -> str:
            actions.write_cause(session, priority_id, sent.fields(), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="priorities.done_cause")

    @get("/{cause_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
        cause_id: FromPath[UUID],
    ) -> Response[str]:
        cause = queries.get_cause(session, cause_id)
        at = _cause_at(request, queries.get_priority(session, priority_id), cause)
        return show(request, at, CauseForm.of(cause, language))

    @post("/{cause_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        priority_id: FromPath[UUID],
        cause_id: FromPath[UUID],
    ) -> Response[str]:
        cause = queries.get_cause(session, cause_id)
        at = _cause_at(request, queries.get_priority(session, priority_id), cause)
        sent = CauseForm.read(form, language)

        def write() -> str:
            actions.edit_cause(session, cause_id, sent.fields(), seen=sent.seen, by=actor)
            return at.back

        def standing() -> PlanForm:
            return CauseForm.of(queries.get_cause(session, cause_id), language)

        said = "priorities.done_cause"
        return keep(request, session, at, sent, write, said=said, standing=standing)


class ThemePages(Controller):
    """Words under which findings and priorities belong together."""

    path = "/o/{organisation_id:uuid}/themes"

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return show(request, _theme_at(request), ThemeForm.blank(language).offer(session))

    @post("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        at, sent = _theme_at(request), ThemeForm.read(form, language).offer(session)

        def write() -> str:
            title, story = sent.title.data or "", sent.story.data
            actions.make_theme(session, title, story, sent.chosen, by=actor)
            return at.back

        return keep(request, session, at, sent, write, said="priorities.done_theme")

    @get("/{theme_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        theme_id: FromPath[UUID],
    ) -> Response[str]:
        form = _theme_form(session, theme_id, language)
        return show(request, _theme_at(request, queries.get_theme(session, theme_id)), form)

    @post("/{theme_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        theme_id: FromPath[UUID],
    ) -> Response[str]:
        at = _theme_at(request, queries.get_theme(session, theme_id))
        sent = ThemeForm.read(form, language).offer(session)

        def write() -> str:
            title, story = sent.title.data or "", sent.story.data
            actions.edit_theme(
                session, theme_id, title, story, sent.chosen, seen=sent.seen, by=actor
            )
            return at.back

        def standing() -> PlanForm:
            return _theme_form(session, theme_id, language)

        said = "priorities.done_theme"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _theme_form(session: Session, theme_id: UUID, language: str) -> ThemeForm:
    theme = queries.get_theme(session, theme_id)
    found = queries.list_findings_of_theme(session, theme_id)
    return ThemeForm.of(theme, found, language).offer(session)


def _cause_at(request: PageRequest, priority: Priority, cause: Cause | None = None) -> FormAt:
    return FormAt(
        verb="plan",
        title="priorities.cause_edit" if cause else "priorities.cause_new",
        back=frame_of(request).url(f"/priorities/{priority.id}"),
        back_label=priority.title,
        save="analyses.save",
        parts=(
            Part(("kind", "whys", "root")),
            Part(("motivation",), title="priorities.part_exception"),
        ),
        story="priorities.cause_story",
    )


def _theme_at(request: PageRequest, theme: Theme | None = None) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="plan",
        title="priorities.theme_edit" if theme else "priorities.theme_new",
        back=frame.url("/priorities"),
        back_label=catalogue(frame.language)("priorities.title"),
        save="analyses.save",
        parts=(Part(("title", "story", "finding_ids")),),
    )
