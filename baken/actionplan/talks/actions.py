"""Planning a talk, noting what was said, reading it back to the group."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from baken.actionplan.analyses.queries import check_takes_more
from baken.actionplan.errors import Invalid
from baken.actionplan.references import check_exists
from baken.actionplan.talks import note_rules, queries, rules
from baken.actionplan.talks.models import Talk
from baken.actionplan.talks.rules import HeldFields, Reach, Safeguard, TalkFields, TalkState
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


def plan_talk(session: Session, fields: TalkFields, *, by: Actor) -> Talk:
    """Plan a talk, a row of interviews or an observation."""
    require(by, Action.RECORD_FINDING)
    talk = Talk(**_checked(session, fields))
    session.add(talk)
    session.flush()
    _record(session, "talk.planned", talk, by, method=talk.method.value)
    return talk


def edit_talk(session: Session, talk_id: UUID, fields: TalkFields, *, seen: int, by: Actor) -> Talk:
    """Change the plan of a talk that was not held yet."""
    talk = _load(session, talk_id, seen, by)
    rules.check_can_change(talk.state)
    for name, value in _checked(session, fields, before=talk.risk_analysis_id).items():
        setattr(talk, name, value)
    _record(session, "talk.edited", talk, by)
    return talk


def hold_talk(
    session: Session, talk_id: UUID, fields: HeldFields, *, seen: int, by: Actor, today: date
) -> Talk:
    """Note that the talk was held, and how many of which kind of worker were there."""
    talk = _load(session, talk_id, seen, by)
    rules.check_can_hold(talk.state, map(Safeguard, talk.safeguards), fields, today=today)
    talk.state, talk.held_on = TalkState.HELD, fields.held_on
    talk.n_invited, talk.n_present = fields.n_invited, fields.n_present
    talk.composition = [asdict(one) for one in fields.composition]
    _record(session, "talk.held", talk, by)
    return talk


def call_off_talk(session: Session, talk_id: UUID, *, seen: int, by: Actor) -> Talk:
    """Call a planned talk off."""
    return _move(session, talk_id, TalkState.CALLED_OFF, "talk.called_off", seen=seen, by=by)


def plan_again(session: Session, talk_id: UUID, *, seen: int, by: Actor) -> Talk:
    """Take up a talk that was called off."""
    return _move(session, talk_id, TalkState.PLANNED, "talk.planned_again", seen=seen, by=by)


def read_back(session: Session, talk_id: UUID, *, seen: int, by: Actor, today: date) -> Talk:
    """Note that the group heard what was written down; until it approves, nobody else reads it."""
    talk = _move(session, talk_id, TalkState.READ_BACK, "talk.read_back", seen=seen, by=by)
    talk.read_back_on = today
    return talk


def take_back(session: Session, talk_id: UUID, *, seen: int, by: Actor) -> Talk:
    """Open the notes again, because the group wants something said otherwise."""
    talk = _move(session, talk_id, TalkState.HELD, "talk.taken_back", seen=seen, by=by)
    talk.read_back_on = None
    return talk


def approve_talk(
    session: Session, talk_id: UUID, reach: Reach, *, seen: int, by: Actor, today: date
) -> Talk:
    """Note that the group approves the notes, and how far they may go."""
    talk = _move(session, talk_id, TalkState.APPROVED, "talk.approved", seen=seen, by=by)
    talk.approved_on, talk.reach = today, reach
    return talk


def count_votes(
    session: Session,
    talk_id: UUID,
    votes: Mapping[UUID, int],
    *,
    n_voters: int,
    seen: int,
    by: Actor,
) -> Talk:
    """Keep how many dots each note got; who put which is asked nowhere."""
    talk = _load(session, talk_id, seen, by)
    notes = {note.id: note for note in queries.visible(talk, queries.list_notes(session, talk_id))}
    note_rules.check_can_vote(
        talk.state, n_voters=n_voters, n_present=talk.n_present, votes=votes.values()
    )
    if not votes.keys() <= notes.keys():
        raise Invalid(
            "talks.notes_changed",
            "The notes were changed in the meantime. Count the dots on the list as it is now.",
        )
    for note_id, note in notes.items():
        note.votes = votes.get(note_id, 0)
    talk.n_voters = n_voters
    _record(session, "talk.votes_counted", talk, by)
    return talk


def _move(
    session: Session, talk_id: UUID, after: TalkState, act: str, *, seen: int, by: Actor
) -> Talk:
    talk = _load(session, talk_id, seen, by)
    rules.check_transition(talk.state, after, n_notes=queries.count_notes(session, talk_id))
    talk.state = after
    _record(session, act, talk, by)
    return talk


def _load(session: Session, talk_id: UUID, seen: int, by: Actor) -> Talk:
    require(by, Action.RECORD_FINDING)
    talk = queries.get_talk(session, talk_id)
    check_version(talk, seen)
    return talk


def _record(session: Session, act: str, talk: Talk, by: Actor, **facts: str) -> None:
    record(session, act, by=by.person_id, subject=f"talk:{talk.id}", facts=facts)


def _checked(session: Session, fields: TalkFields, *, before: UUID | None = None) -> dict[str, Any]:
    rules.check_talk(fields)
    check_exists(session, Unit, fields.unit_id)
    check_takes_more(session, fields.risk_analysis_id, before=before)
    return {
        "title": fields.title.strip(),
        "method": fields.method,
        "unit_id": fields.unit_id,
        "risk_analysis_id": fields.risk_analysis_id,
        "purpose": fields.purpose.strip(),
        "planned_on": fields.planned_on,
        "place": fields.place.strip(),
        "leader": fields.leader.strip(),
        "observer": fields.observer.strip(),
        "manager_present": fields.manager_present,
        "min_group": fields.min_group,
        "safeguards": [one.value for one in Safeguard if one in fields.safeguards],
    }
