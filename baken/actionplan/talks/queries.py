"""Reading talks, as far as the group agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from baken.actionplan.references import find
from baken.actionplan.talks import note_rules, rules
from baken.actionplan.talks.models import Talk, TalkAgreement, TalkNote
from baken.actionplan.talks.note_rules import ANONYMOUS
from baken.actionplan.talks.rules import Category
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class ReadNotes:
    """The notes of a talk that this reader sees; `n_hidden` wait for more people."""

    notes: tuple[TalkNote, ...]
    n_hidden: int
    may_read: bool
    shows_votes: bool


def get_talk(session: Session, talk_id: UUID) -> Talk:
    """Return one talk."""
    return find(session, Talk, talk_id)


def list_talks(session: Session, *, risk_analysis_id: UUID | None = None) -> list[Talk]:
    """Return all talks, or those of one analysis, the latest first."""
    asked = select(Talk).order_by(Talk.planned_on.desc(), Talk.title, Talk.id)
    if risk_analysis_id is not None:
        asked = asked.where(Talk.risk_analysis_id == risk_analysis_id)
    return list(session.scalars(asked))


def get_note(session: Session, note_id: UUID) -> TalkNote:
    """Return one note; whoever shows it has asked `read_notes` first."""
    return find(session, TalkNote, note_id)


def count_notes(session: Session, talk_id: UUID) -> int:
    """Return how many notes a talk has, hidden ones too."""
    asked = select(func.count()).select_from(TalkNote).where(TalkNote.talk_id == talk_id)
    return session.scalars(asked).one()


def list_notes(session: Session, talk_id: UUID) -> list[TalkNote]:
    """Return every note by its A; for acts on the talk, not for a screen.

    Within an A they stand in the order of their identifiers, which says nothing of when and so by
    whom a card came in.
    """
    asked = select(TalkNote).where(TalkNote.talk_id == talk_id)
    return list(session.scalars(asked.order_by(TalkNote.factor, TalkNote.tone, TalkNote.id)))


def read_notes(session: Session, talk: Talk, *, by: Actor) -> ReadNotes:
    """Return what this person may read of the notes.

    Cards and interviews show from the smallest group on, to whoever led the talk as well.
    """
    leads, plans = may(by, Action.RECORD_FINDING), may(by, Action.EDIT_PLANS)
    if not rules.may_read(talk.reach, talk.state, leads=leads, plans=plans):
        return ReadNotes((), 0, may_read=False, shows_votes=False)
    notes = list_notes(session, talk.id)
    shown = visible(talk, notes)
    votes = note_rules.shows_anonymous(talk.n_voters, talk.min_group)
    return ReadNotes(shown, len(notes) - len(shown), may_read=True, shows_votes=votes)


def visible(talk: Talk, notes: Iterable[TalkNote]) -> tuple[TalkNote, ...]:
    """The notes that do not wait for more people."""
    if note_rules.shows_anonymous(talk.n_present, talk.min_group):
        return tuple(notes)
    return tuple(note for note in notes if note.way not in ANONYMOUS)


def list_agreements(session: Session, talk_id: UUID) -> list[TalkAgreement]:
    """Return what was agreed in a talk, what is due first first."""
    asked = select(TalkAgreement).where(TalkAgreement.talk_id == talk_id)
    return list(
        session.scalars(asked.order_by(TalkAgreement.due_on, TalkAgreement.what, TalkAgreement.id))
    )


def get_agreement(session: Session, agreement_id: UUID) -> TalkAgreement:
    """Return one agreement."""
    return find(session, TalkAgreement, agreement_id)


def composition_of(talk: Talk) -> tuple[Category, ...]:
    """Which kinds of workers were there, out of how many."""
    return tuple(Category(**one) for one in talk.composition)
