"""A worker is killed in the middle of every kind of job: each item is done exactly once.

Each round asks for the work, lets a worker begin in a process of its own, kills that with SIGKILL
at a random moment, and lets another do the rest. `BAKEN_JOB_KILLS` says how many kills, over all
kinds together; `BAKEN_JOB_KIND` names one that alone gets as many on PostgreSQL as on SQLite.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from baken.storage.jobs import Job, JobState
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.jobs.registry import JOBS
from baken.web.mail.settings import Encryption, MailSettings
from baken.web.settings import Settings
from tests.conftest import make_client
from tests.crash.job_scenarios import SCENARIOS, Place, elsewhere_from
from tests.crash.killed_acts import FORKS
from tests.crash.killed_worker import work
from tests.mailbox import SENDER, mail_server
from tests.survey.conftest import Stage

pytestmark = pytest.mark.crash

KILLS = int(os.environ.get("BAKEN_JOB_KILLS", "6"))
PER_KIND = max(1, KILLS // len(JOBS))
KIND = os.environ.get("BAKEN_JOB_KIND", "")
UNITS = {
    "Organisation": (None, 0),
    "Team A": ("Organisation", 12),
    "Team B": ("Organisation", 11),
    "Workshop": ("Organisation", 13),
}
MakePlace = Callable[[str], Place]


@pytest.fixture
def make_place(sqlite_template: Path, tmp_path: Path) -> Iterator[MakePlace]:
    made: list[Place] = []

    with mail_server() as (mailbox, port):

        def make(url: str) -> Place:
            database, keys = Database(url), KeyStore.create(tmp_path / "keys")
            client = make_client(database)
            backups = tmp_path / "backups"
            settings = Settings(
                database_url=url,
                keys=keys.folder,
                backups=backups,
                transfers=tmp_path / "transfers",
                mail=MailSettings("127.0.0.1", SENDER, port, Encryption.NONE),
            )
            stage = Stage(database, keys, client, backups)
            stage.add_units(UNITS)
            elsewhere = elsewhere_from(sqlite_template, tmp_path)
            made.append(Place(database, keys, settings, client, stage, mailbox, elsewhere))
            return made[-1]

        yield make
        for place in made:
            place.stage.writer.stop()
            place.database.dispose()


def let_work(place: Place, kill_after: float | None) -> float:
    """Run a worker; killed after so many seconds, or to the end. Returns how long it worked."""
    told, teller = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=work, args=(place.settings, place.now, teller))
    process.start()
    teller.close()
    with told:
        assert told.poll(60)
        assert told.recv() == "begins"
        began = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            process.kill()
        process.join(120)
        lasted = time.perf_counter() - began
        if kill_after is None:
            assert process.exitcode == 0
    process.close()
    return lasted


def unfinished(place: Place) -> int:
    with place.database.read(None) as session:
        return len(session.scalars(select(Job).where(Job.state != JobState.DONE)).all())


def let_time_pass(place: Place) -> None:
    """The turn of the dead worker runs out."""
    with place.database.session(None) as session:
        session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING)
            .values(lease_until=place.now - timedelta(seconds=1)),
            execution_options={"synchronize_session": False},
        )


def survive(place: Place, name: str, kills: int) -> None:
    """Kill so many workers at the kind of job `name`, at any moment of the time it takes."""
    prepare, dice = SCENARIOS[name], random.Random(f"{name} {kills}")
    check = prepare(place)
    lasts = let_work(place, None)
    check(0)
    in_the_middle = 0
    for _ in range(kills):
        check = prepare(place)
        let_work(place, dice.uniform(0, lasts))
        in_the_middle += unfinished(place) > 0
        let_time_pass(place)
        let_work(place, None)
        assert unfinished(place) == 0
        check(1)
    sys.stdout.write(f"{name}: {kills} kills, {in_the_middle} in the middle, each done once\n")


def test_every_kind_has_a_scenario() -> None:
    assert set(SCENARIOS) == {kind.name for kind in JOBS}


@pytest.mark.sqlite
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_kills_in_the_middle_double_and_lose_nothing_on_sqlite(
    make_place: MakePlace, sqlite_url: str, name: str
) -> None:
    survive(make_place(sqlite_url), name, PER_KIND)


@pytest.mark.postgresql
def test_kills_in_the_middle_double_and_lose_nothing_on_postgresql(
    make_place: MakePlace, postgresql_url: str
) -> None:
    place = make_place(postgresql_url)
    # First the export: it is refused while a survey of the others is on its way.
    names = sorted(SCENARIOS, key=lambda name: name != "organisation.export")
    if len(SCENARIOS) > KILLS:
        names = ["campaign.open", "mail.invitation"]
    for name in [KIND] if KIND else names:
        survive(place, name, PER_KIND if KIND else max(1, PER_KIND // 4))
