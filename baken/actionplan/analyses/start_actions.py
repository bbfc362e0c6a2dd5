"""Writing versions of the commitment, and planning messages, kick-off and training."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses import starting
from baken.actionplan.analyses.models import Commitment, StartStep
from baken.actionplan.analyses.starting import Part, StepFields
from baken.actionplan.references import find
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import EditedMeanwhile, check_version
from baken.storage.session import Session


@dataclass(frozen=True, slots=True)
class PartStanding:
    """How far a part of the start is."""

    part: Part
    n_done: int
    n_open: int
    next_on: date | None

    @property
    def is_done(self) -> bool:
        return self.n_done > 0 and self.n_open == 0


def list_commitments(session: Session) -> list[Commitment]:
    """Return the versions of the commitment, the newest first."""
    return list(session.scalars(select(Commitment).order_by(Commitment.number.desc())))


def get_commitment(session: Session, commitment_id: UUID) -> Commitment:
    """Return one version."""
    return find(session, Commitment, commitment_id)


def sign_commitment(
    session: Session,
    content: str,
    signed_by: str,
    *,
    signed_on: date,
    seen: int,
    by: Actor,
    today: date,
) -> Commitment:
    """Keep a new version of what the employer commits to.

    Parameters
    ----------
    seen : int
        The number of the version the writer started from; 0 for the first.
    """
    require(by, Action.EDIT_PLANS)
    starting.check_commitment(content, signed_by, signed_on=signed_on, today=today)
    versions = list_commitments(session)
    last = versions[0] if versions else None
    if seen != (last.number if last else 0):
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        )
    starting.check_changed(last.content if last else None, content)
    made = Commitment(
        number=seen + 1,
        content=content.strip(),
        signed_by=signed_by.strip(),
        signed_on=signed_on,
        written_by=by.person_id,
    )
    session.add(made)
    session.flush()
    subject, facts = f"commitment:{made.id}", {"number": made.number}
    record(session, "commitment.signed", by=by.person_id, subject=subject, facts=facts)
    return made


def get_step(session: Session, step_id: UUID) -> StartStep:
    """Return one step of the start."""
    return find(session, StartStep, step_id)


def list_steps(session: Session) -> list[StartStep]:
    """Return messages, kick-offs and trainings by the day on which they are due."""
    return list(
        session.scalars(select(StartStep).order_by(StartStep.due_on, StartStep.title, StartStep.id))
    )


def plan_step(session: Session, fields: StepFields, *, by: Actor, today: date) -> StartStep:
    """Plan a message, a kick-off or a training."""
    require(by, Action.EDIT_PLANS)
    step = StartStep(**_checked(fields, today))
    session.add(step)
    session.flush()
    record(session, "start_step.planned", by=by.person_id, subject=f"start_step:{step.id}")
    return step


def edit_step(
    session: Session, step_id: UUID, fields: StepFields, *, seen: int, by: Actor, today: date
) -> StartStep:
    """Change a step, or note that it was done."""
    require(by, Action.EDIT_PLANS)
    step = get_step(session, step_id)
    check_version(step, seen)
    for name, value in _checked(fields, today).items():
        setattr(step, name, value)
    record(session, "start_step.edited", by=by.person_id, subject=f"start_step:{step.id}")
    return step


def stand_of_start(session: Session) -> tuple[PartStanding, ...]:
    """How far each part of the start is, in the order of the page."""
    n_versions = len(list_commitments(session))
    found = [PartStanding(Part.COMMITMENT, n_versions, 0 if n_versions else 1, None)]
    steps = list_steps(session)
    for part in (Part.MESSAGE, Part.KICK_OFF, Part.TRAINING):
        own = [step for step in steps if step.kind == part.value]
        ahead = [step.due_on for step in own if step.done_on is None]
        found.append(
            PartStanding(part, len(own) - len(ahead), len(ahead), min(ahead, default=None))
        )
    return tuple(found)


def _checked(fields: StepFields, today: date) -> dict[str, Any]:
    starting.check_step(fields, today=today)
    return {
        "kind": fields.kind,
        "title": fields.title.strip(),
        "audience": fields.audience.strip(),
        "channel": fields.channel.strip(),
        "responsible": fields.responsible.strip(),
        "due_on": fields.due_on,
        "done_on": fields.done_on,
        "n_reached": fields.n_reached,
        "note": fields.note.strip(),
    }
