"""Attachments, emergency reading by two, spam refused together, an export past a damaged row."""

import hashlib
import io
import json
import os
import sqlite3
import struct
import time
import zipfile
import zlib
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from pypdf.generic import NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select, update

from baken.actionplan.register import actions, attachments, emergency
from baken.actionplan.register.errors import InvalidEntry, NotNow, NotYours
from baken.actionplan.register.exporting import ask_export, read_period
from baken.actionplan.register.files import MOST_BYTES, MOST_FILES, File, check_file
from baken.actionplan.register.models import Entry, EntryAttachment, EntryText
from baken.actionplan.register.queries import get_row, list_rows
from baken.actionplan.register.receipts import print_receipt
from baken.actionplan.register.retention import delete_due
from baken.actionplan.register.rules import EntryState
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.storage.jobs import Job
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.documents.register_files import register_archive
from tests.actionplan.registers import TODAY, Kept, at, keep_register
from tests.conftest import make_client

CANARY = "kanariebijlage"
PDF = b"%PDF-1.7\n" + CANARY.encode() * 10 + b"\n%%EOF\n"
XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{CANARY}</dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
NOW = at(TODAY)
MANY = int(os.environ.get("BAKEN_REGISTER_ENTRIES", "12"))


@pytest.fixture
def kept(sqlite: Database, keys: KeyStore) -> Kept:
    return keep_register(sqlite, keys, make_client(sqlite).people)


def _picture(form: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, form, **more)
    return out.getvalue()


def _bomb() -> bytes:
    """A small picture whose head says that it has 3,600 million points."""
    raw = _picture("PNG")
    head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + raw[24:29]
    return raw[:12] + head + struct.pack(">I", zlib.crc32(head)) + raw[33:]


def _with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # held on its side
    exif[0x010F] = CANARY
    exif.get_ifd(0x8825)[1] = "N"
    return _picture("JPEG", exif=exif.tobytes(), comment=CANARY.encode())


def test_a_picture_keeps_nothing_of_place_and_device() -> None:
    raw = _with_place()
    assert CANARY.encode() in raw
    kept = check_file("C:\\foto's\\Weekend <1>.JPG", raw)
    assert (kept.name, kept.media_type) == ("Weekend 1.jpg", "image/jpeg")
    assert CANARY.encode() not in kept.content
    again = Image.open(io.BytesIO(kept.content))
    assert (again.size, dict(again.getexif())) == ((20, 40), {})  # upright, and bare
    assert check_file("a.png", _picture("PNG")).media_type == "image/png"


def test_a_document_keeps_its_pages_and_nobody_beside_them() -> None:
    raw = _written()
    assert raw.count(CANARY.encode()) >= 4
    kept = check_file("verslag.pdf", raw)
    read = PdfReader(io.BytesIO(kept.content))
    assert "Op de pagina" in read.pages[0].extract_text()
    assert (CANARY.encode() in kept.content, read.xmp_metadata, len(read.attachments)) == (
        False, None, 0
    )  # fmt: skip
    assert check_file("verslag.pdf", raw) == kept  # the same file twice is the same file
    locked = PdfWriter(clone_from=io.BytesIO(raw))
    locked.encrypt(CANARY)
    with pytest.raises(InvalidEntry, match="password"):
        check_file("verslag.pdf", _of(locked))
    with pytest.raises(InvalidEntry, match="damaged"):
        check_file("verslag.pdf", PDF)


def _written() -> bytes:
    """A document that names its author wherever a document can."""
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.setAuthor(CANARY)
    canvas.drawString(100, 700, "Op de pagina")
    canvas.save()
    made = PdfWriter(clone_from=page)
    made.add_metadata({"/Creator": CANARY})
    made.xmp_metadata = XMP.encode()
    made.add_attachment("bijlage.txt", CANARY.encode())
    remark = Text(rect=(50, 50, 100, 100), text="zichtbaar")
    remark[NameObject("/T")] = TextStringObject(CANARY)
    made.add_annotation(0, remark)
    return _of(made)


def _of(made: PdfWriter) -> bytes:
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("foto.jpg", _picture("PNG"), "file_ending"),
        ("verslag.pdf", b"MZ\x90 program", "file_kind"),
        ("foto", _picture("PNG"), "file_ending"),
        ("a.html", b"<script>alert(1)</script>", "file_kind"),
        ("a.svg", b"<svg/>", "file_kind"),
        ("a.png", _picture("PNG")[:60], "file_damaged"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * 99, "file_damaged"),
        ("a.png", _bomb(), "file_damaged"),
        ("a.pdf", b"%PDF-1.7 cut off", "file_damaged"),
        ("a.pdf", b"", "file_empty"),
        ("a.pdf", b"%PDF-" + b"x" * MOST_BYTES, "file_large"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, content: bytes, key: str) -> None:
    with pytest.raises(InvalidEntry) as refused:
        check_file(name, content)
    assert refused.value.key == f"register.{key}"


def test_attachments_are_sealed_read_recorded_and_deleted(kept: Kept, tmp_path: Path) -> None:
    made = kept.tell()
    file = File(f"{CANARY}.pdf", "application/pdf", PDF)
    with kept.database.session(kept.id) as session:
        register, receipt = get_register(session), print_receipt(made.receipt)
        for _ in range(2):  # the button pressed twice
            attachments.attach_own(session, kept.keys, register, receipt, file, today=TODAY)
        for n in range(1, MOST_FILES):
            other = File("a.pdf", "application/pdf", PDF + bytes([n]))
            attachments.attach_own(session, kept.keys, register, receipt, other, today=TODAY)
        with pytest.raises(InvalidEntry):
            more = File("b.pdf", "application/pdf", PDF + b"more")
            attachments.attach_own(session, kept.keys, register, receipt, more, today=TODAY)
        assert [one.action for one in list_entries(session)] == ["register.opened"]
    assert kept.accept(made) == 1
    shown = kept.read(made).files
    assert (shown[0].name, shown[0].size, len(shown)) == (file.name, len(PDF), MOST_FILES)
    how = {"by": kept.keeper, "now": NOW}
    with kept.database.session(kept.id) as session:
        got = attachments.read_file(session, kept.keys, made.entry.id, shown[0].id, **how)
        assert got == file
        with pytest.raises(NotYours):
            others = {**how, "by": kept.people[Role.PREVENTION_ADVISER]}
            attachments.read_file(session, kept.keys, made.entry.id, shown[0].id, **others)
        assert list_entries(session)[0].action == "register.read"
    path = Path(str(kept.database.engine.url.database))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(tmp_path / "c")) as to:
        source.backup(to)
    assert CANARY.encode() not in (tmp_path / "c").read_bytes()

    last = TODAY.replace(year=TODAY.year + 5)
    assert delete_due(kept.database, kept.keys, organisation_id=kept.id, today=last, now=at(last))
    with kept.database.read(kept.id) as session:
        assert session.scalars(select(EntryAttachment.id)).all() == []
    assert kept.read(made).files == ()


def test_files_that_nobody_looked_at_fill_no_disk(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_WAITING_FILES", 1)
    first, second = kept.tell(), kept.tell()
    file = File("a.pdf", "application/pdf", PDF)
    for made, is_taken in ((first, True), (second, False)):
        receipt = print_receipt(made.receipt)
        with kept.database.session(kept.id) as session:
            give = partial(attachments.attach_own, session, kept.keys, get_register(session))
            if is_taken:
                give(receipt, file, today=TODAY)
            else:
                with pytest.raises(InvalidEntry, match="Many files wait"):
                    give(receipt, file, today=TODAY)
    kept.accept(first)  # looked at: there is room again
    with kept.database.session(kept.id) as session:
        receipt = print_receipt(second.receipt)
        attachments.attach_own(
            session, kept.keys, get_register(session), receipt, file, today=TODAY
        )


def test_two_read_together_for_a_day_and_nobody_alone(kept: Kept) -> None:
    made = kept.tell(name="Imke De Graeve")
    adviser, employer = kept.people[Role.PREVENTION_ADVISER], kept.people[Role.EMPLOYER]
    with kept.database.session(kept.id) as session:
        with pytest.raises(NotYours):  # by the strict table not even what is numbered
            list_rows(session, by=adviser, now=NOW)
        with pytest.raises(InvalidEntry):
            emergency.ask_emergency(session, kept.keys, " ", by=adviser, now=NOW)
        row = emergency.ask_emergency(session, kept.keys, CANARY, by=adviser, now=NOW)
        assert CANARY.encode() not in row.reason
        with pytest.raises(NotNow):
            emergency.ask_emergency(session, kept.keys, CANARY, by=employer, now=NOW)
        with pytest.raises(NotYours):  # it takes two
            emergency.agree_emergency(session, row.id, seen=1, by=adviser, today=TODAY, now=NOW)
        with pytest.raises(NotYours):
            get_row(session, made.entry.id, by=adviser, now=NOW)
        assert emergency.waiting_emergencies(session, employer, now=NOW) == [TODAY]
        agreed = NOW + timedelta(hours=1)
        asked = select(Job.subject_id).where(
            Job.name == emergency.LETTER, Job.organisation_id == kept.id
        )
        assert list(session.scalars(asked)) == []
        emergency.agree_emergency(session, row.id, seen=1, by=employer, today=TODAY, now=agreed)
        assert list(session.scalars(asked)) == [kept.keeper.person_id]  # the keeper, not the two
        found = emergency.find_emergency(session, kept.keys, by=kept.keeper, now=agreed)
        assert found is not None
        assert (found.reason, found.is_open) == (CANARY, True)

        last = agreed + timedelta(hours=23, minutes=59)
        for by in (adviser, employer):
            reading = actions.read_entry(session, kept.keys, made.entry.id, by=by, now=last)
            assert reading.facts is not None
            assert reading.identity is None  # consent was given to others
            assert len(list_rows(session, by=by, now=last)) == 1
        over = agreed + timedelta(hours=24)
        with pytest.raises(NotYours):
            actions.read_entry(session, kept.keys, made.entry.id, by=adviser, now=over)
        with pytest.raises(NotNow):
            emergency.end_emergency(session, row.id, seen=2, by=kept.keeper, now=over)
        emergency.end_emergency(session, row.id, seen=2, by=kept.keeper, now=last)
        with pytest.raises(NotYours):
            actions.read_entry(session, kept.keys, made.entry.id, by=adviser, now=last)
        acts = [one.action for one in reversed(list_entries(session))]
    assert acts == [
        "register.opened",
        "register.emergency_asked",
        "register.emergency_agreed",
        "register.read",
        "register.read",
        "register.emergency_ended",
    ]
    assert [look.who for look in kept.look_up(made).looks] == [
        "Persoon employer",
        "Persoon prevention_adviser",
    ]


def test_spam_is_refused_together_and_can_be_put_right(kept: Kept) -> None:
    made = [kept.tell() for _ in range(3)]
    chosen = {one.entry.id: one.entry.version for one in made[:2]}
    how = {"by": kept.keeper, "today": TODAY, "now": NOW}
    with kept.database.session(kept.id) as session:
        changed = {made[2].entry.id: made[2].entry.version + 1}  # dealt with on another screen
        assert actions.refuse_spam(session, kept.keys, {**chosen, **changed}, **how) == 2
        with pytest.raises(InvalidEntry):
            actions.refuse_spam(session, kept.keys, chosen, **how)
        done = list_entries(session)[0]
        assert (done.action, set(done.facts["entries"])) == (
            "register.spam_refused",
            {str(one) for one in chosen},
        )
        states = dict(session.execute(select(Entry.id, Entry.state)).all())
        assert [states[one.entry.id] for one in made] == [
            EntryState.REFUSED,
            EntryState.REFUSED,
            EntryState.WAITING,
        ]
        version = session.get_one(Entry, made[0].entry.id).version
        actions.accept(session, made[0].entry.id, seen=version, by=kept.keeper, now=NOW)


def test_the_inspector_gets_all_but_a_damaged_row_which_is_named(kept: Kept) -> None:
    made = [kept.enter() for _ in range(MANY)]
    file = File("bewijs.pdf", "application/pdf", PDF)
    with kept.database.session(kept.id) as session:
        how = {"seen": made[0].entry.version, "by": kept.keeper, "today": TODAY, "now": NOW}
        attachments.attach(session, kept.keys, made[0].entry.id, file, **how)
    path = str(kept.database.engine.url.database)
    with closing(sqlite3.connect(path)) as raw, raw:  # whoever has the disk
        raw.execute("DROP TRIGGER register_text_fixed")
    with kept.database.session(kept.id) as session:
        damaged = made[1].entry.id
        session.execute(
            update(EntryText).where(EntryText.entry_id == damaged).values(content=b"x" * 64)
        )
        permit = ask_export(
            session, from_on=TODAY, until_on=TODAY, reason="Inspectie", by=kept.keeper, now=NOW
        )
    began, worked = time.perf_counter(), time.process_time()
    with kept.database.snapshot(kept.id) as session:
        exported = read_period(session, kept.keys, permit, language="nl")
    archive = register_archive(
        exported, organisation="De Wilg", language="nl", static_root="", now=NOW
    )
    took, worked = time.perf_counter() - began, time.process_time() - worked
    assert (len(exported.entries), exported.unreadable) == (MANY - 1, (2,))
    assert [(one.number, one.file) for one in exported.enclosed] == [(1, file)]
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        written = opened.read("files/00001-1-bewijs.pdf")
        first, *others = json.loads(opened.read("entries.json"))
        table = opened.read("entries.csv").decode("utf-8-sig")
    digest = hashlib.sha256(PDF).hexdigest()
    assert (written, [one["files"] for one in others]) == (PDF, [[]] * (MANY - 2))
    assert first["files"] == [
        {"name": "bewijs.pdf", "bytes": len(PDF), "sha256": digest,
         "added_on": TODAY.isoformat(), "path": "files/00001-1-bewijs.pdf"}
    ]  # fmt: skip
    assert f"bewijs.pdf, {len(PDF)} bytes, {digest}" in table
    assert worked < 60  # of one core, whatever else the machine does
    if "BAKEN_REGISTER_ENTRIES" in os.environ:
        print(f"{MANY} entries: {worked:.1f} s of a core in {took:.1f} s, {len(archive)} bytes")
