"""What can be wrong with a removal."""

from baken.organisation.errors import OrganisationError


class CannotRemove(OrganisationError):
    """The organisation cannot be removed, or not now."""


class BeingRemoved(OrganisationError):
    """The organisation is being removed: nothing is written any more."""

    kind = "missing"


class NoRemoval(OrganisationError):
    """There is no removal that waits for this."""

    kind = "missing"
