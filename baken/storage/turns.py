"""Who does which job: a turn is a lease that its holder renews and that runs out by itself.

A worker that dies loses its turn after `LEASE`; another takes the job over. Clocks may differ or
jump: a turn that was taken too early only means that two workers hold the same job for a moment,
and `hold` lets one of them write - in the same transaction as what it writes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, CursorResult, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from baken.storage.jobs import KEPT_DAYS, Job, JobRow, JobState
from baken.storage.session import Database, Session

LEASE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(hours=1)


class TurnLost(Exception):
    """Another worker has taken the job over: whatever this one was doing is rolled back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to work at a job for a while."""

    job: JobRow
    holder: UUID


def take_turn(
    database: Database, *, now: datetime, names: Collection[str] | None = None
) -> Turn | None:
    """Take the job that has waited longest; None when nothing is due.

    `names` limits the choice to some kinds.
    """
    asked = select(Job.id).where(_is_due(now)).order_by(Job.asked_at, Job.id).limit(1)
    if names is not None:
        asked = asked.where(Job.name.in_(names))
    with database.read(None) as session:  # looking costs nobody the turn to write
        if session.scalar(asked) is None:
            return None
    with database.session(None) as session:
        job_id = session.scalar(asked.with_for_update(skip_locked=True))
        if job_id is None:
            return None
        job = session.get_one(Job, job_id)
        job.state = JobState.RUNNING
        job.holder = uuid4()
        job.lease_until = now + LEASE
        job.attempts += 1
        return Turn(JobRow.of(job), job.holder)


def hold(session: Session, turn: Turn, *, now: datetime, **values: Any) -> None:
    """Renew the turn in the transaction of the session; raise `TurnLost` when it is gone."""
    _change(session, turn, lease_until=now + LEASE, **values)


def end(session: Session, turn: Turn, *, today: date, **values: Any) -> None:
    """The job is done."""
    _change(
        session, turn, state=JobState.DONE, ended_on=today, fault="", fault_box=None,
        holder=None, lease_until=None, **values,
    )  # fmt: skip


def fail(session: Session, turn: Turn, *, today: date, fault: str, fault_box: bytes | None) -> None:
    """The job is given up until a person has looked at it."""
    _change(
        session, turn, state=JobState.FAILED, ended_on=today, fault=fault, fault_box=fault_box,
        holder=None, lease_until=None,
    )  # fmt: skip


def put_back(session: Session, turn: Turn, *, not_before: datetime | None, **values: Any) -> None:
    """Somebody does the rest, at once or later."""
    _change(
        session, turn, state=JobState.WAITING, not_before=not_before,
        holder=None, lease_until=None, **values,
    )  # fmt: skip


def try_again(job: Job) -> None:
    """A person has mended the cause: the job starts with all its attempts, where it stopped."""
    job.state = JobState.WAITING
    job.attempts = 0
    job.not_before = None
    job.ended_on = None
    job.fault = ""
    job.fault_box = None


def ask_once(session: Session, name: str, occasion: str, *, now: datetime, **values: Any) -> bool:
    """Ask for a job that may exist once only; whether it was this process that asked."""
    if session.scalar(select(Job.id).where(Job.occasion == occasion)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Job(name=name, occasion=occasion, asked_at=now, **values))
    except IntegrityError:  # another process was a moment earlier
        return False
    return True


def forget_done(session: Session, *, today: date) -> None:
    """Delete the jobs that were done more than thirty days ago.

    What failed stays until a person has seen to it, except what a calendar asked for: the next
    round does the same.
    """
    is_old = and_(Job.state == JobState.DONE, Job.ended_on < today - timedelta(days=KEPT_DAYS))
    is_replaced = and_(
        Job.state == JobState.FAILED, Job.occasion.is_not(None), Job.ended_on < today
    )
    session.execute(
        delete(Job).where(or_(is_old, is_replaced)),
        execution_options={"synchronize_session": False},
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    # What lies further ahead than any lease or pause was written by a clock that went back since.
    return or_(
        and_(
            Job.state == JobState.WAITING,
            or_(
                Job.not_before.is_(None),
                Job.not_before <= now,
                Job.not_before > now + LONGEST_PAUSE,
            ),
        ),
        and_(
            Job.state == JobState.RUNNING,
            or_(Job.lease_until <= now, Job.lease_until > now + 2 * LEASE),
        ),
    )


def _change(session: Session, turn: Turn, **values: Any) -> None:
    changed = session.execute(
        update(Job).where(Job.id == turn.job.id, Job.holder == turn.holder).values(**values),
        execution_options={"synchronize_session": False},
    )
    if cast(CursorResult[Any], changed).rowcount != 1:
        raise TurnLost
