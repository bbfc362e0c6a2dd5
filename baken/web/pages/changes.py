"""Changes in the organisation: what they do to the work, and what looking again showed."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.analyses import change_actions as actions
from baken.actionplan.analyses.changes import (
    DAYS_TO_LOOK_AGAIN,
    Conclusion,
    Question,
)
from baken.actionplan.analyses.models import ChangeEvent
from baken.actionplan.chain import list_touched
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.change_forms import ChangeForm, ConclusionForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.plan_views import unit_names
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.unit_ends import where_it_went
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in a list."""

    id: UUID
    title: str
    unit: str
    happens_on: date
    due_on: date
    closed_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the check with its answer; empty while nobody gave one."""

    question: str
    effect: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change on its own page."""

    row: ChangeRow
    description: str
    responsible: str
    analysis_id: UUID | None
    answers: tuple[Answered, ...]
    conclusion: str
    conclusion_text: str
    has_happened: bool
    n_unanswered: int


def _row(change: ChangeEvent, names: dict[UUID, str], whole: str, today: date) -> ChangeRow:
    unit = names[change.unit_id] if change.unit_id else whole
    is_late = change.closed_on is None and change.due_on < today
    days = (change.happens_on, change.due_on, change.closed_on)
    return ChangeRow(change.id, change.title, unit, *days, is_late)


class ChangePages(Controller):
    """What changes, who looks again, and what that showed."""

    path = "/o/{organisation_id:uuid}/changes"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        names, whole = unit_names(session), catalogue(language)("findings.whole")
        rows = tuple(_row(one, names, whole, today) for one in actions.list_changes(session))
        return page(request, "actionplan/changes.html", rows=rows)

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        due = today + timedelta(days=DAYS_TO_LOOK_AGAIN)
        asked = {"risk_analysis_id": request.query_params.get("analysis", "")}
        form = ChangeForm.blank(language, {"happens_on": today, "due_on": due, **asked})
        return show(request, _at(request), form.offer(session, today=today))

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
        sent = ChangeForm.read(form, language).offer(session, today=today)

        def write() -> str:
            made = actions.note_change(session, sent.fields(today), by=actor)
            return frame_of(request).url(f"/changes/{made.id}")

        return keep(request, session, _at(request), sent, write, said="changes.done_noted")

    @get("/{change_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        change = actions.get_change(session, change_id)
        names, whole = unit_names(session), catalogue(language)("findings.whole")
        view = ChangeView(
            row=_row(change, names, whole, today),
            description=change.description,
            responsible=change.responsible,
            analysis_id=change.risk_analysis_id,
            answers=tuple(_answered(change, each) for each in Question),
            conclusion=change.conclusion or "",
            conclusion_text=change.conclusion_text,
            has_happened=change.happens_on <= today,
            n_unanswered=len([each for each in Question if each not in change.expected]),
        )
        running = list_touched(session, change, on=today)
        measures = tuple((one.id, one.title, one.status) for one in running)
        gone = where_it_went(session, change.unit_id, today=today, language=language)
        return page(request, "actionplan/change.html", change=view, measures=measures, gone=gone)

    @get("/{change_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        change = actions.get_change(session, change_id)
        form = ChangeForm.of(change, language).offer(session, today=today, kept=change.unit_id)
        return show(request, _at(request, change), form)

    @post("/{change_id:uuid}/edit", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        noted = actions.get_change(session, change_id)
        at, kept = _at(request, noted), noted.unit_id
        sent = ChangeForm.read(form, language).offer(session, today=today, kept=kept)

        def write() -> str:
            actions.edit_change(session, change_id, sent.fields(today), seen=sent.seen, by=actor)
            return at.back

        def standing() -> PlanForm:
            change = actions.get_change(session, change_id)
            return ChangeForm.of(change, language).offer(session, today=today, kept=kept)

        said = "changes.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/{change_id:uuid}/conclude", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def conclude_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        change = actions.get_change(session, change_id)
        form = ConclusionForm.of(change, language)
        return show(request, _conclusion_at(request, change), form)

    @post("/{change_id:uuid}/conclude", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def conclude(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        change_id: FromPath[UUID],
    ) -> Response[str]:
        at = _conclusion_at(request, actions.get_change(session, change_id))
        sent = ConclusionForm.read(form, language)

        def write() -> str:
            actions.conclude_change(
                session,
                change_id,
                Conclusion(sent.conclusion.data),
                sent.conclusion_text.data,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            return ConclusionForm.of(actions.get_change(session, change_id), language)

        said = "changes.done_concluded"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _answered(change: ChangeEvent, question: Question) -> Answered:
    kept = change.expected.get(question.value, {})
    return Answered(question.value, kept.get("answer", ""), kept.get("note", ""))


def _at(request: PageRequest, change: ChangeEvent | None = None) -> FormAt:
    frame = frame_of(request)
    asked = tuple(name for each in Question for name in (f"effect_{each}", f"note_{each}"))
    return FormAt(
        verb="understand",
        title="changes.edit_title" if change else "changes.new",
        back=frame.url(f"/changes/{change.id}" if change else "/changes"),
        back_label=change.title if change else catalogue(frame.language)("changes.title"),
        save="analyses.save",
        parts=(
            Part(
                (
                    "title",
                    "description",
                    "happens_on",
                    "unit_id",
                    "risk_analysis_id",
                    "responsible",
                    "due_on",
                )
            ),
            Part(asked, title="changes.check", story="changes.check_story"),
        ),
    )


def _conclusion_at(request: PageRequest, change: ChangeEvent) -> FormAt:
    return FormAt(
        verb="understand",
        title="changes.conclude",
        back=frame_of(request).url(f"/changes/{change.id}"),
        back_label=change.title,
        save="changes.conclude",
        parts=(Part(("conclusion", "conclusion_text")),),
        story="changes.conclude_story",
    )
