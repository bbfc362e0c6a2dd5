"""What a browser and Baken say to each other about a passkey (WebAuthn level 3). Pure.

A key is asked for nothing but a signature: who made it (attestation) is neither asked nor kept.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn
from uuid import UUID

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    options_to_json_dict,
    parse_attestation_object,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from baken.organisation.errors import Denied, Invalid

NAME: Final = "Baken"
TIME_OUT_MS: Final = 5 * 60 * 1000
MAX_ANSWER: Final = 32 * 1024
MAX_ID: Final = 1023  # WebAuthn 5.8.3
ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# What browsers send when they are asked for no attestation.
FORMATS: Final = frozenset({"none", "packed"})


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Under which name and address browsers know this installation."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent back, read but not yet believed."""

    content: dict[str, Any]
    credential_id: bytes
    challenge: bytes
    user_handle: bytes | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """The public half of a key that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    may_be_copied: bool
    is_copied: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds: how often the key says it was used, and whether it is backed up."""

    sign_count: int
    is_copied: bool


def creation_options(
    party: RelyingParty,
    challenge: bytes,
    *,
    account_id: UUID,
    mail: str,
    name: str,
    known: Sequence[bytes],
) -> dict[str, Any]:
    """What the browser needs to make a passkey; those that the account has are left out."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=NAME,
        user_id=account_id.bytes,
        user_name=mail,
        user_display_name=name,
        challenge=challenge,
        timeout=TIME_OUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def request_options(
    party: RelyingParty, challenge: bytes, *, known: Sequence[bytes] = ()
) -> dict[str, Any]:
    """What the browser needs to sign with a passkey; of any account where none are named."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=TIME_OUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read_answer(text: str) -> Answer:
    """Read what came back, as far as it says which challenge and which key it is about.

    Raises
    ------
    Invalid
        It is not what a browser sends.
    """
    if len(text) > MAX_ANSWER:
        raise _unreadable()
    try:
        content = json.loads(text)
        response = content["response"]
        credential_id = base64url_to_bytes(content["id"])
        client = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
        handle = response.get("userHandle")
        user_handle = base64url_to_bytes(handle) if handle else None
    except Exception as error:
        raise _unreadable() from error
    if not 0 < len(credential_id) <= MAX_ID:
        raise _unreadable()
    return Answer(content, credential_id, client.challenge, user_handle)


def verify_creation(party: RelyingParty, answer: Answer) -> NewKey:
    """Check a key that was just made for the challenge of `answer`.

    Raises
    ------
    Denied
        Wrong address, wrong kind of key, nobody verified, or a signature that does not hold.
    """
    try:
        attestation = answer.content["response"]["attestationObject"]
        made = parse_attestation_object(base64url_to_bytes(attestation))
        if made.fmt not in FORMATS:
            _refuse(None)
        verified = webauthn.verify_registration_response(
            credential=answer.content,
            expected_challenge=answer.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except Exception as error:
        _refuse(error)
    if verified.credential_id != answer.credential_id:
        _refuse(None)
    return NewKey(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        may_be_copied=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        is_copied=verified.credential_backed_up,
    )


def verify_request(party: RelyingParty, answer: Answer, public_key: bytes) -> Signed:
    """Check a signature over the challenge of `answer`; the counter is the caller's to judge.

    Raises
    ------
    Denied
        Wrong address, nobody verified, or a signature that does not hold.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer.content,
            expected_challenge=answer.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            # Compared afterwards, when it is certain that the key itself says so.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        _refuse(error)
    return Signed(verified.new_sign_count, verified.credential_backed_up)


# The library reads bytes that anybody may send and keeps no list of what it raises on them:
# whatever it is, the ceremony has failed. Hence `except Exception` in the three functions above.


def _unreadable() -> Invalid:
    return Invalid(
        "passkeys.unreadable",
        "What the browser sent about the passkey cannot be read. Nothing was changed; begin again.",
    )


def _refuse(error: Exception | None) -> NoReturn:
    raise Denied(
        "passkeys.refused",
        "This passkey was not accepted: it does not fit this address, or its signature is not "
        "right. Nothing was changed; begin again on a page of Baken itself.",
    ) from error
