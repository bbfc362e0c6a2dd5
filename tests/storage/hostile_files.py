"""Files that mean harm, built when a test asks for them: none of them lies in the source."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from baken.storage.workbooks import Sheet, write_rows

MIB = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good(rows: int = 3) -> bytes:
    """A workbook as somebody would send it."""
    cells = [[str(n), f"Team {n}", n] for n in range(rows)]
    return write_rows([Sheet("Units", [["number", "name", "people"], *cells])])


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(**changed: bytes) -> bytes:
    """The good workbook with parts changed or added; two underscores stand for a slash."""
    named = {name.replace("__", "/"): content for name, content in changed.items()}
    return packed(parts_of(good()) | named)


def with_sheet(inside: str, *, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    text = f"{head}<worksheet {SPACE}><sheetData>{inside}</sheetData></worksheet>"
    return packed(parts_of(good()) | {SHEET: text.encode(encoding)})


def zeros(size: int) -> bytes:
    """`size` zeros, deflated: one block that stands by itself, as often as needed."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * (size // MIB) + packer.flush()


def claiming(sizes: Mapping[str, int]) -> bytes:
    """The good workbook whose table of contents says that parts are of another size."""
    content = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        at = archive.start_dir
        for member in archive.infolist():
            if member.filename in sizes:
                struct.pack_into("<I", content, at + 24, sizes[member.filename])
            lengths = struct.unpack_from("<HHH", content, at + 28)
            at += 46 + sum(lengths)
    return bytes(content)


def sheet_of_a_gigabyte() -> bytes:
    """Honest about its size, and 1 MiB on the way."""
    raw = zeros(1024 * MIB)
    name = SHEET.encode()
    crc = 0
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(raw), 1024 * MIB,
                        len(name), 0)  # fmt: skip
    central = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(raw),
                          1024 * MIB, len(name), 0, 0, 0, 0, 0, 0)  # fmt: skip
    body = local + name + raw
    end = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), len(body), 0
    )
    return body + central + name + end


def nested(depth: int = 5, width: int = 16) -> bytes:
    """Zip files in zip files, as 42.zip is built."""
    content = packed({"0.txt": bytes(MIB)})
    for _ in range(depth):
        content = packed({f"lib {n}.zip": content for n in range(width)})
    return content


def flagged(change: Callable[[zipfile.ZipInfo], Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(good()).items():
            archive.writestr(name, content)
        odd = zipfile.ZipInfo("xl/media/odd")
        change(odd)
        archive.writestr(odd, b"../../../etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    content = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        content[archive.start_dir + 8] |= 1
    return bytes(content)


def link(member: zipfile.ZipInfo) -> None:
    member.external_attr = (stat.S_IFLNK | 0o777) << 16


def named(name: str) -> Callable[[zipfile.ZipInfo], None]:
    def change(member: zipfile.ZipInfo) -> None:
        member.filename = name

    return change


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))
DECLARED = f"{HEAD}<!DOCTYPE x [{LAUGHS}]>"
OUTSIDE = f'{HEAD}<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def shared(text: str, *, head: str = HEAD) -> bytes:
    whole = f"{head}<sst {SPACE}>{text}</sst>"
    return with_parts(**{TEXTS.replace("/", "__"): whole.encode()})


def odd_workbook(head: str, inside: str) -> bytes:
    parts = parts_of(good())
    text = parts["xl/workbook.xml"].decode()
    at = text.index("<workbook")
    return packed(parts | {"xl/workbook.xml": (head + text[at:].replace("Units", inside)).encode()})


CORPUS: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no archive": lambda: b"PK\x03\x04" + b"x" * 5_000,
    "empty archive": lambda: packed({}),
    "cut in the middle": lambda: good(2_000)[:9_000],
    "cut at the end": lambda: good()[:-30],
    "a page": lambda: b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "a program": lambda: b"MZ" + bytes(4_000),
    "a document of another kind": lambda: packed({"[Content_Types].xml": b"", "word/a.xml": b""}),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000),
    "a document and a workbook at once": lambda: b"%PDF-1.7\n" + good(),
    "a picture and a workbook at once": lambda: b"GIF89a" + bytes(20) + good(),
    "a gigabyte": sheet_of_a_gigabyte,
    "claims a gigabyte": lambda: claiming({SHEET: 1024 * MIB}),
    "claims less than it is": lambda: claiming({SHEET: 40}),
    "zip in zip in zip": nested,
    "a zip as a picture": lambda: with_parts(**{"xl__media__a.png": good()}),
    "a gzip as a picture": lambda: with_parts(**{"xl__media__a.png": b"\x1f\x8b" + bytes(50)}),
    "many parts": lambda: packed(parts_of(good()) | {f"a{n}": b"" for n in range(201)}),
    "very dense": lambda: with_parts(**{SHEET.replace("/", "__"): bytes(20 * MIB)}),
    "a part under a password": locked,
    "a link": lambda: flagged(link),
    "an absolute path": lambda: flagged(named("/etc/cron.d/a")),
    "a path upwards": lambda: flagged(named("../../a")),
    "a path of windows": lambda: flagged(named("C:\\a")),
    "one name twice": lambda: flagged(named(SHEET.upper())),
    "macros": lambda: with_parts(**{"xl__vbaProject.bin": b"\xd0\xcf"}),
    "figures of other files": lambda: with_parts(**{"xl__externalLinks__a.xml": b"<a/>"}),
    "laughs in the sheet": lambda: with_sheet("<row><c><v>&a9;</v></c></row>", head=DECLARED),
    "laughs in the texts": lambda: shared("<si><t>&a9;</t></si>", head=DECLARED),
    "laughs in the names": lambda: odd_workbook(DECLARED, "&a9;"),
    "a file of the server": lambda: with_sheet("<row><c><v>&a;</v></c></row>", head=OUTSIDE),
    "a file of the server in the texts": lambda: shared("<si><t>&a;</t></si>", head=OUTSIDE),
    "a file of the server in the names": lambda: odd_workbook(OUTSIDE, "&a;"),
    "another encoding": lambda: with_sheet("<row/>", head="", encoding="utf-16"),
    "an encoding of its own": lambda: with_sheet(
        "<row/>", head='<?xml version="1.0" encoding="cp037"?>'
    ),
    "300,000 rows": lambda: with_sheet("<row><c><v>1</v></c></row>" * 300_000),
    "a row far away": lambda: with_sheet('<row r="999999999"><c><v>1</v></c></row>'),
    "a row beyond the limit": lambda: with_sheet('<row r="300000"><c><v>1</v></c></row>'),
    "a column far away": lambda: with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
    "300 columns": lambda: with_sheet("<row>" + "<c><v>1</v></c>" * 300 + "</row>"),
    "three million cells": lambda: with_sheet("<row>" + "<c/>" * 3_000_000 + "</row>"),
    "three million tags": lambda: with_sheet("<a/>" * 3_000_000),
    "three million texts": lambda: shared("<si/>" * 3_000_000),
    "a long text": lambda: shared("<si><t>" + "ab" * 3_000_000 + "</t></si>" + "<si/>" * 99),
    "a text beyond the limit": lambda: with_sheet(
        '<row><c t="inlineStr"><is><t>' + "a" * 32_768 + "</t></is></c></row>"
    ),
    "formatting of 10 MiB": lambda: with_parts(**{"xl__styles.xml": b"<a>" + b"<b/>" * 2_600_000}),
    "a text that is not there": lambda: with_sheet('<row><c t="s"><v>99</v></c></row>'),
    "a number that is none": lambda: with_sheet("<row><c><v>twelve</v></c></row>"),
    "a number beyond all": lambda: with_sheet("<row><c><v>1e999</v></c></row>"),
    "a number of 5,000 figures": lambda: with_sheet(f"<row><c><v>{'9' * 5_000}</v></c></row>"),
    "a formula without its value": lambda: with_sheet("<row><c><f>1+1</f></c></row>"),
    "a sheet that is not closed": lambda: with_sheet("<row><c>"),
}  # fmt: skip
