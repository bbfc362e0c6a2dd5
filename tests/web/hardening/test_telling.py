"""What answers, times and logs tell: nothing about who exists, nothing of what somebody typed."""

import io
import logging
import logging.config
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from statistics import fmean, median
from typing import Any
from uuid import uuid4

import pytest
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from sqlalchemy import select
from uvicorn.config import LOGGING_CONFIG

from baken.organisation.models import Organisation, Person
from baken.organisation.permissions import Action, Role
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.codes.symbols import print_code, write_code
from baken.web.logs import set_up_logs
from baken.web.pages.attempts import Attempts
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.respondent_door import GuessBrake
from tests.web.hardening.conftest import EVERYTHING, Town, Visitor
from tests.web.hardening.fuzzing import IS_CAMPAIGN
from tests.web.hardening.walking_routes import fill

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
PAIRS = 500 if IS_CAMPAIGN else 60
CANARY = "kanarie7f3a91c2"
ROOT = "/o/{organisation_id:uuid}"
Ask = Callable[[Visitor, str], Any]


def log_in(visitor: Visitor, mail: str) -> Any:
    fields_ = {"csrf": visitor.csrf, "mail": mail, "password": "zeven gele vensters dicht"}
    return visitor.post("/log-in", fields_)


def forgotten(visitor: Visitor, mail: str) -> Any:
    return visitor.post("/forgotten", {"csrf": visitor.csrf, "mail": mail})


def forget(town: Town) -> None:
    """Begin with empty budgets: waiting is the same for everybody and tested elsewhere."""
    attempts: Attempts = town.app.state.attempts
    for one in fields(attempts):
        getattr(attempts, one.name)._failures.clear()
    town.app.state.front_door.brake = GuessBrake()


def plain(answer: Any) -> tuple[int, str, int]:
    """An answer without what is new each time; its length with all of that."""
    text = re.sub(r'value="[\w-]{30,}"|[0-9a-f]{8}\b', "", answer.text)
    return answer.status_code, text, len(answer.text)


def spent(act: Callable[[], Any]) -> float:
    """Milliseconds: of the clock in a campaign, of this process among others' work."""
    clock = time.perf_counter if IS_CAMPAIGN else time.process_time
    begun = clock()
    act()
    return (clock() - begun) * 1000


def compare(town: Town, ask: Ask, known: Iterator[str], unknown: Iterator[str], n: int) -> float:
    """Difference of the times of pairs, in turns; answers must be equal throughout."""
    visitor, differences = town.stranger(), []
    for turn in range(n):
        pair = {}
        for kind, names in (("known", known), ("unknown", unknown))[:: 1 if turn % 2 else -1]:
            name = next(names)
            forget(town)
            got: list[Any] = []
            pair[kind] = spent(lambda name=name, got=got: got.append(ask(visitor, name)))
            pair[f"{kind} said"] = plain(got[0])
        said = (pair["known said"], pair["unknown said"])
        assert said[0][0] == said[1][0]
        assert said[0][2] == said[1][2]
        differences.append(pair["known"] - pair["unknown"])
    return fmean(differences) if IS_CAMPAIGN else median(differences)


def always(text: str) -> Iterator[str]:
    while True:
        yield text


def strangers() -> Iterator[str]:
    length = len(EVERYTHING.partition("@")[0])
    while True:
        yield f"{uuid4().hex[:length]}@voorbeeld.example"


def test_logging_in_tells_nobody_whether_an_account_exists(town: Town) -> None:
    n = PAIRS if IS_CAMPAIGN else 30
    assert abs(compare(town, log_in, always(EVERYTHING), strangers(), n)) < 5


def test_a_forgotten_password_tells_nobody_whether_an_account_exists(town: Town) -> None:
    assert abs(compare(town, forgotten, always(EVERYTHING), strangers(), PAIRS)) < 5


def test_links_that_never_were_and_links_that_are_over_look_alike(town: Town) -> None:
    visitor = town.stranger()
    for path in ("/reset/", "/invitation/"):
        said = {
            plain(visitor.get(path + link)) for link in ("x" * 43, "y" * 43, uuid4().hex + "z" * 11)
        }
        assert len({(status, length) for status, _, length in said}) == 1, path


def code_of(number: int) -> str:
    return print_code(write_code(number * 0x9E3779B97F4A7C15 % 2**60))


def test_a_code_that_never_was_and_one_that_was_revoked_look_alike(town: Town) -> None:
    with sqlite3.connect(town.folder / "baken.sqlite") as connection:
        connection.execute("UPDATE code SET state = 2 WHERE state = 0")
    revoked = iter(town.demo.codes * PAIRS)
    never = iter(code_of(number) for number in range(10**6))

    def ask(visitor: Visitor, code: str) -> Any:
        return visitor.post(f"/s/{town.demo.campaign}", {"code": code, "lang": "nl"})

    assert abs(compare(town, ask, revoked, never, PAIRS)) < 5


class Spoken(BakenError):
    """A refusal that quotes nothing."""


@get(f"{ROOT}/break/{{layer:str}}", opt={"action": Action.COME_IN}, sync_to_thread=True)
def break_reading(
    request: PageRequest, session: NamedDependency[Session], layer: FromPath[str]
) -> Any:
    if layer == "handler":
        raise RuntimeError(f"{CANARY} in a handler")
    if layer == "template":
        return page(request, "organisation/units.html", rows=[CANARY])
    if layer == "missing template":
        return page(request, f"{CANARY}.html")
    if layer == "statement":
        session.scalars(select(Organisation).where(Organisation.name == object())).all()
    if layer == "framework":
        raise HTTPException(status_code=503, detail=CANARY)
    if layer == "nested":
        try:
            int(CANARY)
        except ValueError as error:
            raise KeyError(CANARY) from error
    return None


@post(f"{ROOT}/break/commit", opt={"action": Action.COME_IN}, sync_to_thread=True)
def break_writing(session: NamedDependency[Session]) -> str:
    session.add(Person(id=uuid4(), name=None, mail=CANARY))  # a name is compulsory
    return "ok"


def write_to(out: io.StringIO) -> None:
    handler = logging.root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(out)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log as a server writes it."""
    before = logging.root.handlers[:], logging.root.level, threading.excepthook
    set_up_logs()
    out = io.StringIO()
    write_to(out)
    yield out
    logging.root.handlers[:] = before[0]
    logging.root.setLevel(before[1])
    threading.excepthook = before[2]


def test_whatever_breaks_no_word_of_it_gets_out(make_website: Any, log: io.StringIO) -> None:
    website = make_website(break_reading, break_writing)
    browser = website.browser(Role.ADMINISTRATOR)
    answers = {
        layer: browser.get(f"{website.root}/break/{layer}")
        for layer in ("handler", "template", "missing template", "statement", "framework", "nested")
    }
    answers["commit"] = browser.post(f"{website.root}/break/commit")
    for layer, answer in answers.items():
        assert answer.status_code == 500, layer
        assert CANARY not in answer.text, layer
        assert not re.search(r"Traceback|SELECT|INSERT|File &#34;|\.py", answer.text), layer
        numbers = re.findall(r"\b[0-9a-f]{8}\b", answer.text)
        assert any(number in log.getvalue() for number in numbers), f"{layer}: a number to pass on"
    assert CANARY not in log.getvalue()
    assert "Traceback" not in log.getvalue()


def test_a_thread_that_breaks_says_kind_and_place(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise KeyError(CANARY)

    broken = threading.Thread(target=work, name="worker 1")
    broken.start()
    broken.join()
    assert "The thread worker 1 ended. [KeyError at test_telling.py:" in log.getvalue()
    assert CANARY not in log.getvalue() + "".join(capfd.readouterr())


def test_nothing_that_somebody_sends_is_in_the_log(
    town: Town, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    places = [route for route in town.routes if not route.is_static]
    for visitor in (town.stranger(), town.powerful()):
        visitor.cookies.set("baken_language", CANARY)
        visitor.cookies.set("a", CANARY)
        known = {**town.values, "link": CANARY, "name": town.demo.campaign}
        for route in places[:: 1 if IS_CAMPAIGN else 3]:
            address = fill(route, known)
            visitor.request(
                route.method,
                address,
                params={"lang": CANARY, CANARY: "1", "next": f"/{CANARY}"},
                data={"csrf": visitor.csrf, "code": CANARY, "mail": CANARY, "password": CANARY,
                      "comment": CANARY, CANARY: "x"} if route.changes else None,
                headers={"user-agent": CANARY, "x-forwarded-for": CANARY, "accept-language": CANARY,
                         "referer": f"http://127.0.0.1:8000/{CANARY}"},
            )  # fmt: skip
        visitor.get(f"/{CANARY}")
        visitor.get(f"/s/{CANARY}")
    out, err = capfd.readouterr()
    assert CANARY not in log.getvalue() + out + err


def test_an_error_in_a_log_of_a_library_loses_its_words(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.config.dictConfig(LOGGING_CONFIG)  # a server that made a log of its own before
    set_up_logs()
    write_to(log)
    try:
        int(CANARY)
    except ValueError as error:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        logging.getLogger("asyncio").warning("Task failed: %s", error)
        logging.getLogger("any").warning("a %d of %s", 3, "things")
    said = log.getvalue()
    assert CANARY not in said
    assert CANARY not in "".join(capfd.readouterr())
    assert "Exception in ASGI application [ValueError at test_telling.py:" in said
    assert "Task failed: ValueError" in said
    assert "a 3 of things" in said
