"""What can be wrong with a removal."""

from baken.organisation.errors import OrganisationError


class CannotRemove(OrganisationError):
    """The organisation cannot be removed, or not now."""


class NoRemoval(OrganisationError):
    """There is no removal that waits for this."""

    kind = "missing"
