"""Files with units: workbooks as spreadsheets make them, and the tree as a file and back."""

import io
import os
import time
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baken.organisation.errors import Conflict, Invalid
from baken.organisation.import_reading import read_units
from baken.organisation.imports import confirm_import, preview_import
from baken.organisation.structure.history import UnitKind
from baken.organisation.unit_files import Wording, units_as_csv, units_as_workbook
from baken.organisation.units import UnitRow, list_units
from baken.storage.archives import UnsafeFile
from baken.storage.session import Database
from tests.conftest import make_client

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = date(2026, 4, 1)
HEAD = ["nummer", "naam", "aantal", "hoort bij"]
WORDING = Wording(
    "Eenheden",
    ("nummer", "naam", "hoort bij", "soort", "aantal", "adres", "activiteit"),
    {
        UnitKind.EMPLOYER: "werkgever",
        UnitKind.ESTABLISHMENT: "vestiging",
        UnitKind.DEPARTMENT: "afdeling",
        UnitKind.TEAM: "ploeg",
    },
)


def workbook(*rows: list[object], hidden: bool = False, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    if hidden:
        book.create_sheet("verborgen").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_of_a_spreadsheet_are_read_as_people_mean_them() -> None:
    content = workbook(HEAD, [12.0, "Een", 24.0, None], ["007", "Twee", "8", 12], hidden=True)
    read = read_units(content, known={})
    assert read.errors == ()
    assert [(row.number, row.headcount, row.parent) for row in read.rows] == [
        ("12", 24, ""),
        ("007", 8, "12"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["1", "Een", 3.5], [("headcount", "aantal")]),
        (["1", "Een", "3,5"], [("headcount", "aantal")]),
        (["1", "Een", "1_000"], [("headcount", "aantal")]),
        (["1", "Een", True], [("headcount", "aantal")]),
        ([datetime(2026, 3, 12), "Een", 3], [("date", "nummer")]),  # noqa: DTZ001 - as files have it
        (["1", "Een", datetime(2026, 3, 12)], [("headcount", "aantal")]),  # noqa: DTZ001
        (["1", "x" * 201, 3], [("long", "naam")]),
        (["1" * 41, "Een", 3], [("long", "nummer")]),
        (["1", None, 3], [("incomplete", "naam")]),
        ([None, "Een", 3], [("incomplete", "nummer")]),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named(
    row: list[object], expected: list[tuple[str, str]]
) -> None:
    read = read_units(workbook(HEAD, ["9", "Goed", 1], row), known={})
    assert [(error.line, error.key, error.column) for error in read.errors] == [
        (3, f"organisation.import_{key}", column) for key, column in expected
    ]


def test_a_merged_cell_leaves_the_lines_below_without_a_number() -> None:
    content = workbook(HEAD, ["1", "Een", 3], [None, "Twee", 4], merge="A2:A3")
    read = read_units(content, known={})
    assert [(error.line, error.key) for error in read.errors] == [
        (3, "organisation.import_incomplete")
    ]


def test_a_workbook_without_the_columns_says_which_are_missing() -> None:
    with pytest.raises(Invalid, match="lacks number, headcount"):
        read_units(workbook(["naam"], ["Een"]), known={})
    with pytest.raises(Invalid, match="separated by a comma"):
        read_units(b"naam\nEen\n", known={})
    with pytest.raises(UnsafeFile):
        read_units(workbook(HEAD)[:200], known={})


text = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=20
).map(lambda said: " ".join(said.split())).filter(bool)  # fmt: skip


@st.composite
def trees(draw) -> list[UnitRow]:
    numbers = draw(st.lists(text, min_size=1, max_size=8, unique=True))
    rows: list[UnitRow] = []
    for number in numbers:
        parent = draw(st.none() | st.sampled_from(rows)) if rows else None
        rows.append(
            UnitRow(
                id=uuid4(),
                version=1,
                parent_id=parent.id if parent else None,
                kind=draw(st.sampled_from(UnitKind)),
                number=number,
                name=draw(text),
                address=draw(st.just("") | text),
                activity=draw(st.just("") | text),
                headcount=draw(st.none() | st.integers(0, 9_999)),
                total=None,
                depth=0,
            )
        )
    return rows


@given(trees(), st.sampled_from([units_as_csv, units_as_workbook]))
def test_what_is_written_reads_back_as_it_was(rows: list[UnitRow], write) -> None:
    numbers: dict[UUID | None, str] = {row.id: row.number for row in rows}
    read = read_units(write(rows, WORDING), known={})
    assert read.errors == ()
    assert [
        (r.number, r.name, r.parent, r.kind, r.headcount, r.address, r.activity) for r in read.rows
    ] == [
        (
            r.number, r.name, numbers.get(r.parent_id, ""), r.kind, r.headcount, r.address,
            r.activity,
        )
        for r in rows
    ]  # fmt: skip


def import_rows(database: Database, client, rows: str, **more) -> object:
    content = f"number,name,headcount,parent\n{rows}".encode()
    with database.session(client.id) as session:
        return confirm_import(
            session, content, by=client.administrator, today=TODAY, now=NOW, **more
        )


def names(database: Database, client, on: date) -> list[str]:
    with database.read(client.id) as session:
        return [row.number for row in list_units(session, on=on)]


def test_a_list_holds_from_its_day_and_ends_what_it_leaves_out_on_demand(
    database: Database, organisation
) -> None:
    import_rows(database, organisation, "1,A,3,\n2,B,4,1\n3,C,5,1\n")
    kept = import_rows(database, organisation, "1,A,3,\n3,C,9,1\n", on=LATER)
    assert len(kept.missing) == 1
    assert kept.doubtful == {"3"}
    assert names(database, organisation, LATER) == ["1", "2", "3"]
    import_rows(database, organisation, "1,A,3,\n3,C,9,1\n", on=date(2026, 5, 1), ends_missing=True)
    assert names(database, organisation, date(2026, 4, 30)) == ["1", "2", "3"]
    assert names(database, organisation, date(2026, 5, 1)) == ["1", "3"]


def test_a_list_orders_only_what_it_names(database: Database, organisation) -> None:
    import_rows(database, organisation, "1,A,,\n2,B,,\n3,C,,\n4,D,,\n")
    import_rows(database, organisation, "4,D,,\n2,B,,\n9,N,,\n")
    assert names(database, organisation, TODAY) == ["1", "4", "3", "2", "9"]


def test_a_list_cannot_leave_out_what_it_needs(database: Database, organisation) -> None:
    import_rows(database, organisation, "1,A,,\n2,B,,1\n")
    with pytest.raises((Conflict, Invalid), match="stands under A"):
        import_rows(database, organisation, "2,B,7,\n", on=LATER, ends_missing=True)


def test_many_units_come_in_and_go_out(sqlite: Database) -> None:
    """2,000 units here; BAKEN_UNITS=20000 for what a file may hold at most."""
    n_units = int(os.environ.get("BAKEN_UNITS", "2000"))
    client = make_client(sqlite)
    lines = "".join(f"u{n},Unit {n},{n % 40},u{n // 20}\n" for n in range(1, n_units))
    begun = time.process_time()
    import_rows(sqlite, client, f"u0,Top,,\n{lines}")
    spent = time.process_time() - begun
    print(f"{n_units} units in {spent:.1f} s of one core")
    assert spent < 10
    with sqlite.session(client.id) as session:
        rows = list_units(session, on=TODAY)
        content = units_as_workbook(rows, WORDING)
        again = preview_import(session, content, by=client.administrator, today=TODAY)
    assert len(rows) == n_units
    assert again.errors == ()
    assert again.planned is None
