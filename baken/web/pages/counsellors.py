"""Confidential counsellors: who they are, how they were appointed, what they learned."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.errors import NotFound
from baken.actionplan.requests.counsellors import actions
from baken.actionplan.requests.counsellors.queries import (
    CounsellorRow,
    lacks_role,
    list_conflicts,
    list_counsellors,
)
from baken.actionplan.requests.counsellors.rules import duty_of, is_short
from baken.actionplan.requests.law import value_of
from baken.actionplan.requests.situations.queries import count_everybody
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.counsellor_forms import AppointForm, EndForm, TrainingForm
from baken.web.pages.plan_forms import save
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.request_forms import Sheet

SEEING: Final = {"action": Action.SEE_COUNSELLORS}
KEEPING: Final = {"action": Action.KEEP_COUNSELLORS}
FORM: Final = "requests/form.html"


class CounsellorPages(Controller):
    """Whom to go to, and whether all of it is in order."""

    path = "/o/{organisation_id:uuid}/counsellors"

    @get("/", opt=SEEING, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
    ) -> Response[str]:
        rows = list_counsellors(session)
        running = [row for row in rows if row.ended_on is None]
        people = count_everybody(session, today=today) or None
        n_staff = sum(row.is_staff for row in running)
        return page(
            request,
            "requests/counsellors.html",
            running=tuple(running),
            ended=tuple(row for row in rows if row.ended_on is not None),
            duty=duty_of(people).value,
            people=people or 0,
            is_short=is_short(people, n_counsellors=len(running), n_staff=n_staff),
            today=today,
            in_conflict={row.id for row in running if list_conflicts(session, row, today=today)},
            numbers={key: value_of(key) for key in ("counsellor_from", "counsellor_staff_from")},
        )

    @get("/new", opt=KEEPING, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = AppointForm.blank(language, {"appointed_on": today}).offer(session)
        return page(request, FORM, form=form, sheet=_appointing(), meanwhile=())

    @post("/new", opt=KEEPING, sync_to_thread=True)
    def appoint(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = AppointForm.read(form, language).offer(session)

        def write() -> str:
            made = actions.appoint(session, sent.person, sent.appointment(), by=actor, today=today)
            return frame_of(request).url(f"/counsellors/{made.id}")

        said = "counsellors.done_appointed"
        return save(request, session, FORM, sent, write, said=said, sheet=_appointing())

    @get("/{counsellor_id:uuid}", opt=SEEING, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        counsellor_id: FromPath[UUID],
    ) -> Response[str]:
        row = _row(session, counsellor_id)
        numbers = {key: value_of(key) for key in ("training_hours", "training_days")}
        return page(
            request,
            "requests/counsellor.html",
            row=row,
            numbers=numbers,
            today=today,
            conflicts=_conflicts(session, row, today, language),
            lacks_role=lacks_role(session, row, today=today),
        )

    @get("/{counsellor_id:uuid}/training", opt=KEEPING, sync_to_thread=True)
    def training_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        counsellor_id: FromPath[UUID],
    ) -> Response[str]:
        form = TrainingForm.blank(language)
        sheet = _training(_row(session, counsellor_id))
        return page(request, FORM, form=form, sheet=sheet, meanwhile=())

    @post("/{counsellor_id:uuid}/training", opt=KEEPING, sync_to_thread=True)
    def add_training(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        counsellor_id: FromPath[UUID],
    ) -> Response[str]:
        sent = TrainingForm.read(form, language)
        sheet = _training(_row(session, counsellor_id))

        def write() -> str:
            given_by = str(sent.given_by.data or "")
            actions.add_training(
                session, counsellor_id, sent.learned(), given_by, by=actor, today=today
            )
            return frame_of(request).url(f"/counsellors/{counsellor_id}")

        said = "counsellors.done_trained"
        return save(request, session, FORM, sent, write, said=said, sheet=sheet)

    @get("/{counsellor_id:uuid}/end", opt=KEEPING, sync_to_thread=True)
    def end_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        counsellor_id: FromPath[UUID],
    ) -> Response[str]:
        row = _row(session, counsellor_id)
        form = EndForm.blank(language, {"ended_on": today, "version": row.version})
        return page(request, FORM, form=form, sheet=_ending(row), meanwhile=())

    @post("/{counsellor_id:uuid}/end", opt=KEEPING, sync_to_thread=True)
    def end(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        counsellor_id: FromPath[UUID],
    ) -> Response[str]:
        sent = EndForm.read(form, language)
        sheet = _ending(_row(session, counsellor_id))

        def write() -> str:
            values: Any = sent.data
            actions.end_appointment(
                session,
                counsellor_id,
                ended_on=values["ended_on"],
                reason=values["reason"],
                seen=sent.seen,
                by=actor,
                today=today,
            )
            return frame_of(request).url("/counsellors")

        said = "counsellors.done_ended"
        return save(request, session, FORM, sent, write, said=said, sheet=sheet)


def _row(session: Session, counsellor_id: UUID) -> CounsellorRow:
    for row in list_counsellors(session):
        if row.id == counsellor_id:
            return row
    raise NotFound(
        "actionplan.not_found",
        "This does not exist, or no longer. Nothing was changed; go back and choose again.",
    )


def _conflicts(
    session: Session, row: CounsellorRow, today: date, language: str
) -> tuple[tuple[str, str, str, str], ...]:
    """Roles that do not go together, or may not: role, function, where that is said, how sure."""
    return tuple(
        (one.role.value, one.function.texts[language], one.function.source, one.function.status)
        for one in list_conflicts(session, row, today=today)
    )


def _appointing() -> Sheet:
    return Sheet(
        title="counsellors.appoint",
        over="counsellors.title",
        back="/counsellors",
        post="/counsellors/new",
        button="counsellors.appoint_it",
        story="counsellors.appoint_story",
    )


def _training(row: CounsellorRow) -> Sheet:
    return Sheet(
        title="counsellors.add_training",
        over="counsellors.title",
        back=f"/counsellors/{row.id}",
        post=f"/counsellors/{row.id}/training",
        button="counsellors.save",
    )


def _ending(row: CounsellorRow) -> Sheet:
    return Sheet(
        title="counsellors.end",
        over="counsellors.title",
        back=f"/counsellors/{row.id}",
        post=f"/counsellors/{row.id}/end",
        button="counsellors.end_it",
        story="counsellors.end_story",
    )
