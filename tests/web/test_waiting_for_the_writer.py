"""A page that writes and many people who submit at that moment: both get on."""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from anyio import sleep
from litestar import post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.storage.session import Session
from tests.web.respondents import all_answers, prepare, serving

PEOPLE = 45  # more than the common pool has threads
LULL = 0.7


async def lull(session: NamedDependency[Session]) -> bool:
    """The transaction is open; the handler has no thread yet."""
    await sleep(LULL)
    return session.read_only


@post(
    "/o/{organisation_id:uuid}/write",
    opt={"public": True},
    dependencies={"lulled": Provide(lull)},
    sync_to_thread=True,
    status_code=200,
)
def write(lulled: NamedDependency[bool], organisation_id: FromPath[UUID]) -> str:
    return f"{organisation_id} {lulled}"


@pytest.mark.sqlite
def test_people_who_wait_for_the_writer_do_not_hold_its_threads(
    sqlite_url: str, tmp_path: Path
) -> None:
    running = prepare(sqlite_url, tmp_path, people=PEOPLE)
    statuses: list[int] = []

    def write_slowly(port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", f"/o/{running.organisation_id}/write")
        statuses.append(connection.getresponse().status)
        connection.close()

    with serving(running, more=(write,)) as respondent, ThreadPoolExecutor(PEOPLE) as people:
        page = threading.Thread(target=write_slowly, args=(respondent.port,))
        page.start()
        time.sleep(LULL / 3)
        began = time.monotonic()

        def submit(number: int) -> int:
            code = {"code": running.codes[number], "lang": "nl"}
            return respondent.post("/answers", {**all_answers(number), **code}).status

        assert list(people.map(submit, range(PEOPLE))) == [200] * PEOPLE
        page.join()
        # The writer gives up after ten seconds; nobody comes near that.
        assert time.monotonic() - began < 8
    assert statuses == [200]
    running.database.dispose()
