"""Writing notes and agreements of a talk, and grounding a finding on a note."""

from datetime import date
from uuid import UUID

from baken.actionplan.errors import Denied, InvalidTransition, NotFound
from baken.actionplan.findings.actions import add_evidence
from baken.actionplan.findings.factors import Factor
from baken.actionplan.findings.models import Evidence
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind
from baken.actionplan.talks import guides, note_rules, queries
from baken.actionplan.talks.models import Talk, TalkAgreement, TalkNote
from baken.actionplan.talks.note_rules import AgreementFields, NoteFields
from baken.actionplan.talks.rules import Reach, TalkState
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def add_note(session: Session, talk_id: UUID, fields: NoteFields, *, by: Actor) -> TalkNote:
    """Note something that was said, without who said it."""
    require(by, Action.RECORD_FINDING)
    talk = queries.get_talk(session, talk_id)
    note_rules.check_can_note(talk.state)
    note = TalkNote(
        talk_id=talk_id,
        factor=_checked_factor(talk, fields),
        topic=fields.topic,
        tone=fields.tone,
        way=fields.way,
        text=fields.text.strip(),
    )
    session.add(note)
    session.flush()
    # No identifier of the note: the order of the record would say when a card came in.
    _record(session, "talk.note_added", talk, by)
    return note


def edit_note(
    session: Session, note_id: UUID, fields: NoteFields, *, seen: int, by: Actor
) -> TalkNote:
    """Say it better; not a card or interview that nobody may read yet."""
    talk, note = _open_note(session, note_id, seen, by)
    note.factor = _checked_factor(talk, fields)
    note.topic, note.tone = fields.topic, fields.tone
    note.way, note.text = fields.way, fields.text.strip()
    _record(session, "talk.note_edited", talk, by)
    return note


def remove_note(session: Session, note_id: UUID, *, seen: int, by: Actor) -> None:
    """Take out a note that the group does not want to stand."""
    talk, note = _open_note(session, note_id, seen, by)
    session.delete(note)
    _record(session, "talk.note_removed", talk, by)


def add_agreement(
    session: Session, talk_id: UUID, fields: AgreementFields, *, by: Actor
) -> TalkAgreement:
    """Note who does what by when, as the group agreed."""
    require(by, Action.RECORD_FINDING)
    talk = queries.get_talk(session, talk_id)
    if talk.state in {TalkState.PLANNED, TalkState.CALLED_OFF}:
        raise InvalidTransition(
            "talks.not_held", "Note first that the talk was held, and who was there."
        )
    note_rules.check_agreement(fields, held_on=talk.held_on)
    made = TalkAgreement(
        talk_id=talk_id, who=fields.who.strip(), what=fields.what.strip(), due_on=fields.due_on
    )
    session.add(made)
    session.flush()
    _record(session, "talk.agreed", talk, by)
    return made


def keep_agreement(
    session: Session, agreement_id: UUID, *, seen: int, by: Actor, today: date
) -> TalkAgreement:
    """Note that what was agreed was done."""
    require(by, Action.RECORD_FINDING)
    agreement = queries.get_agreement(session, agreement_id)
    check_version(agreement, seen)
    if agreement.done_on is not None:
        raise InvalidTransition(
            "talks.agreement_kept", "This was done on {on} already.", on=agreement.done_on
        )
    agreement.done_on = today
    _record(session, "talk.agreement_kept", queries.get_talk(session, agreement.talk_id), by)
    return agreement


def note_evidence(session: Session, note_id: UUID) -> EvidenceFields:
    """Return a note as a ground for a finding.

    Raises
    ------
    InvalidTransition
        The group did not approve the notes, or wants them to stay with those who plan.
    """
    note = queries.get_note(session, note_id)
    talk = queries.get_talk(session, note.talk_id)
    _check_readable(talk, note)
    if talk.state != TalkState.APPROVED or talk.reach != Reach.PLANS or talk.held_on is None:
        raise InvalidTransition(
            "talks.stays_in_group",
            "Everybody who reads the plans reads a finding, and the group did not agree to that. "
            "Ask it, or find another ground.",
        )
    return EvidenceFields(
        kind=EvidenceKind.TALK,
        text=note.text,
        seen_on=talk.held_on,
        source_id=talk.id,
        facts={"tone": note.tone.value, "method": talk.method.value, "n": talk.n_present},
    )


def ground_finding(
    session: Session, finding_id: UUID, note_id: UUID, *, by: Actor, today: date
) -> Evidence:
    """Let a finding rest on a note too."""
    return add_evidence(session, finding_id, note_evidence(session, note_id), by=by, today=today)


def _open_note(session: Session, note_id: UUID, seen: int, by: Actor) -> tuple[Talk, TalkNote]:
    require(by, Action.RECORD_FINDING)
    note = queries.get_note(session, note_id)
    check_version(note, seen)
    talk = queries.get_talk(session, note.talk_id)
    check_open(talk, note)
    return talk, note


def check_open(talk: Talk, note: TalkNote) -> None:
    """Raise unless the note is of this talk, shows, and may still be changed."""
    if note.talk_id != talk.id:
        raise NotFound(
            "actionplan.not_found",
            "This does not exist, or no longer. Nothing was changed; go back and choose again.",
        )
    note_rules.check_can_note(talk.state)
    _check_readable(talk, note)


def _check_readable(talk: Talk, note: TalkNote) -> None:
    if not queries.visible(talk, [note]):
        raise Denied(
            "talks.note_hidden",
            "Cards and interviews show from {n} people on, and here were fewer.",
            n=talk.min_group,
        )


def _checked_factor(talk: Talk, fields: NoteFields) -> Factor:
    note_rules.check_note(fields, method=talk.method)
    return guides.factor_of(talk.method, fields.topic, fields.factor)


def _record(session: Session, act: str, talk: Talk, by: Actor) -> None:
    record(session, act, by=by.person_id, subject=f"talk:{talk.id}")
