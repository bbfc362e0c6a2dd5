"""Background work that was asked for: one row per job, written with the change that asks for it.

The row is all there is: no second queue could hold a job that was rolled back, or lose one that
was not. It holds identifiers only; whoever does the work reads the rest, inside the organisation.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Index, LargeBinary, Select, String, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from baken.storage.base import Base
from baken.storage.errors import BakenError
from baken.storage.session import Database, Session
from baken.storage.types import Instant, Name

KEPT_DAYS: Final = 30
LISTED: Final = 100


class JobMissing(BakenError):
    """There is no such job in this organisation."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("storage.job_missing", "There is nothing at this address.")


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED: Final = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """Something to be done in the background; outside the wall, so that any worker finds it."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_not_before", "state", "not_before"),
        Index("ix_job_organisation_id_state", "organisation_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    by: Mapped[UUID | None]
    # What may happen once only, such as the round of one day, carries a name that nothing shares.
    occasion: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[JobState] = mapped_column(Name(JobState), default=JobState.WAITING)
    n_done: Mapped[int] = mapped_column(default=0)
    n_total: Mapped[int | None]
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Instant())
    # None: at once, whatever the clocks say.
    not_before: Mapped[datetime | None] = mapped_column(Instant())
    holder: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(Instant())
    # Text key of what went wrong; what stands at its placeholders may be a name, so it is sealed.
    fault: Mapped[str] = mapped_column(String(120), default="")
    fault_box: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as workers and pages see it."""

    id: UUID
    name: str
    organisation_id: UUID | None
    subject_id: UUID | None
    by: UUID | None
    state: JobState
    n_done: int
    n_total: int | None
    attempts: int
    asked_at: datetime
    not_before: datetime | None
    fault: str
    fault_box: bytes | None

    @classmethod
    def of(cls, job: Job) -> "JobRow":
        """Copy what a row says now."""
        return cls(
            id=job.id,
            name=job.name,
            organisation_id=job.organisation_id,
            subject_id=job.subject_id,
            by=job.by,
            state=job.state,
            n_done=job.n_done,
            n_total=job.n_total,
            attempts=job.attempts,
            asked_at=job.asked_at,
            not_before=job.not_before,
            fault=job.fault,
            fault_box=job.fault_box,
        )

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


def enqueue(
    session: Session,
    name: str,
    *,
    subject_id: UUID | None = None,
    by: UUID | None = None,
    now: datetime,
) -> UUID:
    """Ask for a job in the transaction of the session: rolled back together, done together.

    The organisation is that of the session. Returns the identifier for the page of the job.
    """
    job = Job(
        name=name,
        organisation_id=session.organisation_id,
        subject_id=subject_id,
        by=by,
        asked_at=now,
    )
    session.add(job)
    session.flush()
    return job.id


def find_unfinished(session: Session, name: str, subject_id: UUID) -> UUID | None:
    """Return the job of that name for that subject which waits or runs; a button pressed twice."""
    asked = _of_organisation(session.organisation_id).where(
        Job.name == name, Job.subject_id == subject_id, Job.state.in_(UNFINISHED)
    )
    found = session.scalars(asked.limit(1)).first()
    return found.id if found else None


def unfinished_subjects(session: Session) -> frozenset[UUID]:
    """Return what the jobs of all organisations that wait or run are about."""
    asked = select(Job.subject_id).where(Job.state.in_(UNFINISHED), Job.subject_id.is_not(None))
    return frozenset(found for found in session.scalars(asked) if found is not None)


def get_job(database: Database, job_id: UUID, organisation_id: UUID | None) -> JobRow:
    """Return a job of one organisation (None: of the installation).

    Raises
    ------
    JobMissing
        Also for a job of another organisation.
    """
    with database.read(organisation_id) as session:
        return JobRow.of(load_job(session, job_id))


def load_job(session: Session, job_id: UUID) -> Job:
    """Return the row of a job of the session's organisation, to be changed."""
    asked = _of_organisation(session.organisation_id).where(Job.id == job_id)
    job = session.scalars(asked.with_for_update()).first()
    if job is None:
        raise JobMissing
    return job


def list_jobs(session: Session, *, limit: int = LISTED) -> list[JobRow]:
    """Return the jobs of the session's organisation: what failed first, then the newest."""
    failed_first = case((Job.state == JobState.FAILED, 0), else_=1)
    asked = _of_organisation(session.organisation_id).order_by(
        failed_first, Job.asked_at.desc(), Job.id
    )
    return [JobRow.of(job) for job in session.scalars(asked.limit(limit))]


def count_failed(session: Session) -> int:
    """How many jobs of the session's organisation wait for a person."""
    asked = _of_organisation(session.organisation_id).where(Job.state == JobState.FAILED)
    return session.scalar(select(func.count()).select_from(asked.subquery())) or 0


def _of_organisation(organisation_id: UUID | None) -> Select[Job]:
    # The table stands outside the wall: every question names the organisation itself.
    return select(Job).where(Job.organisation_id.is_not_distinct_from(organisation_id))
