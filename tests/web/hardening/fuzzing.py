"""Malformed input: what is sent, and what must hold whatever is sent.

`BAKEN_FUZZ` says how many cases each log-in and upload route gets: ten in `make test`, 2,000 in
`make attack`. `BAKEN_FUZZ_ROUTES` names parts of addresses, with commas between them, so that a run
that was interrupted can go on: "/log-out,/log-in/set-up".
"""

import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from hypothesis import strategies as st

from tests.storage.hostile_files import good

CASES = int(os.environ.get("BAKEN_FUZZ", "10"))
IS_CAMPAIGN = CASES > 40
PARTS = tuple(filter(None, os.environ.get("BAKEN_FUZZ_ROUTES", "").split(",")))
MIB = 1024 * 1024

SQL = (
    "' OR '1'='1",
    "'; DROP TABLE account; --",
    '"; DELETE FROM organisation; --',
    "') UNION SELECT name, 1, 2 FROM sqlite_master --",
    "1; PRAGMA writable_schema=1",
    "\\'; SELECT pg_sleep(5); --",
    "admin'/*",
    "%' ESCAPE '!",
    "0x27 OR 1=1",
    "${jndi:ldap://127.0.0.1/a}",
)
ODD = (
    "",
    " ",
    "\0",
    "\u202e",
    "\ufeff",
    "\U0001f9ea" * 50,
    "a" * 5_000,
    "-1",
    "0",
    "1e999",
    "NaN",
    "-0",
    "9" * 400,
    "0" * 5_000,
    "١٢٣",
    "²",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "+10000-01-01",
    "true",
    "null",
    "[]",
    "{}",
    '{"a":{"b":[1]}}',
    "[" * 2_000,
    "../../../etc/passwd",
    "http://127.0.0.1:1/",
    "//elders.example",
    "javascript:alert(1)",
    "%00%0d%0a",
    "x\r\nset-cookie: a=b",
    "{{7*7}}",
    "{0.__class__}",
    "%s%n%x",
    "=cmd|' /C calc'!A0",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "a@b",
    "a@b.example\nbcc: c@d.example",
    "AAAAAAAA",
    "eyJhbGciOiJub25lIn0.e30.",
)
VALUES = st.one_of(
    st.sampled_from(ODD + SQL),
    st.text(max_size=60),
    st.integers().map(str),
    st.dates().map(str),
    st.uuids().map(str),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["accept-language", "x-swap", "x-forwarded-for", "x-forwarded-proto", "accept", "range",
         "x-http-method-override", "if-none-match", "user-agent", "forwarded", "x-request-id"]
    ),
    st.one_of(
        st.sampled_from(["", "a" * 8_000, "nl;q=\x7f", "bytes=0-,0-,0-", "0.0.0.0", ",,,;;;q=q"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
    ),
    max_size=3,
)  # fmt: skip


NAMES = st.one_of(
    st.sampled_from(["units.csv", "a.xlsx", "../../a.csv", "a\0.csv", ".", "a" * 300, "x.lss", ""]),
    st.text(max_size=12),
)
KINDS = st.sampled_from(
    ["text/csv", "application/octet-stream", "image/png", "", "x/y; charset=\xff"]
)
LINES = (
    b"number,name,headcount\nA,Team,12\n",
    b"\xef\xbb\xbfname;mail;unit\r\nAn;an@b.example;1\r\n",
    b"unit,WLD1,WLD2\nA,1,5\nA,,9\n",
    b'<?xml version="1.0"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>',
)


@st.composite
def files(draw: Any) -> tuple[str, bytes, str]:
    """A file: noise, or something that can be read, scrambled in a few places."""
    samples = (*LINES, good())
    content = bytearray(draw(st.one_of(st.sampled_from(samples), st.binary(max_size=400))))
    for _ in range(draw(st.integers(0, 6))):
        if content:
            place = draw(st.integers(0, len(content) - 1))
            content[place : place + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
    return draw(NAMES), bytes(content), draw(KINDS)


@dataclass(frozen=True)
class Case:
    """One malformed request."""

    fields: tuple[tuple[str, str], ...]
    files: Mapping[str, tuple[str, bytes, str]]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]


@st.composite
def cases(draw: Any, given: Sequence[tuple[str, str]], places: Sequence[str] = ()) -> Case:
    """A form as a page offers it, with fields changed, doubled, left out and added.

    `places` are its fields for files.
    """
    fields = list(given)
    for _ in range(draw(st.integers(0, 4))):
        if fields:
            place = draw(st.integers(0, len(fields) - 1))
            name = fields[place][0]
            changed = draw(st.sampled_from(["value", "value", "value", "twice", "gone", "renamed"]))
            if changed == "value":
                fields[place] = (name, draw(VALUES))
            elif changed == "twice":
                fields.append((name, draw(VALUES)))
            elif changed == "gone":
                del fields[place]
            else:
                fields[place] = (draw(st.text(max_size=12)), draw(VALUES))
    fields += draw(st.lists(st.tuples(st.text(max_size=8), VALUES), max_size=1))
    return Case(
        tuple(fields),
        {name: draw(files()) for name in places if draw(st.integers(0, 9))},
        draw(st.dictionaries(st.sampled_from(["next", "lang", "head", "a"]), VALUES, max_size=1)),
        draw(HEADERS),
        draw(st.dictionaries(st.sampled_from(["baken_language", "a"]), COOKIES, max_size=1)),
    )


COOKIES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';",\\'))


@dataclass
class Watch:
    """Notices commits to the databases of a folder, time and memory."""

    folder: Path
    _connections: list[sqlite3.Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path in sorted(self.folder.rglob("*.sqlite")):
            self._connections.append(sqlite3.connect(path))
        self.memory = memory()

    def versions(self) -> list[int]:
        """Moves when somebody else has committed a change."""
        return [one.execute("PRAGMA data_version").fetchone()[0] for one in self._connections]

    def grown(self) -> float:
        """Growth of the memory of this process, in MiB."""
        return memory() - self.memory

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


def memory() -> float:
    """Resident memory of this process in MiB."""
    return float(psutil.Process().memory_info().rss) / MIB


@dataclass
class Stopwatch:
    """How long the last answer took, in seconds."""

    last: float = 0.0

    def __enter__(self) -> "Stopwatch":
        self._begun = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.last = time.perf_counter() - self._begun
