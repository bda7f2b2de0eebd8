"""Check a Haihe Talent card's code: signature, dates and status, online or offline, with the same rules."""

from talentcard_verifier.codec import (
    CardClaims,
    CodeError,
    CodeUnreadable,
    CodeUnsupported,
    InvalidClaims,
    Kind,
    SignedCode,
    code_from_text,
    encode,
    parse,
)
from talentcard_verifier.cose import key_id
from talentcard_verifier.keys import BadSignature, KeysUnreadable, TrustedKey, TrustedKeys, UnknownKey
from talentcard_verifier.names import bound_display_name
from talentcard_verifier.statuslist import (
    Grade,
    LiveStatus,
    Status,
    StatusIndexOutOfRange,
    StatusList,
    StatusLists,
    StatusListUnreadable,
    StatusSource,
    StatusValue,
    build_status_list,
)
from talentcard_verifier.verdict import Outcome, Purpose, Reason, Verdict, check

__all__ = [
    "BadSignature",
    "CardClaims",
    "CodeError",
    "CodeUnreadable",
    "CodeUnsupported",
    "Grade",
    "InvalidClaims",
    "KeysUnreadable",
    "Kind",
    "LiveStatus",
    "Outcome",
    "Purpose",
    "Reason",
    "SignedCode",
    "Status",
    "StatusIndexOutOfRange",
    "StatusList",
    "StatusListUnreadable",
    "StatusLists",
    "StatusSource",
    "StatusValue",
    "TrustedKey",
    "TrustedKeys",
    "UnknownKey",
    "Verdict",
    "bound_display_name",
    "build_status_list",
    "check",
    "code_from_text",
    "encode",
    "key_id",
    "parse",
]
