"""Proposals: making one, the page of one, its written answer."""

from datetime import date, datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.bodies import proposal_actions, queries, reach
from baken.actionplan.bodies.models import Body, Proposal
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.body_proposal_views import proposal_view
from baken.web.pages.body_talk_forms import AnswerForm, ProposalForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page

PART = {"action": Action.TAKE_PART_IN_BODIES}


class ProposalPages(Controller):
    """What bodies propose, and what is answered."""

    path = "/o/{organisation_id:uuid}/bodies"

    @get("/{body_id:uuid}/proposals/new", opt=PART, sync_to_thread=True)
    def new_page(
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
        form = ProposalForm.blank(language, {"proposed_on": today})
        form.offer(session, body, by=actor, today=today)
        return show(request, _at(request, body), form)

    @post("/{body_id:uuid}/proposals/new", opt=PART, sync_to_thread=True)
    def propose(
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
        sent = ProposalForm.read(form, language).offer(session, body, by=actor, today=today)

        def write() -> str:
            fields = sent.fields(today)
            made = proposal_actions.propose(session, body_id, fields, by=actor, today=today)
            return frame_of(request).url(f"/bodies/proposals/{made.id}")

        at = _at(request, body)
        return keep(request, session, at, sent, write, said="bodies.done_proposed")

    @get("/proposals/{proposal_id:uuid}", opt={"action": Action.SEE_BODIES}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        proposal_id: FromPath[UUID],
    ) -> Response[str]:
        found = queries.look_at_proposal(session, proposal_id, by=actor, today=today)
        view = proposal_view(session, found, by=actor, today=today)
        return page(request, "actionplan/proposal.html", proposal=view)

    @get("/proposals/{proposal_id:uuid}/edit", opt=PART, sync_to_thread=True)
    def edit_page(
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
        reach.check_rewrites(session, found, by=actor, today=today)
        form = ProposalForm.of(found, language).offer(session, body, by=actor, today=today)
        return show(request, _at(request, body, found), form)

    @post("/proposals/{proposal_id:uuid}/edit", opt=PART, sync_to_thread=True)
    def edit(
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
        body = queries.get_body(session, found.body_id)
        at = _at(request, body, found)
        sent = ProposalForm.read(form, language).offer(session, body, by=actor, today=today)

        def write() -> str:
            proposal_actions.edit_proposal(
                session, proposal_id, sent.fields(today), seen=sent.seen, by=actor, today=today
            )
            return at.back

        def standing() -> PlanForm:
            now = ProposalForm.of(queries.get_proposal(session, proposal_id), language)
            body = queries.get_body(session, found.body_id)
            return now.offer(session, body, by=actor, today=today)

        said = "bodies.done_proposal_edited"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @get(
        "/proposals/{proposal_id:uuid}/answer",
        opt={"action": Action.ANSWER_PROPOSALS},
        sync_to_thread=True,
    )
    def answer_page(
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
        reach.check_answers(session, found, by=actor, today=today)
        values = {"answered_on": today, "version": found.version}
        return show(request, _answer_at(request, found), AnswerForm.blank(language, values))

    @post(
        "/proposals/{proposal_id:uuid}/answer",
        opt={"action": Action.ANSWER_PROPOSALS},
        sync_to_thread=True,
    )
    def answer(
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
        at, sent = _answer_at(request, found), AnswerForm.read(form, language)

        def write() -> str:
            fields = sent.fields(today)
            proposal_actions.answer_proposal(
                session, proposal_id, fields, seen=sent.seen, by=actor, today=today, now=now
            )
            return at.back

        def standing() -> PlanForm:
            version = queries.get_proposal(session, proposal_id).version
            return AnswerForm.blank(language, {"answered_on": today, "version": version})

        said = "bodies.done_answered"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post("/proposals/{proposal_id:uuid}/withdraw", opt=PART, sync_to_thread=True)
    def withdraw(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        proposal_id: FromPath[UUID],
    ) -> Response[str]:
        found = proposal_actions.withdraw_proposal(
            session, proposal_id, seen=seen_of(form), by=actor, today=today
        )
        return done(request, see=_url(request, found), said="bodies.done_proposal_withdrawn")


def _url(request: PageRequest, proposal: Proposal) -> str:
    return frame_of(request).url(f"/bodies/proposals/{proposal.id}")


def _at(request: PageRequest, body: Body, proposal: Proposal | None = None) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.proposal_edit" if proposal else "bodies.proposal_new",
        back=_url(request, proposal) if proposal else frame_of(request).url(f"/bodies/{body.id}"),
        back_label=body.name,
        save="analyses.save" if proposal else "bodies.proposal_save",
        parts=(
            Part(("title", "text", "grounds", "means")),
            Part(("to", "proposed_on", "backing", "dissent"), title="bodies.part_from_whom"),
        ),
        story="bodies.proposal_story",
    )


def _answer_at(request: PageRequest, proposal: Proposal) -> FormAt:
    return FormAt(
        verb="plan",
        title="bodies.answer",
        back=_url(request, proposal),
        back_label=proposal.title,
        save="bodies.answer_save",
        parts=(Part(("verdict", "reasons", "answered_on")),),
        story="bodies.answer_story",
        about=proposal.text,
    )
