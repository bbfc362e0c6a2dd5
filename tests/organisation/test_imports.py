"""Importing units and headcounts."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.errors import Denied, Invalid
from baken.organisation.import_reading import read_units
from baken.organisation.imports import confirm_import, preview_import
from baken.organisation.permissions import Role
from baken.organisation.units import list_below, list_units
from baken.storage.archives import UnsafeFile
from baken.storage.audit import list_entries
from baken.storage.session import Database

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GOOD = """nummer;naam;aantal;boven;soort
Z;Zorg;12;;afdeling
Z1;Team Beuk;24;Z;team
Z2;Team Eik;21;Z;team
K;Keuken;15;;afdeling
"""


def test_nothing_is_written_until_confirmed(database: Database, organisation) -> None:
    with database.session(organisation.id) as session:
        preview = preview_import(session, GOOD.encode(), by=organisation.administrator, today=TODAY)
    assert (len(preview.rows), preview.n_new, preview.total, preview.errors) == (4, 4, 72, ())
    with database.read(organisation.id) as session:
        assert list_units(session, on=TODAY) == []


def test_a_confirmed_import_makes_the_tree(database: Database, organisation) -> None:
    with database.session(organisation.id) as session:
        confirm_import(session, GOOD.encode(), by=organisation.administrator, today=TODAY, now=NOW)
    with database.read(organisation.id) as session:
        rows = list_units(session, on=TODAY)
        assert [(row.number, row.depth, row.headcount, row.total) for row in rows] == [
            ("Z", 0, 12, 57),
            ("Z1", 1, 24, 24),
            ("Z2", 1, 21, 21),
            ("K", 0, 15, 15),
        ]
        assert len(list_below(rows, rows[0].id)) == 3
        assert [entry.action for entry in list_entries(session)] == ["units.imported"]


def test_a_second_import_updates_by_number_and_removes_nothing(
    database: Database, organisation
) -> None:
    later = "number,name,headcount\nZ1,Team Berk,30\nN,Nacht,10\n"
    with database.session(organisation.id) as session:
        confirm_import(session, GOOD.encode(), by=organisation.administrator, today=TODAY, now=NOW)
    with database.session(organisation.id) as session:
        preview = confirm_import(
            session, later.encode(), by=organisation.administrator, today=date(2026, 4, 1), now=NOW
        )
        assert preview.n_new == 1
    with database.read(organisation.id) as session:
        now = {row.number: row for row in list_units(session, on=date(2026, 4, 1))}
        before = {row.number: row for row in list_units(session, on=TODAY)}
    assert (now["Z1"].name, now["Z1"].headcount) == ("Team Berk", 30)
    assert now["Z1"].parent_id == now["Z"].id
    assert before["Z1"].headcount == 24
    assert set(now) == {"Z", "Z1", "Z2", "K", "N"}


def test_a_column_that_is_not_in_the_file_changes_nothing(database: Database, organisation) -> None:
    full = "number,name,headcount,kind,address,activity\nZ,Zorg,12,afdeling,Laan 1,wonen\n"
    short = "number,name,headcount\nZ,Zorg en wonen,13\n"
    for content in (full, short):
        with database.session(organisation.id) as session:
            confirm_import(
                session, content.encode(), by=organisation.administrator, today=TODAY, now=NOW
            )
    with database.read(organisation.id) as session:
        (row,) = list_units(session, on=TODAY)
    assert (row.name, row.headcount) == ("Zorg en wonen", 13)
    assert (row.kind, row.address, row.activity) == ("department", "Laan 1", "wonen")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("A,Een,-3,", [(2, "headcount")]),
        ("A,Een,3.5,", [(2, "headcount")]),
        ("A,Een,veel,", [(2, "headcount")]),
        ("A,Een,3,\nA,Twee,4,", [(3, "duplicate")]),
        ("A,Een,3,X", [(2, "parent")]),
        ("A,Een,3,A", [(2, "cycle")]),
        ("A,Een,3,B\nB,Twee,3,C\nC,Drie,3,A", [(2, "cycle"), (3, "cycle"), (4, "cycle")]),
        ("A,,3,\n,Twee,4,", [(2, "incomplete"), (3, "incomplete")]),
        ("A,,elf,X", [(2, "incomplete"), (2, "headcount"), (2, "parent")]),
    ],
)
def test_each_bad_line_is_named_with_its_reason(
    lines: str, expected: list[tuple[int, str]]
) -> None:
    preview = read_units(f"number,name,headcount,parent\n{lines}\n".encode(), known={})
    assert [(error.line, error.key) for error in preview.errors] == [
        (line, f"organisation.import_{reason}") for line, reason in expected
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"number|name|headcount\nA|B|3\n", "separated by a comma"),
        ("number,name,headcount\nA,Caf\u00e9,3\n".encode("cp1252"), "UTF-8"),
        (b"number,name,headcount\n", "no units"),
        (b"PK\x03\x04", "damaged|workbook"),
        (b"number,name,headcount\nA\0,B,3\n", "not a text file"),
        (b"number,name,number,headcount\n", "twice"),
        (b'number,name,headcount\n"A,B,3\n' + b"x" * 200_000, "CSV"),
        (b"number,name,headcount\n" + b"A,B,3\n" * 200_000, "200000 lines"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises((Invalid, UnsafeFile), match=sentence):
        read_units(content, known={})


def test_a_file_with_errors_writes_nothing(database: Database, organisation) -> None:
    bad = GOOD + "Q;Kwaliteit;-1;;\n"
    with (
        pytest.raises(Invalid, match="Nothing was written"),
        database.session(organisation.id) as session,
    ):
        confirm_import(session, bad.encode(), by=organisation.administrator, today=TODAY, now=NOW)
    with database.read(organisation.id) as session:
        assert list_units(session, on=TODAY) == []


def test_a_cycle_through_units_known_already_is_found(database: Database, organisation) -> None:
    with database.session(organisation.id) as session:
        confirm_import(session, GOOD.encode(), by=organisation.administrator, today=TODAY, now=NOW)
        bad = b"number,name,headcount,parent\nZ,Zorg,12,Z1\n"
        preview = preview_import(session, bad, by=organisation.administrator, today=TODAY)
    assert [error.key for error in preview.errors] == ["organisation.import_cycle"]


def test_a_committee_member_does_not_import(database: Database, organisation) -> None:
    with pytest.raises(Denied), database.session(organisation.id) as session:
        preview_import(
            session, GOOD.encode(), by=organisation.people[Role.CPBW_MEMBER], today=TODAY
        )


@given(st.binary(max_size=300))
def test_any_bytes_give_a_preview_or_a_sentence(content: bytes) -> None:
    with contextlib.suppress(Invalid, UnsafeFile):
        assert read_units(content, known={}).rows is not None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_a_preview_without_errors_is_a_forest(pairs: list[tuple[int, int]]) -> None:
    lines = "".join(f"u{child},n,1,u{parent}\n" for child, parent in pairs)
    preview = read_units(f"number,name,headcount,parent\nx,x,1,\n{lines}".encode(), known={})
    if preview.errors:
        return
    above = {row.number: row.parent for row in preview.rows}
    for number in above:
        at, steps = number, 0
        while above.get(at):
            at, steps = above[at], steps + 1
            assert steps <= len(above)
