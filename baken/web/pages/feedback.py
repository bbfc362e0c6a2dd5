"""You said, we did: writing a page and letting everybody read it."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.errors import Invalid
from baken.actionplan.plans.feedback import actions
from baken.actionplan.plans.feedback.cautions import list_cautions
from baken.actionplan.plans.feedback.rules import (
    Line,
    Standing,
    check_can_release,
)
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.feedback_forms import FeedbackForm, suggested_lines
from baken.web.pages.plan_forms import save, seen_of
from baken.web.pages.plan_views import unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

FORM: Final = "actionplan/feedback_form.html"
EDIT: Final = {"action": Action.EDIT_PLANS}
# What everybody may read from then on asks for a second step shown just now; taking it back is
# never held up by one.
RELEASE: Final = {"action": Action.RELEASE_FEEDBACK, "fresh": True}
WITHDRAW: Final = {"action": Action.RELEASE_FEEDBACK}


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """A page in the list."""

    id: UUID
    title: str
    unit: str
    released_on: date | None


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """A page as those who make plans see it."""

    id: UUID
    title: str
    unit: str
    language: str
    intro: str
    lines: tuple[Line, ...]
    released_on: date | None
    is_newer: bool
    address: str
    version: int


class FeedbackPages(Controller):
    """The pages of an organisation."""

    path = "/o/{organisation_id:uuid}/feedback"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        names = unit_names(session)
        rows = tuple(
            FeedbackRow(
                one.id, one.title, names[one.unit_id] if one.unit_id else "", one.released_on
            )
            for one in actions.list_feedback(session)
        )
        return page(request, "actionplan/feedback_list.html", rows=rows)

    @get("/new", opt=EDIT, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        values = {"lines": suggested_lines(session), "language_of": language}
        form = FeedbackForm.blank(language, values).offer(session, today=today)
        return page(request, FORM, form=form, page_id=None, meanwhile=())

    @post("/new", opt=EDIT, sync_to_thread=True)
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
        sent = FeedbackForm.read(form, language).offer(session, today=today)

        def write() -> str:
            offered = {row["did"] for row in suggested_lines(session)}
            made = actions.write_feedback(session, sent.fields(offered=offered), by=actor)
            return frame_of(request).url(f"/feedback/{made.id}")

        return save(request, session, FORM, sent, write, said="feedback.done_written", page_id=None)

    @get("/{page_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self, request: PageRequest, session: NamedDependency[Session], page_id: FromPath[UUID]
    ) -> Response[str]:
        view, origin = _view(session, page_id), request.app.state.settings.origin
        return page(request, "actionplan/feedback.html", feedback=view, origin=origin)

    @get("/{page_id:uuid}/edit", opt=EDIT, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        page_id: FromPath[UUID],
    ) -> Response[str]:
        row = actions.get_feedback(session, page_id)
        form = FeedbackForm.of(row, language).offer(session, today=today)
        return page(request, FORM, form=form, page_id=page_id, meanwhile=())

    @post("/{page_id:uuid}/edit", opt=EDIT, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        page_id: FromPath[UUID],
    ) -> Response[str]:
        sent = FeedbackForm.read(form, language).offer(session, today=today)

        def write() -> str:
            fields = sent.fields()
            actions.write_feedback(session, fields, page_id=page_id, seen=sent.seen, by=actor)
            return frame_of(request).url(f"/feedback/{page_id}")

        def standing() -> FeedbackForm:
            now = actions.get_feedback(session, page_id)
            return FeedbackForm.of(now, language).offer(session, today=today)

        said = "feedback.done_written"
        return save(
            request, session, FORM, sent, write, said=said, standing=standing, page_id=page_id
        )

    @get("/{page_id:uuid}/release", opt=RELEASE, sync_to_thread=True)
    def release_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        page_id: FromPath[UUID],
    ) -> Response[str]:
        check_can_release(len(actions.get_feedback(session, page_id).lines))
        return _release_page(request, session, page_id, actor, today=today)

    @post("/{page_id:uuid}/release", opt=RELEASE, sync_to_thread=True)
    def release(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        page_id: FromPath[UUID],
    ) -> Response[str]:
        confirmed = form.get("confirmed") == "yes"
        try:
            actions.release_feedback(
                session, page_id, seen=seen_of(form), confirmed=confirmed, by=actor, today=today
            )
        except Invalid as error:
            session.rollback()
            refusal = catalogue(frame_of(request).language).refusal(error)
            return _release_page(request, session, page_id, actor, today=today, refusal=refusal)
        see = frame_of(request).url(f"/feedback/{page_id}")
        return done(request, see=see, said="feedback.done_released")

    @post("/{page_id:uuid}/withdraw", opt=WITHDRAW, sync_to_thread=True)
    def withdraw(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        page_id: FromPath[UUID],
    ) -> Response[str]:
        actions.withdraw_feedback(session, page_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url(f"/feedback/{page_id}")
        return done(request, see=see, said="feedback.done_withdrawn")


def _release_page(
    request: PageRequest,
    session: Session,
    page_id: UUID,
    actor: Actor,
    *,
    today: date,
    refusal: str = "",
) -> Response[str]:
    """What becomes public, and what to look at once more before it does."""
    row = actions.get_feedback(session, page_id)
    return page(
        request,
        "actionplan/feedback_release.html",
        status=422 if refusal else 200,
        feedback=_view(session, page_id),
        cautions=list_cautions(session, row, by=actor, today=today),
        refusal=refusal,
    )


def _view(session: Session, page_id: UUID) -> FeedbackView:
    row = actions.get_feedback(session, page_id)
    return FeedbackView(
        id=row.id,
        title=row.title,
        unit=unit_names(session)[row.unit_id] if row.unit_id else "",
        language=row.language,
        intro=row.intro,
        lines=tuple(Line(one["said"], one["did"], Standing(one["standing"])) for one in row.lines),
        released_on=row.released_on,
        is_newer=actions.is_newer(session, row),
        address=actions.get_address(session, row.id),
        version=row.version,
    )
