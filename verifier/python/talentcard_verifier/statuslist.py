"""Token Status List: two bits a code, in one signed file that anybody may fetch and nobody can change."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from talentcard_verifier import cose, dcbor
from talentcard_verifier.keys import BadSignature, TrustedKeys

MAX_URI_BYTES = 60
MEDIA_TYPE = "application/statuslist+cwt"
BITS = 2
ENTRIES_PER_BYTE = 8 // BITS
# Sixteen million codes; a list that unpacks to more is refused, however small it is when packed.
MAX_LIST_BYTES = 4 * 1024 * 1024
# How far a device's clock may be behind the issuer's.
CLOCK_SKEW = timedelta(seconds=60)

_TIME_LIMIT = 1 << 32
_SUBJECT = b"\xa5\x02"
_EXPIRES_AT = b"\x04"
_ISSUED_AT = b"\x06"
_LIST = b"\x19\xff\xfd\xa2\x63lst"
_BITS = b"\x64bits" + dcbor.uint(BITS)
_TTL = b"\x19\xff\xfe"


class StatusListUnreadable(ValueError):
    """The file is not a status list in the one form that the format has."""


class StatusIndexOutOfRange(ValueError):
    """The list has no entry with this index."""


class StatusValue(IntEnum):
    """What has become of a code."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2
    SUPERSEDED = 3


class Grade(StrEnum):
    """How fresh the knowledge of a code's status is, best first."""

    LIVE = "live"
    OFFLINE_FRESH = "offline_fresh"
    OFFLINE_STALE = "offline_stale"

    def meets(self, minimum: "Grade") -> bool:
        """Tell whether this is as good as the minimum, or better."""
        grades = list(Grade)
        return grades.index(self) <= grades.index(minimum)


@dataclass(frozen=True, kw_only=True)
class Status:
    """A code's status, and how it is known: `age` is that of the list, in seconds; 0 for the register itself."""

    value: StatusValue
    grade: Grade
    age: int = 0
    is_expired: bool = False


class StatusSource(Protocol):
    """Where `verdict.check` asks for a status: lists on a device, or the register itself."""

    def look_up(self, *, issuer: str, uri: str, index: int, at: datetime) -> Status | None:
        """Return the status, or None if this source cannot tell.

        :raises StatusIndexOutOfRange: if there can be no such code
        """
        ...


def get_value(bitmap: bytes | bytearray, index: int) -> StatusValue:
    """Return an entry of a list.

    :raises StatusIndexOutOfRange: if the list has no such entry
    """
    if not 0 <= index < len(bitmap) * ENTRIES_PER_BYTE:
        raise StatusIndexOutOfRange(index)
    byte, place = divmod(index, ENTRIES_PER_BYTE)
    return StatusValue(bitmap[byte] >> (BITS * place) & 3)


def set_value(bitmap: bytearray, index: int, value: StatusValue) -> None:
    """Change an entry of a list.

    :raises StatusIndexOutOfRange: if the list has no such entry
    """
    if not 0 <= index < len(bitmap) * ENTRIES_PER_BYTE:
        raise StatusIndexOutOfRange(index)
    byte, place = divmod(index, ENTRIES_PER_BYTE)
    bitmap[byte] = bitmap[byte] & ~(3 << (BITS * place)) | value << (BITS * place)


def build_status_list(
    *,
    uri: str,
    bitmap: bytes | bytearray,
    issued_at: datetime,
    expires_at: datetime,
    ttl: int,
    sign: Callable[[bytes], bytes],
    kid: bytes,
) -> bytes:
    """Return the signed file; times keep whole seconds.

    :param ttl: for how many seconds after `issued_at` the list counts as fresh
    :raises ValueError: if list or address are empty or too long, or the list expires before it is issued
    """
    if not 0 < len(bitmap) <= MAX_LIST_BYTES:
        raise ValueError("a list has one byte at least, and MAX_LIST_BYTES at most")
    if not 0 < len(uri.encode()) <= MAX_URI_BYTES:
        raise ValueError("an address has one byte at least, and MAX_URI_BYTES at most")
    if not issued_at < expires_at:
        raise ValueError("a list expires after it is issued")
    payload = b"".join(
        (
            _SUBJECT,
            dcbor.text(uri),
            _EXPIRES_AT,
            dcbor.uint(int(expires_at.timestamp())),
            _ISSUED_AT,
            dcbor.uint(int(issued_at.timestamp())),
            _LIST,
            dcbor.byte_string(zlib.compress(bitmap, 6)),
            _BITS,
            _TTL,
            dcbor.uint(ttl),
        )
    )
    return cose.seal(payload, form=cose.STATUS_LIST, kid=kid, sign=sign)


@dataclass(frozen=True, kw_only=True)
class StatusList:
    """A list whose signature has been checked."""

    issuer: str
    uri: str
    issued_at: datetime
    expires_at: datetime
    ttl: int
    bitmap: bytes

    @classmethod
    def parse(cls, data: bytes, keys: TrustedKeys) -> "StatusList":
        """Check the signature of a file, then read it.

        :raises StatusListUnreadable: if it is not a status list, or too long
        :raises UnknownKey: if it is signed with a key that is not trusted
        :raises BadSignature: if it was changed, or its key was not valid when it was signed
        """
        try:
            message = cose.unseal(data, form=cose.STATUS_LIST)
        except ValueError as error:
            raise StatusListUnreadable(str(error)) from error
        key = keys.verify(kid=message.kid, signature=message.signature, message=message.to_be_signed)
        try:
            listed = _read(dcbor.Reader(message.payload), key.issuer)
        except (ValueError, zlib.error) as error:
            raise StatusListUnreadable(str(error)) from error
        if not key.may_sign(issuer=key.issuer, at=listed.issued_at):
            raise BadSignature(message.kid.hex())
        return listed

    def value(self, index: int) -> StatusValue:
        """Return the status of a code.

        :raises StatusIndexOutOfRange: if the list has no such entry
        """
        return get_value(self.bitmap, index)


class StatusLists:
    """The lists on a device; of several versions of one list, the newest counts."""

    def __init__(self, lists: Iterable[StatusList] = ()) -> None:
        self._lists: dict[tuple[str, str], StatusList] = {}
        for listed in sorted(lists, key=lambda each: each.issued_at):
            self._lists[listed.issuer, listed.uri] = listed

    def look_up(self, *, issuer: str, uri: str, index: int, at: datetime) -> Status | None:
        """Return what the issuer's own list says; an age is counted from its signed time, not from its download.

        :raises StatusIndexOutOfRange: if the list has no such entry
        """
        listed = self._lists.get((issuer, uri))
        # A list from the future: the device's clock is wrong, and no age means anything.
        if listed is None or listed.issued_at > at + CLOCK_SKEW:
            return None
        age = max(0, int((at - listed.issued_at).total_seconds()))
        return Status(
            value=listed.value(index),
            grade=Grade.OFFLINE_FRESH if age <= listed.ttl else Grade.OFFLINE_STALE,
            age=age,
            is_expired=at >= listed.expires_at,
        )


class LiveStatus:
    """The register itself as a source: the online check runs the same rules as the offline one."""

    def __init__(self, look_up: Callable[[str, int], int | None]) -> None:
        """Take a function of list address and index that returns the status, or None if there is no such code."""
        self._look_up = look_up

    def look_up(self, *, issuer: str, uri: str, index: int, at: datetime) -> Status | None:
        """Return the status now.

        :raises StatusIndexOutOfRange: if there is no such code
        """
        value = self._look_up(uri, index)
        if value is None:
            raise StatusIndexOutOfRange(index)
        return Status(value=StatusValue(value), grade=Grade.LIVE)


def _read(reader: dcbor.Reader, issuer: str) -> StatusList:
    reader.expect(_SUBJECT)
    uri = reader.text(max_bytes=MAX_URI_BYTES)
    reader.expect(_EXPIRES_AT)
    expires_at = reader.uint(below=_TIME_LIMIT)
    reader.expect(_ISSUED_AT)
    issued_at = reader.uint(below=expires_at)
    reader.expect(_LIST)
    packed = reader.byte_string()
    reader.expect(_BITS + _TTL)
    ttl = reader.uint(below=_TIME_LIMIT)
    reader.end()
    return StatusList(
        issuer=issuer,
        uri=uri,
        issued_at=datetime.fromtimestamp(issued_at, UTC),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        ttl=ttl,
        bitmap=_unpack(packed),
    )


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    bitmap = unpacker.decompress(packed, MAX_LIST_BYTES + 1)
    if len(bitmap) > MAX_LIST_BYTES:
        raise StatusListUnreadable("too long")
    if not bitmap or not unpacker.eof or unpacker.unused_data:
        raise StatusListUnreadable("not one whole list")
    return bitmap
