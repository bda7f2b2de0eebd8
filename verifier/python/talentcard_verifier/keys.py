"""The public keys a desk trusts, as the issuer publishes them."""

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from talentcard_verifier.cose import KID_BYTES


class KeysUnreadable(ValueError):
    """The published keys are not in the form that docs/qr-format.md describes."""


class UnknownKey(ValueError):
    """No trusted key has this id."""


class BadSignature(ValueError):
    """No trusted key with this id made this signature."""


@dataclass(frozen=True, kw_only=True)
class TrustedKey:
    """A public key, whose signatures count for one issuer and for what was signed in one period."""

    kid: bytes
    public_key: Ed25519PublicKey
    issuer: str
    not_before: datetime
    not_after: datetime | None = None

    def may_sign(self, *, issuer: str, at: datetime) -> bool:
        """Tell whether this key may have signed for that issuer at that time."""
        return issuer == self.issuer and self.not_before <= at and (self.not_after is None or at < self.not_after)


class TrustedKeys:
    """A set of keys, found by id; an id is eight bytes of a hash, so several keys may share one."""

    def __init__(self, keys: Iterable[TrustedKey]) -> None:
        self._by_kid: defaultdict[bytes, list[TrustedKey]] = defaultdict(list)
        for key in keys:
            self._by_kid[key.kid].append(key)

    @classmethod
    def from_json(cls, document: str | bytes | Mapping[str, Any]) -> Self:
        """Read the document at `/.well-known/talentcard-keys`; keys of other types and uses are passed over.

        :raises KeysUnreadable: if it is not such a document
        """
        try:
            read = document if isinstance(document, Mapping) else json.loads(document)
            return cls(_read_key(entry) for entry in read["keys"] if _is_ours(entry))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, binascii.Error) as error:
            raise KeysUnreadable(f"not a list of keys: {error!r}") from error

    def verify(self, *, kid: bytes, signature: bytes, message: bytes) -> TrustedKey:
        """Return the key that made the signature; `TrustedKey.may_sign` says whether it counts.

        :raises UnknownKey: if no key has this id
        :raises BadSignature: if no key with this id made the signature
        """
        candidates = self._by_kid.get(kid)
        if not candidates:
            raise UnknownKey(kid.hex())
        for key in candidates:
            try:
                key.public_key.verify(signature, message)
            except InvalidSignature:
                continue
            return key
        raise BadSignature(kid.hex())


def _is_ours(entry: Mapping[str, Any]) -> bool:
    return (entry["kty"], entry.get("crv"), entry.get("use", "sig")) == ("OKP", "Ed25519", "sig")


def _read_key(entry: Mapping[str, Any]) -> TrustedKey:
    kid = bytes.fromhex(entry["kid"])
    if len(kid) != KID_BYTES:
        raise ValueError("a key id has eight bytes")
    raw = base64.b64decode(entry["x"] + "=" * (-len(entry["x"]) % 4), altchars=b"-_", validate=True)
    return TrustedKey(
        kid=kid,
        public_key=Ed25519PublicKey.from_public_bytes(raw),
        issuer=entry["iss"],
        not_before=datetime.fromtimestamp(entry["nbf"], UTC),
        not_after=datetime.fromtimestamp(entry["exp"], UTC) if entry.get("exp") is not None else None,
    )
