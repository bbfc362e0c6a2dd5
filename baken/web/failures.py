"""How many failed attempts are allowed before somebody has to wait; kept in memory only."""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from baken.storage.errors import BakenError

KEPT: Final = 10_000


class TooManyFailures(BakenError):
    """Wait before trying again."""

    kind = "denied"


class FailureBudget:
    """Counts failures by name in a sliding window.

    Parameters
    ----------
    limit : int
        Failures allowed within the window.
    window : timedelta
        How long a failure counts.
    """

    def __init__(self, limit: int, window: timedelta) -> None:
        self._limit = limit
        self._window = window
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, name: str, now: datetime) -> None:
        """Raise `TooManyFailures` while `name` has used up its budget."""
        with self._lock:
            self._check(self._recent(name, now), now)

    def add(self, name: str, now: datetime) -> None:
        """Count one failure."""
        with self._lock:
            self._add(name, self._recent(name, now), now)

    def take(self, name: str, now: datetime) -> None:
        """Count an attempt as a failure before it is made, or raise `TooManyFailures`.

        Of many attempts at one moment no more are made than the budget holds.
        """
        with self._lock:
            failures = self._recent(name, now)
            self._check(failures, now)
            self._add(name, failures, now)

    def give_back(self, name: str, now: datetime) -> None:
        """Count an attempt that was taken at `now` no longer: it was no failure."""
        with self._lock:
            failures = self._failures.get(name, deque())
            if now in failures:
                failures.remove(now)

    def _check(self, failures: deque[datetime], now: datetime) -> None:
        if len(failures) < self._limit:
            return
        wait = failures[0] + self._window - now
        raise TooManyFailures(
            "web.too_many_failures",
            "There were too many failed attempts. Wait {seconds} seconds and try again.",
            seconds=max(1, round(wait.total_seconds())),
        )

    def _add(self, name: str, failures: deque[datetime], now: datetime) -> None:
        failures.append(now)
        self._failures[name] = failures
        self._failures.move_to_end(name)
        while len(self._failures) > KEPT:
            self._failures.popitem(last=False)

    def _recent(self, name: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(name, deque())
        while failures and failures[0] + self._window <= now:
            failures.popleft()
        return failures
