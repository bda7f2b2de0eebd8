"""The verdict on a code: one set of rules, online and offline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from talentcard_verifier import codec
from talentcard_verifier.codec import CardClaims
from talentcard_verifier.keys import BadSignature, TrustedKeys, UnknownKey
from talentcard_verifier.statuslist import (
    CLOCK_SKEW,
    Grade,
    Status,
    StatusIndexOutOfRange,
    StatusSource,
    StatusValue,
)

MAX_LIST_AGE = timedelta(days=7)


class Outcome(StrEnum):
    """Green: accept. Red: do not accept. Amber: a genuine code whose status must be asked better before it counts."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Reason(StrEnum):
    """Why a verdict is what it is; `texts.REASONS` has the words."""

    VALID = "valid"
    UNREADABLE = "unreadable"
    UNSUPPORTED_VERSION = "unsupported_version"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    KEY_NOT_ALLOWED = "key_not_allowed"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    STATUS_OUT_OF_RANGE = "status_out_of_range"
    STATUS_UNKNOWN = "status_unknown"
    STATUS_STALE = "status_stale"
    GRADE_TOO_LOW = "grade_too_low"

    @property
    def outcome(self) -> Outcome:
        """Return the colour that goes with this reason."""
        if self is Reason.VALID:
            return Outcome.GREEN
        return Outcome.AMBER if self in _AMBER else Outcome.RED


_AMBER = frozenset({Reason.STATUS_UNKNOWN, Reason.STATUS_STALE, Reason.GRADE_TOO_LOW})
_OF_STATUS = {
    StatusValue.REVOKED: Reason.REVOKED,
    StatusValue.SUSPENDED: Reason.SUSPENDED,
    StatusValue.SUPERSEDED: Reason.SUPERSEDED,
}


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """What a code is checked for, and how fresh the knowledge of its status must be for that."""

    code: str
    minimum_grade: Grade = Grade.OFFLINE_STALE


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What to think of a code. `claims` are there once the signature is proven; `status` once it is known."""

    reason: Reason
    claims: CardClaims | None = None
    status: Status | None = None
    purpose: Purpose | None = None

    @property
    def outcome(self) -> Outcome:
        """Return green, amber or red."""
        return self.reason.outcome

    @property
    def grade(self) -> Grade | None:
        """Return how fresh the knowledge of the status is."""
        return self.status.grade if self.status else None

    @property
    def list_age(self) -> int | None:
        """Return the age of that knowledge in seconds."""
        return self.status.age if self.status else None

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON shows it."""
        return {
            "outcome": self.outcome.value,
            "reason": self.reason.value,
            "grade": self.grade.value if self.grade else None,
            "list_age": self.list_age,
            "purpose": self.purpose.code if self.purpose else None,
            "card": _as_dict(self.claims) if self.claims else None,
        }


def check(
    text: str,
    *,
    keys: TrustedKeys,
    lists: StatusSource,
    at: datetime,
    purpose: Purpose | None = None,
    max_list_age: timedelta = MAX_LIST_AGE,
) -> Verdict:
    """Judge a code, or the address that carries it.

    :param lists: `StatusLists` on a device, `LiveStatus` at the register
    :param max_list_age: an older list proves nothing, even if its issuer would let it live longer
    """
    try:
        code = codec.parse(codec.code_from_text(text))
        key = keys.verify(kid=code.kid, signature=code.signature, message=code.to_be_signed)
        claims = code.claims
    except (codec.CodeError, UnknownKey, BadSignature) as error:
        return Verdict(reason=_reason_for(error), purpose=purpose)
    if not key.may_sign(issuer=claims.issuer, at=claims.issued_at):
        return Verdict(reason=Reason.KEY_NOT_ALLOWED, purpose=purpose)
    if (reason := _check_dates(claims, at)) is not None:
        return Verdict(reason=reason, claims=claims, purpose=purpose)
    try:
        status = lists.look_up(issuer=claims.issuer, uri=claims.status_list_uri, index=claims.status_index, at=at)
    except StatusIndexOutOfRange:
        return Verdict(reason=Reason.STATUS_OUT_OF_RANGE, claims=claims, purpose=purpose)
    reason = _check_status(status, purpose, max_list_age)
    return Verdict(reason=reason, claims=claims, status=status, purpose=purpose)


def _reason_for(error: Exception) -> Reason:
    if isinstance(error, codec.CodeUnsupported):
        return Reason.UNSUPPORTED_VERSION
    if isinstance(error, UnknownKey):
        return Reason.UNKNOWN_KEY
    if isinstance(error, BadSignature):
        return Reason.BAD_SIGNATURE
    return Reason.UNREADABLE


def _check_dates(claims: CardClaims, at: datetime) -> Reason | None:
    if claims.issued_at > at + CLOCK_SKEW:
        return Reason.NOT_YET_VALID
    if at >= claims.expires_at:
        return Reason.EXPIRED
    return None


def _check_status(status: Status | None, purpose: Purpose | None, max_age: timedelta) -> Reason:
    if status is None:
        return Reason.STATUS_UNKNOWN
    if status.is_expired or status.age > max_age.total_seconds():
        return Reason.STATUS_STALE
    if status.value in _OF_STATUS:
        return _OF_STATUS[status.value]
    if purpose is not None and not status.grade.meets(purpose.minimum_grade):
        return Reason.GRADE_TOO_LOW
    return Reason.VALID


def _as_dict(claims: CardClaims) -> dict[str, Any]:
    return {
        "issuer": claims.issuer,
        "number": claims.card_number,
        "tier": claims.tier,
        "name": claims.display_name,
        "kind": claims.kind.value,
        "issued_at": claims.issued_at.isoformat(),
        "expires_at": claims.expires_at.isoformat(),
    }
