"""The register as an inspector gets it: one archive with a PDF, two tables and a list of sums.

Everything is made in memory: nothing in clear is left on the machine.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baken.actionplan.register.attachments import Enclosed
from baken.actionplan.register.exporting import Exported
from baken.actionplan.register.lists import lists
from baken.actionplan.register.reading import EntryReading, TextReading
from baken.storage.workbooks import Cell, write_csv
from baken.web import numerals
from baken.web.documents.pdf import pdf_of
from baken.web.rendering import render
from baken.web.texts import Catalogue, catalogue


@dataclass(frozen=True, slots=True)
class DocumentText:
    """One text of an entry on paper: a line above it, and its paragraphs."""

    head: str
    facts: tuple[str, ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One entry on paper."""

    title: str
    lines: tuple[str, ...]
    texts: tuple[DocumentText, ...]


def register_archive(
    exported: Exported, *, organisation: str, language: str, static_root: str, now: datetime
) -> bytes:
    """Return the archive (ZIP): register.pdf, entries.csv, entries.json, files, manifest.json."""
    say = catalogue(language)
    page = render(
        "documents/register.html",
        static_root,
        language=language,
        organisation=organisation,
        exported=exported,
        made_at=now,
        entries=tuple(_entry(one, say, language) for one in exported.entries),
        unreadable=", ".join(map(str, exported.unreadable)),
    )
    paths = {(one.number, _sha256(one.file.content)): _path(one) for one in exported.enclosed}
    plain = [_plain(one, paths) for one in exported.entries]
    files = {
        "register.pdf": pdf_of(page).content,
        "entries.csv": write_csv(_table(exported, say), delimiter=";"),
        "entries.json": _json(plain),
    }
    files |= {_path(one): one.file.content for one in exported.enclosed}
    manifest = {
        "organisation": organisation,
        "made_at": now.isoformat(timespec="seconds"),
        "from_on": exported.permit.from_on.isoformat(),
        "until_on": exported.permit.until_on.isoformat(),
        "reason": exported.permit.reason,
        "entries": len(exported.entries),
        "unreadable": list(exported.unreadable),
        "record": exported.permit.head,
        "sha256": {name: _sha256(content) for name, content in files.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, "manifest.json": _json(manifest)}.items():
            archive.writestr(name, content)
    return out.getvalue()


def _path(enclosed: Enclosed) -> str:
    """A file of an entry, under the number of the entry."""
    return f"files/{enclosed.number:05d}-{enclosed.place}-{enclosed.file.name}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _entry(entry: EntryReading, say: Catalogue, language: str) -> DocumentEntry:
    lines = [say("register.recorded_until", day=entry.recorded_on, until=entry.purge_on)]
    if entry.deleted_on:
        lines = [say("register.deleted_line", day=entry.recorded_on, deleted=entry.deleted_on)]
    elif entry.identity:
        reach = f" ({entry.identity.contact})" if entry.identity.contact else ""
        lines.append(say("register.name_line", name=entry.identity.name + reach))
    for one in entry.files:
        size = numerals.number(one.size, language)
        listed = say("register.file_listed", name=one.name, size=size)
        # The sum begins below, where it fits one line.
        lines.append(f"{listed}\n{say('register.file_sum', digest=one.digest)}")
    return DocumentEntry(
        title=say("register.entry_number", number=str(entry.number)),
        lines=tuple(lines),
        texts=tuple(_text(text, say) for text in entry.texts),
    )


def _text(text: TextReading, say: Catalogue) -> DocumentText:
    who = text.author or say("register.author")
    words = (_said(text, say), text.facts.description if text.facts else "")
    return DocumentText(
        head=say(f"register.kind_{text.kind}", day=text.written_on, who=who),
        facts=tuple(
            f"{say('shell.label', what=name)} {value}"
            for name, value in _facts(text, say).items()
            if value
        ),
        paragraphs=tuple(line for one in words for line in one.splitlines() if line.strip()),
    )


def _said(text: TextReading, say: Catalogue) -> str:
    """What was written beside the facts: of a correction, why."""
    is_reason = bool(text.facts and text.text)
    return say("register.correction_because", text=text.text) if is_reason else text.text


def _facts(text: TextReading, say: Catalogue) -> Mapping[str, str]:
    """Label to value of what happened, without the description."""
    facts = text.facts
    if facts is None:
        return {}
    known, code = lists(), say.language
    natures, thirds, tags = (
        {choice.key: choice.texts[code] for choice in choices}
        for choices in (known.natures, known.third_parties, known.tags)
    )
    when = say("register.on_day", day=facts.first_on)
    if facts.last_on:
        when = say("register.between_days", first=facts.first_on, last=facts.last_on)
    return {
        say("register.short_when"): when,
        say("register.short_place"): facts.place,
        say("register.short_who"): thirds[facts.third_party],
        say("register.short_nature"): natures[facts.nature],
        say("register.short_tags"): ", ".join(tags[tag] for tag in facts.tags),
    }


def _table(exported: Exported, say: Catalogue) -> Iterator[list[Cell]]:
    """One row per text, so that every correction stands beside what it corrects."""
    heads = ("number", "recorded", "kept_until", "deleted", "text", "written", "by", "when",
             "place", "who", "nature", "tags", "description", "words", "name", "files")  # fmt: skip
    yield [say(f"register.column_{head}") for head in heads]
    for entry in exported.entries:
        name = entry.identity.name if entry.identity else ""
        files = "\n".join(f"{one.name}, {one.size} bytes, {one.digest}" for one in entry.files)
        before: list[Cell] = [entry.number, entry.recorded_on, entry.purge_on, entry.deleted_on]
        if not entry.texts:
            yield [*before, *[""] * 12]
        for text in entry.texts:
            facts = list(_facts(text, say).values()) or [""] * 5
            description = text.facts.description if text.facts else ""
            kind = say(f"register.kind_short_{text.kind}")
            who = text.author or say("register.author")
            yield [*before, kind, text.written_on, who, *facts, description, text.text, name, files]


def _plain(entry: EntryReading, paths: Mapping[tuple[int, str], str]) -> dict[str, Any]:
    number = entry.number or 0
    return {
        "number": entry.number,
        "recorded_on": entry.recorded_on.isoformat(),
        "kept_until": entry.purge_on.isoformat(),
        "deleted_on": entry.deleted_on.isoformat() if entry.deleted_on else None,
        "name": entry.identity.name if entry.identity else None,
        "contact": entry.identity.contact if entry.identity else None,
        "texts": [
            {
                "kind": text.kind.value,
                "written_on": text.written_on.isoformat(),
                "written_by": text.author or None,
                "text": text.text,
                "facts": _plain_facts(text),
            }
            for text in entry.texts
        ],
        "files": [
            {
                "name": one.name,
                "bytes": one.size,
                "sha256": one.digest,
                "added_on": one.added_on.isoformat(),
                "path": paths.get((number, one.digest)),
            }
            for one in entry.files
        ],
    }


def _plain_facts(text: TextReading) -> dict[str, Any] | None:
    facts = text.facts
    if facts is None:
        return None
    return {
        "first_on": facts.first_on.isoformat(),
        "last_on": facts.last_on.isoformat() if facts.last_on else None,
        "place": facts.place,
        "third_party": facts.third_party,
        "nature": facts.nature,
        "tags": list(facts.tags),
        "description": facts.description,
    }
