"""Somebody tries codes: everybody else is served, and the guesser waits."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn

from baken.survey.codes.symbols import print_code, write_code
from baken.web.commands.serve import listen
from baken.web.connections import server_options
from tests.web.hardening.conftest import Town
from tests.web.hardening.fuzzing import IS_CAMPAIGN

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
GUESSES = 10_000 if IS_CAMPAIGN else 60
AT_ONCE = 500 if IS_CAMPAIGN else 30
LEGITIMATE = 200 if IS_CAMPAIGN else 20


@pytest.fixture
def port(town: Town) -> Iterator[int]:
    listener = listen(replace(town.app.state.settings, port=0))
    options = {**server_options(), "lifespan": "off"}
    server = uvicorn.Server(uvicorn.Config(town.app, **options))
    thread = threading.Thread(target=asyncio.run, args=(server.serve([listener]),))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(60)
    listener.close()


async def ask(port: int, path: str, fields: dict[str, str]) -> tuple[int, float]:
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1]), time.perf_counter() - begun


async def guess_and_answer(town: Town, port: int) -> tuple[list[Any], list[Any]]:
    path, gate = f"/s/{town.demo.campaign}", asyncio.Semaphore(AT_ONCE)

    async def guess(number: int) -> tuple[int, float]:
        code = print_code(write_code(number * 0x9E3779B97F4A7C15 % 2**60))
        async with gate:
            return await ask(port, path, {"code": code, "lang": "nl"})

    async def come() -> list[tuple[int, float]]:
        found = []
        for turn in range(LEGITIMATE):
            code = town.demo.codes[turn % len(town.demo.codes)]
            found.append(await ask(port, path, {"code": code, "lang": "nl"}))
            await asyncio.sleep(0.05)
        return found

    legitimate = asyncio.create_task(come())
    guesses = await asyncio.gather(*(guess(number) for number in range(1, GUESSES + 1)))
    return guesses, await legitimate


def test_guessing_keeps_nobody_else_waiting(town: Town, port: int) -> None:
    begun = time.perf_counter()
    guesses, legitimate = asyncio.run(guess_and_answer(town, port))
    passed = time.perf_counter() - begun
    assert {status for status, _ in guesses} == {403}
    assert {status for status, _ in legitimate} == {200}
    p95 = quantiles([seconds for _, seconds in legitimate], n=20)[-1]
    slowest = max(seconds for _, seconds in guesses)
    print(f"{GUESSES} guesses in {passed:.0f} s, legitimate p95 {p95 * 1000:.0f} ms")
    assert p95 < 2
    assert slowest > 3  # beyond the budget of the whole site each guess waits
