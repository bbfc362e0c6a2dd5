"""What happens once a day by itself, and when the server starts.

Openings that were cut off go on, states that wait for a date move on, answers are deleted on the
day that was agreed, and the rounded counts of running campaigns are published - at a fixed hour,
because a count that moves the moment somebody leaves the desk would tell who answered.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from baken.organisation.models import Organisation
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.retention import delete_old_backups
from baken.storage.session import Database
from baken.survey.box.expiry import delete_expired
from baken.survey.box.steps import advance_all
from baken.survey.codes.counts import record_all_counts

log = logging.getLogger("baken.web")

BELGIUM = ZoneInfo("Europe/Brussels")
HOUR = time(5)


class DailyRound:
    """Does the round of all organisations at start and every day at five in the morning.

    What cannot go on (a full disk, a key copy that is missing) waits for a person: it is logged,
    the campaign's page says so, and it keeps nobody else waiting.
    """

    def __init__(
        self, database: Database, keys: KeyStore, backups: Path, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = keys
        self._backups = backups
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily round", daemon=True)

    def start(self) -> None:
        """Do what waits for a date now, and the whole round every day from here on."""
        today = self._clock().astimezone(BELGIUM).date()
        for organisation_id in self._organisations():
            self._move_on(organisation_id, today)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done and stop."""
        self._stop.set()
        self._thread.join(timeout=30)

    def go(self, today: date) -> None:
        """Do the round once: publish counts, take every waiting step."""
        for organisation_id in self._organisations():
            with (
                _waiting(f"Counts of organisation {organisation_id}"),
                self._database.session(organisation_id) as session,
            ):
                record_all_counts(session, today)
            self._move_on(organisation_id, today)
        with _waiting("Deleting old backups"):
            delete_old_backups(self._backups, today=today)

    def _run(self) -> None:
        while not self._stop.wait(seconds_until(HOUR, self._clock().astimezone(BELGIUM))):
            with _waiting("The daily round"):
                self.go(self._clock().astimezone(BELGIUM).date())

    def _move_on(self, organisation_id: UUID, today: date) -> None:
        with _waiting(f"An opening of organisation {organisation_id}"):
            advance_all(
                self._database,
                self._keys,
                self._backups,
                organisation_id=organisation_id,
                today=today,
            )
        with _waiting(f"Deleting answers of organisation {organisation_id}"):
            delete_expired(self._database, self._keys, organisation_id=organisation_id, today=today)

    def _organisations(self) -> list[UUID]:
        with self._database.read(None) as session:
            return list(session.scalars(select(Organisation.id)))


@contextmanager
def _waiting(what: str) -> Iterator[None]:
    """Log what goes wrong and go on with the rest: one fault may not stop every later day."""
    try:
        yield
    except Exception as error:  # noqa: BLE001, RUF100 - whatever it is, others must not wait
        said = str(error) if isinstance(error, BakenError) else type(error).__name__
        log.warning("%s: not done now, tried again later: %s", what, said)


def seconds_until(hour: time, now: datetime) -> float:
    """How long until the next time the clock of that zone shows `hour`; never 0."""
    today = datetime.combine(now.date(), hour, tzinfo=now.tzinfo)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), hour, tzinfo=now.tzinfo)
    following = today if now < today else tomorrow
    # Across a change to or from summer time only instants can be subtracted.
    return following.timestamp() - now.timestamp()
