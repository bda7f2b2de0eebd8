"""The code itself: claims in, one text out, and back. The format is described in docs/qr-format.md."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from talentcard_verifier import base32, cose, dcbor

FORMAT_VERSION = 1

# With these limits, and a host of up to 40 characters, the QR code is of version 15 at most (level M).
MAX_ISSUER_BYTES = 48
MAX_STATUS_URI_BYTES = 60
MAX_CARD_NUMBER_BYTES = 16
MAX_TIER_BYTES = 10
MAX_NAME_BYTES = 54
MAX_CODE_CHARACTERS = 541

_TIME_LIMIT = 1 << 32
_INDEX_LIMIT = 1 << 32
_VERSION_LIMIT = 1 << 32
_URL = re.compile(r"https?://[^/?#\s]+/v#", re.IGNORECASE | re.ASCII)

# The pieces of the payload between its values.
_ISSUER = b"\xa5\x01"
_EXPIRES_AT = b"\x04"
_ISSUED_AT = b"\x06"
_STATUS_INDEX = b"\x19\xff\xff\xa1\x6bstatus_list\xa2\x63idx"
_STATUS_URI = b"\x63uri"
_CARD = b"\x3a\x00\x01\x00\x00"
_VERSION = b"\x01"
_ENTRIES_1 = b"\xa5"
_KIND = b"\x02"
_CARD_NUMBER = b"\x03"
_TIER = b"\x04"
_NAME = b"\x05"


class CodeError(ValueError):
    """A text is not a code that this version can read."""


class CodeUnreadable(CodeError):
    """The text is not a code, or not the one spelling of it."""


class CodeUnsupported(CodeError):
    """The text is a code of another version, kind or algorithm."""


class InvalidClaims(ValueError):
    """The claims cannot be put into a code."""


class Kind(StrEnum):
    """What carries the code. `live`, a short-lived code on a phone, has its number reserved (2) and no form yet."""

    STATIC = "static"


_KIND_NUMBERS = {Kind.STATIC: 1}
_KINDS = {number: kind for kind, number in _KIND_NUMBERS.items()}


@dataclass(frozen=True, kw_only=True)
class CardClaims:
    """What a code says. Times are aware datetimes; a code keeps whole seconds and drops what is below."""

    issuer: str
    issued_at: datetime
    expires_at: datetime
    status_list_uri: str
    status_index: int
    card_number: str
    tier: str
    display_name: str
    kind: Kind = Kind.STATIC
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True)
class SignedCode:
    """A code taken apart. Check `signature` over `to_be_signed` with a key named by `kid` before you read `claims`."""

    kid: bytes
    payload: bytes
    to_be_signed: bytes
    signature: bytes

    @cached_property
    def claims(self) -> CardClaims:
        """Read the claims.

        :raises CodeUnreadable: if they are not in the one form that claims have
        :raises CodeUnsupported: if they are of another version or kind
        """
        return _read_claims(self.payload)


def encode(claims: CardClaims, sign: Callable[[bytes], bytes], kid: bytes) -> str:
    """Return the text of a code.

    :param sign: returns the Ed25519 signature of the bytes it is given
    :param kid: the id of that key, see `cose.key_id`
    :raises InvalidClaims: if a value is missing, too long or out of range
    """
    return base32.encode(cose.seal(_payload(claims), form=cose.CODE, kid=kid, sign=sign))


def parse(text: str) -> SignedCode:
    """Take the text of a code apart; only the text that `encode` makes is accepted.

    :raises CodeUnreadable: if this is not a code, or another spelling of one
    :raises CodeUnsupported: if it is signed with an algorithm that this version does not know
    """
    if len(text) > MAX_CODE_CHARACTERS:
        raise CodeUnreadable("too long for a code")
    try:
        message = cose.unseal(base32.decode(text), form=cose.CODE)
    except cose.UnsupportedAlgorithm as error:
        raise CodeUnsupported("another signature algorithm") from error
    except ValueError as error:
        raise CodeUnreadable(str(error)) from error
    return SignedCode(message.kid, message.payload, message.to_be_signed, message.signature)


def code_from_text(text: str) -> str:
    """Return the code in what a scanner read: the part after `#` of an address, or the text as it is.

    :raises CodeUnreadable: if there is a `#`, but what stands before it is not the address of a check page
    """
    if "#" not in text:
        return text
    if (address := _URL.match(text)) is None:
        raise CodeUnreadable("not the address of a check page")
    return text[address.end() :]


def _payload(claims: CardClaims) -> bytes:
    if claims.kind not in _KIND_NUMBERS or claims.format_version != FORMAT_VERSION:
        raise InvalidClaims("no such kind of code, or format version")
    if not 0 <= claims.status_index < _INDEX_LIMIT:
        raise InvalidClaims("the status index is out of range")
    issued_at, expires_at = _seconds(claims.issued_at), _seconds(claims.expires_at)
    if not issued_at < expires_at:
        raise InvalidClaims("a code expires after it is issued")
    return b"".join(
        (
            _ISSUER,
            _text(claims.issuer, MAX_ISSUER_BYTES, "issuer"),
            _EXPIRES_AT,
            dcbor.uint(expires_at),
            _ISSUED_AT,
            dcbor.uint(issued_at),
            _STATUS_INDEX,
            dcbor.uint(claims.status_index),
            _STATUS_URI,
            _text(claims.status_list_uri, MAX_STATUS_URI_BYTES, "status list address"),
            _CARD,
            _ENTRIES_1,
            _VERSION,
            dcbor.uint(FORMAT_VERSION),
            _KIND,
            dcbor.uint(_KIND_NUMBERS[claims.kind]),
            _CARD_NUMBER,
            _text(claims.card_number, MAX_CARD_NUMBER_BYTES, "card number"),
            _TIER,
            _text(claims.tier, MAX_TIER_BYTES, "tier"),
            _NAME,
            _text(claims.display_name, MAX_NAME_BYTES, "display name"),
        )
    )


def _text(value: str, limit: int, what: str) -> bytes:
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise InvalidClaims(f"{what}: half a character") from error
    if not 0 < size <= limit:
        raise InvalidClaims(f"{what}: {limit} bytes of UTF-8 at most, and not empty")
    return dcbor.text(value)


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise InvalidClaims("a time without a time zone")
    seconds = int(moment.timestamp())
    if not 0 <= seconds < _TIME_LIMIT:
        raise InvalidClaims("a time out of range")
    return seconds


def _read_claims(payload: bytes) -> CardClaims:
    try:
        return _read(dcbor.Reader(payload))
    except dcbor.NotCanonical as error:
        raise CodeUnreadable(str(error)) from error


def _read(reader: dcbor.Reader) -> CardClaims:
    reader.expect(_ISSUER)
    issuer = reader.text(max_bytes=MAX_ISSUER_BYTES)
    reader.expect(_EXPIRES_AT)
    expires_at = reader.uint(below=_TIME_LIMIT)
    reader.expect(_ISSUED_AT)
    issued_at = reader.uint(below=expires_at)
    reader.expect(_STATUS_INDEX)
    status_index = reader.uint(below=_INDEX_LIMIT)
    reader.expect(_STATUS_URI)
    status_list_uri = reader.text(max_bytes=MAX_STATUS_URI_BYTES)
    reader.expect(_CARD)
    kind = _read_kind(reader)
    reader.expect(_CARD_NUMBER)
    card_number = reader.text(max_bytes=MAX_CARD_NUMBER_BYTES)
    reader.expect(_TIER)
    tier = reader.text(max_bytes=MAX_TIER_BYTES)
    reader.expect(_NAME)
    display_name = reader.text(max_bytes=MAX_NAME_BYTES)
    reader.end()
    return CardClaims(
        issuer=issuer,
        issued_at=datetime.fromtimestamp(issued_at, UTC),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        status_list_uri=status_list_uri,
        status_index=status_index,
        card_number=card_number,
        tier=tier,
        display_name=display_name,
        kind=kind,
    )


def _read_kind(reader: dcbor.Reader) -> Kind:
    """Read version and kind; a later version may have more or fewer entries, but its number stands first."""
    entries = reader.take(1)
    reader.expect(_VERSION)
    version = reader.uint(below=_VERSION_LIMIT)
    if version != FORMAT_VERSION:
        raise CodeUnsupported(f"format version {version}")
    if entries != _ENTRIES_1:
        raise CodeUnreadable("not the five entries of version 1")
    reader.expect(_KIND)
    number = reader.uint(below=_VERSION_LIMIT)
    if number not in _KINDS:
        raise CodeUnsupported(f"kind of code {number}")
    return _KINDS[number]
