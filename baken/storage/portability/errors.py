"""What can be wrong with an export, or with the file of one."""

from baken.storage.errors import BakenError


class PortabilityError(BakenError):
    """The base of every error of exports and imports."""


class WeakPassphrase(PortabilityError):
    """The passphrase is too short to protect a file that leaves the house."""


class NotPortable(PortabilityError):
    """Something in the organisation cannot be written so that every database can read it."""


class NotAnExport(PortabilityError):
    """The file is something else."""


class WrongPassphrase(PortabilityError):
    """The passphrase does not open the file."""


class DamagedExport(PortabilityError):
    """The file is not what was exported."""


class NewerExport(PortabilityError):
    """The file was made by a newer Baken than this one."""


class OlderForm(PortabilityError):
    """The file has a form that protected too little, and that is not read any more."""


class AlreadyHere(PortabilityError):
    """The organisation exists on this installation."""


class UnlistedData(Exception):
    """A table is in neither list of `tables`: a fault in Baken, not of a user."""


def older_form() -> OlderForm:
    """Return the refusal of a form of files that Baken gave up."""
    return OlderForm(
        "portability.older_form",
        "This file has a form that Baken gave up, because it protected too little. Nothing was "
        "imported. Ask for a new export.",
    )


def damaged(what: str) -> DamagedExport:
    """Return the refusal of a file; `what` says to a technician what does not fit."""
    return DamagedExport(
        "portability.damaged",
        "The file is damaged or was changed ({what}). Nothing was imported. Ask for a new export.",
        what=what,
    )
