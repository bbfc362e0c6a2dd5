"""Votes on priorities: opening, voting once, closing, and what came of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.priorities import voting
from baken.actionplan.priorities.ballots import usual_dots
from baken.actionplan.priorities.models import Ballot
from baken.actionplan.priorities.queries import get_priority
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.disclosure.thresholds import FLOOR_MIN_GROUP
from baken.web.body import Form
from baken.web.pages.ballot_forms import BallotForm, VoteForm
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.people_named import body_name
from baken.web.pages.plan_forms import as_id, save, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import catalogue

VOTE = "actionplan/vote.html"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a priority got; `by` names the voters of a named vote."""

    priority_id: UUID
    title: str
    n_dots: int
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A vote in a list."""

    id: UUID
    title: str
    closes_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class BallotView:
    """A vote on its own page."""

    row: BallotRow
    is_anonymous: bool
    is_named: bool
    dots: int
    min_group: int
    roles: tuple[str, ...]
    body: str
    n_voters: int
    is_shown: bool
    tallies: tuple[Tally, ...]
    options: tuple[tuple[UUID, str], ...]
    refusal: str
    version: int


class VotePages(Controller):
    """A group weighs what comes first."""

    path = "/o/{organisation_id:uuid}/votes"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = tuple(
            (
                _row(one),
                body_name(session, one.body_id, by=actor, today=today, language=language),
                one.roles,
            )
            for one in voting.list_ballots(session)
        )
        return page(request, "actionplan/votes.html", rows=rows)

    @get("/new", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        values = {"min_group": FLOOR_MIN_GROUP, "closes_on": today}
        form = BallotForm.blank(language, {**values, "is_anonymous": True})
        form.offer(session, by=actor, today=today)
        form.dots.data = usual_dots(len(list(form.priority_ids.choices or ())))
        return show(request, _at(request), form)

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
        sent = BallotForm.read(form, language).offer(session, by=actor, today=today)

        def write() -> str:
            made = voting.open_ballot(session, sent.fields(today), by=actor, today=today)
            return frame_of(request).url(f"/votes/{made.id}")

        return keep(request, session, _at(request), sent, write, said="votes.done_opened")

    @get("/{ballot_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        ballot_id: FromPath[UUID],
    ) -> Response[str]:
        view = _view(
            session, voting.get_ballot(session, ballot_id), by=actor, today=today, language=language
        )
        form = VoteForm.blank(language).offer(view.options)
        return page(request, VOTE, ballot=view, form=form, meanwhile=())

    @post("/{ballot_id:uuid}", opt={"action": Action.VOTE_PRIORITIES}, sync_to_thread=True)
    def give(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        ballot_id: FromPath[UUID],
    ) -> Response[str]:
        view = _view(
            session, voting.get_ballot(session, ballot_id), by=actor, today=today, language=language
        )
        sent = VoteForm.read(form, language).offer(view.options)

        def write() -> str:
            chosen = [found for each in sent.chosen.data or () if (found := as_id(each))]
            voting.vote(session, ballot_id, chosen, by=actor, today=today)
            return frame_of(request).url(f"/votes/{ballot_id}")

        return save(request, session, VOTE, sent, write, said="votes.done_given", ballot=view)

    @post("/{ballot_id:uuid}/close", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def close(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        ballot_id: FromPath[UUID],
    ) -> Response[str]:
        voting.close_ballot(session, ballot_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/votes/{ballot_id}")
        return done(request, see=see, said="votes.done_closed")


def _row(ballot: Ballot) -> BallotRow:
    return BallotRow(ballot.id, ballot.title, ballot.closes_on, ballot.closed_on)


def _view(session: Session, ballot: Ballot, *, by: Actor, today: date, language: str) -> BallotView:
    options = tuple(
        (one.priority_id, get_priority(session, one.priority_id).title)
        for one in voting.list_options(session, ballot.id)
    )
    outcome = voting.outcome_of(session, ballot, by=by, today=today)
    return BallotView(
        row=_row(ballot),
        is_anonymous=ballot.is_anonymous,
        is_named=voting.reads_names(session, ballot, by=by, today=today),
        dots=ballot.dots,
        min_group=ballot.min_group,
        roles=tuple(ballot.roles),
        body=body_name(session, ballot.body_id, by=by, today=today, language=language),
        n_voters=outcome.n_voters,
        is_shown=outcome.is_shown,
        tallies=_tallies(session, options, outcome),
        options=tuple(sorted(options, key=lambda one: one[1].casefold())),
        refusal=_why_no_vote(session, ballot, by=by, today=today, language=language),
        version=ballot.version,
    )


def _tallies(
    session: Session, options: tuple[tuple[UUID, str], ...], outcome: voting.Outcome
) -> tuple[Tally, ...]:
    if not outcome.is_shown:
        return ()
    names = dict(list_names(session)) if outcome.named else {}
    found = [
        Tally(
            key,
            title,
            outcome.dots[key],
            tuple(sorted(names[voter] for voter, chosen in outcome.named.items() if key in chosen)),
        )
        for key, title in options
    ]
    return tuple(sorted(found, key=lambda one: (-one.n_dots, one.title.casefold())))


def _why_no_vote(session: Session, ballot: Ballot, *, by: Actor, today: date, language: str) -> str:
    """The sentence that would refuse a vote of this reader; empty where it would count."""
    try:
        voting.check_may_vote(session, ballot, by=by, today=today)
    except ActionPlanError as error:
        return catalogue(language).refusal(error)
    return ""


def _at(request: PageRequest) -> FormAt:
    frame = frame_of(request)
    return FormAt(
        verb="plan",
        title="votes.new",
        back=frame.url("/votes"),
        back_label=catalogue(frame.language)("votes.title"),
        save="votes.open",
        parts=(
            Part(("title", "priority_ids", "dots")),
            Part(
                ("body_id", "roles", "is_anonymous", "min_group", "closes_on"),
                title="votes.part_who",
                story="votes.who_story",
            ),
        ),
    )
