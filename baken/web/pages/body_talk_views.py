"""What pages show of what is said to a body: topics, proposals with their answers, notes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.bodies import queries
from baken.actionplan.bodies.models import Body, Proposal, Topic
from baken.actionplan.bodies.proposals import is_overdue
from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.bodies.standing_still import list_stalled_proposals, read_words
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic; `who` is empty where somebody stays unnamed."""

    id: UUID
    title: str
    text: str
    state: str
    who: str
    body: str
    body_id: UUID
    raised_on: date
    agenda_on: date | None
    answer: str
    answered_on: date | None
    answered_by: str
    is_own: bool
    version: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list."""

    id: UUID
    title: str
    state: str
    body: str
    to: str
    proposed_on: date
    due_on: date
    overdue: bool
    stalled_since: date | None


@dataclass(frozen=True, slots=True)
class NoteView:
    """A word on how it goes."""

    text: str
    noted_on: date
    who: str


def topic_rows(session: Session, topics: Iterable[Topic], *, by: Actor) -> tuple[TopicRow, ...]:
    """Topics that this reader reads."""
    rows = list(topics)
    names = dict(list_names(session)) if rows else {}
    bodies = {one: queries.get_body(session, one).name for one in {each.body_id for each in rows}}
    return tuple(
        TopicRow(
            id=one.id,
            title=one.title,
            text=one.text,
            state=one.state,
            who=names.get(one.raised_by, "") if one.raised_by else one.raised_name,
            body=bodies[one.body_id],
            body_id=one.body_id,
            raised_on=one.raised_on,
            agenda_on=one.agenda_on,
            answer=one.answer,
            answered_on=one.answered_on,
            answered_by=names.get(one.answered_by, "") if one.answered_by else "",
            is_own=by.person_id in {one.raised_by, one.noted_by},
            version=one.version,
        )
        for one in rows
    )


def proposal_rows(
    session: Session, found: Iterable[Proposal], *, today: date
) -> tuple[ProposalRow, ...]:
    """Proposals in a list; an empty `to` is the employer."""
    rows = list(found)
    if not rows:
        return ()
    names = {
        one: queries.get_body(session, one).name
        for one in {each for row in rows for each in (row.body_id, row.to_body_id) if each}
    }
    words, terms = read_words(session), read_terms(session)
    stalled = list_stalled_proposals(rows, words, terms, today=today)
    return tuple(
        ProposalRow(
            id=one.id,
            title=one.title,
            state=one.state,
            body=names[one.body_id],
            to=names[one.to_body_id] if one.to_body_id else "",
            proposed_on=one.proposed_on,
            due_on=one.due_on,
            overdue=is_overdue(one.state, one.due_on, today=today),
            stalled_since=stalled.get(one.id),
        )
        for one in rows
    )


def note_views(
    session: Session, body: Body, names: Mapping[UUID, str], *, proposal_id: UUID | None = None
) -> tuple[NoteView, ...]:
    """Notes of a body, or those about one of its proposals."""
    return tuple(
        NoteView(one.text, one.noted_on, names.get(one.noted_by, ""))
        for one in queries.list_notes(session, body.id)
        if proposal_id is None or one.proposal_id == proposal_id
    )
