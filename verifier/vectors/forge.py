"""Make codes and lists byte by byte, right and wrong ones, with keys that anybody may know.

Nothing of the verifier is used here: a fault of its own encoder would be repeated by its own decoder.
"""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ISSUER = "https://card.example"
OTHER_ISSUER = "https://other.example"
LIST_URI = "https://card.example/status/1.cwt"
LIST_TYPE = "application/statuslist+cwt"
# The order of the group that Ed25519 works in (RFC 8032, 5.1).
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


@dataclass(frozen=True)
class TestKey:
    """A key pair made from its name: for tests only, its private half is public."""

    name: str

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        seed = hashlib.sha256(f"talentcard test key {self.name}: never use".encode()).digest()
        return Ed25519PrivateKey.from_private_bytes(seed)

    @cached_property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @cached_property
    def kid(self) -> bytes:
        return hashlib.sha256(self.public).digest()[:8]

    def published(self, *, nbf: datetime, exp: datetime | None = None, **changes: Any) -> dict[str, Any]:
        """Return the key as the server publishes it."""
        entry = {
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "kid": self.kid.hex(),
            "x": base64.urlsafe_b64encode(self.public).rstrip(b"=").decode(),
            "iss": ISSUER,
            "nbf": seconds(nbf),
        }
        if exp is not None:
            entry["exp"] = seconds(exp)
        return entry | changes


KEY = TestKey("A")
OTHER_KEY = TestKey("B")


def seconds(moment: datetime) -> int:
    """Return a time as claims hold it."""
    return int(moment.timestamp())


def base32(data: bytes) -> str:
    """Return the text of a code."""
    return base64.b32encode(data).rstrip(b"=").decode()


def cbor(value: object) -> bytes:
    """Return the deterministic encoding."""
    return cbor2.dumps(value, canonical=True)


def claims(
    *,
    iat: datetime,
    exp: datetime,
    index: int = 0,
    issuer: str = ISSUER,
    uri: str = LIST_URI,
    number: str = "HH2600000016",
    tier: str = "A",
    name: str = "欧阳海河",
    card: Mapping[int, Any] | None = None,
) -> dict[int, Any]:
    """Return the claims of a code; `card` changes entries of the private claim."""
    return {
        1: issuer,
        4: seconds(exp),
        6: seconds(iat),
        65535: {"status_list": {"idx": index, "uri": uri}},
        -65537: {1: 1, 2: 1, 3: number, 4: tier, 5: name} | dict(card or {}),
    }


def header(kid: bytes, **changes: Any) -> bytes:
    """Return the protected header of a code."""
    return cbor({1: changes.get("alg", -8), 4: kid} | changes.get("more", {}))


def sign1(
    payload: bytes,
    *,
    key: TestKey = KEY,
    protected: bytes | None = None,
    unprotected: Mapping[int, Any] | None = None,
) -> bytes:
    """Return a tagged COSE_Sign1 message."""
    protected = header(key.kid) if protected is None else protected
    signature = signature_of(payload, key=key, protected=protected)
    return cbor(cbor2.CBORTag(18, [protected, dict(unprotected or {}), payload, signature]))


def signature_of(payload: bytes, *, key: TestKey = KEY, protected: bytes | None = None) -> bytes:
    """Return the signature alone."""
    protected = header(key.kid) if protected is None else protected
    return key.private.sign(cbor(["Signature1", protected, b"", payload]))


def other_signature(signature: bytes) -> bytes:
    """Return the same signature with its second half moved by the group's order: a lax verifier takes it too."""
    half = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    return signature[:32] + half.to_bytes(32, "little")


def bitmap(values: Mapping[int, int], entries: int = 64) -> bytes:
    """Return a list of two bits a code."""
    packed = bytearray(entries // 4)
    for index, value in values.items():
        packed[index // 4] |= value << (2 * (index % 4))
    return bytes(packed)


def list_claims(*, iat: datetime, exp: datetime, values: bytes, uri: str = LIST_URI, ttl: int = 900) -> dict[int, Any]:
    """Return the claims of a status list, stored uncompressed: compressors differ, and the bytes must not."""
    return {2: uri, 4: seconds(exp), 6: seconds(iat), 65533: {"bits": 2, "lst": zlib.compress(values, 0)}, 65534: ttl}


def status_list(payload: bytes, *, key: TestKey = KEY, media_type: str = LIST_TYPE) -> bytes:
    """Return a signed status list."""
    return sign1(payload, key=key, protected=header(key.kid, more={16: media_type}))
