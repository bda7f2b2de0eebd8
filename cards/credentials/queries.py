"""Reads: where lists are published, and the keys as the world sees them."""

import base64
import datetime as dt
import math
from typing import Any

from django.conf import settings

from cards.credentials.choices import KeyStatus
from cards.credentials.models import SigningKey, StatusList


def status_list_address(number: int) -> str:
    """Return where a list is published, as codes and the list itself name it."""
    return f"{settings.STATUS_LIST_BASE_URL}/status/{number}.cwt"


def needs_publishing(status_list: StatusList, *, at: dt.datetime) -> bool:
    """Tell whether the published file lacks a change, or has used up half of the time it counts as fresh."""
    if status_list.published_at is None or status_list.published_version < status_list.version:
        return True
    return at - status_list.published_at >= dt.timedelta(seconds=settings.STATUS_LIST_TTL / 2)


def published_keys() -> dict[str, Any]:
    """Return the document at `/.well-known/talentcard-keys`; withdrawn keys are not in it."""
    keys = SigningKey.objects.exclude(status=KeyStatus.REVOKED).defer("private_key").order_by("-valid_from")
    return {"keys": [_as_jwk(key) for key in keys]}


def _as_jwk(key: SigningKey) -> dict[str, Any]:
    jwk: dict[str, Any] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": key.kid,
        "x": base64.urlsafe_b64encode(bytes(key.public_key)).rstrip(b"=").decode(),
        "iss": settings.CODE_ISSUER,
        "nbf": int(key.valid_from.timestamp()),
    }
    if key.valid_until is not None:
        jwk["exp"] = math.ceil(key.valid_until.timestamp())
    return jwk
