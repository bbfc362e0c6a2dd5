"""What can be wrong with a file given on the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from baken.instruments.exchange.imported import Refusal
from baken.storage.errors import BakenError, Kind


class CommandError(BakenError):
    """The base of every error of the command line."""

    kind: ClassVar[Kind] = "invalid"


class UnreadableTable(CommandError):
    """A file is no CSV table, or not the one that was asked for."""


class FolderInUse(CommandError):
    """A folder to write into holds files already."""

    kind: ClassVar[Kind] = "conflict"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "commands.folder_in_use",
            "The folder {folder} holds files already. Nothing was written. Name a new folder.",
            folder=folder,
        )


class CannotPrintHere(CommandError):
    """A questionnaire whose form cannot be printed."""

    def __init__(self, key: str) -> None:
        super().__init__(
            "commands.cannot_print",
            "{name} cannot be printed as a form: it is a screening, or its texts belong to others "
            "and are not here. Complete it with texts you have a licence for.",
            name=key,
        )


class NothingTaken(CommandError):
    """No question of a file can be asked here."""

    def __init__(self, file: Path, refused: Sequence[Refusal]) -> None:
        super().__init__(
            "commands.nothing_taken",
            "No question of {file} can be taken. Nothing was written.\n{listed}",
            file=file.name,
            listed="\n".join(f"- {one}" for one in refused),
        )


class NoItems(CommandError):
    """A structure does not say which items some of its scales have."""

    def __init__(self, name: str, scales: Sequence[str]) -> None:
        super().__init__(
            "commands.no_items",
            "{name} is a structure that does not say which items these scales have: {scales}. "
            "Copy its folder, add the items or remove those scales, and name that folder.",
            name=name,
            scales=", ".join(scales),
        )


class NotBuiltYet(CommandError):
    """An option is part of the contract, but its method is not there yet."""
