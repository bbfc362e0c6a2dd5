"""Background work on the page: how far one job is, and what an administrator has to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, Holders, holders_of, may, require
from baken.storage.audit import record
from baken.storage.jobs import JobMissing, JobRow, JobState, list_jobs, load_job
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.storage.turns import try_again
from baken.web.jobs.faults import read_fault
from baken.web.jobs.kinds import JobKind
from baken.web.jobs.registry import JOBS
from baken.web.pages.reply import PageRequest, done, frame_of, is_swap, page
from baken.web.texts import catalogue

KINDS: Final[Mapping[str, JobKind]] = {kind.name: kind for kind in JOBS}
# A worker looks twice a second; who waits longer than this waits for a worker.
SOON: Final = timedelta(minutes=2)
PAGE: Final = "jobs/job.html"
FRAGMENT: Final = "jobs/_job.html"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as a page shows one."""

    id: UUID
    what: str
    state: JobState
    n_done: int
    n_total: int | None
    asked_at: datetime
    who: str
    fault: str
    may_try_again: bool
    can_try_again: Holders
    again_at: datetime | None
    waits_long: bool
    href: str
    result: str

    @property
    def is_unfinished(self) -> bool:
        return self.state in {JobState.WAITING, JobState.RUNNING}


class JobPages(Controller):
    """What Baken does in the background."""

    path = "/o/{organisation_id:uuid}/jobs"

    @get("/", opt={"action": Action.SEE_JOBS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        now: NamedDependency[datetime],
    ) -> Response[str]:
        names = dict(list_names(session))
        rows = tuple(_view(request, keys, names, row, now=now) for row in list_jobs(session))
        return page(request, "jobs/jobs.html", rows=rows)

    # Whoever asked for the work may follow it, whatever the role.
    @get("/{job_id:uuid}", opt={"action": Action.COME_IN}, sync_to_thread=True)
    def job_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        job_id: FromPath[UUID],
    ) -> Response[str]:
        row = JobRow.of(load_job(session, job_id))
        _check_may_see(actor, row)
        view = _view(request, keys, dict(list_names(session)), row, now=now)
        return page(request, FRAGMENT if is_swap(request) else PAGE, job=view)

    # The kind of work says which right it takes: whoever may see a job may not yet have it done.
    @post(
        "/{job_id:uuid}/again", opt={"action": Action.COME_IN, "fresh": True}, sync_to_thread=True
    )
    def again(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        job_id: FromPath[UUID],
    ) -> Response[str]:
        job = load_job(session, job_id)
        _check_may_see(actor, JobRow.of(job))
        require(actor, _action_of(job.name))
        if job.state is JobState.FAILED:  # pressed twice: it waits or runs already
            try_again(job)
            record(
                session,
                "job.tried_again",
                by=actor.person_id,
                subject=f"job:{job_id}",
                facts={"kind": job.name},
            )
        return see_job(request, job_id)


def see_job(request: PageRequest, job_id: UUID) -> Response[str]:
    """After asking for background work: the way to the page of the job."""
    return done(request, see=frame_of(request).url(f"/jobs/{job_id}"))


def _check_may_see(actor: Actor, job: JobRow) -> None:
    """Raise `JobMissing`: what others asked for is nobody's business but an administrator's."""
    if job.by != actor.person_id and not may(actor, Action.SEE_JOBS):
        raise JobMissing


def _action_of(name: str) -> Action:
    """What it takes to have work of this kind tried again."""
    return KINDS[name].action if name in KINDS else Action.SEE_JOBS


def _view(
    request: PageRequest, keys: KeyStore, names: Mapping[UUID, str], job: JobRow, *, now: datetime
) -> JobView:
    frame, texts = frame_of(request), catalogue(frame_of(request).language)
    kind = KINDS.get(job.name)
    fault = read_fault(keys, job)
    result = kind.result_path(job_id=job.id, subject_id=job.subject_id) if kind else ""
    is_waiting = job.state is JobState.WAITING
    return JobView(
        id=job.id,
        what=texts(kind.text) if kind else job.name,
        state=job.state,
        n_done=job.n_done,
        n_total=job.n_total,
        asked_at=job.asked_at,
        who=names.get(job.by, "") if job.by else "",
        fault=texts.refusal(fault) if fault else "",
        may_try_again=frame.may(_action_of(job.name)),
        can_try_again=holders_of(_action_of(job.name)),
        again_at=job.not_before if is_waiting else None,
        waits_long=is_waiting and job.not_before is None and now - job.asked_at > SOON,
        href=frame.url(f"/jobs/{job.id}"),
        result=frame.url(result) if result and job.state is JobState.DONE else "",
    )
