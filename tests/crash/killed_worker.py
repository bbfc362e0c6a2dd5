"""A worker that a test kills: in a process of its own, on a clock that stands still."""

from datetime import datetime
from multiprocessing.connection import Connection

from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.jobs.worker import Worker
from baken.web.settings import Settings


def work(settings: Settings, now: datetime, told: Connection) -> None:
    """Say that the work begins, and do everything that is due."""
    database = Database(settings.database_url)
    worker = Worker(database, KeyStore.open(settings.keys), settings, lambda: now)
    told.send("begins")
    worker.work_off()
    told.send("ends")
    database.dispose()
