"""What a job gets to work with."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from baken.organisation.models import Person
from baken.organisation.permissions import Actor
from baken.organisation.roles import list_grants
from baken.storage.jobs import JobMissing, JobRow
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.storage.turns import Turn, hold
from baken.web import numerals
from baken.web.mail.post import MailNotConfigured, Postman
from baken.web.settings import Settings

Item = TypeVar("Item")
TOLD_EVERY: Final = 0.5  # seconds


class Stopped(Exception):
    """The worker is asked to stop: the rest of the job goes back."""


@dataclass
class Progress:
    """How far the job is; written with the next item, or by itself."""

    n_done: int = 0
    n_total: int | None = None
    told_at: float = 0.0
    is_lost: bool = False


@dataclass(frozen=True)
class Work:
    """One job, the tools for it, and the way to say how far it is.

    A kind of job is a function of a `Work`. It may be cut off anywhere and is then called again
    from the start: what is done already is known from the data, never from the job.
    """

    database: Database
    keys: KeyStore
    settings: Settings
    clock: Callable[[], datetime]
    turn: Turn
    post: Postman | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    so_far: Progress = field(default_factory=Progress)

    @property
    def job(self) -> JobRow:
        return self.turn.job

    @property
    def attempts(self) -> int:
        """How often it was begun; what gets on is not given up, however often it is cut off."""
        return 1 if self.so_far.n_done > self.job.n_done else self.job.attempts

    @property
    def organisation_id(self) -> UUID:
        """The organisation the job is for; a job of the installation has none."""
        if self.job.organisation_id is None:
            raise JobMissing
        return self.job.organisation_id

    @property
    def subject_id(self) -> UUID:
        """What the job is about."""
        if self.job.subject_id is None:
            raise JobMissing
        return self.job.subject_id

    @property
    def today(self) -> date:
        """The day in Belgium."""
        return self.clock().astimezone(numerals.ZONE).date()

    def read(self) -> AbstractContextManager[Session]:
        """Open a session of the job's organisation that only reads."""
        return self.database.read(self.job.organisation_id)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session that writes, for one item.

        The turn is renewed in the same transaction: should another worker have taken the job over,
        nothing of this one is kept. Say `progress` outside it: SQLite has one writer.
        """
        with self.database.session(self.job.organisation_id) as session:
            self._hold(session)
            yield session

    def progress(self, n_done: int, n_total: int | None) -> None:
        """Say how far the job is; the page of the job shows it at the latest with the next item."""
        self.so_far.n_done, self.so_far.n_total = n_done, n_total
        if time.monotonic() - self.so_far.told_at > TOLD_EVERY:
            with self.database.session(None) as session:
                self._hold(session)
            self.so_far.told_at = time.monotonic()

    def each(self, items: Sequence[Item]) -> Iterator[Item]:
        """Give one item after the other, counting them; `Stopped` when the worker has to stop."""
        for number, item in enumerate(items):
            self.check_stop()
            self.progress(number, len(items))
            yield item
        self.progress(len(items), len(items))

    def stopping(self) -> bool:
        """Whether to come to an end after this item."""
        return self.stop.is_set() or self.so_far.is_lost

    def check_stop(self) -> None:
        """Raise `Stopped` when the worker has to stop: between two items."""
        if self.stopping():
            raise Stopped

    def actor(self) -> Actor:
        """The person who asked, with the roles of today: a right that ended counts no more."""
        with self.read() as session:
            person = session.get(Person, self.job.by) if self.job.by else None
            if person is None:
                raise JobMissing
            return Actor(
                person_id=person.id,
                organisation_id=person.organisation_id,
                name=person.name,
                grants=list_grants(session, person.id, today=self.today),
            )

    def postman(self) -> Postman:
        """Who brings the letters; raises `MailNotConfigured` without a mail server."""
        if self.post is None:
            raise MailNotConfigured
        return self.post

    def standing(self) -> dict[str, int | None]:
        """What the row says about how far the job is."""
        return {
            "n_done": self.so_far.n_done,
            "n_total": self.so_far.n_total,
            "attempts": self.attempts,
        }

    def _hold(self, session: Session) -> None:
        hold(session, self.turn, now=self.clock(), **self.standing())
