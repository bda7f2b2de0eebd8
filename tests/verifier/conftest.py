"""A key, a card and a moment for the verifier's tests; no database is touched here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSEKey
from talentcard_verifier import (
    CardClaims,
    StatusList,
    StatusLists,
    TrustedKey,
    TrustedKeys,
    build_status_list,
    encode,
    key_id,
)

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
CLAIMS = CardClaims(
    issuer="https://card.example",
    issued_at=AT - timedelta(days=60),
    expires_at=AT + timedelta(days=1000),
    status_list_uri="https://card.example/status/1.cwt",
    status_index=1234,
    card_number="HH2600000016",
    tier="A",
    display_name="欧阳海河",
)


@dataclass(frozen=True)
class Issuer:
    """An issuer with one key, and what it does with it."""

    private_key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()

    @property
    def kid(self) -> bytes:
        return key_id(self.public_key)

    @property
    def sign(self) -> Callable[[bytes], bytes]:
        return self.private_key.sign

    @property
    def keys(self) -> TrustedKeys:
        public_key = self.private_key.public_key()
        not_before = AT - timedelta(days=365)
        return TrustedKeys(
            [TrustedKey(kid=self.kid, public_key=public_key, issuer=CLAIMS.issuer, not_before=not_before)]
        )

    @property
    def cose_key(self) -> Any:
        """Return the public key as the independent library `cwt` wants it."""
        return COSEKey.new({1: 1, 2: self.kid, 3: -8, -1: 6, -2: self.public_key})

    def encode(self, **changes: Any) -> str:
        """Return a code for the usual card with these changes."""
        return encode(replace(CLAIMS, **changes), self.sign, self.kid)

    def list_file(self, bitmap: bytes | bytearray = bytes(512), **changes: Any) -> bytes:
        """Return a status list's file; the usual one says that all is well."""
        usual = {
            "uri": CLAIMS.status_list_uri,
            "issued_at": AT,
            "expires_at": AT + timedelta(days=7),
            "ttl": 900,
            "sign": self.sign,
            "kid": self.kid,
        }
        return build_status_list(bitmap=bitmap, **(usual | changes))

    def lists(self, bitmap: bytes | bytearray = bytes(512), **changes: Any) -> StatusLists:
        """Return a device's lists: this one, checked."""
        return StatusLists([StatusList.parse(self.list_file(bitmap, **changes), self.keys)])


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
