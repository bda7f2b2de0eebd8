"""A provider's gateway over HTTP."""

import hashlib
import hmac
import json
import re
import secrets
import time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from talentcard.notifications.sms.base import Receipt, SmsRefused, SmsUnavailable

# What these say is about us or about the moment, not about the message: the wrong key, the wrong address, too many.
TRY_AGAIN = frozenset({401, 403, 404, 408, 425, 429})
# Letters only: an answer that repeats the number does not bring it into a log.
CODE = re.compile(r"[A-Za-z_]{1,40}")
REFERENCE = re.compile(r"[\w.:-]{1,64}")


class HttpSmsGateway:
    """Send by a provider's HTTP interface: `POST SMS_URL` for each message.

    The body is JSON in UTF-8::

        {"message_id": "<our id>", "to": "+8613800001234", "template": "card.suspended", "text": "【…】…"}

    and is signed with the key both sides hold, `SMS_KEY`::

        X-Sms-Key-Id:    SMS_KEY_ID, which of the provider's customers we are
        X-Sms-Timestamp: seconds since 1970; the provider refuses what is more than a few minutes off
        X-Sms-Nonce:     32 hexadecimal digits, new for each request; the provider refuses one it has seen
        X-Sms-Signature: hex(HMAC-SHA256(SMS_KEY, timestamp + "\\n" + nonce + "\\n" + body))
        Idempotency-Key: our id once more: under one id the provider sends one message, however often we ask

    The answer 200 or 202 with `{"status": "accepted" | "duplicate", "reference": "…"}` means that the provider has it.
    Any other answer to a message as such (400, 422 …) with `{"code": "…"}` refuses it for good. No answer in
    `SMS_TIMEOUT` seconds, a broken connection, 5xx, 429, or an answer about us (401, 403, 404) means: again later.
    """

    def __init__(self) -> None:
        if not (settings.SMS_URL and settings.SMS_KEY_ID and settings.SMS_KEY):
            raise ImproperlyConfigured("HttpSmsGateway needs SMS_URL, SMS_KEY_ID and SMS_KEY.")
        if not _is_private(settings.SMS_URL):
            raise ImproperlyConfigured("SMS_URL must be https: it carries people's numbers.")

    def send(self, *, to: str, text: str, template: str, message_id: UUID) -> Receipt:
        """Hand over a message, as `SmsGateway` promises."""
        content = {"message_id": str(message_id), "to": to, "template": template, "text": text}
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {
            **signed_headers(body, key_id=settings.SMS_KEY_ID, key=settings.SMS_KEY),
            "Content-Type": "application/json",
            "Idempotency-Key": str(message_id),
        }
        try:
            # No redirect is followed: the signed request is for this address only.
            answer = httpx.post(settings.SMS_URL, content=body, headers=headers, timeout=settings.SMS_TIMEOUT)
        except httpx.HTTPError as error:
            raise SmsUnavailable(type(error).__name__) from error
        return _receipt(answer)


def signed_headers(body: bytes, *, key_id: str, key: str) -> dict[str, str]:
    """Return the headers that sign a body, at this moment and for one request."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    return {
        "X-Sms-Key-Id": key_id,
        "X-Sms-Timestamp": timestamp,
        "X-Sms-Nonce": nonce,
        "X-Sms-Signature": signature(body, timestamp=timestamp, nonce=nonce, key=key),
    }


def signature(body: bytes, *, timestamp: str, nonce: str, key: str) -> str:
    """Return the signature of a body sent at a time under a nonce."""
    return hmac.new(key.encode(), f"{timestamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


def _receipt(answer: httpx.Response) -> Receipt:
    content = _content(answer)
    if answer.status_code in (httpx.codes.OK, httpx.codes.ACCEPTED):
        if content.get("status") not in ("accepted", "duplicate"):
            raise SmsUnavailable("unknown_answer")
        return Receipt(reference=_matching(REFERENCE, content.get("reference")))
    if answer.is_client_error and answer.status_code not in TRY_AGAIN:
        raise SmsRefused(_matching(CODE, content.get("code")) or f"http_{answer.status_code}")
    raise SmsUnavailable(f"http_{answer.status_code}")


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        # A proxy's page, perhaps; the status alone decides then.
        return {}
    return content if isinstance(content, dict) else {}


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _is_private(url: str) -> bool:
    """Tell whether nobody on the way can read what is sent: by encryption, or because it stays on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http":
        return parts.scheme == "https" and bool(parts.hostname)
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
