"""Writing in turns: people who submit at the same moment share one wait for the disk.

On SQLite one thread writes. What arrives while it waits for the disk goes together into the next
transaction, each submission in a savepoint of its own. On PostgreSQL everybody has a transaction
and the server brings commits together (`commit_delay`).
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from baken.storage.crash import crash_point
from baken.storage.session import Database, DatabaseBusy
from baken.survey.errors import NotStored

GROUP_AT_MOST = 128

T = TypeVar("T")


@dataclass(slots=True)
class _Turn(Generic[T]):
    organisation_id: UUID
    work: Callable[[Connection], T]
    answer: "Future[T]" = field(default_factory=Future)


class Turns:
    """Runs pieces of work in transactions; the result comes after the commit it depends on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Turn[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def run(self, organisation_id: UUID, work: Callable[[Connection], T]) -> T:
        """Do the work in a transaction and return its result once that is safely on disk.

        Raises
        ------
        NotStored
            The database refused; nothing of this work was kept.
        """
        if not self._database.is_sqlite:
            return self._alone(organisation_id, work)
        turn = _Turn(organisation_id, work)
        self._start()
        self._waiting.put(turn)
        return turn.answer.result()

    def stop(self) -> None:
        """Finish what is waiting and end the writing thread."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self._waiting.put(None)
            thread.join()

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            # Not at construction: a server may divide into processes after that.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._write_for_ever, name="box-writer", daemon=True
                )
                self._thread.start()

    def _write_for_ever(self) -> None:
        while True:
            group, is_last = self._next_group()
            if group:
                self._write(group)
            if is_last:
                return

    def _next_group(self) -> tuple[list[_Turn[Any]], bool]:
        group: list[_Turn[Any]] = []
        turn = self._waiting.get()
        while turn is not None:
            group.append(turn)
            if len(group) == GROUP_AT_MOST:
                return group, False
            try:
                turn = self._waiting.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _write(self, group: list[_Turn[Any]]) -> None:
        try:
            results = self._together(group)
        except Exception:  # noqa: BLE001, RUF100 - whoever caused it gets it below, alone
            for turn in group:
                self._answer_alone(turn)
            return
        for turn, result in zip(group, results, strict=True):
            turn.answer.set_result(result)

    def _together(self, group: list[_Turn[Any]]) -> list[Any]:
        results = []
        # Of several organisations together: only SQLite writes in turns, and it has no second wall.
        with self._database.transaction(None) as connection:
            for turn in group:
                with connection.begin_nested():
                    results.append(turn.work(connection))
            crash_point("submit.before_commit")
        crash_point("submit.after_commit")
        return results

    def _answer_alone(self, turn: _Turn[Any]) -> None:
        try:
            result = self._alone(turn.organisation_id, turn.work)
        except BaseException as error:  # noqa: BLE001, RUF100 - it belongs to the one who waits
            turn.answer.set_exception(error)
        else:
            turn.answer.set_result(result)

    def _alone(self, organisation_id: UUID, work: Callable[[Connection], T]) -> T:
        try:
            with self._database.transaction(organisation_id) as connection:
                result = work(connection)
                crash_point("submit.before_commit")
        except (SQLAlchemyError, DatabaseBusy) as error:
            raise NotStored from error
        crash_point("submit.after_commit")
        return result
