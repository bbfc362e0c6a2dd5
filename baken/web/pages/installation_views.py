"""How far the files are that an installer brought in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baken.organisation.transfers.imports import list_arrivals
from baken.storage.jobs import JobState, list_jobs
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.jobs.faults import read_fault
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """One file that was brought in."""

    asked_at: datetime
    state: JobState
    n_done: int
    n_total: int | None
    fault: str
    arrived_id: UUID | None


def describe_arrivals(session: Session, keys: KeyStore, language: str) -> tuple[ArrivalView, ...]:
    """Return the newest files with the state of their import."""
    jobs = {job.subject_id: job for job in list_jobs(session) if job.name == "organisation.import"}
    views = []
    for arrival in list_arrivals(session):
        job = jobs.get(arrival.id)
        if job is not None:
            wrong = read_fault(keys, job)
            fault = catalogue(language).refusal(wrong) if wrong else ""
            views.append(
                ArrivalView(
                    arrival.asked_at, job.state, job.n_done, job.n_total, fault, arrival.arrived_id
                )
            )
    return tuple(views)
