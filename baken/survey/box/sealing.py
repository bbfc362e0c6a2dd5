"""Sealing an envelope to the public key of its campaign, and opening it with the private one.

HPKE (RFC 9180): X25519, HKDF-SHA256 and ChaCha20-Poly1305, a fresh key exchange for every
envelope. The campaign is bound in, so that an envelope cannot be moved to another one.
"""

import base64
import hashlib
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from baken.storage.keys import seal, unseal
from baken.survey.errors import CannotUnseal

RECEIPT_LENGTH = 10
DRAFT_SEALING_BYTES = 28

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def make_key_pair() -> tuple[bytes, bytes]:
    """Return a new private key and its public key, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_key_of(private_key: bytes) -> bytes:
    """Return the public key that belongs to a private one."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def fingerprint(public_key: bytes) -> str:
    """Return the SHA-256 of a public key, as printed on the notice."""
    return hashlib.sha256(public_key).hexdigest()


def seal_envelope(public_key: bytes, campaign_id: UUID, content: bytes) -> bytes:
    """Return an envelope that only the holder of the private key can open."""
    key = X25519PublicKey.from_public_bytes(public_key)
    return _SUITE.encrypt(content, key, info=_purpose(campaign_id))


def open_envelope(private_key: bytes, campaign_id: UUID, box: bytes) -> bytes:
    """Return what was sealed; raise `CannotUnseal` when it was changed or moved."""
    key = X25519PrivateKey.from_private_bytes(private_key)
    try:
        return _SUITE.decrypt(box, key, info=_purpose(campaign_id))
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal(
            "survey.cannot_unseal",
            "An envelope cannot be opened with the key of this survey: it was changed or belongs "
            "elsewhere. Nothing was written; restore the database from a backup.",
        ) from error


def receipt_hash(box: bytes) -> bytes:
    """Return the hash under which an envelope appears in the published list."""
    return hashlib.sha256(box).digest()


def print_receipt(digest: bytes) -> str:
    """Return a receipt as people see it."""
    return base64.b32encode(digest).decode()[:RECEIPT_LENGTH]


def draft_id(pepper: bytes, campaign_id: UUID, code: str) -> bytes:
    """Return the name under which the draft of a code is kept."""
    return _from_code(pepper, campaign_id, code, "draft-id", 16)


def seal_draft(pepper: bytes, campaign_id: UUID, code: str, content: bytes) -> bytes:
    """Encrypt a draft under its code: whoever has only the server cannot read it."""
    key = _from_code(pepper, campaign_id, code, "draft-key", 32)
    return seal(key, content, _purpose(campaign_id))


def open_draft(pepper: bytes, campaign_id: UUID, code: str, box: bytes) -> bytes:
    """Return what `seal_draft` encrypted."""
    key = _from_code(pepper, campaign_id, code, "draft-key", 32)
    return unseal(key, box, _purpose(campaign_id))


def _from_code(pepper: bytes, campaign_id: UUID, code: str, purpose: str, length: int) -> bytes:
    info = f"{purpose}|{campaign_id.hex}".encode()
    return HKDF(SHA256(), length, salt=pepper, info=info).derive(code.encode())


def _purpose(campaign_id: UUID) -> bytes:
    return b"baken campaign " + campaign_id.bytes
