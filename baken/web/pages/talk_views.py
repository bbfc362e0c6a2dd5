"""What pages show of talks: values and words, never rows of a table."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.talks import guides, queries, rules
from baken.actionplan.talks.models import Talk, TalkNote
from baken.actionplan.talks.rules import Category
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.plan_views import unit_names
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk in a list."""

    id: UUID
    title: str
    method: str
    state: str
    planned_on: date
    held_on: date | None
    version: int

    @classmethod
    def of(cls, talk: Talk) -> "TalkRow":
        return cls(
            talk.id,
            talk.title,
            talk.method,
            talk.state,
            talk.planned_on,
            talk.held_on,
            talk.version,
        )


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note; `votes` is None while too few people voted to show dots."""

    id: UUID
    factor: str
    topic: str
    tone: str
    way: str
    text: str
    votes: int | None
    version: int


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Who does what by when."""

    id: UUID
    who: str
    what: str
    due_on: date
    done_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class TalkView:
    """A talk on its own page, as far as this reader may read it."""

    row: TalkRow
    unit: str
    purpose: str
    place: str
    leader: str
    observer: str
    manager_present: bool
    min_group: int
    safeguards: tuple[str, ...]
    missing_safeguards: tuple[str, ...]
    n_invited: int
    n_present: int
    composition: tuple[Category, ...]
    thin: tuple[Category, ...]
    n_voters: int
    read_back_on: date | None
    approved_on: date | None
    reach: str
    analysis_id: UUID | None
    may_read: bool
    n_hidden: int
    notes: tuple[NoteView, ...]
    agreements: tuple[AgreementView, ...]
    guide: guides.Guide


def talk_view(session: Session, talk: Talk, *, by: Actor, language: str) -> TalkView:
    """A talk as this reader may see it."""
    read = queries.read_notes(session, talk, by=by)
    # One of a kind of worker is somebody: only who reads the notes reads who was there.
    kinds = queries.composition_of(talk) if read.may_read else ()
    agreed = queries.list_agreements(session, talk.id) if read.may_read else []
    whole = catalogue(language)("findings.whole")
    return TalkView(
        row=TalkRow.of(talk),
        unit=unit_names(session)[talk.unit_id] if talk.unit_id else whole,
        purpose=talk.purpose,
        place=talk.place,
        leader=talk.leader,
        observer=talk.observer,
        manager_present=talk.manager_present,
        min_group=talk.min_group,
        safeguards=tuple(talk.safeguards),
        missing_safeguards=tuple(s for s in rules.Safeguard if s.value not in talk.safeguards),
        n_invited=talk.n_invited,
        n_present=talk.n_present,
        composition=kinds,
        thin=rules.under_represented(kinds),
        n_voters=talk.n_voters,
        read_back_on=talk.read_back_on,
        approved_on=talk.approved_on,
        reach=talk.reach or "",
        analysis_id=talk.risk_analysis_id,
        may_read=read.may_read,
        n_hidden=read.n_hidden,
        notes=tuple(_note(note, shows_votes=read.shows_votes) for note in read.notes),
        agreements=tuple(
            AgreementView(one.id, one.who, one.what, one.due_on, one.done_on, one.version)
            for one in agreed
        ),
        guide=guides.guides()[talk.method],
    )


def _note(note: TalkNote, *, shows_votes: bool) -> NoteView:
    votes = note.votes if shows_votes else None
    return NoteView(
        note.id, note.factor, note.topic, note.tone, note.way, note.text, votes, note.version
    )
