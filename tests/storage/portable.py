"""Exports for tests: sealed with little work, so that a thousand of them can be opened."""

import importlib
import io
import json
import pkgutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import baken
from baken.storage.portability.manifest import Manifest
from baken.storage.portability.packing import write_export
from baken.storage.portability.reading import Parcel
from baken.storage.portability.sealing import FileKey, SealedReader, SealedWriter
from baken.storage.portability.tables import GUARDED
from baken.storage.portability.writing import write_parcel
from baken.storage.session import Database

for _module in pkgutil.walk_packages(baken.__path__, "baken."):
    if not _module.name.startswith("baken.web"):
        importlib.import_module(_module.name)

PASSPHRASE = "vijf losse woorden op een rij"
KEY = FileKey.new(PASSPHRASE, log_n=1)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def silent(_n_done: int, _n_total: int) -> None:
    """Progress nobody looks at."""


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, KEY)
    writer.write(content)
    writer.finish()
    return out.getvalue()


def export(database: Database, organisation_id: UUID) -> tuple[bytes, Manifest]:
    out = io.BytesIO()
    with database.snapshot(organisation_id) as session:
        manifest = write_export(
            session, out, KEY, parts=GUARDED, software_version="0.1.0", now=AT, progress=silent
        )
    return out.getvalue(), manifest


def parcel_of(content: bytes) -> Parcel:
    parcel = Parcel(io.BytesIO(content), KEY)
    parcel.check(silent)
    return parcel


def bring(database: Database, content: bytes) -> None:
    parcel = parcel_of(content)
    with database.session(parcel.manifest.organisation_id) as session:
        write_parcel(session, parcel)


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(SealedReader(io.BytesIO(content), KEY)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sealed(out.getvalue())


def with_manifest(content: bytes, change: Callable[[dict], None]) -> bytes:
    """The same export with a manifest that was tampered with by somebody who has the passphrase."""
    members = members_of(content)
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return packed({**members, "manifest.json": json.dumps(manifest).encode()})
