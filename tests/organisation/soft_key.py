"""A security key in software: makes passkeys and signs with them, honestly or not."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, MAY_BE_COPIED, IS_COPIED, WITH_KEY = 1, 4, 8, 16, 64


def to_text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """One key with one passkey; every lie is an argument."""

    origin: str = "http://localhost:8000"
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    handle: bytes = b""

    def make(self, options: dict[str, Any], **lies: Any) -> str:
        """What a browser sends after `navigator.credentials.create`."""
        self.handle = to_bytes(options["user"]["id"])
        rp_id = lies.get("rp_id", options["rp"]["id"])
        flags = lies.get("flags", PRESENT | VERIFIED) | WITH_KEY
        numbers = self.private.public_key().public_numbers()
        key = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        named = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + key
        attestation = cbor2.dumps(
            {
                "fmt": lies.get("fmt", "none"),
                "attStmt": {},
                "authData": self._data(rp_id, flags) + named,
            }
        )
        client = self._client("webauthn.create", options["challenge"], lies)
        return self._written(
            {"clientDataJSON": to_text(client), "attestationObject": to_text(attestation)}
        )

    def sign(self, options: dict[str, Any], **lies: Any) -> str:
        """What a browser sends after `navigator.credentials.get`."""
        self.count = lies.get("count", self.count + 1)
        data = self._data(lies.get("rp_id", options["rpId"]), lies.get("flags", PRESENT | VERIFIED))
        client = self._client("webauthn.get", options["challenge"], lies)
        signer = lies.get("private", self.private)
        signature = signer.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": to_text(client),
            "authenticatorData": to_text(data),
            "signature": to_text(signature),
        }
        handle = lies.get("handle", self.handle)
        if handle:
            response["userHandle"] = to_text(handle)
        return self._written(response)

    def _data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> bytes:
        content = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", challenge),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(content).encode()

    def _written(self, response: dict[str, str]) -> str:
        name = to_text(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
