"""Sign what is published as JSON, with the key that signs codes: JSON Web Signature (RFC 7515), Ed25519 (RFC 8037)."""

import base64
import datetime as dt
from dataclasses import dataclass

from cards.credentials.operations import ensure_signing_key, private_key
from talentcard.core.canonical import canonical_json


@dataclass(frozen=True, kw_only=True)
class DetachedSignature:
    """The two members that stand beside a payload in RFC 7515's flattened JSON form."""

    protected: str
    signature: str


def sign_detached(payload: bytes, *, content_type: str, at: dt.datetime) -> DetachedSignature:
    """Sign a payload that travels beside its signature (RFC 7515, appendix F).

    :param content_type: what the payload is; signed too, so that it is never taken for something else
    """
    key = ensure_signing_key(at=at)
    protected = _base64url(canonical_json({"alg": "EdDSA", "cty": content_type, "kid": key.kid}))
    signing_input = f"{protected}.{_base64url(payload)}".encode("ascii")
    return DetachedSignature(protected=protected, signature=_base64url(private_key(key).sign(signing_input)))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
