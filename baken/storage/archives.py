"""Zip files of strangers: looked over from their table of contents before anything is unpacked."""

import io
import stat
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from baken.storage.errors import BakenError

MIB: Final = 1024 * 1024
# A sheet of zeros packs well too: only above this size does the ratio say something.
SMALL_MEMBER: Final = MIB
# What archives begin with: zip, gzip, bzip2, xz, 7z, rar, zstandard.
ARCHIVES: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
)


class UnsafeFile(BakenError):
    """The file is not opened; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold at most."""

    members: int = 200
    unpacked: int = 100 * MIB
    ratio: int = 100


WORKBOOK: Final = Limits()


def open_archive(content: bytes, limits: Limits = WORKBOOK) -> zipfile.ZipFile:
    """Open a zip file in memory, after its table of contents was found harmless.

    What a member unpacks to never passes the size in that table: reading stops there.

    Raises
    ------
    UnsafeFile
        Damaged, locked with a password, too large once unpacked, or holding what a plain file of
        data has no use for: links, paths, other archives.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise damaged() from error
    members = archive.infolist()
    _check_sizes(members, limits)
    for member in members:
        _check_member(member, limits)
    _check_names(members)
    _check_contents(archive, members)
    return archive


def damaged() -> UnsafeFile:
    """What to say of a file that cannot be unpacked or read."""
    return UnsafeFile(
        "storage.file_damaged",
        "The file is damaged or did not arrive whole. Nothing was changed. "
        "Open it in the program that made it, save it again and choose it once more.",
    )


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.members:
        raise UnsafeFile(
            "storage.file_members",
            "The file consists of {n} parts; at most {limit} are opened. Nothing was changed. "
            "Copy the data into a new file and choose that one.",
            n=len(members),
            limit=limits.members,
        )
    total = sum(member.file_size for member in members)
    if total > limits.unpacked:
        raise UnsafeFile(
            "storage.file_unpacked",
            "Unpacked, the file is larger than {limit} MiB. Nothing was changed. "
            "Split the data over several files.",
            limit=limits.unpacked // MIB,
        )


def _check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    if member.flag_bits & 0x1:
        raise locked()
    too_dense = member.file_size > limits.ratio * max(1, member.compress_size)
    if member.file_size > SMALL_MEMBER and too_dense:
        raise UnsafeFile(
            "storage.file_dense",
            "A part of the file unpacks to more than {ratio} times its size. Nothing was changed. "
            "Remove empty rows and columns, or copy the data into a new file.",
            ratio=limits.ratio,
        )
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _strange()


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) != len(names):
        raise _strange()  # two parts under one name: programs differ in which they take
    for name in names:
        # The name as it stands in the file: the library cuts it at a NUL.
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name:
            raise _strange()


def _check_contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.is_dir():
            continue
        try:
            with archive.open(member) as part:
                start = part.read(8)
        except Exception as error:  # whatever a broken part makes the library raise
            raise damaged() from error
        if start.startswith(ARCHIVES):
            raise UnsafeFile(
                "storage.file_nested",
                "The file holds another packed file. Nothing was changed. "
                "Copy the data into a new file and choose that one.",
            )


def locked() -> UnsafeFile:
    """What to say of a file behind a password."""
    return UnsafeFile(
        "storage.file_locked",
        "The file is protected by a password. Nothing was changed. "
        "Save it without a password and choose it again.",
    )


def _strange() -> UnsafeFile:
    return UnsafeFile(
        "storage.file_strange",
        "The file holds links or parts outside itself. Nothing was changed. "
        "Copy the data into a new file and choose that one.",
    )
