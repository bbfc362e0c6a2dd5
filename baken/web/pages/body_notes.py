"""Words on how it goes: about a body, or about one of its proposals."""

from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import actions, queries, reach
from baken.actionplan.bodies.models import Body, Proposal
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_forms import NoteForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.reply import PageRequest, frame_of

PART = {"action": Action.TAKE_PART_IN_BODIES}


class BodyNotePages(Controller):
    """Notes of those who take part."""

    path = "/o/{organisation_id:uuid}/bodies"

    @get("/{body_id:uuid}/note", opt=PART, sync_to_thread=True)
    def note_page(
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
        reach.check_takes_part(session, body, by=actor, today=today)
        return show(request, _at_body(request, body), NoteForm.blank(language, {}))

    @post("/{body_id:uuid}/note", opt=PART, sync_to_thread=True)
    def note(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        body_id: FromPath[UUID],
    ) -> Response[str]:
        at = _at_body(request, queries.look_at_body(session, body_id, by=actor, today=today))
        sent = NoteForm.read(form, language)

        def write() -> str:
            actions.note_body(session, body_id, sent.text.data, by=actor, today=today, now=now)
            return at.back

        return keep(request, session, at, sent, write, said="bodies.done_noted")

    @get("/proposals/{proposal_id:uuid}/note", opt=PART, sync_to_thread=True)
    def proposal_note_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        proposal_id: FromPath[UUID],
    ) -> Response[str]:
        found = queries.look_at_proposal(session, proposal_id, by=actor, today=today)
        body = queries.get_body(session, found.body_id)
        reach.check_takes_part(session, body, by=actor, today=today)
        return show(request, _at_proposal(request, found), NoteForm.blank(language, {}))

    @post("/proposals/{proposal_id:uuid}/note", opt=PART, sync_to_thread=True)
    def note_proposal(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        proposal_id: FromPath[UUID],
    ) -> Response[str]:
        found = queries.look_at_proposal(session, proposal_id, by=actor, today=today)
        at, sent = _at_proposal(request, found), NoteForm.read(form, language)

        def write() -> str:
            actions.note_body(
                session,
                found.body_id,
                sent.text.data,
                proposal_id=found.id,
                by=actor,
                today=today,
                now=now,
            )
            return at.back

        return keep(request, session, at, sent, write, said="bodies.done_noted")


def _at_body(request: PageRequest, body: Body) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.note",
        back=frame_of(request).url(f"/bodies/{body.id}"),
        back_label=body.name,
        save="analyses.save",
        parts=(Part(("text",)),),
    )


def _at_proposal(request: PageRequest, proposal: Proposal) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.note",
        back=frame_of(request).url(f"/bodies/proposals/{proposal.id}"),
        back_label=proposal.title,
        save="analyses.save",
        parts=(Part(("text",)),),
    )
