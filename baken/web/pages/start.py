"""The start of a cycle: what the employer commits to, who hears of it, kick-off and training."""

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.actionplan.analyses import start_actions as actions
from baken.actionplan.analyses.models import StartStep
from baken.actionplan.analyses.starting import StartKind, StepFields, compare
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import WholeField, option
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, day, line, text
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue


class CommitmentForm(PlanForm):
    """A version of the commitment; `version` is the number of the one before."""

    content = text("start.content", hint="start.content_hint", rows=10, required=True)
    signed_by = line("start.signed_by", length=200)
    signed_on = day("start.signed_on")


class StepForm(PlanForm):
    """A message, a kick-off or a training."""

    kind = RadioField(
        "start.kind",
        [InputRequired()],
        choices=[option(each.value, f"start.kind_{each}") for each in StartKind],
        default=StartKind.MESSAGE,
    )
    title = line("start.name", length=200, hint="start.name_hint")
    audience = text("start.audience", hint="start.audience_hint", rows=2)
    channel = text("start.channel", hint="start.channel_hint", rows=2)
    responsible = line("start.responsible", length=200, required=False)
    due_on = day("start.due_on")
    done_on = day("start.done_on", hint="start.done_hint", required=False)
    n_reached: IntegerField = WholeField(
        "start.n_reached", [Optional(), NumberRange(0, 1_000_000)], description="start.reached_hint"
    )
    note = text("start.note", rows=2)

    @classmethod
    def of(cls, step: StartStep, language: str) -> Self:
        names = ("kind", "title", "audience", "channel", "responsible", "due_on", "done_on")
        more = ("n_reached", "note", "version")
        return cls.blank(language, {name: getattr(step, name) for name in (*names, *more)})

    def fields(self, today: date) -> StepFields:
        return StepFields(
            kind=StartKind(self.kind.data),
            title=self.title.data or "",
            audience=self.audience.data,
            channel=self.channel.data,
            responsible=self.responsible.data or "",
            due_on=self.due_on.data or today,
            done_on=self.done_on.data,
            n_reached=self.n_reached.data,
            note=self.note.data,
        )


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in a list."""

    id: UUID
    kind: str
    title: str
    audience: str
    channel: str
    responsible: str
    due_on: date
    done_on: date | None
    n_reached: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the commitment."""

    id: UUID
    number: int
    content: str
    signed_by: str
    signed_on: date


class StartPages(Controller):
    """What is done before anybody is asked anything."""

    path = "/o/{organisation_id:uuid}/start"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def start_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
    ) -> Response[str]:
        return page(
            request,
            "actionplan/start.html",
            parts=actions.stand_of_start(session),
            versions=_versions(session),
            steps=tuple(_step(step, today) for step in actions.list_steps(session)),
        )

    @get("/commitment", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def commitment_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = _commitment_form(session, language, today=today)
        return show(request, _commitment_at(request), form)

    @post("/commitment", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def sign(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        at, sent = _commitment_at(request), CommitmentForm.read(form, language)

        def write() -> str:
            actions.sign_commitment(
                session,
                sent.content.data,
                sent.signed_by.data or "",
                signed_on=sent.signed_on.data or today,
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return at.back

        def standing() -> PlanForm:
            return _commitment_form(session, language, today=today)

        said = "start.done_signed"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get("/commitment/{commitment_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def version_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        commitment_id: FromPath[UUID],
    ) -> Response[str]:
        shown = actions.get_commitment(session, commitment_id)
        versions = _versions(session)
        row = next(one for one in versions if one.id == shown.id)
        before = next((one for one in versions if one.number == row.number - 1), None)
        sentences = compare(before.content if before else row.content, row.content)
        return page(
            request,
            "actionplan/commitment.html",
            version=row,
            before=before,
            sentences=sentences,
        )

    @get("/steps/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def step_page(
        self,
        request: PageRequest,
        *,
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = request.query_params.get("kind", "")
        kind = asked if asked in set(StartKind) else StartKind.MESSAGE
        form = StepForm.blank(language, {"kind": kind, "due_on": today})
        return show(request, _step_at(request), form)

    @post("/steps/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def add_step(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        at, sent = _step_at(request), StepForm.read(form, language)

        def write() -> str:
            actions.plan_step(session, sent.fields(today), by=actor, today=today)
            return at.back

        return keep(request, session, at, sent, write, said="start.done_planned")

    @get("/steps/{step_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        step_id: FromPath[UUID],
    ) -> Response[str]:
        form = StepForm.of(actions.get_step(session, step_id), language)
        return show(request, _step_at(request, edits=True), form)

    @post("/steps/{step_id:uuid}", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def edit_step(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        step_id: FromPath[UUID],
    ) -> Response[str]:
        at, sent = _step_at(request, edits=True), StepForm.read(form, language)

        def write() -> str:
            actions.edit_step(
                session, step_id, sent.fields(today), seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            return StepForm.of(actions.get_step(session, step_id), language)

        said = "start.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _versions(session: Session) -> tuple[VersionRow, ...]:
    return tuple(
        VersionRow(one.id, one.number, one.content, one.signed_by, one.signed_on)
        for one in actions.list_commitments(session)
    )


def _step(step: StartStep, today: date) -> StepRow:
    is_late = step.done_on is None and step.due_on < today
    said = (step.id, step.kind, step.title, step.audience, step.channel, step.responsible)
    return StepRow(*said, step.due_on, step.done_on, step.n_reached, is_late)


def _commitment_form(session: Session, language: str, *, today: date) -> CommitmentForm:
    versions = actions.list_commitments(session)
    values: dict[str, object] = {"signed_on": today, "version": 0}
    if versions:
        last = versions[0]
        values |= {
            "content": last.content,
            "signed_by": last.signed_by,
            "version": last.number,
        }
    return CommitmentForm.blank(language, values)


def _commitment_at(request: PageRequest) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="explore",
        title="start.commitment_write",
        back=frame.url("/start"),
        back_label=catalogue(frame.language)("start.title"),
        save="analyses.save",
        parts=(Part(("content", "signed_by", "signed_on")),),
        story="start.commitment_story",
    )


def _step_at(request: PageRequest, *, edits: bool = False) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="explore",
        title="start.step_edit" if edits else "start.step_new",
        back=frame.url("/start"),
        back_label=catalogue(frame.language)("start.title"),
        save="analyses.save",
        parts=(
            Part(("kind", "title", "audience", "channel", "responsible", "due_on")),
            Part(("done_on", "n_reached", "note"), title="start.part_done"),
        ),
    )
