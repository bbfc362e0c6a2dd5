"""The worker: takes one job after the other, and gives each a proper end."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.storage.turns import LEASE, Turn, TurnLost, end, fail, hold, put_back, take_turn
from baken.web import numerals
from baken.web.every_table import load_every_table
from baken.web.jobs.daily import ask_for_round, forget_read_forms
from baken.web.jobs.faults import died, may_pass, reason_of, seal_fault, unknown_kind
from baken.web.jobs.kinds import JobKind
from baken.web.jobs.registry import JOBS
from baken.web.jobs.work import Stopped, Work
from baken.web.mail.post import Postman
from baken.web.settings import Settings

log = logging.getLogger("baken.jobs")

LOOKED_EVERY: Final = 0.5  # seconds
BEAT: Final = LEASE.total_seconds() / 4


class Worker:
    """Does what waits. Any number of workers may share one database.

    Parameters
    ----------
    database, keys, settings
        Of the installation.
    clock : Callable
        Gives the present instant, with a time zone.
    kinds : sequence of JobKind
        What this worker knows to do.
    """

    def __init__(
        self,
        database: Database,
        keys: KeyStore,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        kinds: Sequence[JobKind] = JOBS,
    ) -> None:
        load_every_table()
        self._database = database
        self._keys = keys
        self._settings = settings
        self._clock = clock
        self._kinds = {kind.name: kind for kind in kinds}
        self._stop = threading.Event()
        self._held: dict[Turn, Work] = {}
        self._forgot_on: date | None = None

    def work_off(self) -> int:
        """Do everything that is due, in this thread; return how many jobs that were."""
        n_done = 0
        post = self._make_postman()
        try:
            while self._do_next(post):
                n_done += 1
        finally:
            _close(post)
        return n_done

    def run(self, threads: int = 1) -> None:
        """Work until `stop` is called; this thread keeps the turns and the calendar."""
        hands = [
            threading.Thread(target=self._keep_working, name=f"worker {number}", daemon=True)
            for number in range(1, threads + 1)
        ]
        for hand in hands:
            hand.start()
        self._look_at_calendar()
        while not self._stop.wait(BEAT):
            self._beat()
            self._look_at_calendar()
        for hand in hands:  # what is being done is finished, so its turn is kept
            while hand.is_alive():
                hand.join(BEAT)
                self._beat()

    def stop(self) -> None:
        """Finish the item that is being done, give the rest back, and end."""
        self._stop.set()

    def _keep_working(self) -> None:
        post = self._make_postman()
        try:
            while not self._stop.is_set():
                if self._try_next(post):
                    continue
                if post is not None:
                    post.rest()
                self._stop.wait(LOOKED_EVERY)
        finally:
            _close(post)

    def _try_next(self, post: Postman | None) -> bool:
        try:
            return self._do_next(post)
        except Exception:  # noqa: BLE001, RUF100 - a hand that drops work still works
            # The database or the keys are away or busy: the job keeps its turn, which runs out by
            # itself, and the hand looks again.
            log.warning("The next job waits.", exc_info=True)
            return False

    def _do_next(self, post: Postman | None) -> bool:
        turn = take_turn(self._database, now=self._clock())
        if turn is None:
            return False
        work = Work(self._database, self._keys, self._settings, self._clock, turn, post, self._stop)
        self._held[turn] = work
        try:
            self._do(work)
        except TurnLost:
            log.warning("Job %s (%s) was taken over by another worker.", turn.job.name, turn.job.id)
        finally:
            del self._held[turn]
        return True

    def _do(self, work: Work) -> None:
        job = work.job
        kind = self._kinds.get(job.name)
        if kind is None:
            self._not_done(work, unknown_kind(), None)
            return
        if job.attempts > kind.retries + 1:
            self._not_done(work, died(), None)
            return
        try:
            kind.run(work)
        except TurnLost:
            raise
        except Stopped:
            with self._database.session(None) as session:
                standing = work.standing() | {"attempts": work.attempts - 1}
                put_back(session, work.turn, not_before=None, **standing)
        except Exception as error:  # noqa: BLE001, RUF100 - whatever it is, the job gets an end
            self._not_done(work, error, kind)
        else:
            with self._database.session(None) as session:
                end(session, work.turn, today=work.today, **work.standing())

    def _not_done(self, work: Work, error: Exception, kind: JobKind | None) -> None:
        """Try again later by itself, or leave the job to a person."""
        job = work.job
        reason = reason_of(error, job)
        box = seal_fault(self._keys, job, reason)
        with self._database.session(None) as session:
            if kind is not None and may_pass(error) and work.attempts <= kind.retries:
                said = {"fault": reason.key, "fault_box": box}
                later = self._clock() + kind.pause_after(work.attempts)
                put_back(session, work.turn, not_before=later, **said, **work.standing())
            else:
                log.error("Job %s (%s) failed: %s", job.name, job.id, reason.key)
                fail(session, work.turn, today=work.today, fault=reason.key, fault_box=box)

    def _beat(self) -> None:
        """Keep the turns of what is being done."""
        for turn, work in list(self._held.items()):
            try:
                with self._database.session(None) as session:
                    hold(session, turn, now=self._clock())
            except TurnLost:
                work.so_far.is_lost = turn in self._held
            except Exception:  # noqa: BLE001, RUF100 - without beats every turn runs out
                log.warning("A turn could not be kept.", exc_info=True)

    def _look_at_calendar(self) -> None:
        try:
            ask_for_round(self._database, now=self._clock())
            self._forget_read_forms()
        except Exception:  # noqa: BLE001, RUF100 - it is looked at again with the next beat
            log.warning("The calendar waits.", exc_info=True)

    def _forget_read_forms(self) -> None:
        """At the start and as soon as a day is over, what was read of forms is deleted."""
        today = self._clock().astimezone(numerals.ZONE).date()
        if self._forgot_on != today:
            forget_read_forms(self._database, self._keys, today=today)
            self._forgot_on = today

    def _make_postman(self) -> Postman | None:
        mail = self._settings.mail
        return Postman(mail, self._clock) if mail else None


def _close(post: Postman | None) -> None:
    if post is not None:
        post.close()
