"""Signing a credential and checking a code offline, on one core, against bare COSE with the same key and payload."""

import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from talentcard_verifier import (
    CardClaims,
    Reason,
    StatusList,
    StatusLists,
    TrustedKey,
    TrustedKeys,
    base32,
    build_status_list,
    check,
    encode,
    key_id,
    parse,
)

from benchmarks.figures import Figure, MeasurementFailed, compare_rates

SLICE_SECONDS = 0.5
CARDS = 200
LIST_BITS = 20
STATUS_BITS = 2
AT = datetime(2026, 5, 1, tzinfo=UTC)
ISSUER = "https://talent.example"
STATUS_URI = f"{ISSUER}/status/1.cwt"
NAMES = ("林晓海", "欧阳海河", "Иван Петров", "María Fernanda López", "阿布都克里木·买买提")

KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"benchmark").digest())
KID = key_id(KEY.public_key().public_bytes_raw())


def measure_sign(seconds: float) -> list[Figure]:
    """Compare making the text of a code from its claims with signing its payload and packing both as COSE_Sign1."""
    claims = itertools.cycle(_claims())
    payloads = itertools.cycle([parse(code).payload for code in _codes()])
    protected = cbor2.dumps({1: -8, 4: KID})

    def sign_bare() -> bytes:
        payload = next(payloads)
        signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
        return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))

    pairs = compare_rates(
        lambda: encode(next(claims), KEY.sign, KID), sign_bare, seconds=seconds, slice_seconds=SLICE_SECONDS
    )
    return [Figure(work="sign", unit="1/s a core", pairs=pairs, required=0.6, goal=0.8)]


def measure_offline_check(seconds: float) -> list[Figure]:
    """Compare a whole verdict with decoding COSE_Sign1 from bytes and checking its signature."""
    judge = _judge_with_list_of_a_million()
    codes = _codes()
    if any(judge(code) is not Reason.VALID for code in codes):
        raise MeasurementFailed("a code that was just signed is not valid")
    texts = itertools.cycle(codes)
    messages = itertools.cycle([base32.decode(code) for code in codes])
    public_key = KEY.public_key()

    def check_bare() -> None:
        protected, _unprotected, payload, signature = cbor2.loads(next(messages)).value
        public_key.verify(signature, cbor2.dumps(["Signature1", protected, b"", payload]))

    pairs = compare_rates(lambda: judge(next(texts)), check_bare, seconds=seconds, slice_seconds=SLICE_SECONDS)
    return [Figure(work="offline-check", unit="1/s a core", pairs=pairs, required=0.55, goal=0.75)]


def _judge_with_list_of_a_million() -> Callable[[str], Reason]:
    keys = TrustedKeys([TrustedKey(kid=KID, public_key=KEY.public_key(), issuer=ISSUER, not_before=AT)])
    data = build_status_list(
        uri=STATUS_URI,
        bitmap=bytes((1 << LIST_BITS) * STATUS_BITS // 8),
        issued_at=AT,
        expires_at=AT + timedelta(days=7),
        ttl=900,
        sign=KEY.sign,
        kid=KID,
    )
    lists = StatusLists([StatusList.parse(data, keys)])
    moment = AT + timedelta(minutes=5)
    return lambda code: check(code, keys=keys, lists=lists, at=moment).reason


def _claims() -> list[CardClaims]:
    return [
        CardClaims(
            issuer=ISSUER,
            issued_at=AT,
            expires_at=AT + timedelta(days=1096),
            status_list_uri=STATUS_URI,
            status_index=number * 5003,
            card_number=f"HH26{number:07}X",
            tier="ABC"[number % 3],
            display_name=NAMES[number % len(NAMES)],
        )
        for number in range(1, CARDS + 1)
    ]


def _codes() -> list[str]:
    return [encode(claims, KEY.sign, KID) for claims in _claims()]
