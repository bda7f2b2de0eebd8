"""Keys and primitives for data at rest: AES-256-GCM with a key id, and keyed blind indexes."""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class DecryptionError(Exception):
    """The ciphertext was altered, moved to another row or field, or its key is not configured."""


def encrypt(plaintext: bytes, *, context: str) -> bytes:
    """Return key id (1 byte) | nonce (12) | ciphertext and tag, bound to `context`.

    Source: NIST SP 800-38D; the nonce is random, good for 2**32 messages a key.
    """
    key_id, cipher = _primary()
    nonce = os.urandom(NONCE_BYTES)
    return bytes([key_id]) + nonce + cipher.encrypt(nonce, plaintext, context.encode())


def decrypt(data: bytes, *, context: str) -> bytes:
    """Return the plaintext that was encrypted for the same `context`.

    :raises DecryptionError: if it was altered or moved, or its key is unknown
    """
    cipher = _ciphers().get(data[0])
    if cipher is None:
        raise DecryptionError(f"no key with id {data[0]}")
    try:
        return cipher.decrypt(data[1 : 1 + NONCE_BYTES], data[1 + NONCE_BYTES :], context.encode())
    except InvalidTag as error:
        raise DecryptionError(context) from error


def blind_index(value: str, *, purpose: str) -> str:
    """Return 64 hex characters that are equal for equal values of one purpose, and tell nothing without the key.

    HMAC-SHA256 under a key derived for the purpose: an 18-digit number hashed without a key could be guessed.
    """
    return hmac.new(_index_key(purpose), value.encode(), hashlib.sha256).hexdigest()


def load_key(text: str, *, name: str) -> bytes:
    """Decode a 32-byte key from base64.

    :raises ImproperlyConfigured: if it is not 32 bytes of base64
    """
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not base64") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} must be 32 bytes, not {len(key)}")
    return key


@lru_cache(maxsize=4)
def _parse_keys(entries: tuple[str, ...]) -> dict[int, AESGCM]:
    keys: dict[int, AESGCM] = {}
    for entry in entries:
        key_id, _, text = entry.partition(":")
        if not key_id.isdigit() or not 0 < int(key_id) < 256:
            raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS: each entry is ID:BASE64 with an id from 1 to 255")
        keys[int(key_id)] = AESGCM(load_key(text, name="FIELD_ENCRYPTION_KEYS"))
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty")
    return keys


def _ciphers() -> dict[int, AESGCM]:
    return _parse_keys(tuple(settings.FIELD_ENCRYPTION_KEYS))


def _primary() -> tuple[int, AESGCM]:
    return next(iter(_ciphers().items()))


@lru_cache(maxsize=32)
def _derive(key: str, purpose: str) -> bytes:
    return hmac.new(load_key(key, name="BLIND_INDEX_KEY"), purpose.encode(), hashlib.sha256).digest()


def _index_key(purpose: str) -> bytes:
    return _derive(settings.BLIND_INDEX_KEY, purpose)
