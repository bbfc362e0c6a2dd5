"""Bodies: the list, the page of one, setting it up and changing it."""

from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import actions, agreement, queries, reach, rules
from baken.actionplan.bodies.models import Body
from baken.actionplan.bodies.rules import BodyState
from baken.actionplan.errors import InvalidTransition
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_forms import BodyForm, NewBodyForm
from baken.web.pages.body_talk_views import topic_rows
from baken.web.pages.body_views import body_rows, body_view
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.meeting_views import meetings_of
from baken.web.pages.plan_forms import PlanForm
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import catalogue


def _lacks_to_start(session: Session, body: Body, *, today: date, language: str) -> str:
    """Why a body that waits cannot begin yet; empty where it can, or where it runs or ended."""
    if body.state != BodyState.PROPOSED:
        return ""
    try:
        actions.check_startable(session, body, today=today)
    except InvalidTransition as lack:
        return catalogue(language).refusal(lack)
    return ""


MANDATE_PARTS: Final = (
    Part(("owner_id", "owner_name", "set_up_by_id"), title="bodies.part_owner"),
    Part(
        ("may_decide", "limits", "means", "mandate_until"),
        title="bodies.part_mandate",
        story="bodies.mandate_story",
    ),
)


class BodyPages(Controller):
    """Who sits together, with which mandate, and what comes of it."""

    path = "/o/{organisation_id:uuid}/bodies"

    @get("/", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
    ) -> Response[str]:
        own = queries.list_own_topics(session, by=actor)
        names = dict(list_names(session))
        differences = tuple(
            (one.difference.value, one.person_id, names[one.person_id], one.role.value)
            for one in agreement.list_disagreements(session, by=actor, today=today)
        )
        rows = body_rows(session, by=actor, today=today)
        seen = {row.id: row.name for row in rows if row.state != BodyState.ENDED}
        calls = queries.list_open_calls(session, today=today)
        return page(
            request,
            "actionplan/bodies.html",
            rows=rows,
            calls=tuple(
                (one.id, seen[one.body_id], one.open_to, one.from_on, one.until_on)
                for one in calls
                if one.body_id in seen
            ),
            own_topics=topic_rows(session, own, by=actor),
            differences=differences,
        )

    @get("/new", opt={"action": Action.EDIT_BODIES}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = NewBodyForm.blank(language, {"from_on": today, "is_open": True})
        return show(request, _at(request), form.offer(session, by=actor, today=today))

    @post("/new", opt={"action": Action.EDIT_BODIES}, sync_to_thread=True)
    def set_up(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = NewBodyForm.read(form, language).offer(session, by=actor, today=today)

        def write() -> str:
            fields = sent.fields(sent.chosen(), today)
            made = actions.set_up_body(session, fields, by=actor)
            return frame_of(request).url(f"/bodies/{made.id}")

        return keep(request, session, _at(request), sent, write, said="bodies.done_set_up")

    @get("/{body_id:uuid}", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        return page(
            request,
            "actionplan/body.html",
            body=body_view(session, body, by=actor, today=today),
            lacks_to_start=_lacks_to_start(session, body, today=today, language=language),
            meetings_of_body=meetings_of(session, body, by=actor, today=today, language=language),
        )

    @get("/{body_id:uuid}/edit", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        reach.check_edits(session, body, by=actor, today=today)
        form = BodyForm.of(body, language)
        form.offer(session, by=actor, today=today, standing=body)
        gives = _gives_mandate(session, body, by=actor, today=today)
        return show(request, _at(request, body, gives_mandate=gives), form)

    @post("/{body_id:uuid}/edit", opt={"action": Action.TAKE_PART_IN_BODIES}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        body = queries.look_at_body(session, body_id, by=actor, today=today)
        gives = _gives_mandate(session, body, by=actor, today=today)
        at, kind = _at(request, body, gives_mandate=gives), body.kind
        sent = BodyForm.read(form, language)
        sent.offer(session, by=actor, today=today, standing=body)

        def write() -> str:
            fields = sent.fields(kind, today)
            if not gives:  # nothing of it was on the form
                standing = actions.fields_of(queries.get_body(session, body_id))
                fields = rules.keep_mandate(fields, standing)
            actions.edit_body(session, body_id, fields, seen=sent.seen, by=actor, today=today)
            return at.back

        def standing() -> PlanForm:
            now = queries.get_body(session, body_id)
            form = BodyForm.of(now, language)
            return form.offer(session, by=actor, today=today, standing=now)

        said = "bodies.done_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)


def _gives_mandate(session: Session, body: Body, *, by: Actor, today: date) -> bool:
    own = reach.list_own_seats(session, by=by, today=today)
    return reach.gives_mandate(body, own, by=by)


def _at(request: PageRequest, body: Body | None = None, *, gives_mandate: bool = True) -> FormAt:
    """Where the form stands; whoever leads a group does not find its mandate on it."""
    frame = frame_of(request)
    # What kind of body it is never changes: its members are heard, and read, as that kind.
    first = ("name", "purpose", "from_on", "unit_id", "is_open")
    return FormAt(
        verb="plan",
        title="bodies.edit_title" if body else "bodies.new",
        back=frame.url(f"/bodies/{body.id}" if body else "/bodies"),
        back_label=body.name if body else catalogue(frame.language)("bodies.title"),
        save="analyses.save",
        parts=(
            Part(first if body else ("kind", *first)),
            *(MANDATE_PARTS if gives_mandate else ()),
            Part(
                ("wanted",),
                title="bodies.wanted",
                story="bodies.wanted_story",
                row="bodies.wanted_n",
            ),
        ),
        story="" if gives_mandate else "bodies.mandate_elsewhere",
    )
