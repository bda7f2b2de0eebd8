import json
from datetime import timedelta
from typing import Any

import pytest
from talentcard_verifier import BadSignature, KeysUnreadable, TrustedKeys, UnknownKey

from tests.verifier.conftest import AT, Issuer

ENTRY = {
    "kty": "OKP",
    "crv": "Ed25519",
    "use": "sig",
    "kid": "56475aa75463474c",
    "x": "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg",
    "iss": "https://card.example",
    "nbf": int(AT.timestamp()),
}


def test_from_json_reads_a_published_key(issuer: Issuer) -> None:
    keys = TrustedKeys.from_json(json.dumps({"keys": [ENTRY | {"exp": ENTRY["nbf"] + 60}]}))

    key = keys.verify(kid=issuer.kid, signature=issuer.sign(b"message"), message=b"message")

    assert key.kid == issuer.kid
    assert key.public_key.public_bytes_raw() == issuer.public_key
    assert key.may_sign(issuer="https://card.example", at=AT)
    assert not key.may_sign(issuer="https://card.example", at=AT - timedelta(seconds=1))
    assert not key.may_sign(issuer="https://card.example", at=AT + timedelta(seconds=60))
    assert not key.may_sign(issuer="https://other.example", at=AT)


def test_verify_names_an_unknown_key_and_a_bad_signature(issuer: Issuer) -> None:
    with pytest.raises(UnknownKey):
        issuer.keys.verify(kid=bytes(8), signature=bytes(64), message=b"")
    with pytest.raises(BadSignature):
        issuer.keys.verify(kid=issuer.kid, signature=bytes(64), message=b"")


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"keys": 1}',
        '{"keys": ["x"]}',
        b"\xff\xfe\xfd",
        {"keys": [ENTRY | {"kid": "zz"}]},
        {"keys": [ENTRY | {"kid": "56475aa7"}]},
        {"keys": [ENTRY | {"x": "AAAA"}]},
        {"keys": [ENTRY | {"x": "*" * 43}]},
        {"keys": [ENTRY | {"nbf": None}]},
        {"keys": [ENTRY | {"nbf": 10**30}]},
        {"keys": [{key: value for key, value in ENTRY.items() if key != "iss"}]},
    ],
)
def test_from_json_refuses_what_is_not_a_list_of_keys(document: Any) -> None:
    with pytest.raises(KeysUnreadable):
        TrustedKeys.from_json(document)
