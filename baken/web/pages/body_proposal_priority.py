"""From an accepted proposal to a priority, with its words filled in."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import queries
from baken.actionplan.bodies.models import Proposal
from baken.actionplan.bodies.proposals import check_taken_on
from baken.actionplan.priorities.actions import propose_priority
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_talk_forms import TakeOnForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.reply import PageRequest, frame_of


class TakeOnPages(Controller):
    """What becomes of a proposal that was accepted."""

    path = "/o/{organisation_id:uuid}/bodies/proposals/{proposal_id:uuid}/priority"

    @get("/", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def form_page(
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
        check_taken_on(found.state)
        story = "\n\n".join(filter(None, (found.text, found.grounds)))
        form = TakeOnForm.blank(language, {"title": found.title, "story": story})
        return show(request, _at(request, found), form)

    @post("/", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def take_on(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        proposal_id: FromPath[UUID],
    ) -> Response[str]:
        found = queries.look_at_proposal(session, proposal_id, by=actor, today=today)
        sent = TakeOnForm.read(form, language)

        def write() -> str:
            made = propose_priority(
                session, sent.fields(), proposal_id=proposal_id, by=actor, today=today
            )
            return frame_of(request).url(f"/priorities/{made.id}")

        at = _at(request, found)
        return keep(request, session, at, sent, write, said="priorities.done_proposed")


def _at(request: PageRequest, proposal: Proposal) -> FormAt:
    return FormAt(
        verb="plan",
        title="priorities.new",
        back=frame_of(request).url(f"/bodies/proposals/{proposal.id}"),
        back_label=proposal.title,
        save="analyses.save",
        parts=(Part(("title", "kind", "story")),),
    )
