"""You said, we did: writing a page, letting everybody read it, and the page itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath
from wtforms import Form as WTForm
from wtforms import FormField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from baken.actionplan.errors import Invalid
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans.feedback import actions
from baken.actionplan.plans.feedback.cautions import list_cautions
from baken.actionplan.plans.feedback.models import FeedbackPage
from baken.actionplan.plans.feedback.rules import (
    FeedbackFields,
    Line,
    Standing,
    check_can_release,
)
from baken.actionplan.wording import TEXT_LENGTH, TITLE_LENGTH
from baken.organisation.organisations import get_organisation
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import Rows, option
from baken.web.pages.plan_forms import (
    MAX_ROWS,
    PlanForm,
    add_spare_rows,
    as_id,
    line,
    save,
    seen_of,
    text,
)
from baken.web.pages.plan_views import unit_choices, unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.rendering import render
from baken.web.texts import LANGUAGES, NAMES, catalogue

FORM: Final = "actionplan/feedback_form.html"
EDIT: Final = {"action": Action.EDIT_PLANS}
# What everybody may read from then on asks for a second step shown just now; taking it back is
# never held up by one.
RELEASE: Final = {"action": Action.RELEASE_FEEDBACK, "fresh": True}
WITHDRAW: Final = {"action": Action.RELEASE_FEEDBACK}
_STANDING: Final[Mapping[MeasureStatus, Standing]] = {
    MeasureStatus.DONE: Standing.DONE,
    MeasureStatus.RUNNING: Standing.RUNNING,
    MeasureStatus.STOPPED: Standing.NOT_DONE,
}
_NO_NEWS: Final = {MeasureStatus.PLANNED, MeasureStatus.CARRIED}


class LineForm(WTForm):
    """What was said, what was done, and how far that is."""

    said = TextAreaField("feedback.said", [Optional(), Length(max=TEXT_LENGTH)])
    did = TextAreaField("feedback.did", [Optional(), Length(max=TEXT_LENGTH)])
    standing = SelectField(
        "feedback.standing",
        [Optional()],
        choices=[option(each.value, f"feedback.standing_{each}") for each in Standing],
        default=Standing.PLANNED.value,
    )


class FeedbackForm(PlanForm):
    """A page, line by line."""

    title = line("feedback.name", length=TITLE_LENGTH, hint="feedback.name_hint")
    language_of = SelectField("feedback.language", [InputRequired()])
    unit_id = SelectField("feedback.unit", default="")
    intro = text("feedback.intro", hint="feedback.intro_hint", rows=3)
    lines = Rows(FormField(LineForm), "feedback.lines", max_entries=MAX_ROWS)

    @classmethod
    def of(cls, row: FeedbackPage, language: str) -> Self:
        values = {
            "title": row.title,
            "language_of": row.language,
            "unit_id": str(row.unit_id or ""),
            "intro": row.intro,
            "lines": row.lines,
            "version": row.version,
        }
        return cls.blank(language, values)

    def offer(self, session: Session, *, today: date) -> Self:
        """Fill in what can be chosen, and leave room for more lines."""
        t = catalogue(self.language)
        self.language_of.choices = [option(code, NAMES[code]) for code in LANGUAGES]
        self.unit_id.choices = unit_choices(session, t("findings.whole"), today=today)
        add_spare_rows(self.lines)
        return self

    def fields(self) -> FeedbackFields:
        return FeedbackFields(
            title=self.title.data,
            language=self.language_of.data,
            unit_id=as_id(self.unit_id.data),
            intro=self.intro.data or "",
            lines=tuple(
                Line(row["said"] or "", row["did"] or "", Standing(row["standing"]))
                for row in self.lines.data
                if row["said"] or row["did"]
            ),
        )


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
        values = {"lines": _suggested(session), "language_of": language}
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
            made = actions.write_feedback(session, sent.fields(), by=actor)
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


class FeedbackDoor(Controller):
    """What everybody with the address may read: no log-in, no cookie, no figure by itself."""

    path = "/s/{name:str}/feedback"

    @get("/", opt={"public": True}, sync_to_thread=True)
    def read(self, request: PageRequest, name: FromPath[str]) -> Response[str]:
        database = request.app.state.database
        with database.read(None) as session:
            organisation_id, page_id = actions.find_owner(session, name)
        with database.read(organisation_id) as session:
            row = actions.get_feedback(session, page_id)
            released, released_on = row.released or {}, row.released_on
            place = get_organisation(session, organisation_id).name
        text_ = render(
            "actionplan/feedback_public.html",
            request.app.state.static_root,
            frame=frame_of(request),
            # The language it was written in, whatever the reader's browser asks for.
            language=released.get("language", frame_of(request).language),
            organisation=place,
            told=released,
            released_on=released_on,
        )
        return Response(text_, media_type=MediaType.HTML)


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


def _suggested(session: Session) -> list[dict[str, Any]]:
    """What was done, measure by measure; what was said is for people to write.

    A measure that nobody decided on is no news: the committee may still have to advise on it.
    """
    told = [one for one in list_measures(session) if one.status not in _NO_NEWS]
    return [
        {
            "said": "",
            "did": one.title,
            "standing": _STANDING.get(MeasureStatus(one.status), Standing.PLANNED).value,
        }
        for one in told[-20:]
    ]


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
        address=actions.get_address(session, row.id),
        version=row.version,
    )
