"""What can be wrong with a file given on the command line."""

from typing import ClassVar

from baken.storage.errors import BakenError, Kind


class CommandError(BakenError):
    """The base of every error of the command line."""

    kind: ClassVar[Kind] = "invalid"


class UnreadableTable(CommandError):
    """A file is no CSV table, or not the one that was asked for."""


class NotBuiltYet(CommandError):
    """An option is part of the contract, but its method is not there yet."""
