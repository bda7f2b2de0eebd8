"""One COSE_Sign1 message (RFC 9052), signed with Ed25519, in the only two forms that the format has."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from talentcard_verifier import dcbor

KID_BYTES = 8
SIGNATURE_BYTES = 64

_SIGN1 = b"\xd2\x84"  # tag 18, array of four
_EMPTY_MAP = b"\xa0"
_SIGNATURE_HEAD = b"\x58\x40"
_CONTEXT = b"\x84\x6aSignature1"
_EDDSA = b"\x27"  # −8


class UnsupportedAlgorithm(ValueError):
    """The message is signed with an algorithm that this version does not know."""


@dataclass(frozen=True)
class Form:
    """The bytes of a protected header before and after the key id."""

    before_kid: bytes
    after_kid: bytes

    @cached_property
    def head(self) -> bytes:
        """Return what every message of this form starts with."""
        size = len(self.before_kid) + KID_BYTES + len(self.after_kid)
        return _SIGN1 + dcbor.byte_string(bytes(size))[:-size] + self.before_kid


# A map of two: algorithm and key id.
CODE = Form(before_kid=b"\xa2\x01" + _EDDSA + b"\x04\x48", after_kid=b"")
# A map of three: the media type besides.
STATUS_LIST = Form(
    before_kid=b"\xa3\x01" + _EDDSA + b"\x04\x48", after_kid=b"\x10" + dcbor.text("application/statuslist+cwt")
)


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message taken apart; nothing in it is proven until the signature is."""

    kid: bytes
    payload: bytes
    to_be_signed: bytes
    signature: bytes


def key_id(public_key: bytes) -> bytes:
    """Return the key id of a raw Ed25519 public key: the first eight bytes of its SHA-256."""
    return hashlib.sha256(public_key).digest()[:KID_BYTES]


def seal(payload: bytes, *, form: Form, kid: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the signed message.

    :raises ValueError: if the key id or the signature has not the length that Ed25519 gives
    """
    if len(kid) != KID_BYTES:
        raise ValueError("a key id has eight bytes")
    body = dcbor.byte_string(payload)
    start = form.head + kid + form.after_kid
    signature = sign(_to_be_signed(start[len(_SIGN1) :], body))
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("a signature has 64 bytes")
    return start + _EMPTY_MAP + body + _SIGNATURE_HEAD + signature


def unseal(data: bytes, *, form: Form) -> SignedMessage:
    """Take a message apart without believing any of it.

    :raises NotCanonical: if these are not the bytes that `seal` would have made
    :raises UnsupportedAlgorithm: if only the algorithm is another
    """
    head = form.head
    if not data.startswith(head):
        _refuse_algorithm(data, form)
    reader = dcbor.Reader(data)
    reader.expect(head)
    kid = reader.take(KID_BYTES)
    reader.expect(form.after_kid + _EMPTY_MAP)
    payload = reader.byte_string()
    reader.expect(_SIGNATURE_HEAD)
    signature = reader.take(SIGNATURE_BYTES)
    reader.end()
    protected = head[len(_SIGN1) :] + kid + form.after_kid
    return SignedMessage(kid, payload, _to_be_signed(protected, dcbor.byte_string(payload)), signature)


def _to_be_signed(protected: bytes, body: bytes) -> bytes:
    return _CONTEXT + protected + b"\x40" + body


def _refuse_algorithm(data: bytes, form: Form) -> None:
    """Tell a message of this form with another algorithm from bytes that are no message at all."""
    reader = dcbor.Reader(data)
    reader.expect(_SIGN1)
    header = reader.byte_string()
    if header.startswith(form.before_kid[:2]) and not header.startswith(_EDDSA, 2):
        raise UnsupportedAlgorithm
