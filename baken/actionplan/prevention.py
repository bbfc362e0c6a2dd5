"""How the law sorts what is done for well-being: at which step, for whom, in which domain."""

from enum import StrEnum


class PreventionLevel(StrEnum):
    """Remove the risk, prevent harm, limit harm (art. I.2-7 of the codex)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Scope(StrEnum):
    """For everybody in the situation, or for persons."""

    COLLECTIVE = "collective"
    INDIVIDUAL = "individual"


class Domain(StrEnum):
    """The seven domains of well-being at work."""

    SAFETY = "safety"
    HEALTH = "health"
    PSYCHOSOCIAL = "psychosocial"
    ERGONOMICS = "ergonomics"
    HYGIENE = "hygiene"
    EMBELLISHMENT = "embellishment"
    ENVIRONMENT = "environment"
