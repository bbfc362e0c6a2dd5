"""What can go wrong between a finding and a measure."""

from baken.storage.errors import BakenError


class ActionPlanError(BakenError):
    """Something about findings, plans, measures or advice."""


class NotFound(ActionPlanError):
    """It does not exist, or not in this organisation: the answer is the same."""

    kind = "missing"


class Denied(ActionPlanError):
    """The person may not do this here."""

    kind = "denied"


class Invalid(ActionPlanError):
    """What was filled in does not hold together."""


class NoShareAtRisk(Invalid):
    """A scale has no share at risk to follow; `scale` among the values is its key."""


class InvalidTransition(ActionPlanError):
    """Not now: the plan, measure or request is in another state."""

    kind = "conflict"
