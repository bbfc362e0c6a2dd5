"""What can go wrong between Baken and the identity provider."""

from baken.storage.errors import BakenError


class OpenIdError(BakenError):
    """Something about logging in by way of the identity provider."""


class ProviderSilent(OpenIdError):
    """It cannot be reached, takes too long, or does not speak the protocol."""

    kind = "conflict"


class ProofRefused(OpenIdError):
    """What it says does not prove who this is."""

    kind = "denied"


def silent(why: str) -> ProviderSilent:
    """The error of a provider that does not answer as it should; `why` is for the log."""
    error = ProviderSilent(
        "openid.silent",
        "The other service does not answer as it should just now. Nothing went wrong with your "
        "account; log in with your password, or try again later.",
    )
    error.add_note(why)
    return error


def refused(why: str) -> ProofRefused:
    """The error of a proof that does not hold; `why` is for the log, never for the screen."""
    error = ProofRefused(
        "openid.refused",
        "The answer of the other service does not prove who you are. Nothing was changed; "
        "begin again, or log in with your password.",
    )
    error.add_note(why)
    return error
