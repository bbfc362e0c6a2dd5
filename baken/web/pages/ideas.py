"""Ideas: the inventory, the library to start from, and what becomes of one."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.prevention import PreventionLevel, Scope
from baken.actionplan.priorities import ideas as actions
from baken.actionplan.priorities import queries, rules
from baken.actionplan.priorities.library import LibraryIdea, get_library_idea, library
from baken.actionplan.priorities.models import Idea
from baken.actionplan.priorities.rules import IdeaState
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.people_named import People
from baken.web.pages.plan_forms import PlanForm, as_id
from baken.web.pages.priority_forms import FIVE, DecisionForm, IdeaForm
from baken.web.pages.priority_views import IdeaView
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue


class IdeaPages(Controller):
    """What could be done, and what is done already."""

    path = "/o/{organisation_id:uuid}/ideas"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        found, people = queries.list_ideas(session), People.known(session)
        rows = tuple(IdeaView.of(one, people) for one in found)
        by_state = tuple(
            (state.value, tuple(row for row in rows if row.state == state)) for state in IdeaState
        )
        titles = {one.id: one.title for one in queries.list_priorities(session)}
        warnings = tuple(queries.warnings_of(found))
        shown = {"rows": rows, "by_state": by_state}
        return page(
            request, "actionplan/ideas.html", warnings=warnings, inventory=shown, titles=titles
        )

    @get("/library", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def library_page(self, request: PageRequest, language: NamedDependency[str]) -> Response[str]:
        asked = dict(request.query_params)
        found = [one for one in library() if _fits(one, asked, language)]
        shelves = tuple(
            (level.value, tuple(one for one in found if one.level == level))
            for level in PreventionLevel
        )
        return page(
            request,
            "actionplan/idea_library.html",
            asked={name: asked.get(name, "") for name in ("a", "level", "kind", "q")},
            dimensions=tuple(each.value for each in FIVE),
            levels=tuple(each.value for each in PreventionLevel),
            shelves=shelves,
            n_found=len(found),
            n_all=len(library()),
            priority=asked.get("priority", ""),
        )

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        one = _grown_from(request.query_params)
        form = IdeaForm.grown_from(one, language) if one else IdeaForm.blank(language)
        form.priority_id.data = request.query_params.get("priority", "")
        return show(request, _at(request, one), form.offer(session))

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
        one = _grown_from(request.query_params)
        sent = IdeaForm.read(form, language).offer(session)

        def write() -> str:
            priority_id = as_id(sent.priority_id.data)
            actions.note_idea(
                session,
                sent.fields(),
                priority_id=priority_id,
                is_in_place=sent.is_in_place.data,
                library=one,
                by=actor,
                today=today,
            )
            return frame_of(request).url(_home(priority_id))

        return keep(request, session, _at(request, one), sent, write, said="ideas.done_noted")

    @get("/{idea_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        idea_id: FromPath[UUID],
    ) -> Response[str]:
        idea = queries.get_idea(session, idea_id)
        return show(request, _edit_at(request, idea), IdeaForm.of(idea, language).offer(session))

    @post("/{idea_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        idea_id: FromPath[UUID],
    ) -> Response[str]:
        at = _edit_at(request, queries.get_idea(session, idea_id))
        sent = IdeaForm.read(form, language).offer(session)

        def write() -> str:
            priority_id = as_id(sent.priority_id.data)
            actions.edit_idea(
                session,
                idea_id,
                sent.fields(),
                priority_id=priority_id,
                seen=sent.seen,
                by=actor,
            )
            return frame_of(request).url(_home(priority_id))

        def standing() -> PlanForm:
            return IdeaForm.of(queries.get_idea(session, idea_id), language).offer(session)

        said = "ideas.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{idea_id:uuid}/decide", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def decide_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        idea_id: FromPath[UUID],
    ) -> Response[str]:
        idea = queries.get_idea(session, idea_id)
        form = DecisionForm.blank(language, {"version": idea.version}).offer(_next(idea))
        return show(request, _decision_at(request, idea), form)

    @post("/{idea_id:uuid}/decide", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def decide(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        idea_id: FromPath[UUID],
    ) -> Response[str]:
        idea = queries.get_idea(session, idea_id)
        at, sent = _decision_at(request, idea), DecisionForm.read(form, language)
        # What was sent stays on offer: whether it still may be, the action says.
        sent.offer([each for each in IdeaState if each in {*_next(idea), sent.after.data}])

        def write() -> str:
            actions.decide_idea(
                session,
                idea_id,
                IdeaState(sent.after.data),
                reason=sent.reason.data,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            now = queries.get_idea(session, idea_id)
            return DecisionForm.blank(language, {"version": now.version}).offer(_next(now))

        said = "ideas.done_decided"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _fits(one: LibraryIdea, asked: Mapping[str, str], language: str) -> bool:
    """Whether an idea is what somebody looks for; an empty choice leaves everything."""
    words = asked.get("q", "").casefold().split()
    said = f"{one.title[language]} {one.text[language]}".casefold()
    kinds = {
        "quick": one.is_quick_win,
        "collective": one.scope == Scope.COLLECTIVE,
        "individual": one.scope == Scope.INDIVIDUAL,
    }
    return (
        asked.get("a", "") in {"", one.dimension.value}
        and asked.get("level", "") in {"", one.level.value}
        and kinds.get(asked.get("kind", ""), True)
        and all(word in said for word in words)
    )


def _grown_from(asked: Mapping[str, str]) -> LibraryIdea | None:
    key = asked.get("from", "")
    return get_library_idea(key) if key else None


def _next(idea: Idea) -> list[IdeaState]:
    return [each for each in IdeaState if each in rules.IDEA_TRANSITIONS[idea.state]]


def _home(priority_id: UUID | None) -> str:
    return f"/priorities/{priority_id}" if priority_id else "/ideas"


_WHAT = ("title", "story", "priority_id", "dimension", "level", "scope", "is_quick_win")


def _at(request: PageRequest, one: LibraryIdea | None) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="plan",
        title="ideas.new",
        back=frame.url("/ideas"),
        back_label=catalogue(frame.language)("ideas.title"),
        save="analyses.save",
        parts=(
            Part((*_WHAT, "is_in_place")),
            Part(("pros", "cons"), title="ideas.part_weigh"),
        ),
        story="ideas.not_a_prescription" if one else "",
    )


def _edit_at(request: PageRequest, idea: Idea) -> FormAt:
    return FormAt(
        verb="plan",
        title="ideas.edit_title",
        back=frame_of(request).url(_home(idea.priority_id)),
        back_label=idea.title,
        save="analyses.save",
        parts=(Part(_WHAT), Part(("pros", "cons"), title="ideas.part_weigh")),
    )


def _decision_at(request: PageRequest, idea: Idea) -> FormAt:
    return FormAt(
        verb="plan",
        title="ideas.decide",
        back=frame_of(request).url(_home(idea.priority_id)),
        back_label=idea.title,
        save="analyses.save",
        parts=(Part(("after", "reason")),),
    )
