"""What can go wrong with organisations, units and people."""

from baken.storage.errors import BakenError


class OrganisationError(BakenError):
    """Something about an organisation, its units or its people."""


class NotFound(OrganisationError):
    """It does not exist, or not in this organisation: the answer is the same."""

    kind = "missing"


class Denied(OrganisationError):
    """Somebody may not do what was asked."""

    kind = "denied"


class Invalid(OrganisationError):
    """The values do not make sense together."""


class Conflict(OrganisationError):
    """It clashes with what is there already."""

    kind = "conflict"
