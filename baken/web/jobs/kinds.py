"""What a kind of job is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Action
from baken.storage.turns import LONGEST_PAUSE
from baken.web.jobs.work import Work

FIRST_PAUSE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job.

    Parameters
    ----------
    name : str
        What stands in the row; its texts are ``jobs.kind_<name>`` with ``_`` for every dot.
    run : Callable
        Does it, from wherever it was cut off.
    retries : int
        How often it is tried again by itself, with a pause that doubles each time.
    result : str
        Where in the organisation to see what was done: ``/campaigns/{subject}``.
    first_pause : timedelta
        Before the first new attempt.
    action : Action
        What somebody has to be allowed to have it tried again. The work goes by itself where it is
        not said: letters, and the round of every day.
    """

    name: str
    run: Callable[[Work], None]
    retries: int = 5
    result: str = ""
    first_pause: timedelta = FIRST_PAUSE
    action: Action = Action.SEE_JOBS

    @property
    def text(self) -> str:
        """Key of the text that names it on a page."""
        return f"jobs.kind_{self.name.replace('.', '_')}"

    def pause_after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts; at most an hour."""
        doublings: int = 2 ** min(attempts - 1, 20)
        return min(self.first_pause * doublings, LONGEST_PAUSE)

    def result_path(self, *, job_id: UUID, subject_id: UUID | None) -> str:
        """Where to see the result, inside the organisation; empty for nowhere."""
        return self.result.format(job=job_id, subject=subject_id)
