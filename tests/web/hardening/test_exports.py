"""What is downloaded holds nothing that a spreadsheet would run."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from baken.storage.workbooks import Sheet, is_workbook, open_rows, write_csv, write_rows
from tests.web.hardening.conftest import Town, Visitor
from tests.web.hardening.fuzzing import IS_CAMPAIGN
from tests.web.hardening.walking_routes import Map

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
FIRST = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", " =", "\u00a0=", "'=", '"=', "=\n")
THEN = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://127.0.0.1:1/?"&A1,"klik")',
    'WEBSERVICE("http://127.0.0.1:1/")',
    'IMPORTXML("http://127.0.0.1:1/","//a")',
    "SUM(1;2)*cmd|' /C calc'!A0",
    'DDE("cmd";"/C calc";"x")',
    "A1;B2",
    'x","=1+1',
    "x;=1+1",
    "x\t=1+1",
    "x\n=1+1",
    "x\r\n=1+1",
    "{=1+1}",
    "-2+3+cmd|' /C calc'!D2",
    "",
)
PAYLOADS = tuple(first + then for first in FIRST for then in THEN)
FREE_TEXT = re.compile(r"(name|title|statement|text|method|activity|address|motivation|what)$")


def poison(folder: Path, payloads: list[str]) -> None:
    """Write payloads into every free text of the organisation, past the forms that would clean."""
    turn = 0
    connection = sqlite3.connect(folder / "baken.sqlite")
    with connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        # Some tables refuse changes themselves: it is their exports that matter here.
        guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%UPDATE%'"
        for (guard,) in connection.execute(guards).fetchall():
            connection.execute(f'DROP TRIGGER "{guard}"')
        for (table,) in names:
            columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            free = [
                row[1] for row in columns if FREE_TEXT.search(row[1]) and "CHAR" in row[2].upper()
            ]
            if table in {"account", "public_name", "alembic_version"} or table.endswith("_entry"):
                continue
            # A table without row numbers is reached by its keys.
            keys = [row[1] for row in columns if row[5]]
            here = " AND ".join(f'"{key}" = ?' for key in keys)
            wanted = ", ".join(f'"{key}"' for key in keys)
            for column in set(free) - set(keys):
                rows = connection.execute(f'SELECT {wanted} FROM "{table}"').fetchall()
                for row in rows:
                    turn += 1
                    value = payloads[turn % len(payloads)]
                    connection.execute(
                        f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE {here}', (value, *row)
                    )
        for row, tree in connection.execute("SELECT rowid, unit_tree FROM campaign").fetchall():
            units = json.loads(tree) if tree else None
            for place, unit in enumerate(units or ()):
                unit["name"] = payloads[place % len(payloads)]
            connection.execute(
                "UPDATE campaign SET unit_tree = ? WHERE rowid = ?", (json.dumps(units), row)
            )
    connection.close()


def computed(content: bytes) -> list[str]:
    """The cells of a file that a spreadsheet would compute."""
    if is_workbook(content):
        return [
            f"{sheet.title}!{cell.coordinate}: {cell.value}"
            for sheet in load_workbook(io.BytesIO(content)).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" or cell.hyperlink
        ]
    text = content.decode("utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    cells = [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
    return [cell for cell in cells if would_run(cell)]


def would_run(cell: str) -> bool:
    """Whether a spreadsheet takes the cell for more than a text; a plain number is harmless."""
    try:
        float(cell)
    except ValueError:
        first = cell.lstrip(" \u00a0")[:1]
        return first in set("=+-@") - {""} or cell[:1] in set("\t\r\n\0") - {""}
    return False


def is_table(content_type: str) -> bool:
    return "csv" in content_type or "spreadsheet" in content_type


def downloads(town: Town, chart: Map, visitor: Visitor) -> dict[str, bytes]:
    """Every table that can be fetched: by a link, or by pressing a button."""
    found = {}
    for address, kind in chart.downloads.items():
        if is_table(kind):
            found[address] = visitor.get(address).content
    for forms in chart.forms.values():
        form = forms[0]
        if form.method == "POST" and re.search(r"/(list|download|export)$", form.action):
            sent = {**dict(form.fields), "csrf": visitor.csrf}
            answer = visitor.post(form.action, sent)
            if is_table(answer.headers.get("content-type", "")):
                found[form.action] = answer.content
    return found


def test_two_hundred_payloads_come_out_of_every_download_as_text(town: Town, chart: Map) -> None:
    assert len(PAYLOADS) >= 200
    visitor, waiting = town.powerful(), iter(PAYLOADS)
    running, fetched = [], set()
    while batch := list(islice(waiting, 16 if IS_CAMPAIGN else 52)):
        poison(town.folder, batch)
        for address, content in downloads(town, chart, visitor).items():
            fetched.add(re.sub(r"[0-9a-f-]{36}", "*", address))
            running += [f"{address}: {cell!r}" for cell in computed(content)]
    assert running == []
    assert any(address.endswith("/codes/list") for address in fetched)


def test_every_payload_passes_the_writers_as_text() -> None:
    rows: list[Any] = [["payload"], *([payload] for payload in PAYLOADS)]
    workbook = write_rows([Sheet("a", rows)])
    assert computed(workbook) == []
    back = [str(row[0]) if row else "" for row in open_rows(workbook)]
    plain = [payload for payload in PAYLOADS if payload.isprintable()]
    assert [text for text in back[1:] if text in plain] == plain
    for delimiter in ",;\t":
        assert computed(write_csv(rows, delimiter=delimiter)) == []


def test_the_check_would_find_what_runs() -> None:
    assert computed(b"name\r\n=1+1\r\n") == ["=1+1"]
    assert computed(b"a;b\r\n+32;@x\r\n") == ["@x"]
    naive = io.BytesIO()
    with xlsxwriter.Workbook(naive) as book:
        book.add_worksheet().write(0, 0, "=1+1")
    assert len(computed(naive.getvalue())) == 1


def test_an_office_program_finds_no_formula_either(tmp_path: Path) -> None:
    """Opens both kinds of file in LibreOffice, in a campaign and where it is installed."""
    rows: list[Any] = [["payload"], *([payload] for payload in PAYLOADS)]
    files = {"a.xlsx": write_rows([Sheet("a", rows)]), "b.csv": write_csv(rows)}
    program = shutil.which("soffice") if IS_CAMPAIGN else None
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        assert computed(content) == []
        if program:
            subprocess.run(
                [program, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
                 "--convert-to", "fods", "--outdir", str(tmp_path / "out"), str(tmp_path / name)],
                check=True, capture_output=True, timeout=180,
            )  # fmt: skip
            made = (tmp_path / "out" / name).with_suffix(".fods").read_text(encoding="utf-8")
            assert "table:formula" not in made
