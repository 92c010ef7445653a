"""A passkey as a browser would have registered it, of a device that does not exist."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT_AND_ATTESTED = 0x41


def registration(identity: bytes = b"k" * 16) -> dict[str, Any]:
    """What allauth stores of a registration."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), identity, key)
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), PRESENT_AND_ATTESTED, 0, credential)
    client = {"type": "webauthn.create", "challenge": websafe_encode(b"c" * 16), "origin": "http://testserver"}
    return {
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
    }
