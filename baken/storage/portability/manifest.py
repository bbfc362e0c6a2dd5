"""The table of contents of an export, and which versions of Baken can read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Final
from uuid import UUID

from alembic.config import Config
from alembic.script import ScriptDirectory

from baken.storage.migrate import MIGRATIONS
from baken.storage.portability.errors import NewerExport, damaged, older_form
from baken.storage.portability.tables import AUDIT
from baken.storage.portability.values import Content

MANIFEST: Final = "manifest.json"
KIND: Final = "baken organisation"
FORMAT_VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive: rows of one table.

    `sha256` is that of its bytes, `content` the checksum of its rows in whatever order.
    """

    rows: int
    sha256: str
    content: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an export holds, and which guarded parts stayed behind."""

    organisation_id: UUID
    name: str
    software_version: str
    revision: str
    exported_at: str
    audit_head: str
    members: Mapping[str, Member] = field(default_factory=dict)
    left_behind: tuple[str, ...] = ()

    @property
    def content_sha256(self) -> str:
        """One checksum over everything but the audit chain, which grows by every export.

        The chain is compared by its head.
        """
        content = Content()
        for name, member in self.members.items():
            if name != AUDIT:
                content.add({"member": name, "rows": member.rows, "content": member.content})
        return content.hex()

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as it stands in the archive."""
        return {
            "format": KIND,
            "format_version": FORMAT_VERSION,
            "software_version": self.software_version,
            "schema_revision": self.revision,
            "exported_at": self.exported_at,
            "organisation": {"id": str(self.organisation_id), "name": self.name},
            "members": {name: asdict(member) for name, member in self.members.items()},
            "content_sha256": self.content_sha256,
            "audit_head": self.audit_head,
            "left_behind": list(self.left_behind),
        }


def read_manifest(found: Mapping[str, Any]) -> Manifest:
    """Return the manifest of an archive.

    Raises
    ------
    NewerExport
        This Baken does not know the form yet.
    DamagedExport
        It says something impossible.
    """
    try:
        if found["format"] != KIND:
            raise damaged("format")
        _check_version(found)
        manifest = Manifest(
            organisation_id=_owner(found["organisation"]["id"]),
            name=str(found["organisation"]["name"]),
            software_version=str(found["software_version"]),
            revision=str(found["schema_revision"]),
            exported_at=str(found["exported_at"]),
            audit_head=str(found["audit_head"]),
            members={name: Member(**member) for name, member in found["members"].items()},
            left_behind=tuple(str(part) for part in found.get("left_behind", ())),
        )
        is_whole = manifest.content_sha256 == found["content_sha256"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged("manifest") from error
    if manifest.revision not in known_revisions():
        raise _newer(found)
    if not is_whole:
        raise damaged("content checksum")
    return manifest


def _check_version(found: Mapping[str, Any]) -> None:
    version = int(found["format_version"])
    if version > FORMAT_VERSION:
        raise _newer(found)
    if version < FORMAT_VERSION:
        raise older_form()


def _owner(text: str) -> UUID:
    """Return the organisation; what is no random identifier may stand for something else here."""
    found = UUID(text)
    if found.version != 4:
        raise damaged("organisation")
    return found


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the forms that the tables had, the newest first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return tuple(step.revision for step in ScriptDirectory.from_config(config).walk_revisions())


def _newer(found: Mapping[str, Any]) -> NewerExport:
    return NewerExport(
        "portability.newer",
        "This file was made by Baken {theirs}, which is newer than the Baken on this "
        "installation. Nothing was imported. Update this installation first, then try again.",
        theirs=str(found.get("software_version", "?"))[:40],
    )
